import type { TenantSpec } from "../../src/emulator/index.ts";
import type { Wanted, WantedItems, WantedRun } from "../checker/evidence.ts";
import type { Random } from "./random.ts";

type TenantItem = NonNullable<TenantSpec["items"]>[number];
type TenantJob = NonNullable<TenantSpec["jobs"]>[number];

/** What manifests say, and what of it the tenant has already. */
export interface Wish {
  /** Documents of YAML, which JSON is. */
  readonly manifests: string;
  readonly wanted: Wanted;
  readonly items: readonly TenantItem[];
  readonly jobs: readonly TenantJob[];
}

/** Queues by number: the checker finds their rows by it. */
export const queues = {
  Unique: { id: 101, unique: true },
  Retrying: { id: 102, unique: true },
  Plain: { id: 103, unique: false },
  Reviewed: { id: 104, unique: false },
} as const;

interface Part {
  readonly document: object;
  readonly wanted: { readonly items?: WantedItems; readonly run?: WantedRun; readonly stops?: string };
  readonly items?: readonly TenantItem[];
  readonly jobs?: readonly TenantJob[];
  readonly reviews?: string;
}

/** One to a handful of manifests of all kinds, and a tenant in which some of it is done. */
export function wishOf(random: Random): Wish {
  const parts: Part[] = [];
  if (random.chance(0.6)) parts.push(items("Unique", "invoices", random));
  if (random.chance(0.3)) parts.push(items("Retrying", "orders", random));
  if (random.chance(0.6)) parts.push(items("Plain", "letters", random));
  if (random.chance(0.15)) parts.push(items("Plain", "more-letters", random));
  for (const name of random.some(["smoke", "nightly"], 0.4)) parts.push(job(name, random));
  if (random.chance(0.25)) parts.push(stops(random));
  if (random.chance(0.3)) parts.push(review(random));
  if (parts.length === 0) parts.push(items("Plain", "letters", random));
  const withOrder = parts.map(({ document }) => dependent(document, parts, random));
  return {
    manifests: withOrder.map((document) => JSON.stringify(document)).join("\n---\n"),
    wanted: {
      items: parts.flatMap(({ wanted }) => wanted.items ?? []),
      runs: parts.flatMap(({ wanted }) => wanted.run ?? []),
      ...Object.assign({}, ...parts.map(({ wanted }) => (wanted.stops === undefined ? {} : { stops: wanted.stops }))),
      ...Object.assign({}, ...parts.map(({ reviews }) => (reviews === undefined ? {} : { reviews }))),
    },
    items: [...foreignItems(random), ...parts.flatMap((part) => part.items ?? [])],
    jobs: parts.flatMap((part) => part.jobs ?? []),
  };
}

function manifest(kind: string, name: string, spec: object): object {
  return { apiVersion: "orch-sync/v1", kind, metadata: { name }, spec };
}

/** A job that waits for the first set of items, sometimes. */
function dependent(document: object, parts: readonly Part[], random: Random): object {
  const { kind, spec } = document as { readonly kind: string; readonly spec: object };
  const before = parts.map((part) => part.document as { kind: string; metadata: { name: string } });
  const first = before.find((each) => each.kind === "QueueItems");
  if (kind !== "Job" || first === undefined || !random.chance(0.3)) return document;
  return { ...document, spec: { ...spec, dependsOn: [`QueueItems/${first.metadata.name}`] } };
}

