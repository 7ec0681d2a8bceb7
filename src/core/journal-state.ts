import type { Fault } from "./fault.ts";
import { isRecord } from "./json.ts";
import { recordedEndings, type JournalLine, type RecordedEnding } from "./journal.ts";
import type { Ending, OutcomeCounts, OutcomeStatus } from "./outcome.ts";

/** A send that was written down before it left. */
export interface PastSend {
  readonly batch: number;
  readonly resource: string;
  readonly call: string;
  readonly repeat: string;
  readonly attempt: number;
  readonly changes: readonly string[];
  /** When the last request of it left, ISO 8601. */
  sentAt: string;
  /** Why nobody knows what became of it, as long as nobody does. */
  fault: Fault;
  /** Undefined while there is no result. */
  ending?: "answered" | "refused" | "open";
}

/** What became of a change, or the send that lost sight of it. */
type PastChange = { readonly ending: Ending } | { readonly send: PastSend };

/** All that a journal says, added up. */
export interface JournalState {
  readonly header: Extract<JournalLine, { type: "journal" }>;
  readonly sends: ReadonlyMap<number, PastSend>;
  /** By resource, call and name of the change; what was never sent is not in it. */
  readonly resources: ReadonlyMap<string, ReadonlyMap<string, ReadonlyMap<string, PastChange>>>;
  /** The highest number of a batch. */
  readonly batches: number;
  readonly resumedAt: readonly string[];
  readonly end?: Extract<JournalLine, { type: "end" }>;
}

/** A file that is no journal, or of a version that this one cannot read. */
export class NotAJournal extends Error {}

/** Reads lines in their order. The last one may be cut: it was never synced, so nothing was sent on its word. */
export async function foldJournal(lines: AsyncIterable<string>): Promise<JournalState> {
  let fold: Fold | undefined;
  for await (const text of lines) {
    const line = lineOf(text);
    if (fold === undefined) fold = new Fold(headerOf(line));
    else if (line !== undefined) add(fold, line);
  }
  if (fold === undefined) throw new NotAJournal("the file is empty");
  return fold;
}

/** A line of the right type and of other members was not written by us. */
function add(fold: Fold, line: JournalLine): void {
  try {
    fold.add(line);
  } catch (error) {
    throw new NotAJournal(`a line of the type ${line.type} is not as orch-sync writes it`, { cause: error });
  }
}

function lineOf(text: string): JournalLine | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) && typeof value["type"] === "string" ? (value as unknown as JournalLine) : undefined;
  } catch {
    return undefined;
  }
}

function headerOf(line: JournalLine | undefined): JournalState["header"] {
  if (line?.type !== "journal") throw new NotAJournal("its first line is not that of a journal");
  if (!line.format.startsWith("orch-sync/journal/v1")) throw new NotAJournal(`its format is ${line.format}`);
  return line;
}

/** The sends that still hide what became of some change. */
export function openSends(state: JournalState): PastSend[] {
  const open = new Set<PastSend>();
  for (const calls of state.resources.values()) {
    for (const changes of calls.values()) {
      for (const change of changes.values()) if ("send" in change) open.add(change.send);
    }
  }
  return [...open];
}

/** How many changes ended how, as far as it is known; a change of several calls counts once for each. */
export function knownCounts(state: JournalState): OutcomeCounts {
  const counts: Record<OutcomeStatus, number> = { applied: 0, "already-done": 0, failed: 0, skipped: 0, unknown: 0 };
  for (const calls of state.resources.values()) {
    for (const changes of calls.values()) {
      for (const change of changes.values()) if ("ending" in change) counts[change.ending.status]++;
    }
  }
  return counts;
}

class Fold implements JournalState {
  readonly header: JournalState["header"];
  readonly sends = new Map<number, PastSend>();
  readonly resources = new Map<string, Map<string, Map<string, PastChange>>>();
  readonly resumedAt: string[] = [];
  batches = 0;
  end?: Extract<JournalLine, { type: "end" }>;
  /** What was known of the changes of a send before it: a refused one takes nothing of that away. */
  readonly #earlier = new Map<number, ReadonlyMap<string, PastChange>>();

  constructor(header: JournalState["header"]) {
    this.header = header;
  }

  add(line: JournalLine): void {
    switch (line.type) {
      case "journal":
        return;
      case "intent":
        return this.#intent(line);
      case "again": {
        const send = this.sends.get(line.batch);
        if (send !== undefined) send.sentAt = line.at;
        return;
      }
      case "result":
        return this.#result(line);
      case "known":
        return this.#known(line.resource, line.call, line.known);
      case "resumed":
        this.resumedAt.push(line.at);
        return;
      case "end":
        this.end = line;
    }
  }

  #intent({ batch, at, resource, call, repeat, attempt, changes }: Extract<JournalLine, { type: "intent" }>): void {
    const fault: Fault = { kind: "network", call, message: "the apply was cut off before it knew" };
    const send: PastSend = { batch, resource, call, repeat, attempt, changes, sentAt: at, fault };
    this.batches = Math.max(this.batches, batch);
    this.sends.set(batch, send);
    const states = this.#states(resource, call);
    const earlier = new Map<string, PastChange>();
    for (const name of changes) {
      const before = states.get(name);
      if (before !== undefined) earlier.set(name, before);
      states.set(name, { send });
    }
    this.#earlier.set(batch, earlier);
  }

  #result(line: Extract<JournalLine, { type: "result" }>): void {
    const send = this.sends.get(line.batch);
    if (send === undefined) return;
    send.ending = line.ending;
    if (line.fault !== undefined) send.fault = { ...line.fault, message: "its words were not recorded" };
    if (line.ending === "refused") {
      const states = this.#states(send.resource, send.call);
      const earlier = this.#earlier.get(line.batch);
      for (const name of send.changes) {
        const before = earlier?.get(name);
        if (before === undefined) states.delete(name);
        else states.set(name, before);
      }
    }
    if (line.known !== undefined) this.#known(send.resource, send.call, line.known);
  }

  #known(resource: string, call: string, known: readonly RecordedEnding[]): void {
    const states = this.#states(resource, call);
    for (const recorded of known) {
      for (const [name, ending] of recordedEndings(recorded)) {
        // What was unknown is worth another look, with the send that lost sight of it.
        if (ending.status === "unknown" && states.has(name)) continue;
        if (ending.status !== "unknown") states.set(name, { ending });
      }
    }
  }

  #states(resource: string, call: string): Map<string, PastChange> {
    const calls = this.resources.get(resource) ?? new Map<string, Map<string, PastChange>>();
    this.resources.set(resource, calls);
    const states = calls.get(call) ?? new Map<string, PastChange>();
    calls.set(call, states);
    return states;
  }
}
