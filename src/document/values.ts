import type { Diagnostic } from "../core/diagnostic.ts";
import type { DiagnosticCode } from "../core/diagnostic-codes.ts";
import type { JsonValue } from "../core/json.ts";
import type { Locate, Path } from "../core/locate.ts";
import { nearest } from "../core/nearest.ts";
import { SecretValue, type JsonWithSecrets, type SecretText } from "../core/secret.ts";
import { placeName } from "./json-path.ts";
import {
  escapeReferences,
  hasReference,
  maxNesting,
  parseReferences,
  valueSources,
  type Malformed,
  type Part,
  type Reference,
} from "./references.ts";
import { secretFinder, type SecretFinder } from "./secrets.ts";

/** The process's environment, passed in. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What `${var:NAME}` stands for; one that a secret went into stays secret wherever it is used. */
export type Variables = ReadonlyMap<string, string | SecretText>;

/** Where values come from. */
export interface ValueSources {
  readonly env: Environment;
  readonly variables?: Variables | undefined;
  /**
   * Variables that a target would give which is not chosen yet. A text that needs one stays as it is, and that is no
   * problem.
   */
  readonly pending?: ReadonlySet<string> | undefined;
  /** Shared by many documents, so that each file is read once. Left out: made of `env`. */
  readonly findSecret?: SecretFinder;
}

/** Where secrets may stand, and what is said of them elsewhere, or when they are not set. */
export interface SecretPolicy {
  readonly allows: (path: Path) => boolean;
  readonly unset: DiagnosticCode;
  /** `why` follows `${secret:NAME} `. */
  readonly refused: { readonly code: DiagnosticCode; readonly why: string; readonly hint: (name: string) => string };
}

/** A value in which every `${…}` is replaced, and what was noticed on the way. */
export interface ResolvedValues {
  /** Where one could not be replaced, the text is as it was. */
  readonly value: JsonWithSecrets;
  readonly diagnostics: readonly Diagnostic[];
  /** Texts that were made of references alone, and of no secret: a schema may want a number there. */
  readonly referenceOnly: readonly Path[];
  /** Texts that were left as they are for want of pending variables. */
  readonly pending: readonly Path[];
}

/** Replaces every `${…}` in the texts of a value; `$${` is a literal `${`. What was given is left alone. */
export function resolveValues(
  value: JsonValue,
  at: Locate,
  sources: ValueSources,
  policy: SecretPolicy,
  root: Path = [],
): ResolvedValues {
  const resolver = new Resolver(at, sources, policy);
  const resolved = resolver.resolve(value, root);
  const { diagnostics, referenceOnly, pending } = resolver;
  return { value: resolved, diagnostics, referenceOnly, pending };
}

/** Why a reference stands for nothing: a diagnostic without its place. */
interface Problem {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly hint: string;
}

/** `undefined`: for nothing, and the problem is noted; `pending`: for nothing yet. */
type Resolution = readonly (string | SecretText)[] | "pending" | undefined;

class Resolver {
  readonly diagnostics: Diagnostic[] = [];
  readonly referenceOnly: Path[] = [];
  readonly pending: Path[] = [];
  readonly #at: Locate;
  readonly #sources: ValueSources;
  readonly #policy: SecretPolicy;
  readonly #findSecret: SecretFinder;

  constructor(at: Locate, sources: ValueSources, policy: SecretPolicy) {
    this.#at = at;
    this.#sources = sources;
    this.#policy = policy;
    this.#findSecret = sources.findSecret ?? secretFinder(sources.env);
  }

  resolve(value: JsonValue, path: Path): JsonWithSecrets {
    if (typeof value === "string") return hasReference(value) ? this.#text(value, path) : value;
    if (isList(value)) return value.map((item, index) => this.resolve(item, [...path, index]));
    if (typeof value !== "object" || value === null) return value;
    const copy: Record<string, JsonWithSecrets> = {};
    for (const [name, member] of Object.entries(value)) copy[name] = this.resolve(member, [...path, name]);
    return copy;
  }

