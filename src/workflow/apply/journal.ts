import { journalFormat } from "../../core/formats.ts";
import type { Clock } from "../../core/clock.ts";
import type { DurableFile, DurableFolder, DurableLock } from "../../core/durable.ts";
import { changeName, recordEndings, resourceName, withoutWords, type JournalLine } from "../../core/journal.ts";
import type { Change } from "../../core/change.ts";
import type { Ending, OutcomeCounts } from "../../core/outcome.ts";
import type { Plan, PlanTarget } from "../../core/plan.ts";
import type { Answer } from "../../orchestrator/gateways/port.ts";
import { foldJournal, type JournalState, type PastSend } from "../../core/journal-state.ts";
import type { Batch, BatchLog, Recalled, WriteLog } from "./write-log.ts";

/** The record of one apply: written before each send, so that whoever comes after a crash knows what to look for. */
export interface Journal extends WriteLog {
  /** Part of the mark that added items carry. */
  readonly applyId: string;
  /** The last line, and the file and its lock are let go. Never rejects. */
  end(counts: OutcomeCounts): Promise<void>;
  /** For an apply that did not get to its end: without a batch nothing is left of it. Never rejects. */
  abandon(): Promise<void>;
}

export interface JournalOptions {
  readonly folder: DurableFolder;
  readonly clock: Clock;
  readonly plan: Pick<Plan, "id" | "sha256" | "target" | "resources">;
  /** Milliseconds, as the apply waits them: whoever comes later waits as long. */
  readonly settle: number;
  readonly toolVersion: string;
  /** Names the apply, see `newApplyId`. */
  readonly applyId: string;
  /** The plan file, in pieces: kept beside the journal, so that the apply can be carried on. Left out: it cannot. */
  readonly planFile?: Iterable<string>;
  /** The plan file's own digest, where it is not the plan's. */
  readonly fileSha256?: string;
}

const ending = ".ndjson";
const planEnding = ".plan";

/** `20261122T023000Z-9f0c1a2b3d4e`: sorts by time. */
export function newApplyId(now: Date, random: string): string {
  return `${now.toISOString().replaceAll(/[-:]|\.\d+/g, "")}-${random}`;
}

/** Names of journals, the newest first. */
export async function journalsIn(folder: DurableFolder): Promise<readonly string[]> {
  const names = (await folder.list())
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, -ending.length));
  return names.toSorted((a, b) => (a < b ? 1 : -1));
}

/** The file beside a journal that holds its plan. */
export function planFileOf(applyId: string): string {
  return `${applyId}${planEnding}`;
}

/** What a journal says; undefined when there is none of that name. */
export async function readJournal(folder: DurableFolder, applyId: string): Promise<JournalState | undefined> {
  const lines = await folder.lines(`${applyId}${ending}`);
  return lines === undefined ? undefined : foldJournal(lines);
}

/** A new journal, on the disk when this resolves. Rejects with a system error when it cannot be written. */
export async function beginJournal(options: JournalOptions): Promise<Journal> {
  const { folder, clock, plan, applyId, settle, toolVersion, planFile, fileSha256 } = options;
  const lock = await folder.lock(applyId);
  if (lock === undefined) throw new Error(`the journal ${applyId} is held by another process`);
  try {
    if (planFile !== undefined) await writePlan(folder, planFileOf(applyId), planFile);
    const file = await folder.create(`${applyId}${ending}`);
    const pages = new Pages(file, clock);
    await pages.write({
      type: "journal",
      format: journalFormat,
      apply: applyId,
      plan: {
        id: plan.id,
        sha256: plan.sha256,
        ...(planFile === undefined ? {} : { file: planFileOf(applyId) }),
        ...(fileSha256 === undefined ? {} : { fileSha256 }),
      },
      target: targetOf(plan.target),
      startedAt: clock.now().toISOString(),
      settleMs: settle,
      toolVersion,
    });
    await pages.sync();
    return new OpenJournal({ applyId, folder, pages, lock, plan });
  } catch (error) {
    await lock.release();
    throw error;
  }
}

