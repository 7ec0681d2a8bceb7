import { minutesUnderQuota, type Price } from "../../core/price.ts";
import type { QueueRead, ReadLine, ReadWay } from "../../core/reads.ts";
import type { Plan } from "../../core/plan.ts";
import { padColumns, textWidth } from "../../core/text-width.ts";
import type { ViewOptions } from "../style.ts";
import { screen, separated, type Line } from "./lines.ts";
import { amount, count, name, resourceNames, sentence } from "./words.ts";

const ways: Readonly<Record<ReadWay, string>> = {
  lookup: "by lookup",
  prefix: "by prefix",
  scan: "by scan",
  prune: "to prune",
  review: "to review",
  watermark: "newest Id",
};

/** Queries that are longer than this push no price to the right. */
const widestQuery = 64;

/** How live state was read, what each way cost, and what the others would have: `plan --explain`. */
export function readsView({ reads, price, resources }: Plan, options: ViewOptions): string {
  const { queues = [], calls = [], lease } = reads ?? {};
  const nameOf = resourceNames(resources.map(({ key }) => key));
  const folders = new Set(queues.map(({ folder }) => folder));
  const sections = [
    ...queues.map((read) =>
      queueLines(read, { several: folders.size > 1, nameOf, perMinute: price.listCallsPerMinute }),
    ),
    callLines(calls),
    lease === undefined ? [] : [leaseLine(lease)],
  ];
  return screen(separated(sections, ""), options);
}

interface Facts {
  /** Queues of several folders are shown. */
  readonly several: boolean;
  readonly nameOf: ReturnType<typeof resourceNames>;
  readonly perMinute: number | undefined;
}

/** `queue DocQueue, 1,200 references wanted, about 48,000 live`, and a line for each way. */
function queueLines(read: QueueRead, { several, nameOf, perMinute }: Facts): Line[] {
  const { queue, folder, references, live, wantedBy, lines } = read;
  const head = [
    `queue ${name(queue)}${several ? ` in folder ${name(folder)}` : ""}`,
    read.matchedHere === undefined
      ? `${count(references, "reference")} wanted`
      : `items for ${wantedBy.map(nameOf).join(", ")}`,
    ...(live === undefined ? [] : [`about ${amount(live)} live`]),
  ];
  const rest =
    (read.matchedHere ?? []).length === 0 ? [] : [`  ${sentence((read.matchedHere ?? []).join(", "))} is matched here`];
  const shared = wantedBy.length > 1 ? [`  one read for ${wantedBy.map(nameOf).join(", ")}`] : [];
  const queries = lines.map(queryText);
  const width = Math.min(widestQuery, Math.max(0, ...queries.map((text) => textWidth(text))));
  const digits = Math.max(0, ...lines.map(({ calls }) => amount(calls).length));
  return [
    { text: head.join(", "), tone: "strong" },
    ...shared.map((text): Line => ({ text })),
    ...lines.map((line, index): Line => {
      const left = `  ${line.role.padEnd(7)}  ${ways[line.way].padEnd(9)}  ${padColumns(queries[index] ?? "", width)}`;
      const text = `${left}  ${amount(line.calls).padStart(digits)} ${remark(line, perMinute)}`;
      return line.role === "chosen" ? { text } : { text, tone: "quiet" };
    }),
    ...rest.map((text): Line => ({ text })),
  ];
}

function queryText({ query, perCall }: ReadLine): string {
  return `${sentence(query)}${perCall === undefined ? "" : `, ${amount(perCall)} a call`}`;
}

function remark({ role, calls, rows, estimated }: ReadLine, perMinute: number | undefined): string {
  const minutes = perMinute === undefined || role !== "instead" ? 0 : minutesUnderQuota(calls, perMinute);
  const remarks = [
    ...(role === "tried" && rows !== undefined ? [`${count(rows, "row")} would have come`] : []),
    ...(estimated === true ? ["estimated"] : []),
    ...(minutes > 0 ? [`${amount(minutes)} min under the quota`] : []),
  ];
  const words = calls === 1 ? "call" : "calls";
  return remarks.length === 0 ? words : `${words}  (${remarks.join(", ")})`;
}

/** `the lease of an apply takes 5 calls at least, its ledger included, and 2 for each renewal` */
function leaseLine({ calls, listCalls }: Price): Line {
  const lists = listCalls === 0 ? "" : ` (${count(listCalls, "list call")})`;
  return {
    text: `the lease of an apply takes ${count(calls, "call")}${lists}, its ledger included, and 2 for each renewal`,
  };
}

function callLines(calls: NonNullable<Plan["reads"]>["calls"]): Line[] {
  if (calls.length === 0) return [];
  const digits = Math.max(...calls.map((each) => amount(each.calls).length));
  return [
    { text: "every call of this plan", tone: "strong" },
    ...calls.map((each): Line => ({ text: `  ${amount(each.calls).padStart(digits)}  ${sentence(each.path)}` })),
  ];
}
