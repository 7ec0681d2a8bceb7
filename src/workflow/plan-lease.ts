import type { LeaseSettings } from "../config/config.ts";
import type { Change } from "../core/change.ts";
import { only } from "../core/change-spool.ts";
import type { Diagnostic } from "../core/diagnostic.ts";
import type { PlannedResource, Price } from "../core/plan.ts";
import type { JobRun, JobStart } from "../kinds/job/payload.ts";
import {
  assumedStarts,
  isAssumedStarted,
  isLeftOpen,
  isOnce,
  judgeStart,
  ledgerReference,
  newestEntry,
  rememberedStart,
  type Assumption,
} from "../kinds/lease/ledger.ts";
import type { LiveQueueItem } from "../kinds/queue-items/live.ts";
import type { ReviewTarget } from "../kinds/review/payload.ts";
import type { LeaseQueue } from "../orchestrator/lease/lease-queue.ts";
import type { TenantReader } from "../orchestrator/read/tenant.ts";
import { leaseQueueHint, openLease } from "./apply/lease/open.ts";
import { isForbidden } from "./permission.ts";
import { fold } from "../core/fold.ts";

/** What keeps a second apply to a target away. `alone`: there can be none, as with an embedded target. */
export type Guarding = LeaseSettings | "alone" | undefined;

/** What a lease and its ledger make of a plan. */
export interface LeasedPlan {
  readonly resources: readonly PlannedResource[];
  readonly diagnostics: readonly Diagnostic[];
  /** What the lease and the ledger add to the price of an apply. */
  readonly price: Price;
}

interface LeaseInput {
  readonly lease: Guarding;
  readonly assume: Assumption | undefined;
  readonly reader: TenantReader;
  readonly signal: AbortSignal;
}

const nothing: Price = { calls: 0, listCalls: 0 };

/** Asks for the permission to delete, adds, renews and reads it, gives it back; renewals later come on top. */
const pricePerLease = 5;
/** Looks for the entry, adds it; completes it and reads it. */
const pricePerEntry: Price = { calls: 4, listCalls: 1 };
/** Reads the entry, completes it, reads it. */
const pricePerAssumed = 3;

/** Looks at what is planned with the eyes of the lease: is it guarded, can it be, and what does the ledger know? */
export async function planLease(resources: readonly PlannedResource[], input: LeaseInput): Promise<LeasedPlan> {
  const { lease } = input;
  if (lease === undefined) {
    const diagnostics: Diagnostic[] = resources.some(needsOne) ? [unguarded] : [];
    return { resources, diagnostics, price: nothing };
  }
  if (lease === "alone" || !resources.some(writes)) return { resources, diagnostics: [], price: nothing };
  const opened = await open(lease, input);
  if ("problem" in opened) return { resources, diagnostics: [unusable(opened)], price: nothing };
  const judged = lease.ledger ? (await askLedger(resources, opened.queue, input)).map(withRemembered) : resources;
  const assumed = assumedStarts(judged).length;
  if (!judged.some(writes) && assumed === 0) return { resources: judged, diagnostics: [], price: nothing };
  const entries = lease.ledger ? judged.flatMap(startsOf).length : 0;
  const { calls, listCalls } = pricePerEntry;
  const price = { calls: pricePerLease + entries * calls + assumed * pricePerAssumed, listCalls: entries * listCalls };
  return { resources: judged, diagnostics: [], price };
}

/** A folder that may not be read keeps no lease, and is no reason to show no plan. */
async function open(
  lease: LeaseSettings,
  { reader, signal }: LeaseInput,
): Promise<{ readonly queue: LeaseQueue } | { readonly problem: string; readonly hint: string | undefined }> {
  try {
    const opened = await openLease(lease, reader, signal);
    return "problem" in opened ? { ...opened, hint: leaseQueueHint } : opened;
  } catch (error) {
    if (!isForbidden(error)) throw error;
    return { problem: "the lease cannot be kept: this account may not read its queue", hint: error.hint };
  }
}

/**
 * One look for all starts, and for the runs that are there: the apply that started them may have lost the answer, and
 * then its entry does not know them.
 */
