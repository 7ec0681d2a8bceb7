import type { Change, FieldChange } from "../../core/change.ts";
import { diffFields } from "../../core/field-diff.ts";
import { isRecord, type JsonObject, type JsonValue } from "../../core/json.ts";
import { revealingJson, secretsIn, SecretValue } from "../../core/secret.ts";
import type { DesiredResource } from "../../core/resource.ts";
import type { KindDefinition, PlanContext, ResourcePlan } from "../definition.ts";
import { isMissing } from "../live.ts";
import { lacking, type Needs } from "../capabilities.ts";
import { blockedLine, refused, tooOld, unknownName, type Block } from "../refuse.ts";
import { stopLine } from "../stopped-jobs/stop-line.ts";
import { plannedJob } from "./again.ts";
import { argumentBlocks } from "./arguments.ts";
import { describeRetries, describeRun, describeStart } from "./describe.ts";
import { environmentText } from "./environment.ts";
import type { JobLive, LiveProcess, LiveRun } from "./live.ts";
import type { JobRun, JobSettings, JobStart } from "./payload.ts";
import { placeBlocks, wirePlaces } from "./places.ts";
import { attemptKey, attemptOf, runKey } from "./run-key.ts";
import { judgeRun } from "./run-state.ts";
import type { JobSpec } from "./spec.ts";
import { wireStrategy } from "./strategy.ts";

type Resource = DesiredResource<JobSpec>;
type JobChange = Change<JobRun, JobStart>;

/** Jobs that must have run: once, once for each set of inputs, or with every apply. */
export const job: KindDefinition<JobSpec, JobLive> = {
  kind: "Job",
  again: (kept: JobSpec, changes) => plannedJob(kept, changes),
  entries: () => 1,
  plan(resource, live, context) {
    const { process } = live;
    const { spec } = resource;
    if (isMissing(process)) {
      return refused(resource, `process ${process.missing}`, [
        {
          ...unknownName("process-unknown", "process", process, context.folder.path),
          at: ["key" in spec.process ? "releaseKey" : "process"],
        },
      ]);
    }
    const missing = lacking(needsOf(spec), context.apiVersion);
    if (missing.length > 0) return refused(resource, `process ${process.name}`, tooOld(missing, context.apiVersion));
    const strategy = wireStrategy(spec.strategy, live.robots, context.folder);
    if ("blocks" in strategy) return refused(resource, `process ${process.name}`, strategy.blocks);
    const misplaced = placeBlocks(live.places ?? [], context.folder);
    if (misplaced.length > 0) return refused(resource, `process ${process.name}`, misplaced);
    const settings: JobSettings = {
      releaseKey: process.key,
      process: process.name,
      expected: strategy.expected,
      wait: { ...spec.wait },
      ...set(spec, "concurrency"),
      ...(spec.retries === undefined ? {} : { retries: { ...spec.retries } }),
    };
    const change = withSurplus(planRun(resource, process, strategy.wire, settings, live, context), settings, live);
    const plan = { title: `process ${process.name}`, settings, notes: [] };
    // What does not start sends no arguments: a run that is over stays in line when the process has changed since.
    if (change.action !== "start") return { ...plan, changes: [change] };
    const blocks = [...entryBlocks(process, live), ...argumentBlocks(spec, declaring(spec, process, live))];
    if (blocks.length > 0) return { ...plan, changes: blocks.map((block) => blockedLine(resource, block)) };
    return { ...plan, ...withOthers(resource, change, live), selected: selectedBy(spec, settings, live) };
  },
};

/** A process as the entry point declares it: its own declaration is that of another workflow. */
function declaring({ entryPoint }: JobSpec, process: LiveProcess, live: JobLive): LiveProcess {
  if (entryPoint === undefined) return process;
  const { inputs: _inputs, ...rest } = process;
  const { inputs } = live.entryPoint !== undefined && "path" in live.entryPoint ? live.entryPoint : {};
  return inputs === undefined ? rest : { ...rest, inputs };
}

