import type { Action, Change } from "../core/change.ts";
import { ChangeSpool, only } from "../core/change-spool.ts";
import { fold } from "../core/fold.ts";
import type { MakeSpool } from "../core/list.ts";
import { changeSpelling } from "../core/plan-file.ts";
import type { PlannedResource } from "../core/plan.ts";
import { fullKey, shortKey, type ResourceKey } from "../core/resource.ts";

/**
 * What two manifests want of one thing is blocked in the later one: the second write would find what the first has
 * changed, and the next plan would change it back.
 */
export function blockConflicts(resources: readonly PlannedResource[], makeSpool: MakeSpool): PlannedResource[] {
  const linked = linkedQueues(resources);
  const claimed = new Map<string, PlannedResource>();
  return resources.map((resource) => {
    // What nobody else can want is not even looked at.
    const isShared = linked.has(resource.settings["queueId"]);
    const wanted = (action: Action): boolean => isShared || action === "assign" || action === "stop";
    let isClaimed = false;
    for (const change of only(resource.changes, wanted)) {
      const identity = identityOf(change, resource, linked);
      if (identity === undefined) continue;
      if ((claimed.get(identity) ?? resource) === resource) claimed.set(identity, resource);
      else isClaimed = true;
    }
    if (!isClaimed) return resource;
    const changes = new ChangeSpool(makeSpool(changeSpelling));
    for (const change of resource.changes) {
      const owner = claimed.get(identityOf(change, resource, linked) ?? "");
      changes.push(owner === undefined || owner === resource ? change : claimedBefore(change, resource, owner));
    }
    return { ...resource, changes: changes.done() };
  });
}

/**
 * Queues that manifests of several folders name: only a tenant tells that these are one. Within a folder `validate`
 * has looked for references that occur twice.
 */
function linkedQueues(resources: readonly PlannedResource[]): ReadonlySet<unknown> {
  const folders = new Map<unknown, Set<string>>();
  for (const { key, folder, settings } of resources) {
    const queue = settings["queueId"];
    if (key.kind !== "QueueItems" || queue === undefined || folder === undefined) continue;
    folders.set(queue, (folders.get(queue) ?? new Set()).add(folder.key));
  }
  return new Set([...folders].flatMap(([queue, keys]) => (keys.size > 1 ? [queue] : [])));
}

function claimedBefore(change: Change, resource: PlannedResource, owner: PlannedResource): Change {
  const { key, label, source } = change;
  const isItem = key.kind === "QueueItems";
  const other = nameBeside(owner.key, resource.key);
  const text = isItem
    ? `${other} names this reference, and the two folders share the queue`
    : `${other} selects it, too`;
  return {
    action: "blocked",
    key,
    label,
    summary: "",
    reason: { code: isItem ? "named-twice" : "selected-twice", text },
    hint: isItem ? "remove it from one of the two" : "narrow one of the two selections",
    ...(source === undefined ? {} : { source }),
  };
}

/** What may be wanted once. Ids of items and jobs are the tenant's, so no folder makes them other ones. */
function identityOf(
  { action, key }: Change,
  { settings }: PlannedResource,
  linked: ReadonlySet<unknown>,
): string | undefined {
  if (action === "assign" || action === "stop") return JSON.stringify([action, key.entry]);
  const queue = settings["queueId"];
  const isNamed = key.kind === "QueueItems" && key.entry !== undefined && action !== "delete";
  return isNamed && linked.has(queue) ? JSON.stringify([queue, fold(key.entry ?? "")]) : undefined;
}

/** How a line of one resource calls another one. */
export function nameBeside(owner: ResourceKey, own: ResourceKey): string {
  return fold(owner.folder) === fold(own.folder) ? shortKey(owner) : fullKey(owner);
}
