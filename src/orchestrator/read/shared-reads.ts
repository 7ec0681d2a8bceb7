import type { List } from "../../core/list.ts";
import type { QueueRead } from "../../core/reads.ts";
import { keyIdentity, type ResourceKey } from "../../core/resource.ts";
import type { QueuePlace } from "./queue-query.ts";
import type { QueueRows } from "./queue-rows.ts";
import { ReadLog } from "./read-log.ts";

/** What one manifest wants to know of its queue. */
export interface QueueWish {
  readonly by: ResourceKey;
  /** As people know it. */
  readonly queue: string;
  readonly references: List<string>;
  readonly prunePrefix?: string | undefined;
}

type ReadRows = (
  place: QueuePlace,
  wishes: readonly QueueWish[],
  log: ReadLog,
  signal: AbortSignal,
) => Promise<QueueRows>;

/** What is read of one queue at once. */
interface Round {
  readonly place: QueuePlace;
  readonly wishes: Map<string, QueueWish>;
  /** Whose rows were fetched: who asks a second time wants to know how things are now. */
  readonly fetched: Set<string>;
  readonly log: ReadLog;
  begun: boolean;
  /** Kept until everybody has fetched his: they may be a million. */
  rows: Promise<QueueRows> | undefined;
}

/**
 * One read of a queue for all manifests that announce themselves before it begins, in whichever of its folders. Whoever
 * comes later has a read of his own.
 */
export class SharedReads {
  readonly #read: ReadRows;
  readonly #rounds: Round[] = [];

  constructor(read: ReadRows) {
    this.#read = read;
  }

  want(place: QueuePlace, wish: QueueWish): Round {
    const by = keyIdentity(wish.by);
    const ofQueue = this.#rounds.filter((round) => round.place.queue === place.queue);
    const announced = ofQueue.find((round) => round.wishes.has(by) && !round.fetched.has(by));
    if (announced !== undefined) return announced;
    const open = ofQueue.find((round) => !round.begun);
    const round = open ?? newRound(place);
    if (open === undefined) this.#rounds.push(round);
    round.wishes.set(by, wish);
    return round;
  }

  async rows(place: QueuePlace, wish: QueueWish, signal: AbortSignal): Promise<QueueRows> {
    const round = this.want(place, wish);
    round.fetched.add(keyIdentity(wish.by));
    const wishes = [...round.wishes.values()];
    const rows = (round.rows ??= this.#read(round.place, wishes, round.log, signal));
    round.begun = true;
    if (round.fetched.size === wishes.length) round.rows = undefined;
    return rows;
  }

  /** Where calls about a queue are written down; undefined when nobody wants to know anything of it. */
  logOf(queue: number): ReadLog | undefined {
    return this.#rounds.findLast((round) => round.place.queue === queue)?.log;
  }

  reads(): readonly QueueRead[] {
    return this.#rounds.filter(({ begun }) => begun).map(toRead);
  }
}

function newRound(place: QueuePlace): Round {
  return { place, wishes: new Map(), fetched: new Set(), log: new ReadLog(), begun: false, rows: undefined };
}

function toRead({ wishes, log }: Round): QueueRead {
  const all = [...wishes.values()];
  return {
    queue: all[0]?.queue ?? "",
    folder: all[0]?.by.folder ?? "",
    wantedBy: all.map(({ by }) => by),
    references: log.references,
    ...(log.live === undefined ? {} : { live: log.live }),
    lines: log.lines,
  };
}