async function askLedger(
  resources: readonly PlannedResource[],
  queue: LeaseQueue,
  { assume, signal }: LeaseInput,
): Promise<readonly PlannedResource[]> {
  const references = [...resources.flatMap(startsOf), ...resources.flatMap(runsOf)].map(({ reference }) => reference);
  if (references.length === 0) return resources;
  const rows = Map.groupBy(await queue.under(references, signal), ({ reference }) => fold(reference ?? ""));
  const entryOf = (reference: string): LiveQueueItem | undefined => newestEntry(rows.get(fold(reference)) ?? []);
  return resources.map((planned) => {
    const resource = withFound(planned, entryOf);
    const starts = startsOf(resource);
    const items = new Map(starts.map(({ change, reference }) => [change, entryOf(reference)]));
    if (![...items.values()].some((item) => item !== undefined)) return resource;
    const changes = Array.from(resource.changes, (change): Change => {
      const item = items.get(change);
      if (change.action !== "start" || item === undefined) return change;
      return judgeStart(change, item, queue.now(), assume);
    });
    // A resource has one start.
    const [assumed] = starts.flatMap(({ change, reference }) => {
      const item = items.get(change);
      return item !== undefined && isAssumedStarted(item, queue.now(), assume) ? [{ item: item.id, reference }] : [];
    });
    const observed = assumed === undefined ? resource.observed : { ...resource.observed, assumed };
    return { ...resource, observed, changes };
  });
}

/** The same resource; where the jobs of a run are there and its entry does not know them, an apply completes it. */
function withFound(
  resource: PlannedResource,
  entryOf: (reference: string) => LiveQueueItem | undefined,
): PlannedResource {
  const [assumed] = runsOf(resource).flatMap(({ reference, jobs }) => {
    const item = entryOf(reference);
    return item !== undefined && isLeftOpen(item) ? [{ item: item.id, reference, jobs }] : [];
  });
  return assumed === undefined ? resource : { ...resource, observed: { ...resource.observed, assumed } };
}

/** Its starts are not warned of what retention does to jobs: the ledger is there for that. */
function withRemembered(planned: PlannedResource): PlannedResource {
  const starts = new Set(startsOf(planned).map(({ change }) => change));
  if (starts.size === 0) return planned;
  const changes = Array.from(planned.changes, (change) => (starts.has(change) ? rememberedStart(change) : change));
  return { ...planned, changes };
}

/** Runs that are there and that a ledger remembers. */
function runsOf({ key, changes, folder }: PlannedResource): { readonly reference: string; readonly jobs: number[] }[] {
  if (folder === undefined || key.kind !== "Job") return [];
  return Iterator.from(changes)
    .flatMap((change) => {
      if ((change.action !== "wait" && change.action !== "no-op") || change.before === undefined) return [];
      const { runKey, jobIds } = change.before as JobRun;
      return isOnce(runKey) ? [{ reference: ledgerReference(folder.key, runKey), jobs: [...jobIds] }] : [];
    })
    .toArray();
}

/** Starts that a ledger remembers. */
function startsOf({ changes, folder }: PlannedResource): { readonly change: Change; readonly reference: string }[] {
  if (folder === undefined) return [];
  return only(changes, (action) => action === "start")
    .flatMap((change) => {
      if (change.action !== "start") return [];
      const { runKey } = change.after as JobStart;
      return isOnce(runKey) ? [{ change, reference: ledgerReference(folder.key, runKey) }] : [];
    })
    .toArray();
}

function writes({ changes }: PlannedResource): boolean {
  return only(changes, (action) => action !== "no-op" && action !== "blocked" && action !== "wait").some(() => true);
}

/** Of its writes the server itself keeps some from being done twice; these it does not. */
function needsOne({ key, settings, changes }: PlannedResource): boolean {
  const unique = key.kind !== "QueueItems" || settings["unique"] === true;
  const risky = only(
    changes,
    (action) => action === "start" || action === "assign" || (action === "create" && !unique),
  );
  return risky.some((change) => change.action !== "assign" || (change.after as ReviewTarget).comment !== undefined);
}

const unguarded: Diagnostic = {
  code: "PL010",
  severity: "warning",
  message: "without a lease a second apply at the same time is not guarded against (docs/lease.md)",
};

function unusable({ problem, hint }: { readonly problem: string; readonly hint: string | undefined }): Diagnostic {
  return {
    code: "PL011",
    severity: "warning",
    message: `${problem}: an apply refuses`,
    ...(hint === undefined ? {} : { hint }),
  };
}
