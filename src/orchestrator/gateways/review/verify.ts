import type { Change } from "../../../core/change.ts";
import type { Ending } from "../../../core/outcome.ts";
import type { PlanFolder } from "../../../core/plan.ts";
import { doubledText, saying } from "../../../kinds/review/comment.ts";
import type { TenantReader } from "../../read/tenant.ts";
import type { Verified } from "../port.ts";
import { afterOf, beforeOf } from "./assign.ts";

/**
 * Whether each comment hangs there once. What is too much is told, never deleted: nothing on a comment says whose it is.
 * Reviewers and statuses carry a RowVersion, which keeps a second one away.
 */
export async function verifyComments(
  endings: ReadonlyMap<Change, Ending>,
  folder: PlanFolder,
  reader: TenantReader,
  signal: AbortSignal,
): Promise<Verified> {
  const commented = [...endings.keys()].filter((change) => afterOf(change).comment !== undefined);
  const ids = commented.map((change) => beforeOf(change).id);
  const hanging = await reader.comments.hanging(folder.id, ids, signal);
  const told = new Map<Change, Ending>();
  for (const change of commented) {
    const { id } = beforeOf(change);
    const doubled = doubledText(saying(afterOf(change).comment ?? "", hanging.get(id)));
    if (doubled !== undefined) told.set(change, { status: "failed", ids: [id], note: `${doubled}; none was deleted` });
  }
  return { endings: told };
}
