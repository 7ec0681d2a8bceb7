import type { Clock } from "../../core/clock.ts";
import type { DurableFolder } from "../../core/durable.ts";
import { OrchSyncError } from "../../core/errors.ts";
import { journalsIn, planFileOf, readJournal, supersedeJournal } from "./journal.ts";
import { NotAJournal, openSends, type JournalState, type PastSend } from "../../core/journal-state.ts";

/** Journals of a target that are kept, whatever they say. */
const journalsKept = 20;

/** An apply that did not end, or ended without knowing what became of its writes. */
export interface EarlierApply {
  readonly applyId: string;
  readonly state: JournalState;
  /** Sends of which nobody knows what became of them. */
  readonly open: readonly PastSend[];
}

/** What earlier applies of a target have left behind, the newest first. */
export interface Earlier {
  readonly applies: readonly EarlierApply[];
  /** Journals that a living process holds. */
  readonly running: readonly string[];
}

/** Reads those journals whose plan is still beside them: it is taken away when an apply ends knowing everything. */
export async function earlierApplies(folder: DurableFolder): Promise<Earlier> {
  const names = new Set(await folder.list());
  const applies: EarlierApply[] = [];
  const running: string[] = [];
  for (const applyId of await journalsIn(folder)) {
    if (!names.has(planFileOf(applyId))) continue;
    const lock = await folder.lock(applyId);
    if (lock === undefined) {
      running.push(applyId);
      continue;
    }
    try {
      const state = await readJournal(folder, applyId);
      if (state !== undefined) applies.push({ applyId, state, open: openSends(state) });
    } catch (error) {
      // A header that a crash has cut: nothing was sent under it.
      if (!(error instanceof NotAJournal)) throw error;
    } finally {
      await lock.release();
    }
  }
  return { applies, running };
}

/**
 * From when on a plan sees all that those applies may have done, in milliseconds; undefined when nothing is to be waited
 * for. What the server itself keeps from being done twice is not waited for.
 */
export function settledAt({ applies }: Earlier): number | undefined {
  const times = applies.flatMap(({ state, open }) =>
    open.filter(({ repeat }) => repeat !== "free").map(({ sentAt }) => Date.parse(sentAt) + state.header.settleMs),
  );
  return times.length === 0 ? undefined : Math.max(...times);
}

/** Nobody carries these on any more: another apply has looked at what they left, and planned with it. */
export async function supersede(folder: DurableFolder, { applies }: Earlier, by: string, clock: Clock): Promise<void> {
  for (const { applyId, state } of applies) {
    if (applyId !== by) await supersedeJournal(folder, applyId, state, by, clock);
  }
}

/** Old journals go, the newest stay; none that is held, or that somebody may still carry on. */
export async function pruneJournals(folder: DurableFolder, keep: number = journalsKept): Promise<void> {
  const names = new Set(await folder.list());
  for (const applyId of (await journalsIn(folder)).slice(keep)) {
    if (names.has(planFileOf(applyId))) continue;
    const lock = await folder.lock(applyId);
    if (lock === undefined) continue;
    await folder.remove(`${applyId}.ndjson`);
    await lock.release();
  }
}

/**
 * The apply that --resume carries on: the newest, if it has not ended. What is older was overtaken: to carry that on would
 * do what another plan has done since. @throws OrchSyncError when there is none, or another process is at it.
 */
export async function applyToResume(folder: DurableFolder, where: string): Promise<EarlierApply> {
  const { applies, running } = await earlierApplies(folder);
  const newest = applies.find(({ state }) => state.end === undefined);
  const found = newest !== undefined && (await wasOvertaken(newest, folder, running)) ? undefined : newest;
  const [held] = running;
  if (held !== undefined && (found === undefined || held > found.applyId)) {
    throw new OrchSyncError(`the apply ${held} is still running`, {
      hint: `wait for it; if its machine is gone, delete ${where}/${held}.ndjson.lock`,
    });
  }
  if (found === undefined) {
    throw new OrchSyncError("there is no apply of this target to resume", {
      hint: `every journal in ${where} has ended, or a later apply has; apply plans anew, and looks first`,
    });
  }
  return found;
}

function second(applyId: string): string {
  return applyId.slice(0, applyId.indexOf("-"));
}

/** True when an apply that began later has ended, if only by its last line. Names tell the second alone. */
async function wasOvertaken(
  { applyId, state }: EarlierApply,
  folder: DurableFolder,
  running: readonly string[],
): Promise<boolean> {
  for (const later of await journalsIn(folder)) {
    if (second(later) < second(applyId)) return false;
    if (later === applyId || running.includes(later)) continue;
    const other = await readJournal(folder, later).catch((error: unknown) => {
      if (error instanceof NotAJournal) return undefined;
      throw error;
    });
    if (other?.end !== undefined && other.header.startedAt > state.header.startedAt) return true;
  }
  return false;
}
