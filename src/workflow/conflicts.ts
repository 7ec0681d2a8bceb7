import type { Change } from "../core/change.ts";
import type { PlannedResource } from "../core/plan.ts";
import { shortKey } from "../core/resource.ts";

/**
 * What two manifests of one kind select in one folder is blocked in the later one: reviewers would be set back and
 * forth, and the second write would find an item that the first has changed.
 */
export function blockConflicts(resources: readonly PlannedResource[]): PlannedResource[] {
  const claimed = new Map<string, PlannedResource>();
  return resources.map((resource) => {
    const changes = resource.changes.map((change) => claim(change, resource, claimed));
    return changes.every((change, index) => change === resource.changes[index]) ? resource : { ...resource, changes };
  });
}

function claim(change: Change, resource: PlannedResource, claimed: Map<string, PlannedResource>): Change {
  if (change.action !== "assign" && change.action !== "stop") return change;
  const identity = JSON.stringify([change.action, resource.folder?.key, change.key.entry]);
  const owner = claimed.get(identity);
  if (owner === undefined) claimed.set(identity, resource);
  if (owner === undefined || owner === resource) return change;
  const { key, label, source } = change;
  return {
    action: "blocked",
    key,
    label,
    summary: "",
    reason: { code: "selected-twice", text: `${shortKey(owner.key)} selects it, too` },
    hint: "narrow one of the two selections",
    ...(source === undefined ? {} : { source }),
  };
}
