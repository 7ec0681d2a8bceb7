import type { Diagnostic } from "../../core/diagnostic.ts";
import { longestTimer, readDuration } from "../../core/duration.ts";
import { isRecord } from "../../core/json.ts";
import { formatPath, type Locate, type Path } from "../../core/locate.ts";
import { revealingJson, SecretValue, type JsonWithSecrets } from "../../core/secret.ts";
import type { JobManifest } from "../generated/job.ts";
import { utc, type Normalized } from "../normalized.ts";
import { environmentText } from "./environment.ts";
import type { JobMachine, JobRetries, JobSpec, JobStrategy, JobWait } from "./spec.ts";

type RawSpec = JobManifest["spec"];

/** Orchestrator refuses longer `InputArguments`; names, quotes, brackets and escapes count. */
const maxInputLength = 10_000;

const defaultTimeout = 30 * 60_000;
const defaultBackoff = 60_000;

/** `EnvironmentVariables` of a start (OpenAPI 20.0). */
const maxEnvironmentLength = 4000;

/** The longest time in seconds that ten digits hold: servers read a 32-bit number. */
const maxSeconds = 2 ** 31 - 1;

/** Fills in defaults; durations become milliseconds, dates UTC. */
export function normalizeJob(raw: RawSpec, at: Locate): Normalized<JobSpec> {
  const wait = normalizeWait(raw.wait ?? {});
  const { processVersion = false, ...values } = raw.rerunOn ?? {};
  const spec: JobSpec = {
    process: raw.releaseKey === undefined ? { name: raw.process ?? "" } : { key: raw.releaseKey },
    strategy: normalizeStrategy(raw.strategy),
    ...(raw.inputArguments === undefined ? {} : { inputArguments: argumentsOf(raw) }),
    run: raw.run ?? "onChange",
    rerunOn: { processVersion, values: defined(values) },
    onPreviousFailure: raw.onPreviousFailure ?? "fail",
    ...(raw.startUntil === undefined ? {} : { startUntil: utc(raw.startUntil) }),
    wait,
    ...(raw.priority === undefined ? {} : { priority: raw.priority }),
    ...(raw.runtimeType === undefined ? {} : { runtimeType: raw.runtimeType }),
    ...(raw.entryPoint === undefined ? {} : { entryPoint: raw.entryPoint }),
    ...(raw.environmentVariables === undefined ? {} : { environmentVariables: raw.environmentVariables }),
    ...(raw.machines === undefined ? {} : { machines: raw.machines.map(normalizeMachine) }),
    ...(raw.runAsMe === undefined ? {} : { runAsMe: raw.runAsMe }),
    ...(raw.requiresUserInteraction === undefined ? {} : { requiresUserInteraction: raw.requiresUserInteraction }),
    ...(raw.stopAfter === undefined ? {} : { stopAfter: secondsOf(raw.stopAfter) }),
    ...(raw.killAfter === undefined ? {} : { killAfter: secondsOf(raw.killAfter) }),
    ...(raw.concurrency === undefined || raw.concurrency === "allow" ? {} : { concurrency: raw.concurrency }),
    ...(raw.retries === undefined || raw.retries.limit === 0 ? {} : { retries: normalizeRetries(raw.retries) }),
  };
  const diagnostics = [
    ...inputProblems(raw, at),
    ...timerProblems(wait, raw, at),
    ...limitProblems(raw, at),
    ...environmentProblems(raw.environmentVariables ?? {}, at),
  ];
  return { spec, diagnostics };
}

function normalizeMachine({ machine, account }: NonNullable<RawSpec["machines"]>[number]): JobMachine {
  return { ...(machine === undefined ? {} : { machine }), ...(account === undefined ? {} : { account }) };
}

function normalizeRetries({ limit, backoff }: NonNullable<RawSpec["retries"]>): JobRetries {
  return { limit, backoff: backoff === undefined ? defaultBackoff : milliseconds(backoff) };
}

function milliseconds(text: string): number {
  return readDuration(text) ?? Number.POSITIVE_INFINITY;
}

function secondsOf(text: string): number {
  return milliseconds(text) / 1000;
}

function normalizeStrategy(raw: RawSpec["strategy"]): JobStrategy {
  switch (raw?.type) {
    case "All":
      return { type: "All" };
    case "RobotCount":
    case "JobsCount":
      return { type: raw.type, count: raw.count };
    case "Specific":
      return { type: "Specific", robots: raw.robots };
    case "Dynamic":
    case undefined:
      return { type: "Dynamic", count: raw?.count ?? 1 };
  }
}

