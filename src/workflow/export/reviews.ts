import { fold } from "../../core/fold.ts";
import type { PlanFolder } from "../../core/plan.ts";
import type { LiveQueue } from "../../kinds/queue-items/live.ts";
import type { LiveReviewItem } from "../../kinds/review/live.ts";
import { manifest, type ExportContext } from "./context.ts";

/** Who reviews which failed items of a queue, a manifest for each reviewer and review status. */
export async function exportReviews(folder: PlanFolder, queue: LiveQueue, context: ExportContext): Promise<void> {
  const { reader, sink, signal } = context;
  const items = await reader.items.reviewable({ folder: folder.id, queue: queue.id }, signal);
  const taken = items.filter(({ reviewStatus, reviewerUserId }) => reviewerUserId !== null || reviewStatus !== "None");
  const reviewed = taken.filter(({ reviewStatus }) => reviewStatus !== "Retried");
  if (reviewed.length === 0) return;
  const users = await reader.reviewerNames(folder, signal);
  const groups = Map.groupBy(reviewed, ({ reviewerUserId, reviewStatus }) =>
    JSON.stringify([reviewerUserId, reviewStatus]),
  );
  for (const group of groups.values()) {
    const { reviewerUserId, reviewStatus } = group[0] as LiveReviewItem;
    const reviewer = reviewerUserId === null ? undefined : users.get(reviewerUserId);
    if (reviewerUserId !== null && reviewer === undefined) {
      sink.note(
        `queue ${queue.name}: ${group.length} items of user ${reviewerUserId}, who may not review, are left out`,
      );
      continue;
    }
    const name = context.nameOf("Review", folder, [queue.name, reviewer ?? "nobody", reviewStatus].join("-"));
    const spec = {
      queue: queue.name,
      select: selection(group, items),
      ...(reviewer === undefined ? {} : { reviewers: [reviewer] }),
      ...(reviewStatus === "Retried" ? {} : { reviewStatus }),
    };
    sink.document(manifest("Review", name, folder, spec), `review-${name}`);
  }
}

/** By references, which another tenant has too; by ids where these select more than is meant. */
function selection(
  group: readonly LiveReviewItem[],
  all: readonly LiveReviewItem[],
): { readonly references: string[] } | { readonly ids: number[] } {
  const own = new Set(group.map(({ id }) => id));
  const others = new Set(all.filter(({ id }) => !own.has(id)).map(({ reference }) => fold(reference ?? "")));
  const references = [...new Set(group.map(({ reference }) => reference ?? ""))];
  const telling = references.every((reference) => reference.trim() !== "" && !others.has(fold(reference)));
  return telling ? { references } : { ids: [...own] };
}
