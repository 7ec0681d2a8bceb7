import { addEntryPoint, addPackage, addVersion } from "../store/releases.ts";
import type { Run, RunRule } from "../store/runs.ts";
import { fold } from "../text.ts";
import { nameUuid } from "../uuid.ts";
import type { Seeding } from "./names.ts";
import { durationOf } from "./times.ts";
import type { TenantArgument, TenantProcess, TenantRun } from "./types.ts";

/** Adds a process of a tenant file, and the rule by which its jobs run. */
export function seedProcess(seeding: Seeding, index: number, process: TenantProcess): void {
  const at = `/spec/processes/${index}`;
  const folderId = seeding.folder(at, process.folder);
  const declaration = JSON.stringify({
    Input: declared(process.arguments?.input),
    Output: declared(process.arguments?.output),
  });
  const rule = JSON.stringify(ruleOf(process));
  const [packageName, version] = [process.package ?? process.name, process.version ?? "1.0.0"];
  addPackage(seeding.db, packageName, version, declaration, rule);
  for (const { path, input } of process.entryPoints ?? []) {
    addEntryPoint(seeding.db, packageName, version, { path, parameters: declared(input), input: schemaOf(input) });
  }
  const folderName = String(seeding.db.get("SELECT path_folded FROM folders WHERE id = ?", folderId)?.["path_folded"]);
  const id = seeding.insert(at, "releases", {
    id: process.id,
    key: (process.key ?? nameUuid("process", folderName, fold(process.name))).toLowerCase(),
    name: process.name,
    folder_id: folderId,
    process_key: packageName,
    version,
    description: process.description,
    environment_id: seeding.optional(`${at}/environment`, "environment", process.environment, folderId),
    input_arguments: process.inputArguments === undefined ? null : JSON.stringify(process.inputArguments),
    arguments: declaration,
    run_rule: rule,
    created: seeding.now,
    retention_days: process.retentionDays,
  });
  addVersion(seeding.db, id, version, seeding.now);
  seeding.define(at, "process", process.name, id, folderId);
}

/** Arguments as `Release.Arguments` has them: JSON in a string. */
function declared(list: readonly TenantArgument[] | undefined): string | null {
  if (!list) return null;
  const full = list.map(({ name, type = "System.String", required = false, hasDefault = false }) => ({
    name,
    type: type.includes(",")
      ? type
      : `${type}, mscorlib, Version=4.0.0.0, Culture=neutral, PublicKeyToken=b77a5c561934e089`,
    required,
    hasDefault,
  }));
  return JSON.stringify(full);
}

/** Arguments as an entry point has them: a JSON schema in a string. */
function schemaOf(list: readonly TenantArgument[] | undefined): string | null {
  if (!list) return null;
  const properties = list.map(({ name, type = "System.String" }) => [name, { type: schemaType(type) }] as const);
  const required = list.filter((argument) => argument.required === true).map(({ name }) => name);
  return JSON.stringify({ type: "object", properties: Object.fromEntries(properties), required });
}

function schemaType(type: string): string {
  const [name = ""] = type.split(",", 1);
  if (name.endsWith("[]")) return "array";
  if (name === "System.String") return "string";
  if (name === "System.Boolean") return "boolean";
  if (/^System\.U?Int\d+$/.test(name)) return "integer";
  return /^System\.(Double|Single|Decimal)$/.test(name) ? "number" : "object";
}

function ruleOf({ run }: TenantProcess): RunRule {
  const base = runOf(run ?? {}, defaultRun);
  return { ...base, cases: (run?.cases ?? []).map(({ when, ...changes }) => ({ when, run: runOf(changes, base) })) };
}

const defaultRun: Run = {
  pending: 1000,
  duration: 5000,
  state: "Successful",
  info: "Job completed",
  output: null,
  error: null,
  softStop: 2000,
};

function runOf(run: TenantRun, base: Run): Run {
  return {
    pending: run.pending === undefined ? base.pending : durationOf(run.pending),
    duration: run.duration === undefined ? base.duration : durationOf(run.duration),
    state: run.state ?? base.state,
    info: run.info ?? base.info,
    error: run.error === undefined ? base.error : JSON.stringify(run.error),
    output: run.output === undefined ? base.output : JSON.stringify(run.output),
    softStop: run.softStop === undefined ? base.softStop : durationOf(run.softStop),
  };
}
