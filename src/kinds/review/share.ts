/** An item as sharing sees it: who has it now. */
export interface Assignable {
  readonly id: number;
  readonly reviewerUserId: number | null;
}

/**
 * Shares items among reviewers: an item that one of them has keeps him, the others go by Id to whoever has fewest of
 * the selection (ties by the manifest's order). So shares differ by at most one as far as nobody is moved, and
 * planning again changes nothing.
 */
export function shareAmong(items: readonly Assignable[], reviewerIds: readonly number[]): ReadonlyMap<number, number> {
  const load = new Map(reviewerIds.map((id) => [id, 0]));
  const reviewerOf = new Map<number, number>();
  for (const item of items) {
    const holds = item.reviewerUserId === null ? undefined : load.get(item.reviewerUserId);
    if (item.reviewerUserId === null || holds === undefined) continue;
    load.set(item.reviewerUserId, holds + 1);
    reviewerOf.set(item.id, item.reviewerUserId);
  }
  for (const item of items.toSorted((a, b) => a.id - b.id)) {
    if (reviewerOf.has(item.id)) continue;
    const [lightest] = [...load].toSorted((a, b) => a[1] - b[1]); // toSorted is stable: ties stay in the manifest's order
    if (lightest === undefined) break;
    load.set(lightest[0], lightest[1] + 1);
    reviewerOf.set(item.id, lightest[0]);
  }
  return reviewerOf;
}
