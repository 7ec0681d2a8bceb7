import { ChangeSpool } from "../../core/change-spool.ts";
import { hasPrefix } from "../../core/fold.ts";
import type { List, Spelling } from "../../core/list.ts";
import { changeSpelling } from "../../core/plan-file.ts";
import { revealingJson } from "../../core/secret.ts";
import type { DesiredResource } from "../../core/resource.ts";
import { isOwn, queueItemName } from "../../core/shard-of.ts";
import { shardName } from "../../core/shard.ts";
import type { KindDefinition, PlanContext, ResourcePlan } from "../definition.ts";
import { isMissing } from "../live.ts";
import { refused, unknownName, type Block } from "../refuse.ts";
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
  const { spec, key, part } = resource;
  const rules = {
    onDrift: spec.onDrift,
    recreateDeleted: spec.recreateDeleted,
    seedingOver: hasPassed(spec.seedUntil, context.now),
    sensitive: new Set(spec.sensitive),
    secretKeys: new Set(spec.secretKeys),
  };
  const changes = new ChangeSpool(context.makeSpool<QueueItemChange>(changeSpelling as Spelling<QueueItemChange>));
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
    const text = `${creates.toLocaleString("en")} items do not fit into one call, and commit AllOrNothing is one call`;
    const [items, bytes] = [bulkLimits.items, bulkLimits.bytes].map((limit) => limit.toLocaleString("en"));
    const hint = `at most ${items} items and ${bytes} bytes: split the manifest, or use ProcessAllIndependently`;
    return refused(resource, `queue ${queue.name}`, [{ reason: { code: "commit-too-large", text }, hint }]);
  }
  if (part?.whole?.isSplit === true && spec.commit !== "ProcessAllIndependently" && creates > 0) {
    changes[Symbol.dispose]();
    return refused(resource, `queue ${queue.name}`, [split(resource, part.whole.entries)]);
  }
  const candidates = ownCandidates(resource, queue, live.pruneCandidates);
  for (const change of pruned(resource, queue, candidates, context)) changes.push(change);
  const settings: QueueItemsSettings = {
    queueId: queue.id,
    queueName: queue.name,
    unique: queue.enforceUniqueReference,
    commit: spec.commit,
    order: spec.order,
    typeHints: spec.typeHints,
  };
  const observed: QueueItemsObserved = live.watermark === undefined ? {} : { watermark: live.watermark };
  const notes = creates === 0 ? [] : notesOfSeeding(resource, queue);
  return {
    title: `queue ${queue.name}`,
    settings,
    notes,
    diagnostics: content.diagnostics,
    changes: changes.done(),
    observed,
    selected: { delete: candidates.length },
  };
}

/** How a batch that holds together, or an order, would come apart: no shard knows how the others fare. */
function split({ spec, part }: Resource, entries: number): Block {
  const what = spec.commit === "AllOrNothing" ? "one call" : "one batch after the other";
  const name = part === undefined ? "" : ` ${shardName(part.shard)}`;
  const text = `commit ${spec.commit} is ${what}, and --shard${name} would split its ${entries} items`;
  const hint = "leave it out of the shards and apply it alone, without --shard, or use ProcessAllIndependently";
  return { reason: { code: "commit-split", text }, hint };
}

function notesOfSeeding({ spec, part }: Resource, { triggerProcess }: LiveQueue): string[] {
  const isApart = part?.whole?.isSplit === true && spec.order === "manifest";
  return [
    ...(triggerProcess === undefined ? [] : [`seeding starts jobs of ${triggerProcess}`]),
    ...(isApart ? ["the manifest's order holds within this shard: the others seed at the same time"] : []),
  ];
}

/** A shard may prune what belongs to it: what the others name it does not even know. */
function ownCandidates({ part }: Resource, { name }: LiveQueue, candidates: List<LiveQueueItem>): List<LiveQueueItem> {
  if (part === undefined) return candidates;
  return Array.from(candidates).filter(({ reference }) => isOwn(part.shard, queueItemName(name, reference ?? "")));
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
  const entries = resource.part?.whole?.entries ?? resource.spec.items.length;
  if (entries > 0 || context.emptySetForced) {
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
