import { join } from "node:path";
import type { ResolvedTarget } from "../config/config.ts";
import type { DurableFolder } from "../core/durable.ts";
import { OrchSyncError } from "../core/errors.ts";
import { formatClock } from "../core/format-time.ts";
import type { Plan } from "../core/plan.ts";
import type { Shard } from "../core/shard.ts";
import { cleanLine } from "../core/text.ts";
import { displayPath } from "../document/display.ts";
import type { Journal } from "../workflow/apply/journal.ts";
import {
  earlierApplies,
  pruneJournals,
  settledAt,
  rivals,
  supersede,
  within,
  type Earlier,
} from "../workflow/apply/journals.ts";
import { newJournal } from "../workflow/apply/new-journal.ts";
import { durableFolder } from "../workflow/files/durable-folder.ts";
import type { Io } from "./io.ts";

/** The journals of one target, `.orch-sync/journal/TARGET/` beside the config. */
export interface JournalPlace {
  readonly folder: DurableFolder;
  readonly path: string;
  /** As people read it. */
  readonly name: string;
}

/** Undefined for an Orchestrator that is gone with this process: nobody could look at it afterwards. */
export function journalPlace(target: ResolvedTarget, home: string, io: Io): JournalPlace | undefined {
  const { connection, name } = target;
  if (connection.type === "embedded" && connection.dataFile === undefined) return undefined;
  const path = join(home, ".orch-sync", "journal", name);
  return { folder: durableFolder(path), path, name: displayPath(path, io.cwd) };
}

export const nothingLeft: Earlier = { applies: [], running: [] };

/**
 * Looks what earlier applies have left open, and waits until a plan sees all of it: a start that was on its way when its
 * apply was cut off must not be planned once more. Says so in a line.
 */
export async function settleEarlier(
  place: JournalPlace | undefined,
  { clock, stderr }: Pick<Io, "clock" | "stderr">,
  signal: AbortSignal,
  shard?: Shard,
): Promise<Earlier> {
  if (place === undefined) return nothingLeft;
  const earlier = await reading(place, earlierApplies(place.folder));
  for (const running of rivals(earlier, shard))
    stderr.write(`warning: another apply of this target is running: ${running}\n`);
  const until = settledAt(earlier) ?? 0;
  const wait = until - clock.now().getTime();
  const open = earlier.applies.flatMap((each) => each.open);
  const [first] = open;
  if (first !== undefined) {
    const calls = open.length === 1 ? `${first.call} of ${first.resource}` : `${open.length} writes`;
    const waiting = wait > 0 ? `looks at them at ${formatClock(new Date(until).toISOString())} UTC` : "looks first";
    stderr.write(
      `${cleanLine(`An earlier apply (${earlier.applies[0]?.applyId}) did not see what became of ${calls}: this one ${waiting}.`)}\n`,
    );
  }
  if (wait > 0) await clock.sleep(wait, signal);
  return within(earlier, shard);
}

/** A journal for this plan, see `newJournal`. @throws OrchSyncError when it cannot be written. */
export async function openJournal(
  place: JournalPlace | undefined,
  plan: Plan,
  settle: number,
  isWhole: boolean,
  { clock }: Pick<Io, "clock">,
): Promise<Journal | undefined> {
  if (place === undefined) return undefined;
  return writing(place, newJournal(place.folder, plan, settle, isWhole, clock));
}

/** The apply has ended: those whose place it has taken end as well, and old journals go. Nobody needs it to work. */
export async function closeEarlier(
  place: JournalPlace | undefined,
  earlier: Earlier,
  journal: Journal | undefined,
  { clock }: Pick<Io, "clock">,
): Promise<void> {
  if (place === undefined) return;
  try {
    await supersede(place.folder, earlier, journal?.applyId, clock);
    await pruneJournals(place.folder);
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
  }
}

async function writing<T>({ name }: JournalPlace, work: Promise<T>): Promise<T> {
  return orRefuse(work, (code) => {
    return new OrchSyncError(`the journal in ${name} cannot be written: ${code}; nothing was sent`, {
      hint: "every write is written down there before it is sent: make it writable, as a volume for instance",
    });
  });
}

async function reading<T>({ name }: JournalPlace, work: Promise<T>): Promise<T> {
  return orRefuse(work, (code) => {
    return new OrchSyncError(`the journals in ${name} cannot be read: ${code}; nothing was sent`, {
      hint: "they say what earlier applies have left open: make the folder readable and writable",
    });
  });
}

async function orRefuse<T>(work: Promise<T>, refusal: (code: string) => OrchSyncError): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Error && "code" in error && typeof error.code === "string") throw refusal(error.code);
    throw error;
  }
}
