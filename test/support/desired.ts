import { compileContentSchema } from "../../src/document/content-schema.ts";
import { fold } from "../../src/core/fold.ts";
import { memorySpool } from "../../src/core/list.ts";
import type { PlanFolder } from "../../src/core/plan.ts";
import type { DesiredResource, Kind } from "../../src/core/resource.ts";
import type { SourceSpan } from "../../src/core/source.ts";
import type { PlanContext } from "../../src/kinds/definition.ts";
import type { LiveJob } from "../../src/kinds/job/live.ts";
import type { JobSpec } from "../../src/kinds/job/spec.ts";
import type { LiveQueue, LiveQueueItem, QueueItemsLive } from "../../src/kinds/queue-items/live.ts";
import type { QueueItemEntry, QueueItemsSpec } from "../../src/kinds/queue-items/spec.ts";

/** Builders for plain values: what a test does not name has a harmless default. */
export const source: SourceSpan = { file: "manifests/march.yaml", line: 1, column: 1 };

export const folder: PlanFolder = {
  id: 5,
  key: "0f0e0d0c-0000-4000-8000-000000000001",
  path: "Finance",
  type: "modern",
};

export const context: PlanContext = {
  now: new Date("2026-11-21T12:00:00Z"),
  folder,
  apiVersion: 16,
  isNamed: () => false,
  emptySetForced: false,
  makeSpool: memorySpool,
  compileContentSchema,
  locate: (place) => place,
};

export function desired<Spec>(kind: Kind, name: string, spec: Spec): DesiredResource<Spec> {
  return { key: { kind, folder: "Finance", name }, labels: {}, dependsOn: [], spec, source };
}

export const uniqueQueue: LiveQueue = { id: 188, name: "DocQueue", enforceUniqueReference: true };
export const plainQueue: LiveQueue = { ...uniqueQueue, enforceUniqueReference: false };

export function entry(reference: string, fields: Partial<QueueItemEntry> = {}): QueueItemEntry {
  return { reference, source, ...fields };
}

export function itemsSpec(items: readonly QueueItemEntry[], fields: Partial<QueueItemsSpec> = {}): QueueItemsSpec {
  return {
    queue: "DocQueue",
    items,
    commit: "ProcessAllIndependently",
    order: "manifest",
    typeHints: false,
    onDrift: "update",
    recreateDeleted: false,
    sensitive: [],
    ...fields,
  };
}

export function row(id: number, reference: string | null, fields: Partial<LiveQueueItem> = {}): LiveQueueItem {
  return {
    id,
    key: `key-${id}`,
    reference,
    status: "New",
    priority: "Normal",
    deferDate: null,
    dueDate: null,
    content: {},
    progress: null,
    retryNumber: 0,
    ancestorId: null,
    rowVersion: `v${id}`,
    ...fields,
  };
}

/** What a test says of a queue. */
export type QueueFacts = Partial<Omit<QueueItemsLive, "items">> & { readonly items?: readonly LiveQueueItem[] };

/** What planning sees of a queue: by default an empty one with unique references. */
export function queueLive({ items = [], pruneCandidates = [], ...rest }: QueueFacts = {}): QueueItemsLive {
  const rows = Map.groupBy(items, ({ reference }) => fold(reference ?? ""));
  const under = (reference: string): readonly LiveQueueItem[] => rows.get(fold(reference)) ?? [];
  const byId = [...pruneCandidates].toSorted((a, b) => a.id - b.id);
  return { queue: uniqueQueue, pruneCandidates: byId, items: { under }, ...rest };
}

export function jobSpec(fields: Partial<JobSpec> = {}): JobSpec {
  return {
    process: { name: "InvoiceSmokeTest" },
    strategy: { type: "Dynamic", count: 1 },
    run: "onChange",
    rerunOn: { processVersion: false, values: {} },
    onPreviousFailure: "fail",
    wait: { until: "completed", timeout: 1_800_000, success: ["Successful"] },
    ...fields,
  };
}

export function liveJob(id: number, fields: Partial<LiveJob> = {}): LiveJob {
  return {
    id,
    key: `job-key-${id}`,
    state: "Running",
    reference: null,
    batchExecutionKey: null,
    releaseName: "InvoiceSmokeTest",
    info: null,
    creationTime: "2026-11-21T10:00:00Z",
    startTime: "2026-11-21T10:00:05Z",
    endTime: null,
    ...fields,
  };
}
