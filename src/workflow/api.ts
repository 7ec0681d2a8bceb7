import { timingFor, type LeaseSettings } from "../config/config.ts";
import { hasErrors, type Diagnostic } from "../core/diagnostic.ts";
import { ManifestError, PlanRefusedError, UsageError } from "../core/errors.ts";
import type { Event } from "../core/events.ts";
import type { GuardName, Guards } from "../core/guard.ts";
import type { DurableFolder } from "../core/durable.ts";
import { readProxy, type Network } from "../core/network.ts";
import { plainOutcome } from "../core/held-outcome.ts";
import type { Outcome } from "../core/outcome.ts";
import { hasPendingChanges, type Plan } from "../core/plan.ts";
import type { ApplyReport } from "../core/report.ts";
import { fullKey } from "../core/resource.ts";
import { listCallsOf, shardName, type Shard } from "../core/shard.ts";
import type { AnyResource } from "../kinds/any.ts";
import { assumedStarts, type Assumption } from "../kinds/lease/ledger.ts";
import { itemPlaces } from "../manifest/item-places.ts";
import { loadManifests as load } from "../manifest/load.ts";
import { connect, type Auth, type TenantReader } from "../orchestrator/index.ts";
import type { OnError } from "./apply/halt.ts";
import { applyPlan, type ApplyInput } from "./apply/apply.ts";
import { applyUnderLease, defaultLockTimeout } from "./apply/lease/under-lease.ts";
import type { Journal } from "./apply/journal.ts";
import { earlierApplies, pruneJournals, settledAt, supersede, within, type Earlier } from "./apply/journals.ts";
import { newJournal } from "./apply/new-journal.ts";
import { stamped } from "./emit.ts";
import { durableFolder } from "./files/durable-folder.ts";
import { PlanFile } from "./files/plan-file.ts";
import { readPlan } from "./files/read-plan.ts";
import { fileSpool } from "./files/spool.ts";
import { namedReferences } from "./load.ts";
import { makePlan } from "./plan.ts";
import { planAgain } from "./saved/plan-again.ts";
import { systemClock } from "./system-clock.ts";
import { version } from "./version.ts";

/** Milliseconds after a send until nothing of it can commit any more. */
const defaultSettle = 240_000;

/** Which manifests to read. */
export interface LoadManifestsOptions {
  /** Files and folders. */
  readonly paths: readonly string[];
  /** Where relative paths begin. @default process.cwd() */
  readonly cwd?: string;
  /** What `${env:NAME}` and `${secret:NAME}` see. @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** What `${var:NAME}` stands for. @default none */
  readonly variables?: Readonly<Record<string, string>>;
  /** The folder of manifests that name none. */
  readonly folder?: string;
  /** Files and folders with patches by kind and name, in the order in which they apply. @default [] */
  readonly overlays?: readonly string[];
  /** True: links and sources may lead out of the manifests' folders. @default false */
  readonly allowOutside?: boolean;
}

/** What the files say. With errors among the diagnostics, `plan` refuses. */
export interface Manifests {
  readonly resources: readonly AnyResource[];
  readonly diagnostics: readonly Diagnostic[];
  /** How many files were read. */
  readonly files: number;
  /** What the files' shown paths are relative to. */
  readonly cwd: string;
}

