import type { Event } from "../../core/events.ts";
import { formatDuration, formatElapsed } from "../../core/format-time.ts";
import type { OutcomeCounts } from "../../core/outcome.ts";
import { keyIdentity, type ResourceKey } from "../../core/resource.ts";
import { padColumns, textWidth } from "../../core/text-width.ts";
import { amount, count, resourceNames, sentence } from "../human/words.ts";
import type { Waiting } from "../../core/waiting.ts";
import { resourceOf } from "./progress.ts";
import { endedText, settling, waitsFor } from "./words.ts";

/** `left`: the display ended while it was under way. */
export type RowState = "waiting" | "running" | "done" | "failed" | "skipped" | "left";

/** One moving line of a terminal. */
export interface Row {
  readonly name: string;
  state: RowState;
  text: string;
  /** When it began, in milliseconds since 1970. */
  since?: number;
  /** How long it took; from then on nothing moves. */
  durationMs?: number;
}

/** What stands on a terminal, as events change it: a line for each resource, one for all where they are very many. */
export interface Rows {
  readonly all: readonly Row[];
  /** Stands below the lines: that the run is being interrupted, what became of its lease. */
  footer: string;
  /** What the run waits for, while it does. */
  wait?: Waiting | undefined;
  take(event: Event): void;
}

/** The widest that the column of names may become. */
const widestName = 44;

/** A line for each resource. */
export function rowsOf(keys: readonly ResourceKey[]): Rows {
  const nameOf = resourceNames(keys);
  const column = Math.min(widestName, Math.max(0, ...keys.map((key) => textWidth(nameOf(key)))));
  const byIdentity = new Map(
    keys.map((key): [string, Row] => [
      keyIdentity(key),
      { name: padColumns(nameOf(key), column), state: "waiting", text: "waits" },
    ]),
  );
  const rows: Rows = {
    all: [...byIdentity.values()],
    footer: "",
    take(event) {
      if (isOfRun(event)) {
        takeOfRun(rows, event);
        return;
      }
      const key = event.type === "outcome" ? resourceOf(event.outcome.key) : event.key;
      const row = byIdentity.get(keyIdentity(key));
      if (row !== undefined) change(row, event, nameOf);
    },
  };
  return rows;
}

/** One line for everything: planning, or so many resources that lines of their own would scroll by. */
export function singleRow(title: string, total: number): Rows {
  const row: Row = { name: title, state: "waiting", text: "" };
  let ended = 0;
  let failed = 0;
  const rows: Rows = {
    all: [row],
    footer: "",
    take(event) {
      row.since ??= Date.parse(event.at);
      if (row.state === "waiting") row.state = "running";
      if (event.type === "reading") row.text = sentence(event.title);
      if (isOfRun(event)) takeOfRun(rows, event);
      if (event.type !== "resource-ended") return;
      ended++;
      failed += Number(isBad(event.counts));
      row.text = `${amount(ended)} of ${count(total, "resource")} ended${failed > 0 ? `, ${amount(failed)} with failures` : ""}`;
      if (ended === total) finish(row, failed > 0 ? "failed" : "done", Date.parse(event.at) - row.since);
    },
  };
  return rows;
}

/** What is written of a row: `QueueItems/march  added 100 of 1,200   0:41`. */
export function rowTitle(row: Row, now: number): string {
  const time = row.durationMs !== undefined ? formatDuration(row.durationMs) : timer(row, now);
  return `${row.name}  ${row.text}${time === "" ? "" : `   ${time}`}`;
}

function timer({ state, since }: Row, now: number): string {
  return state === "running" && since !== undefined ? formatElapsed(now - since) : "";
}

type RunEvent = Extract<
  Event,
  { readonly type: "interrupted" | "halted" | "lease" | "apply-started" | "waiting" | "waited" }
>;
type ResourceEvent = Exclude<Event, RunEvent>;

function isOfRun(event: Event): event is RunEvent {
  return ["interrupted", "halted", "lease", "apply-started", "waiting", "waited"].includes(event.type);
}

/** What is about no resource stands below them all. */
function takeOfRun(rows: Rows, event: RunEvent): void {
  if ("text" in event) rows.footer = sentence(event.text);
  if (event.type === "waiting") rows.wait = event;
  if (event.type === "waited") rows.wait = undefined;
}

function change(row: Row, event: ResourceEvent, nameOf: (key: ResourceKey) => string): void {
  switch (event.type) {
    case "reading":
      row.text = sentence(event.title);
      return;
    case "resource-waiting":
      row.text = waitsFor(event.on, nameOf);
      return;
    case "resource-started":
      row.since = Date.parse(event.at);
      row.state = "running";
      row.text = sentence(event.text);
      return;
    case "progress":
    case "step":
      row.text = sentence(event.text);
      return;
    case "settling":
      row.text = settling(event);
      return;
    case "resource-ended":
      row.text = `${endedText(event.text, event.counts)}   ${count(event.calls, "call")}`;
      finish(row, isBad(event.counts) ? "failed" : event.left > 0 ? "skipped" : "done", event.durationMs);
      return;
    case "outcome":
      // A resource that never began ends without an event of its own: its first outcome says why.
      if (row.state !== "waiting") return;
      row.text = `${event.outcome.status}: ${sentence(event.outcome.note ?? "")}`;
      row.state = "skipped";
      return;
  }
}

function finish(row: Row, state: RowState, durationMs: number): void {
  row.state = state;
  row.durationMs = durationMs;
}

function isBad(counts: OutcomeCounts): boolean {
  return counts.failed + counts.skipped + counts.unknown > 0;
}
