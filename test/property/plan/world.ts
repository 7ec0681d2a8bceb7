import * as fc from "fast-check";
import type { TenantDocument } from "../../../src/emulator/index.ts";
import type { AnyResource } from "../../../src/kinds/any.ts";
import { runKey } from "../../../src/kinds/job/run-key.ts";

type Tenant = TenantDocument["spec"];
type LiveItem = NonNullable<Tenant["items"]>[number];
type LiveJob = NonNullable<Tenant["jobs"]>[number];
type Content = Readonly<Record<string, string | number | boolean | null>>;

/** What `${secret:KEY}` stands for. */
export const environment = { KEY: "hush-hush" };

const folder = fc.constantFrom("Finance", "Legal");
const scalar = fc.constantFrom(7, 7.5, true, "a", "It's", "ü\n- x", null, "Bearer ${secret:KEY}");
const content = fc.dictionary(fc.constantFrom("Amount", "Note", "Token"), scalar, {
  noNullPrototype: true,
  maxKeys: 3,
});

const entry = fc.record({
  content: fc.option(content, { nil: undefined }),
  priority: fc.constantFrom(undefined, "High", "Normal", "Low"),
  dueDate: fc.constantFrom(undefined, undefined, "2099-05-01T10:00:00Z", "+2d"),
  /** What the tenant has of it; `purged`: nothing but that a unique queue remembers its reference. */
  live: fc.constantFrom("absent", "equal", "drifted", "spelt", "taken", "processed", "deleted", "twice", "purged"),
});
type Entry = typeof entry extends fc.Arbitrary<infer T> ? T : never;

const itemSet = fc.record({
  folder,
  queue: fc.constantFrom("Unique", "Plain"),
  entries: fc.array(entry, { minLength: 1, maxLength: 5 }),
  /** Items of the tenant under the set's prefix that no manifest names. */
  stale: fc.nat({ max: 2 }),
  prune: fc.boolean(),
  recreateDeleted: fc.boolean(),
  onDrift: fc.constantFrom("update", "update", "ignore", "fail"),
  commit: fc.constantFrom("ProcessAllIndependently", "AllOrNothing", "StopOnFirstFailure"),
  order: fc.constantFrom("manifest", "any"),
  sensitive: fc.subarray(["Note"]),
});
type ItemSet = typeof itemSet extends fc.Arbitrary<infer T> ? T : never;

const job = fc.record({
  folder,
  process: fc.constantFrom("Quick", "Slow", "Broken"),
  run: fc.constantFrom("once", "onChange", "always", "never"),
  count: fc.integer({ min: 1, max: 2 }),
  until: fc.constantFrom("none", "started", "completed"),
  inputs: fc.option(content, { nil: undefined }),
  onPreviousFailure: fc.constantFrom("fail", "rerun", "skip"),
  /** What the tenant has of its run. */
  before: fc.constantFrom("nothing", "nothing", "Successful", "Faulted", "Running", "too few"),
});
type Job = typeof job extends fc.Arbitrary<infer T> ? T : never;

const jobState = fc.constantFrom("Pending", "Running", "Stopping", "Successful");
const stops = fc.record({
  folder,
  strategy: fc.constantFrom("SoftStop", "Kill"),
  jobs: fc.array(jobState, { maxLength: 3 }),
});
type Stops = typeof stops extends fc.Arbitrary<infer T> ? T : never;

const failed = fc.record({
  reviewer: fc.constantFrom(undefined, "ana", "ion"),
  reviewStatus: fc.constantFrom(undefined, "InReview", "Verified"),
});
const review = fc.record({
  folder,
  want: fc.constantFrom<object>(
    { reviewers: ["ana"] },
    { reviewers: ["ana", "ion"], reviewStatus: "InReview", override: true },
    { unassign: true, override: true },
    { reviewStatus: "Verified", comment: "Seen." },
    { reviewers: ["ion"], select: { reviewStatus: ["None", "InReview"] }, comment: "Yours." },
  ),
  failed: fc.array(failed, { maxLength: 4 }),
});
type Review = typeof review extends fc.Arbitrary<infer T> ? T : never;