/** A tenant to plan against and to apply to. */
export interface TargetOptions {
  /** `https://cloud.uipath.com/ORG/TENANT/orchestrator_`, or an emulator's url. */
  readonly url: string;
  readonly auth: Auth;
  /** `X-UIPATH-TenantName`, on premises only. */
  readonly tenantName?: string;
  /** Hosts that credentials may go to. @default the target's and its identity server's */
  readonly allowedHosts?: readonly string[];
  /** `http://USER:PASSWORD@HOST:PORT`. The environment's is not looked at. @default none */
  readonly proxy?: string;
  /** Certificates of authorities that are trusted besides those of Node and of the system: PEM. @default none */
  readonly ca?: readonly string[];
  /** Milliseconds: one request, settling of an open write, between two looks at a job. */
  readonly timing?: {
    readonly request?: number;
    readonly settle?: number;
    readonly poll?: number;
    /** List calls of Jobs and of QueueItems, each, in a minute. @default 90 in the cloud, else any number */
    readonly listCallsPerMinute?: number;
  };
  /** Keeps a second apply away, see docs/lease.md. Left out: nothing does. */
  readonly lease?: {
    readonly queue: string;
    /** The full path of the queue's folder. */
    readonly folder: string;
    /** @default "default" */
    readonly name?: string;
    /** Milliseconds that it holds without being renewed. @default 600000 */
    readonly ttl?: number;
    /** @default false */
    readonly ledger?: boolean;
    /** Who applies, for others to read. @default "orch-sync" */
    readonly owner?: string;
    /** Milliseconds to wait while somebody else holds it. @default 60000 */
    readonly lockTimeout?: number;
  };
}

interface RunOptions {
  readonly target: TargetOptions;
  /**
   * The folder of the target's journals. An apply writes every write down there before it is sent; a plan waits first until
   * it sees all that applies which were cut off may have done. One target a folder: `.orch-sync/journal/TARGET` beside
   * `orch-sync.yaml` is the one that `orch-sync apply --resume` looks at. @default no journal
   */
  readonly journal?: string;
  /** How many resources are read or changed side by side. @default 4 */
  readonly parallelism?: number;
  readonly onEvent?: (event: Event) => void;
  /** Planning ends at once; an apply finishes what is in flight, begins nothing more and reports. */
  readonly signal?: AbortSignal;
}

export interface PlanOptions extends RunOptions {
  readonly manifests: Manifests;
  /** Limits on what the plan may do; what is left out has its default: no deletions, no stops, ten starts, … */
  readonly guards?: Partial<Guards> | "none";
  /** Guards that are lifted. */
  readonly force?: readonly GuardName[];
  /**
   * What became of starts that the lease's ledger knows, a day old and without a job. `started`: an apply of this plan
   * completes their entries. @default such a start is blocked
   */
  readonly assume?: Assumption;
}

export interface ApplyOptions extends RunOptions {
  /** When a change does not succeed: skip its dependants alone, or everything that has not begun. @default "continue" */
  readonly onError?: OnError;
}

export interface ApplySavedOptions
  extends ApplyOptions, Pick<PlanOptions, "guards" | "force">, Pick<LoadManifestsOptions, "env" | "variables"> {
  /** Milliseconds that the plan may be old, by the server's clock. Left out: any. */
  readonly maxAge?: number;
}

/** Reads manifests. What is wrong with them is in the diagnostics, nothing is thrown. */
export async function loadManifests(options: LoadManifestsOptions): Promise<Manifests> {
  const { cwd = process.cwd(), env = process.env, variables = {}, folder, ...rest } = options;
  const given = new Map(Object.entries(variables));
  return { ...(await load({ ...rest, cwd, env, variables: given, defaultFolder: folder, makeSpool: fileSpool })), cwd };
}

/**
 * Compares manifests with the tenant. Nothing is written.
 * @throws ManifestError when the manifests have errors, AuthError, NetworkError, ApiError.
 */
export async function plan(options: PlanOptions): Promise<Plan> {
  const { manifests, target, guards = {}, force = [], parallelism = 4, assume, onEvent, signal } = options;
  const { resources, diagnostics, files, cwd } = manifests;
  if (hasErrors(diagnostics)) {
    throw new ManifestError("the manifests are invalid", diagnostics, { files, manifests: resources.length });
  }
  const ended = signal ?? new AbortController().signal;
  const earlier =
    options.journal === undefined ? undefined : await settleEarlier(durableFolder(options.journal), ended);
  const made = await makePlan({
    resources,
    isNamed: namedReferences(resources),
    target: { name: new URL(target.url).host, url: target.url },
    ...(guards === "none" ? {} : { guards }),
    forced: force,
    ...(target.lease === undefined ? {} : { lease: settingsOf(target.lease) }),
    ...(assume === undefined ? {} : { assume }),
    reader: open(target),
    parallelism,
    toolVersion: version,
    diagnostics,
    locate: itemPlaces(cwd),
    emit: stamped(systemClock, onEvent ?? (() => undefined)),
    signal: ended,
  });
  if (earlier !== undefined) earlierThan.set(made, earlier);
  return made;
}

