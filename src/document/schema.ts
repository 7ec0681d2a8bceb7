import type { AnyValidateFunction, ErrorObject } from "ajv/dist/core.js";
import type { Diagnostic } from "../core/diagnostic.ts";
import type { DiagnosticCode } from "../core/diagnostic-codes.ts";
import { isRecord } from "../core/json.ts";
import type { Locate, Path } from "../core/locate.ts";
import { branchesOf, chooseBranch } from "./branches.ts";
import { fromPointer, matchesPath } from "./json-path.ts";
import { wordProblem, type Wording } from "./wording.ts";

/** A place where the schema refuses a value, with the diagnostic about it. */
export interface SchemaProblem {
  /** The value that is wrong; for unknown keys the mapping that holds them. */
  readonly path: Path;
  /** The key that the schema does not know, and the one that may have been meant. */
  readonly unknownKey?: { readonly name: string; readonly nearest?: string };
  /** The types that the schema wants there, where it names any. */
  readonly types: readonly string[];
  readonly diagnostic: Diagnostic;
}

/** A code of a kind's own for what the schema finds at a place; `*` stands for any step. */
export interface CodeRule {
  readonly path: Path;
  readonly keyword: string;
  readonly code: DiagnosticCode;
  readonly hint?: string;
}

export interface CheckOptions {
  readonly codes?: readonly CodeRule[];
  /** True where messages must not quote values. */
  readonly isPrivate?: (path: Path) => boolean;
  /** True passes over texts that still hold `${…}`: what they will be is not known yet. */
  readonly unresolved?: boolean;
}

/** What a compiled schema says about a value. */
export type SchemaCheck = (value: unknown, at: Locate, options?: CheckOptions) => SchemaProblem[];

/** What Ajv makes of a schema: functions that refuse or take a value. */
export interface Validators {
  readonly whole: AnyValidateFunction;
  /** By the reference that the schema names a definition with, such as `#/$defs/cron`. */
  readonly of: (ref: string) => AnyValidateFunction | undefined;
}

/** The check that validators make, told in our words; `definitions` are the schema's `$defs`. */
export function checkWith(validators: Validators, definitions: NonNullable<SchemaFile["$defs"]>): SchemaCheck {
  const context: Context = { definitions, validatorOf: (ref) => validators.of(ref) ?? validators.whole };
  return (value, at, options = {}) => {
    if (validators.whole(value) === true) return []; // nearly always so, and there may be a million values
    const errors = collect(validators.whole, value, [], context);
    const known = options.unresolved === true ? errors.filter(({ error }) => !isUnresolved(error.data)) : errors;
    const worded = known.map(({ error, path }) =>
      wordProblem(error, path, { at, definitions, isPrivate: options.isPrivate ?? (() => false) }),
    );
    return withoutEchoes(worded).map((wording) => asProblem(wording, at, options.codes ?? []));
  };
}

/** A schema file's content, as far as this module looks into it. */
export interface SchemaFile {
  readonly $id: string;
  readonly $defs?: Readonly<Record<string, unknown>>;
}

interface Context {
  readonly definitions: Readonly<Record<string, unknown>>;
  readonly validatorOf: (ref: string) => AnyValidateFunction;
}

interface Located {
  readonly error: ErrorObject;
  readonly path: Path;
}

/** Errors with whole paths; of several forms of one thing only those of the form that was meant. */
function collect(validate: AnyValidateFunction, value: unknown, prefix: Path, context: Context): Located[] {
  if (validate(value) === true) return [];
  const errors = [...(validate.errors ?? [])];
  const forked = new Map(
    errors.flatMap((error) => {
      const branches = branchesOf(error, context.definitions);
      return branches.length === 0 ? [] : [[error, chooseBranch(error.data, branches)] as const];
    }),
  );
  const places = new Set([...forked.keys()].map(({ instancePath }) => instancePath));
  return errors.flatMap((error) => {
    const path = [...prefix, ...fromPointer(error.instancePath)];
    if (ancestors(error.instancePath).some((place) => places.has(place))) return [];
    const branch = forked.get(error);
    if (branch !== undefined) return collect(context.validatorOf(branch.ref), error.data, path, context);
    if (forked.has(error)) return [{ error, path }];
    return places.has(error.instancePath) || isEcho(error) ? [] : [{ error, path }];
  });
}

/** `/a`, of `/a/b`: the root is no fork of ours. */
function ancestors(pointer: string): string[] {
  const found: string[] = [];
  for (let end = pointer.lastIndexOf("/"); end > 0; end = pointer.lastIndexOf("/", end - 1))
    found.push(pointer.slice(0, end));
  return found;
}

/** Errors that only repeat in detail what another error says better. */
function isEcho(error: ErrorObject): boolean {
  const branchKey = error.keyword === "required" && /\/(oneOf|anyOf)\/\d+\/required$/.test(error.schemaPath);
  const keysOfNothing = (error.keyword === "oneOf" || error.keyword === "anyOf") && !isRecord(error.data);
  return branchKey || keysOfNothing || (error.propertyName !== undefined && error.keyword !== "propertyNames");
}

/** A misspelled key is one mistake: that the right one is missing goes without saying. */
function withoutEchoes(wordings: readonly Wording[]): Wording[] {
  const meant = new Set(
    wordings.flatMap(({ path, unknownKey }) =>
      unknownKey?.nearest === undefined ? [] : [JSON.stringify([path, unknownKey.nearest])],
    ),
  );
  return wordings.filter(
    ({ path, missingKeys = [] }) => !missingKeys.some((key) => meant.has(JSON.stringify([path, key]))),
  );
}

function isUnresolved(data: unknown): boolean {
  return typeof data === "string" && data.includes("${");
}

function asProblem(wording: Wording, at: Locate, codes: readonly CodeRule[]): SchemaProblem {
  const { path, types, keyword, message, hint, unknownKey, part } = wording;
  const rule = codes.find((candidate) => candidate.keyword === keyword && matchesPath(path, candidate.path));
  const advice = rule?.hint ?? hint;
  const diagnostic: Diagnostic = {
    code: rule?.code ?? wording.code,
    severity: "error",
    message,
    ...(advice === undefined ? {} : { hint: advice }),
    source: at(part.path, part.part),
  };
  return { path, types, diagnostic, ...(unknownKey === undefined ? {} : { unknownKey }) };
}
