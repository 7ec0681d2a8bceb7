import { formatDuration } from "../../core/format-time.ts";
import { shortInstant } from "../../core/instant.ts";
import type { ManifestStatus, ProcessStatus, QueueStatus, TenantStatus } from "../../core/tenant-status.ts";
import { cleanLine } from "../../core/text.ts";
import type { Tone, ViewOptions } from "../style.ts";
import { gridLines } from "./grid.ts";
import { screen, separated, type Line } from "./lines.ts";
import { countsOf } from "./summary.ts";
import { amount, name, resourceNames } from "./words.ts";

/** Queues, processes and manifests at a glance. */
export function statusView(status: TenantStatus, options: ViewOptions): string {
  const { target, at, queues, processes, manifests } = status;
  const head = `Target ${name(target.name)}  ${name(target.url)}   ${cleanLine(shortInstant(at))}`;
  const folders = [...new Set([...queues, ...processes].map(({ folder }) => folder))];
  const named = folders.length > 1;
  const sections = [
    [{ text: head, tone: "strong" as const }],
    section("Queues", queueRows(queues, named), options, "no queues"),
    section(
      "Processes",
      processRows(processes, named),
      options,
      `no jobs since ${cleanLine(shortInstant(status.since))}`,
    ),
    ...(manifests === undefined ? [] : [section("Manifests", manifestRows(manifests), options, "no manifests")]),
  ];
  return screen(separated(sections, ""), options);
}

interface Row {
  readonly cells: readonly string[];
  readonly tone?: Tone;
}
interface Grid {
  readonly header: readonly string[];
  /** How many columns at the left are words; the others are numbers. */
  readonly words: number;
  readonly rows: readonly Row[];
}

function section(title: string, { header, words, rows }: Grid, options: ViewOptions, none: string): Line[] {
  if (rows.length === 0) return [{ text: `${title}: ${none}`, tone: "quiet" }];
  const [, ...others] = header;
  return gridLines([title, ...others], rows, { ...options, words });
}

function queueRows(queues: readonly QueueStatus[], named: boolean): Grid {
  const header = ["", ...(named ? ["folder"] : []), "waiting", "in progress", "failed", "successful", "mean time"];
  const rows = queues.map((queue) => {
    const failed = queue.businessExceptions + queue.applicationExceptions;
    const mean = queue.meanSeconds === null ? "" : formatDuration(queue.meanSeconds * 1000);
    const counts = [queue.waiting, queue.inProgress, failed, queue.successful].map(amount);
    return { cells: [name(queue.name), ...(named ? [name(queue.folder)] : []), ...counts, mean] };
  });
  return { header, words: named ? 2 : 1, rows };
}

/** In the order in which a job goes through them. */
const states = [
  "Pending",
  "Resumed",
  "Running",
  "Suspended",
  "Stopping",
  "Terminating",
  "Successful",
  "Faulted",
  "Stopped",
];

/** Only states that some process has jobs in; what a newer server calls otherwise comes last. */
function processRows(processes: readonly ProcessStatus[], named: boolean): Grid {
  const seen = new Set(processes.flatMap(({ jobs }) => Object.keys(jobs)));
  const columns = [...states.filter((state) => seen.has(state)), ...[...seen].filter((one) => !states.includes(one))];
  const header = ["", ...(named ? ["folder"] : []), ...columns.map((state) => name(state).toLowerCase())];
  const rows = processes.map((process) => {
    const counts = columns.map((state) => amount(process.jobs[state] ?? 0));
    return { cells: [name(process.name), ...(named ? [name(process.folder)] : []), ...counts] };
  });
  return { header, words: named ? 2 : 1, rows };
}

const words: Readonly<Record<ManifestStatus["state"], string>> = {
  "in-line": "= in line",
  differs: "~ differs",
  waits: "> waits to run",
  blocked: "! blocked",
};
const tones: Readonly<Partial<Record<ManifestStatus["state"], Tone>>> = { differs: "change", blocked: "bad" };

function manifestRows(manifests: readonly ManifestStatus[]): Grid {
  const nameOf = resourceNames(manifests.map(({ key }) => key));
  const rows = manifests.map(({ key, state, summary }) => {
    const tone = tones[state];
    const cells = [nameOf(key), words[state], countsOf(summary).join(", ")];
    return tone === undefined ? { cells } : { cells, tone };
  });
  return { header: ["", "", ""], words: 3, rows };
}