/** Applies that did not end, of which a plan has seen all: when it is applied, it takes their place. */
const earlierThan = new WeakMap<Plan, Earlier>();

/** What was on its way when an apply was cut off must not be planned once more. */
async function settleEarlier(folder: DurableFolder, signal: AbortSignal): Promise<Earlier> {
  const earlier = await earlierApplies(folder);
  await systemClock.sleep((settledAt(earlier) ?? 0) - systemClock.now().getTime(), signal);
  return earlier;
}

/**
 * Carries a plan out, at the target it was made for.
 * @throws PlanRefusedError before any write when the plan has blocked lines, exceeds a guard or is for another target; a
 * system error when the journal cannot be written.
 */
export async function apply(made: Plan, options: ApplyOptions): Promise<ApplyReport> {
  const { target } = options;
  if (made.target.url !== target.url) {
    throw new PlanRefusedError(`the plan was made for ${made.target.url}, not for ${target.url}`);
  }
  return journaled({ plan: made, settled: [], reader: open(target), isWhole: true }, options);
}

/** Saves a plan as `plan --out` does: whole or not at all, mode 0600, without secrets. @throws OrchSyncError */
export function savePlan(made: Plan, path: string): void {
  using file = new PlanFile(path);
  file.save(made);
}

/**
 * Carries a saved plan out as `apply --plan` does: reads the tenant once more and plans each key of it again. What is
 * done already counts as that.
 * @throws PlanRefusedError before any write when the file is not as it was saved, when a change is no longer possible as
 * reviewed, and for what `apply` refuses; ManifestError when a secret of the plan is not set.
 */
export async function applySaved(path: string, options: ApplySavedOptions): Promise<ApplyReport> {
  const { target, env = process.env, variables = {}, guards = {}, force = [], maxAge, onEvent, signal } = options;
  const saved = await readPlan(path, path);
  if (saved.summary.blocked > 0) throw new PlanRefusedError("the plan has blocked lines");
  const { shard } = saved.target;
  if (shard !== undefined && target.lease !== undefined) {
    throw new PlanRefusedError(`the plan is of shard ${shardName(shard)}, and a lease lets one apply write at a time`);
  }
  const reader = open(target, shard);
  const ended = signal ?? new AbortController().signal;
  const earlier =
    options.journal === undefined ? undefined : await settleEarlier(durableFolder(options.journal), ended);
  const {
    plan: left,
    settled,
    conflicts,
  } = await planAgain({
    saved,
    target: { name: new URL(target.url).host, url: target.url },
    values: { env, variables: new Map(Object.entries(variables)) },
    ...(guards === "none" ? {} : { guards }),
    ...(maxAge === undefined ? {} : { maxAge }),
    forced: force,
    reader,
    parallelism: options.parallelism ?? 4,
    emit: stamped(systemClock, onEvent ?? (() => undefined)),
    signal: ended,
  });
  if (conflicts.length > 0) {
    const what = conflicts.map(({ key, text }) => `${fullKey(key)}: ${text}`).join("; ");
    throw new PlanRefusedError(`the plan is no longer possible as reviewed: ${what}`, {
      hint: "plan and review again",
    });
  }
  if (earlier !== undefined) earlierThan.set(left, earlier);
  return journaled({ plan: left, settled, reader, isWhole: false }, options);
}

/** A plan, or what is left of a saved one. */
interface Work {
  readonly plan: Plan;
  readonly settled: readonly Outcome[];
  readonly reader: TenantReader;
  readonly isWhole: boolean;
}

