import type { Evidence } from "./evidence.ts";
import type { Finding } from "./items.ts";
import { writesOf } from "./writes-of-runs.ts";

/** Items on which the comment that is wanted hangs more often than once. */
export function commentsTwice({ wanted, before, after, calls }: Evidence): Finding[] {
  const known = new Set(before.comments.map(({ Id }) => Id));
  const ours = after.comments.filter(({ Id, Text }) => Text === wanted.comment && !known.has(Id));
  return [...Map.groupBy(ours, ({ QueueItemId }) => String(QueueItemId))].flatMap(([item, copies]) => {
    const writes = writesOf(calls).filter(({ what, about }) => what === "comment" && about.includes(item));
    const ids = copies.map(({ Id }) => Number(Id)).toSorted((a, b) => a - b);
    const text = `item ${item} has the comment ${copies.length} times: ids ${ids.join(", ")}`;
    return copies.length <= 1 ? [] : [{ text, ids, told: `comments ${ids.join(", ")}`, writes }];
  });
}
