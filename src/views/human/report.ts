import type { Fault } from "../../core/fault.ts";
import { formatClock, formatDuration } from "../../core/format-time.ts";
import { outcomeStatuses, type Outcome, type OutcomeStatus } from "../../core/outcome.ts";
import type { ApplyReport, ResourceReport } from "../../core/report.ts";
import type { ResourceKey } from "../../core/resource.ts";
import { outcomeTones, type ViewOptions } from "../style.ts";
import { becameOf, faultText, operationName } from "./fault.ts";
import { textWidth } from "../../core/text-width.ts";
import { figures, phrases, screen, widthOf, type Line } from "./lines.ts";
import { amount, count, name, place, resourceNames, sentence } from "./words.ts";

export interface ReportOptions extends ViewOptions {
  /** True: what was applied is named too, and everything that was skipped. */
  readonly verbose: boolean;
  /**
   * How many skipped changes are named, unless verbose. Failed and unknown ones are named all.
   * @default 20
   */
  readonly maxSkipped?: number;
  /** How the run ends, said where it is not 0: logs are read from their end. */
  readonly exitCode?: number;
}

/** What an apply did: first everything that is not as it should be, by name, then the counts. */
export function reportView(report: ApplyReport, options: ReportOptions): string {
  const { verbose, maxSkipped = 20, exitCode = 0 } = options;
  const row = rowOf(report);
  const byStatus = Map.groupBy(report.outcomes, (outcome) => outcome.status);
  const rows = (status: OutcomeStatus): readonly Outcome[] => byStatus.get(status) ?? [];
  const skipped = rows("skipped");
  const shown = verbose ? skipped : skipped.slice(0, maxSkipped);
  const done = [...rows("applied"), ...rows("already-done")];
  const waited = done.filter((outcome) => outcome.leftRunning !== undefined);
  const lines: Line[] = [
    ...(verbose ? done.filter((outcome) => outcome.leftRunning === undefined).map(row) : []),
    ...rows("failed").map(row),
    ...shown.map(row),
    ...more(skipped.length - shown.length),
    ...waited.map(row),
    ...rows("unknown").map(row),
    ...lineOf(notBefore(rows("unknown")), { hang: "  " }),
    ...notes(report),
  ];
  const head = lineOf(headline(report), { tone: "strong" });
  return screen(
    [
      ...head,
      ...lines,
      ...(head.length + lines.length > 0 ? [""] : []),
      ...(verbose ? costs(report) : []),
      ...lineOf(endedEarly(report), { tone: "warn" }),
      ...totalLines(report, exitCode, widthOf(options)),
    ],
    options,
  );
}

/** An apply that comes before a lost write can be seen would send it again: it looks first, and sees nothing yet. */
export function notBefore(outcomes: readonly Outcome[]): string | undefined {
  const times = outcomes.flatMap((outcome) => (outcome.status === "unknown" ? [outcome.notBefore] : []));
  const latest = times.toSorted().at(-1);
  if (latest === undefined) return undefined;
  const time = name(formatClock(latest));
  return `What is unknown may still take effect. Apply again, not before ${time} UTC: it looks first.`;
}

function lineOf(text: string | undefined, style: Omit<Exclude<Line, string>, "text">): Line[] {
  return text === undefined ? [] : [{ text: figures(text), ...style }];
}

/** `1 of 1,202 changes failed, 3 were skipped, 1 is unknown.` Undefined when everything is as it should be. */
export function headline({ counts }: ApplyReport): string | undefined {
  const total = count(
    outcomeStatuses.reduce((sum, status) => sum + counts[status], 0),
    "change",
  );
  const said: readonly (readonly [number, string])[] = [
    [counts.failed, "failed"],
    [counts.skipped, counts.skipped === 1 ? "was skipped" : "were skipped"],
    [counts.unknown, counts.unknown === 1 ? "is unknown" : "are unknown"],
  ];
  const parts = said
    .filter(([number]) => number > 0)
    .map(([number, verb], index) => `${amount(number)}${index === 0 ? ` of ${total}` : ""} ${verb}`);
  return parts.length === 0 ? undefined : `${parts.join(", ")}.`;
}

/** Status, name, place, and what was said: `failed   QueueItems/march INV-017  manifests/march.csv:18  1016: …` */
function rowOf(report: ApplyReport): (outcome: Outcome) => Line {
  const nameOf = resourceNames(report.outcomes.map((outcome) => outcome.key));
  return (outcome) => {
    const word = wordOf(outcome);
    const parts = [outcomeName(outcome, nameOf), placeOf(outcome), whatHappened(outcome)];
    return {
      text: `${word.padEnd(wordWidth)}${parts.filter((part) => part !== "").join("  ")}`,
      head: word,
      tone: outcome.leftRunning !== undefined ? "warn" : outcomeTones[outcome.status],
      hang: " ".repeat(wordWidth),
    };
  };
}

