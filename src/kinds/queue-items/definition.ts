import { ChangeSpool } from "../../core/change-spool.ts";
import { hasPrefix } from "../../core/fold.ts";
import type { List } from "../../core/list.ts";
import { revealingJson } from "../../core/secret.ts";
import type { DesiredResource } from "../../core/resource.ts";
import type { KindDefinition, PlanContext, ResourcePlan } from "../definition.ts";
import { isMissing } from "../live.ts";
import { refused, unknownName } from "../refuse.ts";
import { plannedQueueItems, type KeptQueueItems } from "./again.ts";
import { contentCheck } from "./content-check.ts";
import { bulkLimits } from "./limits.ts";
import type { LiveQueue, LiveQueueItem, QueueItemsLive } from "./live.ts";
import type { QueueItemsObserved, QueueItemsSettings } from "./payload.ts";
import {
  hidden,
  isUntouched,
  itemState,
  reconcileItem,
  seen,
  withHiddenSecrets,
  type QueueItemChange,
} from "./reconcile.ts";
import type { QueueItemsSpec } from "./spec.ts";

type Resource = DesiredResource<QueueItemsSpec>;

/** Queue items that must exist, each exactly once. */
export const queueItems: KindDefinition<QueueItemsSpec, QueueItemsLive> = {
  kind: "QueueItems",
  entries: (spec) => spec.items.length,
  kept: ({ items: _items, ...spec }): KeptQueueItems => spec,
  again: (kept: KeptQueueItems, changes) => plannedQueueItems(kept, changes),
  plan(resource, live, context) {
    const { queue } = live;
    if (isMissing(queue)) {
      return refused(resource, `queue ${queue.missing}`, [
        unknownName("queue-unknown", "queue", queue, context.folder.path),
      ]);
    }
    return queue.enforceUniqueReference || resource.spec.seedUntil !== undefined
      ? planQueue(resource, queue, live, context)
      : withoutSeedUntil(resource, queue);
  },
};

/** Nothing on the server refuses a second item there, and a purged one cannot be told from a missing one. */
function withoutSeedUntil(resource: Resource, queue: LiveQueue): ResourcePlan {
  const text = `queue ${queue.name} does not enforce unique references, so spec.seedUntil is needed`;
  const hint =
    "seedUntil: an instant after which nothing is created, or never to create whatever is missing, always (also what retention purged)";
  return refused(resource, `queue ${queue.name}`, [{ reason: { code: "seed-until-missing", text }, hint }]);
}

function planQueue(resource: Resource, queue: LiveQueue, live: QueueItemsLive, context: PlanContext): ResourcePlan {
  const { spec, key } = resource;
  const rules = {
    onDrift: spec.onDrift,
    recreateDeleted: spec.recreateDeleted,
    seedingOver: hasPassed(spec.seedUntil, context.now),
    sensitive: new Set(spec.sensitive),
    secretKeys: new Set(spec.secretKeys),
  };
  const changes = new ChangeSpool(context.makeSpool<QueueItemChange>());
  const content = contentCheck(queue, resource, context);
  const call = spec.commit === "AllOrNothing" ? new OneCall() : undefined;
  let creates = 0;
  for (const entry of spec.items) {
    const change = content.checked(reconcileItem(key, entry, live.items.under(entry.reference), rules));
    if (change.action === "create") {
      creates++;
      call?.add(change);
    }
    changes.push(change);
  }
  if (call?.fits === false) {
    changes[Symbol.dispose]();
    const text = `${creates} items do not fit into one call, and commit AllOrNothing is one call`;
    const hint = `at most ${bulkLimits.items} items and ${bulkLimits.bytes} bytes: split the manifest, or use ProcessAllIndependently`;
    return refused(resource, `queue ${queue.name}`, [{ reason: { code: "commit-too-large", text }, hint }]);
  }
  for (const change of pruned(resource, queue, live.pruneCandidates, context)) changes.push(change);
  const settings: QueueItemsSettings = {
    queueId: queue.id,
    queueName: queue.name,
    unique: queue.enforceUniqueReference,
    commit: spec.commit,
    order: spec.order,
    typeHints: spec.typeHints,
  };
  const observed: QueueItemsObserved = live.watermark === undefined ? {} : { watermark: live.watermark };
  const notes =
    queue.triggerProcess !== undefined && creates > 0 ? [`seeding starts jobs of ${queue.triggerProcess}`] : [];
  return {
    title: `queue ${queue.name}`,
    settings,
    notes,
    diagnostics: content.diagnostics,
    changes: changes.done(),
    observed,
    selected: { delete: live.pruneCandidates.length },
  };
}

/** Deletions: untouched items under the prefix that no manifest names, by Id. A set without entries prunes nothing. */
function* pruned(
  resource: Resource,
  queue: LiveQueue,
  candidates: List<LiveQueueItem>,
  context: PlanContext,
): Generator<QueueItemChange, void, undefined> {
  const prefix = resource.spec.prune?.referencePrefix;
  if (prefix === undefined) return;
  const doomed = (): IteratorObject<LiveQueueItem> =>
    Iterator.from(candidates)
      .filter((row) => isUntouched(row) && row.reference !== null && hasPrefix(row.reference, prefix))
      .filter((row) => !context.isNamed(queue.name, row.reference ?? ""));
  if (resource.spec.items.length > 0 || context.emptySetForced) {
    yield* doomed().map((row) => deletion(resource, row));
    return;
  }
  const count = doomed().reduce((sum) => sum + 1, 0);
  if (count === 0) return;
  const text = `the manifest names no items, and prune would delete all ${count} under ${prefix}`;
  yield {
    action: "blocked",
    key: resource.key,
    label: "",
    summary: "",
    source: resource.source,
    reason: { code: "empty-selection-prunes", text },
    hint: "if that is meant: --force emptySet",
  };
}

function deletion({ key, spec, source }: Resource, row: LiveQueueItem): QueueItemChange {
  const text = "no manifest names it";
  return {
    action: "delete",
    key: { ...key, entry: row.reference ?? "" },
    label: `${row.reference ?? ""} (${row.id})`,
    summary: text,
    reason: { code: "not-named", text },
    before: itemState(withHiddenSecrets(row, new Set(spec.secretKeys))),
    precondition: seen(row),
    source,
    ...hidden(new Set(spec.sensitive)),
  };
}

/** Whether creates fit into one call. Measured with their secrets: they may be longer than their names. */
class OneCall {
  #items = 0;
  #bytes = "[]".length;

  add(create: QueueItemChange): void {
    this.#items++;
    if (this.fits) this.#bytes += new TextEncoder().encode(revealingJson(create)).length + ",".length;
  }

  get fits(): boolean {
    return this.#items <= bulkLimits.items && this.#bytes <= bulkLimits.bytes;
  }
}

function hasPassed(until: string | undefined, now: Date): boolean {
  return until !== undefined && until !== "never" && Date.parse(until) <= now.getTime();
}