  #text(text: string, path: Path): string | SecretText {
    const parts = parseReferences(text);
    const problems = new Map<string, Problem>();
    const note = (problem: Problem): undefined => void problems.set(problem.message, problem);
    if (!this.#policy.allows(path)) for (const name of secretNames(parts)) note(this.#refused(name));
    const found = this.#parts(parts, path, note);
    for (const problem of problems.values()) this.#report(problem, path);
    if (problems.size > 0) return text;
    if (found === "pending") this.pending.push(path);
    if (found === undefined || found === "pending") return text;
    const joined = join(found);
    if (typeof joined === "string" && parts.every((part) => typeof part === "object")) this.referenceOnly.push(path);
    return joined;
  }

  /** Every part, so that all problems of a text are noted at once. */
  #parts(parts: readonly Part[], path: Path, note: (problem: Problem) => undefined): Resolution {
    const found = parts.map((part): Resolution => {
      if (typeof part === "string") return [part];
      return part.type === "reference" ? this.#reference(part, path, note) : note(malformed(part));
    });
    if (found.includes(undefined)) return undefined;
    if (found.includes("pending")) return "pending";
    return found.flatMap((each) => (typeof each === "object" ? each : []));
  }

  #reference(reference: Reference, path: Path, note: (problem: Problem) => undefined): Resolution {
    const { source, name, otherwise, text } = reference;
    // As in a shell, `:-` also serves where the value is empty.
    const fallback = (): Resolution => (otherwise === undefined ? undefined : this.#parts(otherwise, path, note));
    switch (source) {
      case "env": {
        const value = Object.hasOwn(this.#sources.env, name) ? this.#sources.env[name] : undefined;
        if (value === undefined && otherwise === undefined) return note(unsetEnvironment(name));
        return (value ?? "") === "" && otherwise !== undefined ? fallback() : [value ?? ""];
      }
      case "var":
        return this.#variable(reference, path, note, fallback);
      case "secret": {
        if (!this.#policy.allows(path)) return undefined; // noted already
        const finding = this.#findSecret(name);
        if ("value" in finding) return [secretOf(name, finding.value, [finding.value], text)];
        if (otherwise === undefined) return note(this.#unsetSecret(name, finding.why));
        // A default takes a secret's place, and is hidden like one: what is hidden must not tell which is set.
        const given = fallback();
        return typeof given === "object" ? [secretOf(name, textOf(given), piecesOf(given), text)] : given;
      }
    }
  }

  #variable(
    { name, otherwise }: Reference,
    path: Path,
    note: (problem: Problem) => undefined,
    fallback: () => Resolution,
  ): Resolution {
    const { variables, pending } = this.#sources;
    const value = variables?.get(name);
    if (value === undefined && pending?.has(name) === true) return "pending";
    if (value === undefined && otherwise === undefined) return note(this.#unsetVariable(name));
    if (otherwise !== undefined && textOf([value ?? ""]) === "") return fallback();
    if (value instanceof SecretValue && !this.#policy.allows(path)) {
      const { code, why, hint } = this.#policy.refused;
      return note({ code, message: `\${var:${name}} holds a secret and ${why}`, hint: hint("NAME") });
    }
    return [value ?? ""];
  }

  #refused(name: string): Problem {
    const { code, why, hint } = this.#policy.refused;
    return { code, message: `\${secret:${name}} ${why}`, hint: hint(name) };
  }

  #unsetSecret(name: string, why: string): Problem {
    const hint = `set ${name}, or ${name}_FILE to a file that holds it`;
    return { code: this.#policy.unset, message: `secret ${name} is not set${why}`, hint };
  }

  #unsetVariable(name: string): Problem {
    const { variables = new Map<string, string>(), pending = new Set<string>() } = this.#sources;
    const meant = nearest(name, [...variables.keys(), ...pending]);
    const hint =
      meant === undefined
        ? `give it with --var ${name}=VALUE, --var-file or the target's variables, or write \${var:${name}:-default}`
        : `did you mean \${var:${meant}}?`;
    return { code: "MF030", message: `variable ${name} is not set`, hint };
  }

  #report({ code, message, hint }: Problem, path: Path): void {
    const located = `${message} (${placeName(path)})`;
    this.diagnostics.push({ code, severity: "error", message: located, hint, source: this.#at(path) });
  }
}

/** One text of many parts: secret as soon as one of them is. */
function join(parts: readonly (string | SecretText)[]): string | SecretText {
  if (parts.every((part) => typeof part === "string")) return parts.join("");
  const merged = mergeTexts(parts);
  const spell = (spelling: "template" | "written"): string =>
    merged
      .map((part, index) =>
        typeof part === "string" ? escapeReferences(part, index < merged.length - 1) : part[spelling],
      )
      .join("");
  return new SecretValue(textOf(parts), spell("template"), piecesOf(parts), spell("written"));
}

/** The template of a text that is written with defaults: what views show and hashes count of a secret. */
export function templateOf(written: string): string {
  const parts = parseReferences(written);
  return parts
    .map((part, index) => {
      if (typeof part === "string") return escapeReferences(part, index < parts.length - 1);
      return part.type === "reference" ? `\${${part.source}:${part.name}}` : part.text;
    })
    .join("");
}

/** Neighbouring texts as one, so that what is literal in them is seen as a whole. */
function mergeTexts(parts: readonly (string | SecretText)[]): (string | SecretText)[] {
  const merged: (string | SecretText)[] = [];
  for (const part of parts) {
    const last = merged.at(-1);
    if (typeof part === "string" && typeof last === "string") merged.splice(-1, 1, last + part);
    else merged.push(part);
  }
  return merged;
}

function textOf(parts: readonly (string | SecretText)[]): string {
  return parts.map((part) => (typeof part === "string" ? part : part.reveal())).join("");
}

function piecesOf(parts: readonly (string | SecretText)[]): string[] {
  return parts.flatMap((part) => (typeof part === "string" ? [] : part.pieces()));
}

function secretOf(name: string, value: string, pieces: readonly string[], written: string): SecretText {
  return new SecretValue(value, `\${secret:${name}}`, pieces, written);
}

/** Also those in defaults that are not needed now: another environment may need them. */
function secretNames(parts: readonly Part[]): string[] {
  return parts.flatMap((part) => {
    if (typeof part === "string" || part.type === "malformed") return [];
    return [...(part.source === "secret" ? [part.name] : []), ...secretNames(part.otherwise ?? [])];
  });
}

function unsetEnvironment(name: string): Problem {
  const message = `environment variable ${name} is not set`;
  return { code: "MF016", message, hint: `set it, or write \${env:${name}:-default}` };
}

function malformed({ problem, text }: Malformed): Problem {
  switch (problem) {
    case "unclosed":
      return { code: "MF017", message: "${ is not closed", hint: "write $${ for a literal ${" };
    case "too-deep":
      return {
        code: "MF033",
        message: `\${…} stands within defaults more than ${maxNesting} deep`,
        hint: "give one of them as a variable of its own",
      };
    case "unknown": {
      const shown = text.length > 63 ? `${text.slice(0, 62)}…` : text;
      const source = /^\$\{(\w+)/.exec(text)?.[1] ?? "";
      const meant = valueSources.some((known) => known === source) ? undefined : nearest(source, valueSources);
      const known = "known are ${env:NAME}, ${var:NAME} and ${secret:NAME}, each also with :-default";
      const hint = `${meant === undefined ? known : `did you mean \${${meant}:NAME}?`}; write $\${ for a literal \${`;
      return { code: "MF017", message: `${shown} is no value source`, hint };
    }
  }
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