/** `failed`, or `waited` where a run goes on that is not waited for any longer. */
export function wordOf({ status, leftRunning }: Outcome): string {
  return leftRunning !== undefined ? "waited" : words[status];
}

const words: Readonly<Record<OutcomeStatus, string>> = {
  applied: "applied",
  "already-done": "already",
  failed: "failed",
  skipped: "skipped",
  unknown: "unknown",
};
const wordWidth = "unknown  ".length;

function outcomeName({ key, label }: Outcome, nameOf: (key: ResourceKey) => string): string {
  return label === "" ? nameOf(key) : `${nameOf(key)} ${name(label)}`;
}

function placeOf({ source }: Outcome): string {
  return source === undefined ? "" : place(source);
}

/** What there is to say about an outcome besides its word. */
export function whatHappened(outcome: Outcome): string {
  const note = sentence(outcome.note ?? "");
  switch (outcome.status) {
    case "failed":
      return failure(outcome.fault, note);
    case "unknown":
      return openWrite(outcome.fault, outcome.sentAt, note);
    case "skipped":
      return note;
    case "applied":
    case "already-done":
      return outcome.leftRunning !== undefined && note === "" ? "its end was not waited for any longer" : note;
  }
}

function failure(fault: Fault | undefined, note: string): string {
  if (fault === undefined) return note;
  const said = faultText(fault);
  // A note that only repeats the server's text says nothing more.
  return note === "" || said.includes(note) ? said : `${note}: ${said}`;
}

/** `StartJobs was sent at 10:31:05 and the connection broke; no job nightly@once was found 4 min later.` */
function openWrite(fault: Fault, sentAt: string, note: string): string {
  const trace = fault.traceId === undefined ? "" : `   traceId ${name(fault.traceId)}`;
  const sent = `${operationName(fault.call)} was sent at ${name(formatClock(sentAt))} and ${becameOf(fault)}`;
  return `${sent}${note === "" ? "" : `; ${note}`}${trace}`;
}

function more(left: number): Line[] {
  return left === 0 ? [] : [`${" ".repeat(wordWidth)}… ${amount(left)} more skipped (--verbose shows them)`];
}

/** What each resource took: `QueueItems/march   12 calls, 3.1 s`. */
function costs({ resources }: ApplyReport): Line[] {
  const nameOf = resourceNames(resources.map(({ key }) => key));
  const lines = resources.map((each) => ({ text: `${nameOf(each.key)}   ${costOf(each)}`, hang: "  " }));
  return lines.length === 0 ? [] : [...lines, ""];
}

/** What is to be said of resources besides their changes: `note     StoppedJobs/retire  job 7 came to match …`. */
function notes({ resources }: ApplyReport): Line[] {
  const nameOf = resourceNames(resources.map(({ key }) => key));
  return resources.flatMap(({ key, note }) => {
    if (note === undefined) return [];
    const head = "note".padEnd(wordWidth);
    return [{ text: `${head}${nameOf(key)}  ${sentence(note)}`, tone: "warn" as const, hang: " ".repeat(wordWidth) }];
  });
}

/** `12 calls, 3.1 s` */
export function costOf({ calls, durationMs }: Pick<ResourceReport, "calls" | "durationMs">): string {
  return `${count(calls, "call")}, ${formatDuration(durationMs)}`;
}

/** Why the apply ended before its plan did, if so. */
export function endedEarly({ interrupted, halted }: ApplyReport): string | undefined {
  if (interrupted === undefined) {
    return halted === true ? "Ended early: a change did not succeed, and --on-error is halt." : undefined;
  }
  return `Ended early: ${interrupted === "signal" ? "it was interrupted" : "the time ran out"}.`;
}

/** `Applied 1,200, already done 1, failed 1, skipped 0, unknown 0.   17 calls, 69 s` */
export function reportTotals(report: ApplyReport): string {
  return `${countsSaid(report)}   ${costOf(report)}`;
}

/** The same with the exit code at its end; what it took goes into a line of its own where there is no room beside. */
function totalLines(report: ApplyReport, exitCode: number, width: number): Line[] {
  const exit = exitCode === 0 ? "" : `   exit ${exitCode}`;
  const whole = `${reportTotals(report)}${exit}`;
  if (textWidth(whole) <= width) return [{ text: whole }];
  return [{ text: phrases(countsSaid(report)) }, { text: `  ${phrases(`${costOf(report)}${exit}`)}` }];
}

function countsSaid({ counts }: ApplyReport): string {
  const done = `Applied ${amount(counts.applied)}, already done ${amount(counts["already-done"])}`;
  const rest = `failed ${amount(counts.failed)}, skipped ${amount(counts.skipped)}, unknown ${amount(counts.unknown)}`;
  return `${done}, ${rest}.`;
}
