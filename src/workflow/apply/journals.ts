import type { Clock } from "../../core/clock.ts";
import type { DurableFolder } from "../../core/durable.ts";
import { OrchSyncError } from "../../core/errors.ts";
import { isSameShard, overlap, shardName, type Shard } from "../../core/shard.ts";
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
  readonly running: readonly RunningApply[];
}

/** An apply that a living process carries out. */
interface RunningApply {
  readonly applyId: string;
  readonly shard?: Shard | undefined;
}

/** Reads those journals whose plan is still beside them: it is taken away when an apply ends knowing everything. */
export async function earlierApplies(folder: DurableFolder): Promise<Earlier> {
  const names = new Set(await folder.list());
  const applies: EarlierApply[] = [];
  const running: RunningApply[] = [];
  for (const applyId of await journalsIn(folder)) {
    if (!names.has(planFileOf(applyId))) continue;
    const lock = await folder.lock(applyId);
    if (lock === undefined) {
      running.push({ applyId, shard: await shardOfJournal(folder, applyId) });
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

/** Of a journal that is being written, too: its header came first. */
async function shardOfJournal(folder: DurableFolder, applyId: string): Promise<Shard | undefined> {
  return (await journalOrNothing(folder, applyId))?.header.target.shard;
}

async function journalOrNothing(folder: DurableFolder, applyId: string): Promise<JournalState | undefined> {
  return readJournal(folder, applyId).catch((error: unknown) => {
    if (error instanceof NotAJournal) return undefined;
    throw error;
  });
}

/**
 * Those whose place an apply takes that does this part of the work: a shard knows nothing of what the others, or an apply
 * of all, have left. Who does all has looked at all.
 */
export function within({ applies, running }: Earlier, shard: Shard | undefined): Earlier {
  if (shard === undefined) return { applies, running };
  return { applies: applies.filter(({ state }) => isSameShard(state.header.target.shard, shard)), running };
}

/** Running applies that may do the same work: not the other shards of the same number. */
export function rivals({ running }: Earlier, shard: Shard | undefined): readonly string[] {
  return running.filter((each) => overlap(each.shard, shard)).map(({ applyId }) => applyId);
}

/**
 * From when on a plan sees all that those applies may have done, in milliseconds; undefined when nothing is to be waited
 * for. What the server itself keeps from being done twice is not waited for.
 */
export function settledAt({ applies }: Pick<Earlier, "applies">): number | undefined {
  const times = applies.flatMap(({ state, open }) =>
    open.filter(({ repeat }) => repeat !== "free").map(({ sentAt }) => Date.parse(sentAt) + state.header.settleMs),
  );
  return times.length === 0 ? undefined : Math.max(...times);
}

/**
 * Nobody carries these on any more: another apply has looked at what they left, and planned with it. Without `by` it found
 * nothing to do, and has no journal.
 */
export async function supersede(
  folder: DurableFolder,
  { applies }: Pick<Earlier, "applies">,
  by: string | undefined,
  clock: Clock,
): Promise<void> {
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
 * The apply that --resume carries on: the newest of the shard, if it has not ended. What is older was overtaken: to carry
 * that on would do what another plan has done since. @throws OrchSyncError when there is none, or another process is at it.
 */
export async function applyToResume(folder: DurableFolder, where: string, shard?: Shard): Promise<EarlierApply> {
  const { applies, running } = await earlierApplies(folder);
  const open = applies.filter(({ state }) => state.end === undefined);
  const newest = open.find(({ state }) => isSameShard(state.header.target.shard, shard));
  const all = running.map(({ applyId }) => applyId);
  const found = newest !== undefined && (await wasOvertaken(newest, folder, all)) ? undefined : newest;
  const held = running.find((each) => isSameShard(each.shard, shard))?.applyId;
  if (held !== undefined && (found === undefined || held > found.applyId)) {
    throw new OrchSyncError(`the apply ${held} is still running`, {
      hint: `wait for it; if its machine is gone, delete ${where}/${held}.ndjson.lock`,
    });
  }
  if (found === undefined) throw nothingToResume(open, where, shard);
  return found;
}

function nothingToResume(open: readonly EarlierApply[], where: string, shard: Shard | undefined): OrchSyncError {
  const others = open.flatMap(({ state }) => state.header.target.shard ?? []);
  const [other] = others;
  const what = shard === undefined ? "apply of this target" : `apply of shard ${shardName(shard)} of this target`;
  return new OrchSyncError(`there is no ${what} to resume`, {
    hint:
      shard === undefined && other !== undefined
        ? `there are those of shards: --resume --shard ${shardName(other)}`
        : `every journal in ${where} has ended, or a later apply has; apply plans anew, and looks first`,
  });
}

function second(applyId: string): string {
  return applyId.slice(0, applyId.indexOf("-"));
}

/**
 * True when an apply that began later has ended, if only by its last line, and may have done some of the same work.
 * Names tell the second alone.
 */
async function wasOvertaken(
  { applyId, state }: EarlierApply,
  folder: DurableFolder,
  running: readonly string[],
): Promise<boolean> {
  const { shard } = state.header.target;
  for (const later of await journalsIn(folder)) {
    if (second(later) < second(applyId)) return false;
    if (later === applyId || running.includes(later)) continue;
    const other = await journalOrNothing(folder, later);
    if (other?.end === undefined || other.header.startedAt <= state.header.startedAt) continue;
    if (overlap(shard, other.header.target.shard)) return true;
  }
  return false;
}