async function journaled(work: Work, options: ApplyOptions): Promise<ApplyReport> {
  const { plan: made, isWhole } = work;
  if (options.journal === undefined || !hasPendingChanges(made.summary)) return carryOut(work, options);
  const folder = durableFolder(options.journal);
  const settle = options.target.timing?.settle ?? defaultSettle;
  const journal = await newJournal(folder, made, settle, isWhole, systemClock);
  try {
    const report = await carryOut(work, options, journal);
    await tidyUp(folder, journal.applyId, made);
    return report;
  } catch (error) {
    await journal.abandon();
    throw error;
  }
}

/** Nobody needs it to work, and nothing is thrown once something was written. */
async function tidyUp(folder: DurableFolder, by: string, made: Plan): Promise<void> {
  try {
    const earlier = earlierThan.get(made) ?? { applies: [], running: [] };
    await supersede(folder, within(earlier, made.target.shard), by, systemClock);
    await pruneJournals(folder);
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
  }
}

async function carryOut(
  { plan: made, settled, reader }: Work,
  options: ApplyOptions,
  journal?: Journal,
): Promise<ApplyReport> {
  const { target, parallelism = 4, onError = "continue", onEvent, signal } = options;
  const input: ApplyInput = {
    ...(journal === undefined ? {} : { journal }),
    plan: made,
    settled,
    reader,
    clock: systemClock,
    timing: { settle: target.timing?.settle ?? defaultSettle, poll: target.timing?.poll ?? 5000 },
    parallelism,
    onError,
    emit: stamped(systemClock, (event) => onEvent?.(plainEvent(event))),
    draining: signal ?? new AbortController().signal,
    signal: new AbortController().signal,
  };
  const { lease, timing } = target;
  if (lease === undefined) return plainReport(await applyPlan(input));
  const { owner = "orch-sync", lockTimeout = defaultLockTimeout } = lease;
  const request = timing?.request ?? timingFor(target.url).request;
  const report = await applyUnderLease(input, {
    settings: settingsOf(lease),
    runner: { owner },
    request,
    lockTimeout,
    assumed: assumedStarts(made.resources),
  });
  return plainReport(report);
}

/** Whoever calls may do with outcomes what he does with other objects. */
function plainReport(report: ApplyReport): ApplyReport {
  return { ...report, outcomes: report.outcomes.map(plainOutcome) };
}

function plainEvent(event: Event): Event {
  return event.type === "outcome" ? { ...event, outcome: plainOutcome(event.outcome) } : event;
}

function settingsOf(lease: NonNullable<TargetOptions["lease"]>): LeaseSettings {
  const { queue, folder, name = "default", ttl = 600_000, ledger = false } = lease;
  return { queue, folder, name, ttl, ledger };
}

function open(target: TargetOptions, shard?: Shard): TenantReader {
  const { url, auth, tenantName, allowedHosts, timing } = target;
  const allListCalls = timing?.listCallsPerMinute ?? timingFor(url).listCallsPerMinute;
  const listCallsPerMinute = allListCalls && listCallsOf(shard, allListCalls);
  return connect({
    baseUrl: url,
    auth,
    clock: systemClock,
    timing: {
      ...(timing?.request === undefined ? {} : { request: timing.request }),
      ...(listCallsPerMinute === undefined ? {} : { listCallsPerMinute }),
    },
    ...(tenantName === undefined ? {} : { tenantName }),
    ...(allowedHosts === undefined ? {} : { allowedHosts }),
    network: networkOf(target),
    userAgent: `orch-sync/${version}`,
    makeSpool: fileSpool,
  }).reader;
}

/** @throws UsageError when the proxy's address is none; what is wrong with it is said without quoting it. */
function networkOf({ proxy, ca }: TargetOptions): Network {
  const read = proxy === undefined ? undefined : readProxy(proxy, "the target");
  if (read !== undefined && "problem" in read) throw new UsageError(`the target's proxy ${read.problem}`);
  return { ...(read === undefined ? {} : { proxy: read.proxy }), ...(ca === undefined ? {} : { ca }) };
}
