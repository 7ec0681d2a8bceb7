import type { Diagnostic } from "../core/diagnostic.ts";
import type { DiagnosticCode } from "../core/diagnostic-codes.ts";
import type { JsonValue } from "../core/json.ts";
import type { Locate, Path } from "../core/locate.ts";
import { placeName } from "./json-path.ts";

/** The process's environment, passed in. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What a reference stands for, or why it stands for nothing. */
export type Resolution =
  | { readonly type: "value"; readonly value: string }
  | { readonly type: "problem"; readonly code: DiagnosticCode; readonly message: string; readonly hint?: string };

/** Where values come from. Without `secret` there are none: manifests are shown in plans. */
export interface ValueSources {
  readonly env: Environment;
  readonly secret?: (name: string, path: Path) => Resolution;
}

const reference = /\$?\$\{([^}]*)\}?/g;
const envForm = /^env:([A-Za-z_][A-Za-z0-9_]*)(:-([^]*))?$/;
const secretForm = /^secret:([A-Za-z_][A-Za-z0-9_]*)$/;

/**
 * A copy of a value in which every `${…}` is replaced; `$${` is a literal `${`. Where one cannot be replaced the text
 * stays as it is, and a diagnostic says so.
 */
export function resolveValues(
  value: JsonValue,
  at: Locate,
  sources: ValueSources,
  root: Path = [],
): { readonly value: JsonValue; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const resolved = walk(value, root, (text, path) =>
    text.replaceAll(reference, (whole: string, name: string) => {
      if (whole.startsWith("$$")) return whole.slice(1);
      const found = whole.endsWith("}") ? resolve(name, path, sources) : unclosed;
      if (found.type === "value") return found.value;
      const { code, message, hint } = found;
      const source = at(path);
      const located = `${message} (${placeName(path)})`;
      diagnostics.push({ code, severity: "error", message: located, ...(hint === undefined ? {} : { hint }), source });
      return whole;
    }),
  );
  return { value: resolved, diagnostics };
}

/** True when a text still has to be resolved. */
function hasReference(text: string): boolean {
  return text.includes("${");
}

function walk(value: JsonValue, path: Path, replace: (text: string, path: Path) => string): JsonValue {
  if (typeof value === "string") return hasReference(value) ? replace(value, path) : value;
  if (Array.isArray(value)) return value.map((item: JsonValue, index) => walk(item, [...path, index], replace));
  if (typeof value !== "object" || value === null) return value;
  const copy: Record<string, JsonValue> = {};
  for (const [name, member] of Object.entries(value)) copy[name] = walk(member, [...path, name], replace);
  return copy;
}

const unclosed: Resolution = {
  type: "problem",
  code: "MF017",
  message: "${ is not closed",
  hint: "write $${ for a literal ${",
};

function resolve(name: string, path: Path, sources: ValueSources): Resolution {
  const [, variable, withDefault, otherwise = ""] = envForm.exec(name) ?? [];
  if (variable !== undefined)
    return fromEnvironment(variable, withDefault === undefined ? undefined : otherwise, sources.env);
  const secret = secretForm.exec(name)?.[1];
  if (secret === undefined) return unknownSource(name);
  if (sources.secret !== undefined) return sources.secret(secret, path);
  const message = `\${secret:${secret}} is not allowed in manifests, whose values plans show`;
  return {
    type: "problem",
    code: "MF017",
    message,
    hint: `use \${env:${secret}} if it is no secret; secrets belong into the config`,
  };
}

/** As in a shell, `:-` also serves where the variable is empty. */
function fromEnvironment(name: string, otherwise: string | undefined, env: Environment): Resolution {
  const value = Object.hasOwn(env, name) ? env[name] : undefined;
  if (otherwise !== undefined) return { type: "value", value: value === undefined || value === "" ? otherwise : value };
  if (value !== undefined) return { type: "value", value };
  const message = `environment variable ${name} is not set`;
  return { type: "problem", code: "MF016", message, hint: `set it, or write \${env:${name}:-default}` };
}

function unknownSource(name: string): Resolution {
  const message = `\${${name.slice(0, 60)}} is no value source`;
  return { type: "problem", code: "MF017", message, hint: "known is ${env:NAME}; write $${ for a literal ${" };
}
