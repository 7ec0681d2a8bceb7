import type { Diagnostic } from "../../core/diagnostic.ts";
import { longestTimer, readDuration } from "../../core/duration.ts";
import { isRecord } from "../../core/json.ts";
import { formatPath, type Locate, type Path } from "../../core/locate.ts";
import { revealingJson, SecretValue, type JsonWithSecrets } from "../../core/secret.ts";
import type { JobManifest } from "../generated/job.ts";
import { utc, type Normalized } from "../normalized.ts";
import type { JobSpec, JobStrategy, JobWait } from "./spec.ts";

type RawSpec = JobManifest["spec"];

/** Orchestrator refuses longer `InputArguments`; names, quotes, brackets and escapes count. */
const maxInputLength = 10_000;

const defaultTimeout = 30 * 60_000;

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
    ...(raw.runAsMe === undefined ? {} : { runAsMe: raw.runAsMe }),
    ...(raw.requiresUserInteraction === undefined ? {} : { requiresUserInteraction: raw.requiresUserInteraction }),
  };
  return { spec, diagnostics: [...inputProblems(raw, at), ...waitProblems(wait, raw, at)] };
}

function normalizeStrategy(raw: RawSpec["strategy"]): JobStrategy {
  switch (raw?.type) {
    case "All":
      return { type: "All" };
    case "Specific":
      return { type: "Specific", robots: raw.robots };
    case "Dynamic":
    case undefined:
      return { type: "Dynamic", count: raw?.count ?? 1 };
  }
}

function normalizeWait({ until, timeout, success }: NonNullable<RawSpec["wait"]>): JobWait {
  return {
    until: until ?? "completed",
    timeout: timeout === undefined ? defaultTimeout : (readDuration(timeout) ?? Number.POSITIVE_INFINITY),
    success: success ?? ["Successful"],
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

function waitProblems(wait: JobWait, raw: RawSpec, at: Locate): Diagnostic[] {
  if (wait.timeout <= longestTimer) return [];
  const message = `wait.timeout is ${raw.wait?.timeout ?? ""}, at most 24d are allowed`;
  return [{ code: "JB003", severity: "error", message, source: at(["wait", "timeout"]) }];
}