/** Manifests of all kinds, and a tenant in which some of what they say is so already. */
export const world = fc
  .record({
    sets: fc.array(itemSet, { maxLength: 3 }),
    jobs: fc.array(job, { maxLength: 2 }),
    stops: fc.option(stops, { nil: undefined }),
    review: fc.option(review, { nil: undefined }),
    /** Which earlier manifest each one depends on; 0 for none. */
    dependsOn: fc.array(fc.nat({ max: 3 }), { minLength: 7, maxLength: 7 }),
    edition: fc.constantFrom("2022.10", "2023.4", "cloud"),
  })
  .filter(({ sets, jobs, stops: some, review: one }) => sets.length + jobs.length + Number(!!some) + Number(!!one) > 0);
export type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

export interface Document {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly folder: string };
  readonly spec: Readonly<Record<string, unknown>>;
}

/** The world's manifests, with the dependencies among them. */
export function documentsOf({ sets, jobs, stops: some, review: one, dependsOn }: World): Document[] {
  const all = [
    ...sets.map((set, index) => manifest("QueueItems", `set-${index}`, set.folder, setSpec(set, index))),
    ...jobs.map((each, index) => manifest("Job", `job-${index}`, each.folder, jobSpec(each))),
    ...(some === undefined ? [] : [manifest("StoppedJobs", "retire", some.folder, stopsSpec(some))]),
    ...(one === undefined ? [] : [manifest("Review", "failed", one.folder, { queue: "Reviewed", ...one.want })]),
  ];
  return all.map((document, index) => {
    const before = all[index - (dependsOn[index] ?? 0)];
    if (before === undefined || before === document) return document;
    const on = `${before.kind}/${before.metadata.name}@${before.metadata.folder}`;
    return withSpec(document, { dependsOn: [on] });
  });
}

/** The document with other members in its spec; undefined takes one out. */
export function withSpec(document: Document, members: Document["spec"]): Document {
  return { ...document, spec: { ...document.spec, ...members } };
}

function manifest(kind: string, name: string, path: string, spec: Document["spec"]): Document {
  return { apiVersion: "orch-sync/v1", kind, metadata: { name, folder: path }, spec };
}

const referenceOf = (set: number, entryAt: number | string): string => `s${set}-${entryAt}`;

function setSpec({ queue, entries, prune, ...rest }: ItemSet, set: number): Document["spec"] {
  const { recreateDeleted, onDrift, commit, order, sensitive } = rest;
  return {
    queue,
    items: entries.map(({ live: _live, ...members }, index) => ({ reference: referenceOf(set, index), ...members })),
    recreateDeleted,
    onDrift,
    commit,
    order,
    sensitive,
    seedUntil: "2099-01-01T00:00:00Z",
    ...(prune ? { prune: { referencePrefix: referenceOf(set, "") } } : {}),
  };
}

function jobSpec({ process, run, count, until, inputs, onPreviousFailure }: Job): Document["spec"] {
  return {
    process,
    run,
    strategy: { type: "Dynamic", count },
    ...(inputs === undefined ? {} : { inputArguments: inputs }),
    onPreviousFailure,
    startUntil: "2099-01-01T00:00:00Z",
    wait: { until, timeout: "2h" },
  };
}

function stopsSpec({ strategy }: Stops): Document["spec"] {
  return { select: { process: "Legacy" }, strategy };
}

const releaseKeys = { Quick: 1, Slow: 2, Broken: 3 } as const;
/** Both folders have a process of each name. */
function releaseKey(process: keyof typeof releaseKeys, path: string): string {
  return `00000000-0000-4000-8000-0000000000${path === "Finance" ? 1 : 2}${releaseKeys[process]}`;
}