function entryBlocks({ name }: LiveProcess, { entryPoint }: JobLive): Block[] {
  if (entryPoint === undefined || !isMissing(entryPoint)) return [];
  const text = `process ${name} has no entry point ${entryPoint.missing}`;
  const hint = entryPoint.nearest === undefined ? {} : { hint: `did you mean ${entryPoint.nearest}?` };
  return [{ reason: { code: "entry-point-unknown", text }, at: ["entryPoint"], ...hint }];
}

/** A start, after what it does to other jobs of its process. */
function withOthers(resource: Resource, start: JobChange, { others = [] }: JobLive): Pick<ResourcePlan, "changes"> {
  const { concurrency } = resource.spec;
  if (concurrency === undefined || others.length === 0) return { changes: [start] };
  if (concurrency === "forbid") {
    const warning = `${describeRun(others)}: concurrency is forbid, so the start fails unsent while that is so`;
    return { changes: [{ ...start, warnings: [...(start.warnings ?? []), warning] }] };
  }
  const stops = others.filter(({ state }) => state !== "Stopping" && state !== "Terminating");
  const how = { strategy: "SoftStop", why: "concurrency is stopOthers" } as const;
  return { changes: [...stops.toSorted((a, b) => a.id - b.id).map((each) => stopLine(resource, each, how)), start] };
}

/** What guards count: every job that an apply may create, and the jobs that stops are chosen from. */
function selectedBy(
  { retries, concurrency }: JobSpec,
  { expected }: JobSettings,
  { others = [] }: JobLive,
): NonNullable<ResourcePlan["selected"]> {
  const start = (expected ?? 1) * (1 + (retries?.limit ?? 0));
  return concurrency === "stopOthers" ? { start, stop: others.length } : { start };
}

/** Fields that not every version of the API has. */
function needsOf(spec: JobSpec): Needs<"StartProcessDto"> {
  const used = Object.entries(memberOf).filter(([field]) => spec[field as keyof typeof memberOf] !== undefined);
  const priority = typeof spec.priority === "number" ? { priority: "SpecificPriorityValue" as const } : {};
  return {
    body: "StartProcessDto",
    members: { ...Object.fromEntries(used), ...priority },
    runtimeType: spec.runtimeType,
  };
}

/** The member of a start that carries a field of the manifest. */
const memberOf = {
  priority: "JobPriority",
  runtimeType: "RuntimeType",
  entryPoint: "EntryPointPath",
  environmentVariables: "EnvironmentVariables",
  machines: "MachineRobots",
  runAsMe: "RunAsMe",
  requiresUserInteraction: "RequiresUserInteraction",
  stopAfter: "StopProcessExpression",
  killAfter: "KillProcessExpression",
} as const satisfies Partial<Record<keyof JobSpec, Needs<"StartProcessDto">["members"][string]>>;

/**
 * Says of runs that have more jobs than were to be started: a proxy may have sent a start twice, and the apply that
 * would have seen it may be gone. None is stopped: nobody can tell which of them was meant.
 */
function withSurplus(change: JobChange, { expected }: JobSettings, live: JobLive): JobChange {
  if (expected === null) return change;
  const runs = [
    ...live.attempts.map((run) => ({ runKey: run.runKey, ids: run.jobs.map(({ id }) => id) })),
    ...(live.lastRun === undefined ? [] : [{ runKey: live.lastRun.reference ?? "", ids: live.lastRunIds ?? [] }]),
  ];
  const warnings = runs
    .filter(({ ids }) => ids.length > expected)
    .map(
      ({ runKey: name, ids }) =>
        `${ids.length} jobs are of run ${name}, ${expected} ${expected === 1 ? "was" : "were"} meant: ids ${ids.join(", ")}`,
    );
  return warnings.length === 0 ? change : { ...change, warnings: [...(change.warnings ?? []), ...warnings] };
}