function items(queue: keyof typeof queues, name: string, random: Random): Part {
  const { id, unique } = queues[queue];
  const prefix = `${name}-`;
  const references = Array.from({ length: random.int(1, random.chance(0.2) ? 30 : 8) }, (_, n) => `${prefix}${n}`);
  const prune = random.chance(0.3);
  const recreateDeleted = random.chance(0.2);
  const entries = references.map((reference) => ({ reference, ...entry(random) }));
  const spec = {
    queue,
    items: entries,
    commit: random.pick(["ProcessAllIndependently", "ProcessAllIndependently", "AllOrNothing", "StopOnFirstFailure"]),
    order: random.pick(["manifest", "any"]),
    seedUntil: "2030-01-01T00:00:00Z",
    onDrift: random.pick(["update", "update", "ignore"]),
    ...(random.chance(0.2) ? { typeHints: true } : {}),
    ...(recreateDeleted ? { recreateDeleted } : {}),
    ...(prune ? { prune: { referencePrefix: prefix } } : {}),
  };
  const live = entries.flatMap((wanted) => liveItem(queue, wanted, unique, random));
  const stale = Array.from({ length: random.int(0, 3) }, (_, n) => ({ queue, reference: `${prefix}old-${n}` }));
  return {
    document: manifest("QueueItems", name, spec),
    wanted: { items: { queue, queueId: id, unique, references, recreateDeleted, ...(prune ? { prune: prefix } : {}) } },
    items: [...live, ...stale],
  };
}

function entry(random: Random): object {
  return {
    content: { Amount: random.int(1, 99), Note: random.pick(["a", "b", "It's"]) },
    ...(random.chance(0.4) ? { priority: random.pick(["High", "Normal", "Low"]) } : {}),
    ...(random.chance(0.2) ? { dueDate: "2027-01-01T00:00:00Z" } : {}),
  };
}

/** What the tenant has of an item: nothing, mostly. */
function liveItem(
  queue: string,
  wanted: { readonly reference: string; readonly content?: TenantItem["content"] },
  unique: boolean,
  random: Random,
): TenantItem[] {
  const { reference, content = {} } = wanted;
  const item = { queue, reference, content };
  const dice = random.next();
  if (dice < 0.65) return [];
  if (dice < 0.76) return [item];
  if (dice < 0.86) return [{ ...item, content: { Amount: 0 } }];
  if (dice < 0.92) return [{ ...item, status: "Successful" }];
  if (dice < 0.97) return [{ ...item, status: "Deleted" }];
  return unique ? [] : [item, item];
}

/** Nobody's business: they must stay as they are. */
function foreignItems(random: Random): TenantItem[] {
  return Object.keys(queues).flatMap((queue) =>
    Array.from({ length: random.int(0, 3) }, (_, n) => ({
      queue,
      reference: `foreign-${n}`,
      status: random.pick(["New", "Successful", "Deleted"] as const),
      content: { Amount: n },
    })),
  );
}

function job(name: string, random: Random): Part {
  const run = random.pick(["once", "onChange", "onChange", "always"] as const);
  const count = random.pick([1, 1, 2]);
  const process = random.pick(["Quick", "Slow"]);
  const spec = {
    process,
    strategy: { type: "Dynamic", count },
    run,
    startUntil: "2030-01-01T00:00:00Z",
    onPreviousFailure: "skip",
    wait: { until: random.pick(["none", "started", "completed"]), timeout: "30m" },
  };
  return { document: manifest("Job", name, spec), wanted: { run: { name, process, jobs: count, run } } };
}

function stops(random: Random): Part {
  const spec = { select: { process: "Legacy" }, strategy: random.pick(["SoftStop", "Kill"]) };
  const running = Array.from({ length: random.int(1, 4) }, () => random.pick(["Running", "Pending"] as const));
  return {
    document: manifest("StoppedJobs", "retire", spec),
    wanted: { stops: "Legacy" },
    jobs: running.map((state) => ({ process: "Legacy", state })),
  };
}

function review(random: Random): Part {
  const spec = {
    queue: "Reviewed",
    reviewers: random.pick([["ana"], ["ana", "ion"]]),
    ...(random.chance(0.5) ? { reviewStatus: "InReview" } : {}),
  };
  const failed = Array.from({ length: random.int(1, 6) }, (_, n): TenantItem => ({
    queue: "Reviewed",
    reference: `failed-${n}`,
    status: "Failed",
    exception: { type: "BusinessException", reason: "No price." },
    created: "-2h",
  }));
  return { document: manifest("Review", "failed", spec), wanted: {}, items: failed, reviews: "Reviewed" };
}
