import type { Change } from "../../core/change.ts";
import type { Fault } from "../../core/fault.ts";
import type { Ending } from "../../core/outcome.ts";
import type { WriteResult } from "../http/failure.ts";
import type { Row } from "../read/row.ts";
import { answered, readBulk, refusal, rowFault, unanswered, unreadable } from "./answers.ts";
import type { Answer } from "./port.ts";

/** `LongVersionedEntity`: the server refuses a write whose RowVersion is not the item's current one (OpenAPI 16.0). */
export interface Versioned {
  readonly change: Change;
  readonly id: number;
  readonly rowVersion: string;
}

/** What a row that was read again says: it has ended, or may be tried with this RowVersion. */
export type Verdict = { readonly ending: Ending } | { readonly rowVersion: string };

/** A bulk call over items with their RowVersion: SetItemReviewer, SetItemReviewStatus, DeleteBulk. */
export interface VersionedCall {
  readonly call: string;
  readonly post: (items: readonly { readonly Id: number; readonly RowVersion: string }[]) => Promise<WriteResult>;
  readonly reread: (ids: readonly number[]) => Promise<readonly Row[]>;
  readonly judge: (change: Change, row: Row | undefined) => Verdict;
  readonly done: Ending;
  /** Takes out of a fault what the client has sent in secret. */
  readonly clean: (fault: Fault) => Fault;
}

/**
 * Sends, and sends what was stale once more with what is current now, if the plan still holds. Endings that are sure
 * go to `settled` at once: when a later call stays open, they must not be forgotten.
 */
export async function sendVersioned(
  items: readonly Versioned[],
  call: VersionedCall,
  settled: Map<Change, Ending>,
): Promise<Answer> {
  let pending = items;
  for (let round = 1; pending.length > 0; round++) {
    const sent = await post(pending, call);
    if (!("stale" in sent)) {
      if (round === 1 || sent.ending === "open") return sent;
      settle(pending, settled, refusal(sent.fault));
      break;
    }
    settle(
      pending.filter(({ id }) => !sent.stale.has(id)),
      settled,
      call.done,
    );
    const stale = pending.filter(({ id }) => sent.stale.has(id));
    const refused: Ending = { status: "failed", fault: sent.fault, note: "refused by the server" };
    try {
      pending = await again(stale, call, settled);
    } catch {
      settle(stale, settled, refused); // which they are, whatever has become of them
      break;
    }
    if (round < 2) continue;
    settle(pending, settled, refused);
    break;
  }
  return answered(
    items.flatMap(({ change }) => {
      const ending = settled.get(change);
      return ending === undefined ? [] : [[change, ending] as const];
    }),
  );
}

/** What is there now counts, unless a call of ours is known to have done it. */
export function withFound(
  settled: ReadonlyMap<Change, Ending>,
  found: ReadonlyMap<Change, Ending>,
): ReadonlyMap<Change, Ending> {
  const done = [...settled].filter(([, { status }]) => status === "applied");
  return new Map([...settled, ...found, ...done]);
}

/** A conflict comes as 200 with the ids in FailedItems, or as 409 for the whole call: no source says which. */
async function post(
  pending: readonly Versioned[],
  { call, post: send, clean }: VersionedCall,
): Promise<
  Exclude<Answer, { readonly ending: "answered" }> | { readonly stale: ReadonlySet<number>; readonly fault: Fault }
> {
  const result = await send(pending.map(({ id, rowVersion }) => ({ Id: id, RowVersion: rowVersion })));
  if (result.ending === "refused" && result.fault.status === 409) {
    return { stale: new Set(pending.map(({ id }) => id)), fault: result.fault };
  }
  if (result.ending !== "answered") return unanswered(result);
  const bulk = readBulk(result.body);
  if (bulk === undefined || (!bulk.success && bulk.failed.length === 0)) return unreadable(call, result.status);
  const ids = new Set(pending.map(({ id }) => id));
  // An entry that names none of the items says nothing about any of them.
  if (!bulk.failed.every((id) => typeof id === "number" && ids.has(id))) return unreadable(call, result.status);
  return { stale: new Set(bulk.failed as number[]), fault: clean(rowFault(call, bulk.message)) };
}

async function again(
  stale: readonly Versioned[],
  { reread, judge }: VersionedCall,
  settled: Map<Change, Ending>,
): Promise<Versioned[]> {
  if (stale.length === 0) return [];
  const rows = new Map((await reread(stale.map(({ id }) => id))).map((row) => [row.Id, row]));
  return stale.flatMap(({ change, id }) => {
    const verdict = judge(change, rows.get(id));
    if ("rowVersion" in verdict) return [{ change, id, rowVersion: verdict.rowVersion }];
    settled.set(change, verdict.ending);
    return [];
  });
}

function settle(items: readonly Versioned[], settled: Map<Change, Ending>, ending: Ending): void {
  for (const { change, id } of items) settled.set(change, { ...ending, ids: [id] });
}