function planRun(
  resource: Resource,
  process: LiveProcess,
  strategy: JobStart["strategy"],
  settings: JobSettings,
  live: JobLive,
  context: PlanContext,
): JobChange {
  const { spec, key, source } = resource;
  const base = { key, label: "", source };
  if (spec.run === "never") {
    return { ...base, action: "no-op", summary: "never started", reason: { code: "run-never", text: "run is never" } };
  }
  const start = (attempt: number, reason: JobChange["reason"]): JobChange =>
    startChange(resource, process, strategy, live, attempt, reason);
  if (spec.run === "always") return start(1, { code: "always-run", text: "run is always" });

  const latest = live.attempts.at(-1);
  if (latest === undefined) {
    return isOver(spec, context) ? overChange(base) : start(1, firstReason(spec, process, live));
  }
  const verdict = judgeRun(latest.jobs, settings);
  const run: JobRun = jobRun(latest);
  const summary = describeRun(latest.jobs);
  const next = attemptOf(latest.runKey) + 1;
  const isPlanned = spec.plannedRun === attemptKey(runKey(key.name, spec, process), next);
  const isRerun = isPlanned || (context.isRerun?.(key) ?? false);
  if (isRerun && (verdict.state === "succeeded" || verdict.state === "failed") && !isOver(spec, context)) {
    return start(next, { code: "rerun", text: `--rerun asks for it (last run: ${summary})` });
  }
  switch (verdict.state) {
    case "succeeded":
      return { ...base, action: "no-op", summary, reason: { code: "succeeded", text: summary }, before: run };
    case "left":
      return { ...base, action: "no-op", summary, reason: { code: "in-progress", text: summary }, before: run };
    case "running":
      return {
        ...base,
        action: "wait",
        summary,
        reason: { code: "in-progress", text: "a run is in progress" },
        before: run,
      };
    case "failed":
      return afterFailure(base, spec, run, `${summary}: ${verdict.why}`, () =>
        isOver(spec, context)
          ? overChange(base)
          : start(next, { code: "retry-after-failure", text: `${summary}: ${verdict.why}` }),
      );
  }
}

type Base = Pick<JobChange, "key" | "label" | "source">;

function afterFailure(base: Base, spec: JobSpec, run: JobRun, text: string, rerun: () => JobChange): JobChange {
  const reason = { code: "previous-run-failed", text } as const;
  switch (spec.onPreviousFailure) {
    case "rerun":
      return rerun();
    case "skip":
      return {
        ...base,
        action: "no-op",
        summary: text,
        reason,
        before: run,
        warnings: [`the run failed and is skipped: ${text}`],
      };
    case "fail":
      // Not blocked: a blocked line would refuse everything else. It fails unsent, and its dependants are skipped.
      return {
        ...base,
        action: "wait",
        summary: `${text}; not run again (onPreviousFailure: fail)`,
        reason,
        before: run,
      };
  }
}

/** What a start without `startUntil` is warned of; a ledger takes it away. */
export const unrememberedRun = "a run that retention has deleted is started again: set startUntil to prevent that";

function startChange(
  resource: Resource,
  process: LiveProcess,
  strategy: JobStart["strategy"],
  live: JobLive,
  attempt: number,
  reason: JobChange["reason"],
): JobChange {
  const { spec, key, source } = resource;
  const after: JobStart = {
    runKey: attemptKey(runKey(key.name, spec, process), attempt),
    releaseKey: process.key,
    process: process.name,
    strategy,
    ...optionsOf(spec, live),
  };
  const again = attempt > 1 || live.lastRun !== undefined;
  // A run that retention has purged cannot be told from one that never was.
  const unsure = spec.run !== "always" && spec.startUntil === undefined;
  return {
    action: "start",
    key,
    label: "",
    summary: describeStart(after, again) + describeRetries(spec),
    run: again ? "again" : "first",
    ...(spec.run === "always" ? { always: true } : {}),
    after,
    fields: inputChanges(spec, process, live),
    precondition: { type: "absent" },
    source,
    ...hidden(spec),
    ...(reason === undefined ? {} : { reason }),
    ...(unsure ? { warnings: [unrememberedRun] } : {}),
  };
}