function normalizeWait({ until, timeout, success, whenSuspended = "wait" }: NonNullable<RawSpec["wait"]>): JobWait {
  return {
    until: until ?? "completed",
    timeout: timeout === undefined ? defaultTimeout : milliseconds(timeout),
    success: success ?? ["Successful"],
    ...(whenSuspended === "wait" ? {} : { whenSuspended }),
  };
}

function defined(
  values: Readonly<Record<string, string | number | boolean | undefined>>,
): JobSpec["rerunOn"]["values"] {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  );
}

/** Plain data from YAML, with secrets: what the generated type calls unknown. */
function argumentsOf({ inputArguments = {} }: RawSpec): NonNullable<JobSpec["inputArguments"]> {
  return inputArguments as NonNullable<JobSpec["inputArguments"]>;
}

function inputProblems(raw: RawSpec, at: Locate): Diagnostic[] {
  const values = argumentsOf(raw);
  const lookalikes = secretLookalikes(values, ["inputArguments"]).map((path): Diagnostic => {
    const message = `${formatPath(path)} is written as plans write a secret`;
    return { code: "MF035", severity: "error", message, hint: "use another name", source: at(path) };
  });
  const length = raw.inputArguments === undefined ? 0 : revealingJson(values).length;
  if (length <= maxInputLength) return lookalikes;
  const message = `inputArguments have ${length} characters as JSON, at most ${maxInputLength} are allowed`;
  return [...lookalikes, { code: "JB001", severity: "error", message, source: at(["inputArguments"], "key") }];
}

/** Mappings that run keys could not tell from a secret: see SecretValue. */
function secretLookalikes(value: JsonWithSecrets, path: Path): Path[] {
  if (value instanceof SecretValue || typeof value !== "object" || value === null) return [];
  const members = Object.entries(value as Readonly<Record<string, JsonWithSecrets>>);
  const looksSecret = isRecord(value) && members.length === 1 && typeof value["$secret"] === "string";
  const below = members.flatMap(([name, member]) =>
    secretLookalikes(member, [...path, Array.isArray(value) ? Number(name) : name]),
  );
  return [...(looksSecret ? [path] : []), ...below];
}

/** Timers of this machine: longer ones fire at once. */
function timerProblems(wait: JobWait, raw: RawSpec, at: Locate): Diagnostic[] {
  const backoff = raw.retries?.backoff;
  return [
    ...(wait.timeout <= longestTimer ? [] : [tooLong(["wait", "timeout"], raw.wait?.timeout ?? "", at)]),
    ...(backoff === undefined || milliseconds(backoff) <= longestTimer
      ? []
      : [tooLong(["retries", "backoff"], backoff, at)]),
  ];
}

function tooLong(path: Path, text: string, at: Locate): Diagnostic {
  const message = `${formatPath(path)} is ${text}, at most 24d are allowed`;
  return { code: "JB003", severity: "error", message, source: at(path) };
}

/** Times that the server enforces: it counts in whole seconds, and kills only what it has asked to stop. */
function limitProblems(raw: RawSpec, at: Locate): Diagnostic[] {
  const problem = (field: "stopAfter" | "killAfter", message: string): Diagnostic => ({
    code: "JB004",
    severity: "error",
    message,
    source: at([field]),
  });
  const odd = (["stopAfter", "killAfter"] as const).flatMap((field): Diagnostic[] => {
    const text = raw[field];
    if (text === undefined) return [];
    const seconds = secondsOf(text);
    if (Number.isInteger(seconds) && seconds <= maxSeconds) return [];
    return [problem(field, `${field} is ${text}: Orchestrator takes whole seconds, at most ${maxSeconds}`)];
  });
  if (raw.killAfter === undefined || raw.stopAfter !== undefined) return odd;
  return [...odd, problem("killAfter", "killAfter counts from stopAfter, which is not set")];
}

function environmentProblems(variables: Readonly<Record<string, string>>, at: Locate): Diagnostic[] {
  const problem = (path: Path, message: string): Diagnostic => ({
    code: "JB005",
    severity: "error",
    message,
    source: at(path, "key"),
  });
  const names = Object.keys(variables)
    .filter((name) => name === "" || /[=\r\n]/.test(name))
    .map((name) =>
      problem(["environmentVariables", name], "the name of a variable is empty, or holds = or a line break"),
    );
  const values = Object.entries(variables)
    .filter(([, value]) => /[\r\n]/.test(value))
    .map(([name]) => problem(["environmentVariables", name], `the value of ${name} holds a line break`));
  const { length } = environmentText(variables);
  if (length <= maxEnvironmentLength) return [...names, ...values];
  const message = `environmentVariables have ${length} characters as NAME=VALUE lines, at most ${maxEnvironmentLength} are allowed`;
  return [...names, ...values, problem(["environmentVariables"], message)];
}