function targetOf({ name, url, shard }: PlanTarget): Omit<PlanTarget, "apiVersion"> {
  return { name, url, ...(shard === undefined ? {} : { shard }) };
}

/** Carries a journal on whose apply was cut off; undefined when a living process holds it. */
export async function resumeJournal(
  { folder, clock, plan, applyId }: Pick<JournalOptions, "folder" | "clock" | "plan" | "applyId">,
  state: JournalState,
): Promise<Journal | undefined> {
  const lock = await folder.lock(applyId);
  if (lock === undefined) return undefined;
  try {
    const pages = new Pages(await folder.open(`${applyId}${ending}`), clock);
    // A line that the crash has cut must not swallow ours.
    await pages.raw("\n");
    await pages.write({ type: "resumed", at: clock.now().toISOString() });
    await pages.sync();
    return new OpenJournal({ applyId, folder, pages, lock, plan, state });
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** The last line of a journal that nobody carries on; its plan goes, for it holds content. */
export async function supersedeJournal(
  folder: DurableFolder,
  applyId: string,
  state: JournalState,
  by: string | undefined,
  clock: Clock,
): Promise<void> {
  const lock = await folder.lock(applyId);
  if (lock === undefined) return;
  try {
    if (state.end === undefined) {
      const pages = new Pages(await folder.open(`${applyId}${ending}`), clock);
      await pages.raw("\n");
      await pages.write({ type: "end", at: pages.now(), ...(by === undefined ? {} : { supersededBy: by }) });
      await pages.sync();
      await pages.close();
    }
    await folder.remove(planFileOf(applyId));
  } finally {
    await lock.release();
  }
}

async function writePlan(folder: DurableFolder, name: string, pieces: Iterable<string>): Promise<void> {
  const file = await folder.create(name);
  try {
    for (const piece of pieces) await file.append(piece);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Lines in the order in which they were given, however many callers give them at once. */
class Pages {
  readonly #file: DurableFile;
  readonly #clock: Clock;
  #last: Promise<void> = Promise.resolve();
  /** A full disk may have taken half a line: what follows begins another, or it would be lost with it. */
  #torn = false;

  constructor(file: DurableFile, clock: Clock) {
    this.#file = file;
    this.#clock = clock;
  }

  now(): string {
    return this.#clock.now().toISOString();
  }

  write(line: JournalLine): Promise<void> {
    return this.raw(`${JSON.stringify(line)}\n`);
  }

  raw(text: string): Promise<void> {
    // One that failed must not keep the next from trying: each caller hears of its own.
    const written = this.#last.catch(() => undefined).then(() => this.#append(text));
    this.#last = written;
    return written;
  }

  async #append(text: string): Promise<void> {
    const whole = this.#torn ? `\n${text}` : text;
    this.#torn = true;
    await this.#file.append(whole);
    this.#torn = false;
  }

  sync(): Promise<void> {
    return this.#file.sync();
  }

  async close(): Promise<void> {
    await this.#last.catch(() => undefined);
    await this.#file.close();
  }
}

interface Opened {
  readonly applyId: string;
  readonly folder: DurableFolder;
  readonly pages: Pages;
  readonly lock: DurableLock;
  readonly plan: Pick<Plan, "resources">;
  readonly state?: JournalState;
}

class OpenJournal implements Journal {
  readonly applyId: string;
  readonly #folder: DurableFolder;
  readonly #pages: Pages;
  readonly #lock: DurableLock;
  readonly #watermarks: ReadonlyMap<string, number>;
  readonly #state: JournalState | undefined;
  #batches: number;

  constructor({ applyId, folder, pages, lock, plan, state }: Opened) {
    this.applyId = applyId;
    this.#folder = folder;
    this.#pages = pages;
    this.#lock = lock;
    this.#state = state;
    this.#batches = state?.batches ?? 0;
    this.#watermarks = new Map(
      plan.resources.flatMap(({ key, observed }) => {
        const { watermark } = observed;
        return typeof watermark === "number" ? [[resourceName(key), watermark]] : [];
      }),
    );
  }

  begin(batch: Batch): BatchLog {
    const number = ++this.#batches;
    let sends = 0;
    return {
      number,
      sent: async () => {
        const at = this.#pages.now();
        await this.#pages.write(sends++ === 0 ? this.#intent(batch, number, at) : { type: "again", batch: number, at });
        await this.#pages.sync();
      },
      ended: async (answer) => {
        if (sends > 0) await this.#tell(result(batch, number, this.#pages.now(), answer));
      },
    };
  }

  async known(
    { key, operation }: Pick<Batch, "key" | "operation">,
    endings: ReadonlyMap<Change, Ending>,
  ): Promise<void> {
    if (endings.size === 0) return;
    const at = this.#pages.now();
    const known = recordEndings(endings);
    await this.#tell({ type: "known", at, resource: resourceName(key), call: operation.name, known });
  }

  recall({ key, operation, changes }: Pick<Batch, "key" | "operation" | "changes">): Recalled {
    const past = this.#state?.resources.get(resourceName(key))?.get(operation.name);
    const endings = new Map<Change, Ending>();
    const lost = new Map<PastSend, Change[]>();
    for (const change of changes) {
      const state = past?.get(changeName(change));
      if (state === undefined) continue;
      if ("ending" in state) endings.set(change, state.ending);
      else lost.set(state.send, [...(lost.get(state.send) ?? []), change]);
    }
    const open = [...lost].map(([{ fault, sentAt, attempt }, group]) => {
      return { changes: group, send: { fault, sentAt: new Date(sentAt) }, sends: attempt };
    });
    return { endings, open };
  }

  async end(counts: OutcomeCounts): Promise<void> {
    await this.#tell({ type: "end", at: this.#pages.now(), counts });
    await this.#pages.sync().catch(() => undefined);
    await this.#pages.close().catch(() => undefined);
    // What is unknown may be of use to the next apply; else the plan goes, for it holds content.
    if (counts.unknown === 0) await this.#folder.remove(planFileOf(this.applyId)).catch(() => undefined);
    await this.#lock.release().catch(() => undefined);
  }

  async abandon(): Promise<void> {
    await this.#pages.close().catch(() => undefined);
    if (this.#state === undefined && this.#batches === 0) {
      await this.#folder.remove(`${this.applyId}${ending}`).catch(() => undefined);
      await this.#folder.remove(planFileOf(this.applyId)).catch(() => undefined);
    }
    await this.#lock.release().catch(() => undefined);
  }

  #intent({ key, operation, changes, attempt }: Batch, batch: number, at: string): JournalLine {
    const resource = resourceName(key);
    const watermark = this.#watermarks.get(resource);
    return {
      type: "intent",
      batch,
      at,
      resource,
      call: operation.name,
      repeat: operation.repeat,
      attempt,
      ...(watermark === undefined ? {} : { watermark }),
      changes: changes.map(changeName),
    };
  }

  /** What is not written after a send counts as open, and is looked at. */
  async #tell(line: JournalLine): Promise<void> {
    await this.#pages.write(line).catch(() => undefined);
  }
}

function result(batch: Batch, number: number, at: string, answer: Answer): JournalLine {
  const base = { type: "result", batch: number, at, ending: answer.ending } as const;
  if (answer.ending !== "answered") return { ...base, fault: withoutWords(answer.fault) };
  const known = recordEndings(new Map(batch.changes.flatMap((change) => own(change, answer.endings))));
  return { ...base, known };
}

function own(change: Change, endings: ReadonlyMap<Change, Ending>): [Change, Ending][] {
  const found = endings.get(change);
  return found === undefined ? [] : [[change, found]];
}
