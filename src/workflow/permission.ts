import type { Path } from "../core/locate.ts";
import { only } from "../core/change-spool.ts";
import { AuthError } from "../core/errors.ts";
import type { Plan } from "../core/plan.ts";
import type { DesiredResource } from "../core/resource.ts";
import type { ResourcePlan } from "../kinds/definition.ts";
import { refused } from "../kinds/refuse.ts";
import { permissionHint } from "../orchestrator/http/permissions.ts";

/** True when the server knows the account and does not let it read something. */
export function isForbidden(error: unknown): error is AuthError {
  return error instanceof AuthError && error.fault.status === 403;
}

/** A resource whose live state the account may not read: the rest of the plan is made all the same. */
export function unreadable(resource: DesiredResource, { fault }: AuthError): ResourcePlan {
  const traceId = fault.traceId === undefined ? "" : ` (traceId ${fault.traceId})`;
  const text = `this account may not read what it needs: ${fault.call} was answered with HTTP 403${traceId}`;
  const block = {
    reason: { code: "permission-missing", text },
    hint: permissionHint(fault.call),
    at: fieldRead(resource, fault.call),
    cause: "permission",
  } as const;
  return refused(resource, "not read", [block]);
}

/** True when a permission is missing for a part of the plan: exit codes tell that from all other refusals. */
export function lacksPermission({ resources }: Pick<Plan, "resources">): boolean {
  return resources.some(({ changes }) =>
    only(changes, (action) => action === "blocked").some(
      (change) => change.action === "blocked" && change.cause === "permission",
    ),
  );
}

/** The field of the manifest that the call was made for. */
function fieldRead({ key }: DesiredResource, call: string): Path {
  if (call.includes("GetReviewers")) return ["reviewers"];
  if (/\/(QueueDefinitions|QueueItems)\b/.test(call)) return ["queue"];
  if (/\/Robots\b/.test(call)) return ["strategy", "robots"];
  if (/\/Machines\b/.test(call)) return ["machines"];
  return key.kind === "StoppedJobs" ? ["select"] : ["process"];
}
