import { Ajv, type ErrorObject, type Options } from "ajv";
import { Ajv2019 } from "ajv/dist/2019.js";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { ContentCheck, ContentProblem, Unusable } from "../core/content-schema.ts";
import { isRecord } from "../core/json.ts";
import type { Path } from "../core/locate.ts";
import { nearest } from "../core/nearest.ts";
import { fromPointer } from "./json-path.ts";
import { count, quoted, typesInWords } from "./phrases.ts";

/**
 * Compiles the JSON schema that a queue has for its items' content. No page says which drafts Orchestrator takes, so
 * `$schema` decides: 4, 6, 7, 2019-09 and 2020-12 are understood, and draft 7 is taken where nothing is said. Formats
 * are not judged: which ones the server enforces is not known, and what it might take must not be blocked here.
 */
export function compileContentSchema(text: string): ContentCheck | Unusable {
  try {
    const parsed: unknown = JSON.parse(text);
    if (!isRecord(parsed)) return { unusable: "it is no JSON object" };
    const { $schema = "http://json-schema.org/draft-07/schema#", id: _oldId, ...schema } = parsed;
    const dialect = typeof $schema === "string" ? dialectOf($schema) : undefined;
    if (dialect === undefined) return { unusable: `$schema names no known draft: ${JSON.stringify($schema)}` };
    const validate = new dialect.compiler(options).compile(dialect.old ? withoutOldLimits(schema) : schema);
    return (content) => {
      try {
        if (validate(content)) return [];
        return eachOnce((validate.errors ?? []).filter((error) => !isEcho(error)).map(inWords));
      } catch (error) {
        return { unusable: reasonOf(error) }; // a schema that refers to itself without end
      }
    };
  } catch (error) {
    return { unusable: reasonOf(error) };
  }
}

/** Foreign schemas are not ours to be strict with; `verbose` gives the schema around an error, for "did you mean". */
const options: Options = {
  allErrors: true,
  strict: false,
  validateFormats: false,
  logger: false,
  verbose: true,
};

interface Dialect {
  readonly compiler: typeof Ajv | typeof Ajv2019 | typeof Ajv2020;
  /** Draft 4, whose exclusive limits are true or false beside the limit. */
  readonly old: boolean;
}

const dialects: Readonly<Record<string, Dialect>> = {
  "4": { compiler: Ajv, old: true },
  "6": { compiler: Ajv, old: false },
  "7": { compiler: Ajv, old: false },
  "2019-09": { compiler: Ajv2019, old: false },
  "2020-12": { compiler: Ajv2020, old: false },
};

/** Undefined for a draft that nobody here understands. */
function dialectOf($schema: string): Dialect | undefined {
  const draft = /\/draft(?:-0|\/)(4|6|7|2019-09|2020-12)\/schema#?$/.exec($schema)?.[1];
  return draft === undefined ? undefined : dialects[draft];
}

/** Draft 4's `minimum: 1, exclusiveMinimum: true` is `exclusiveMinimum: 1` in every later draft. */
function withoutOldLimits(schema: unknown): Record<string, unknown> {
  return mend(schema) as Record<string, unknown>;
}

function mend(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(mend);
  if (!isRecord(node)) return node;
  const mended: Record<string, unknown> = Object.fromEntries(
    Object.entries(node).map(([name, member]) => [name, mend(member)]),
  );
  for (const [limit, exclusive] of [
    ["minimum", "exclusiveMinimum"],
    ["maximum", "exclusiveMaximum"],
  ] as const) {
    if (typeof mended[exclusive] !== "boolean") continue;
    if (mended[exclusive] && mended[limit] !== undefined) {
      mended[exclusive] = mended[limit];
      delete mended[limit];
    } else {
      delete mended[exclusive];
    }
  }
  return mended;
}

/** Errors that only say that another one is there. */
function isEcho({ keyword, propertyName }: ErrorObject): boolean {
  return keyword === "if" || (propertyName !== undefined && keyword !== "propertyNames");
}

/** Two branches of a schema can want the same. */
function eachOnce(problems: readonly ContentProblem[]): ContentProblem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}

function inWords(error: ErrorObject): ContentProblem {
  const { keyword, params, schema } = error;
  const path = fromPointer(error.instancePath);
  const limit = String(params["limit"]);
  switch (keyword) {
    case "required":
    case "dependentRequired":
    case "dependencies":
      return { path: [...path, String(params["missingProperty"])], message: "is required by the queue's schema" };
    case "additionalProperties":
      return unknownKey(error, path, String(params["additionalProperty"]));
    case "unevaluatedProperties":
      return unknownKey(error, path, String(params["unevaluatedProperty"]));
    case "propertyNames":
      return {
        path: [...path, String(params["propertyName"])],
        message: "is not a name that the queue's schema allows",
      };
    case "type":
      return { path, message: `must be ${typesInWords([schema].flat().map(String))}` };
    case "enum":
      return { path, message: `must be one of ${[schema].flat().map(shown).join(", ")}` };
    case "const":
      return { path, message: `must be ${shown(schema)}` };
    case "minimum":
      return { path, message: `must be at least ${limit}` };
    case "maximum":
      return { path, message: `must be at most ${limit}` };
    case "exclusiveMinimum":
      return { path, message: `must be more than ${limit}` };
    case "exclusiveMaximum":
      return { path, message: `must be less than ${limit}` };
    case "multipleOf":
      return { path, message: `must be a multiple of ${String(params["multipleOf"])}` };
    case "minLength":
      return { path, message: `must have at least ${count(Number(limit), "character")}` };
    case "maxLength":
      return { path, message: `must have at most ${count(Number(limit), "character")}` };
    case "minProperties":
      return { path, message: `must have at least ${count(Number(limit), "entry")}` };
    case "maxProperties":
      return { path, message: `must have at most ${count(Number(limit), "entry")}` };
    case "pattern":
      return { path, message: `must match ${quoted(String(schema))}` };
    default:
      return { path, message: `breaks the rule ${keyword} of the queue's schema` };
  }
}

function unknownKey(error: ErrorObject, path: Path, name: string): ContentProblem {
  const properties: unknown = error.parentSchema?.["properties"];
  const known = isRecord(properties) ? Object.keys(properties) : [];
  const meant = nearest(name, known);
  return {
    path: [...path, name],
    message: "is not a key that the queue's schema knows",
    ...(meant === undefined ? {} : { hint: `did you mean ${quoted(meant)}?` }),
  };
}

/** A value of the schema, never one of the content. */
function shown(value: unknown): string {
  return typeof value === "string" ? quoted(value) : JSON.stringify(value);
}

function reasonOf(error: unknown): string {
  if (error instanceof RangeError) return "it is nested too deeply, or refers to itself without end";
  return error instanceof Error ? error.message : String(error);
}