/** Whatever a manifest may leave out; what is left out is not sent. */
function optionsOf(spec: JobSpec, { places = [] }: JobLive): Partial<JobStart> {
  const { inputArguments, environmentVariables } = spec;
  return {
    ...(inputArguments === undefined ? {} : { inputArguments: argumentsText(inputArguments) }),
    ...set(spec, "priority", "runtimeType", "entryPoint"),
    ...(environmentVariables === undefined ? {} : { environmentVariables: environmentText(environmentVariables) }),
    ...(places.length === 0 ? {} : { machines: wirePlaces(places) }),
    ...set(spec, "runAsMe", "requiresUserInteraction", "stopAfter", "killAfter"),
  };
}

/** The members that a value has. */
function set<T extends object, Name extends keyof T>(value: T, ...names: readonly Name[]): Pick<T, Name> {
  const found = names.filter((name) => value[name] !== undefined).map((name) => [name, value[name]] as const);
  return Object.fromEntries(found) as Pick<T, Name>;
}

/** JSON text as a start sends it, order and all. With a secret in it, it is one. */
function argumentsText(values: NonNullable<JobSpec["inputArguments"]>): NonNullable<JobStart["inputArguments"]> {
  const secrets = secretsIn(values);
  const text = revealingJson(values);
  if (secrets.length === 0) return text;
  const pieces = secrets.flatMap(({ secret }) => secret.pieces());
  return new SecretValue(text, JSON.stringify(values), pieces);
}

/** Where secrets stand, as a change carries it: no view shows what is there. */
function hidden({ inputArguments = {} }: JobSpec): Pick<JobChange, "sensitive"> {
  const paths = secretsIn(inputArguments).map(({ path }) => ["inputArguments", ...path].join("."));
  return paths.length === 0 ? {} : { sensitive: paths };
}

/** Changed arguments that a reason names; the rest is counted. */
const namedChanges = 3;

function firstReason(spec: JobSpec, process: LiveProcess, live: JobLive): JobChange["reason"] {
  const { lastRun, lastVersion } = live;
  if (lastRun === undefined) return { code: "first-run", text: "no run is known" };
  const paths = inputChanges(spec, process, live).map(({ path }) => path);
  const rest = paths.length - namedChanges;
  const what = [
    ...paths.slice(0, namedChanges).map((path) => `${path} changed`),
    ...(rest > 0 ? [`${rest} more changed`] : []),
    ...(spec.rerunOn.processVersion && lastVersion !== undefined && lastVersion !== process.version
      ? [`process version ${lastVersion} → ${process.version}`]
      : []),
  ];
  const why = what.length === 0 ? "no run has these inputs" : what.join(", ");
  return { code: "inputs-changed", text: `${why} (last run: ${describeRun([lastRun])})` };
}

/** What differs from the last run's arguments, as far as the server kept them; it keeps the process's own among them. */
function inputChanges(spec: JobSpec, { defaults = [] }: LiveProcess, live: JobLive): FieldChange[] {
  const text = live.lastRun?.inputArguments;
  if (text === undefined || text === null) return [];
  const { inputArguments = {} } = spec;
  const own = Object.entries(parseObject(text)).filter(
    ([name]) => Object.hasOwn(inputArguments, name) || !defaults.includes(name),
  );
  return diffFields(Object.fromEntries(own), inputArguments, { prefix: "inputArguments." });
}

function parseObject(text: string): JsonObject {
  try {
    const value = JSON.parse(text) as JsonValue;
    return isRecord(value) ? value : {};
  } catch {
    return {}; // another client's job: its arguments need not be JSON
  }
}

function jobRun(run: LiveRun): JobRun {
  return { runKey: run.runKey, jobIds: run.jobs.map((each) => each.id), states: run.jobs.map((each) => each.state) };
}

function overChange(base: Base): JobChange {
  const text = "startUntil has passed: a missing job counts as purged";
  return { ...base, action: "no-op", summary: text, reason: { code: "starting-over", text } };
}

function isOver(spec: JobSpec, context: PlanContext): boolean {
  return spec.startUntil !== undefined && Date.parse(spec.startUntil) <= context.now.getTime();
}