/** The tenant of a world; how its runs are called, only the loaded manifests tell. */
export function tenantOf(made: World, resources: readonly AnyResource[]): TenantDocument {
  const process = (name: keyof typeof releaseKeys, path: string, run: object): object => {
    return { name, folder: path, key: releaseKey(name, path), version: "1.0.0", run: { pending: "1s", ...run } };
  };
  const folders = ["Finance", "Legal"];
  const spec = {
    edition: made.edition,
    listCallsPerMinute: null,
    clock: { start: "2026-11-21T10:00:00Z", mode: "manual" },
    folders: folders.map((path) => ({ path, type: "modern" })),
    users: [{ userName: "admin" }, { userName: "ana", reviewer: true }, { userName: "ion", reviewer: true }],
    robots: [{ name: "bot", folders }],
    processes: folders.flatMap((path) => [
      process("Quick", path, { duration: "4s", state: "Successful" }),
      process("Slow", path, { duration: "40m", state: "Successful" }),
      process("Broken", path, { duration: "2s", state: "Faulted" }),
      { name: "Legacy", folder: path, run: { duration: "5000h", state: "Successful", softStop: "3s" } },
    ]),
    queues: folders.flatMap((path) => [
      { name: "Unique", folder: path, uniqueReferences: true, retention: { finalDays: 30 } },
      { name: "Plain", folder: path, retention: { finalDays: 30 } },
      { name: "Reviewed", folder: path },
    ]),
    items: [...made.sets.flatMap(liveItems), ...failedItems(made.review)],
    jobs: [...resources.flatMap((resource) => liveRun(made, resource)), ...runningJobs(made.stops)],
  };
  return { apiVersion: "orch-sync/v1", kind: "Tenant", metadata: { name: "acme" }, spec } as TenantDocument;
}

function liveItems(set: ItemSet, number: number): LiveItem[] {
  const base = { queue: set.queue, folder: set.folder };
  const stale = Array.from({ length: set.stale }, (_, n) => ({ ...base, reference: referenceOf(number, `old-${n}`) }));
  return [
    ...set.entries.flatMap((each, at) => liveItem(each, { ...base, reference: referenceOf(number, at) })),
    ...stale,
  ];
}

function liveItem(wanted: Entry, base: { queue: string; folder: string; reference: string }): LiveItem[] {
  const { priority, dueDate } = wanted;
  const equal: LiveItem = {
    ...base,
    ...(wanted.content === undefined ? {} : { content: sent(wanted.content) }),
    ...(priority === undefined ? {} : { priority }),
    ...(dueDate?.startsWith("2") === true ? { dueDate } : {}),
  };
  const long = { created: "-80d", started: "-80d", ended: "-80d" };
  const states: Readonly<Record<Entry["live"], readonly LiveItem[]>> = {
    absent: [],
    equal: [equal],
    drifted: [{ ...equal, content: { Amount: -1 } }],
    spelt: [{ ...equal, reference: base.reference.toUpperCase() }],
    taken: [{ ...equal, status: "InProgress" }],
    processed: [{ ...equal, status: "Successful" }],
    deleted: [{ ...equal, status: "Deleted" }],
    twice: base.queue === "Unique" ? [equal] : [equal, equal],
    purged: [{ ...equal, ...long, status: "Successful" }],
  };
  return [...states[wanted.live]];
}

/** As the server has it. */
function sent(values: Content): Content {
  const plain = (value: Content[string]): Content[string] =>
    typeof value === "string" ? value.replace("${secret:KEY}", environment.KEY) : value;
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, plain(value)]));
}

function failedItems(made: Review | undefined): LiveItem[] {
  const { folder: path = "", failed: some = [] } = made ?? {};
  return some.map((reviewed, n) =>
    Object.assign({ created: "-2h", exception }, withoutUndefined(reviewed), {
      queue: "Reviewed",
      folder: path,
      reference: `failed-${n}`,
      status: "Failed" as const,
    }),
  );
}

const exception = { type: "BusinessException", reason: "No price." } as const;

/** A tenant file has no members that are nothing. */
function withoutUndefined<T extends object>(value: T): { [N in keyof T]?: Exclude<T[N], undefined> } {
  return JSON.parse(JSON.stringify(value)) as { [N in keyof T]?: Exclude<T[N], undefined> };
}

function liveRun({ jobs }: World, { kind, key, spec }: AnyResource): LiveJob[] {
  const wanted = kind === "Job" ? jobs[Number(key.name.slice("job-".length))] : undefined;
  if (kind !== "Job" || wanted === undefined || wanted.before === "nothing") return [];
  const { process, folder: path, before } = wanted;
  const planned = runKey(key.name, spec, { key: releaseKey(process, path), version: "1.0.0" });
  const reference = planned.endsWith("@") ? `${planned}0123456789ab` : planned;
  const count = before === "too few" ? wanted.count - 1 : wanted.count;
  const state = before === "too few" ? "Successful" : before;
  return Array.from({ length: count }, () => ({ process, folder: path, reference, state }));
}

function runningJobs(made: Stops | undefined): LiveJob[] {
  return (made?.jobs ?? []).map((state) => ({ process: "Legacy", folder: made?.folder ?? "", state }));
}
