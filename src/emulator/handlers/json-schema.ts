import { Ajv } from "ajv";
import { Ajv2019 } from "ajv/dist/2019.js";
import { Ajv2020 } from "ajv/dist/2020.js";

/** What content breaks, in words; undefined when it fits. */
type Validate = (content: unknown) => string | undefined;

const compiled = new Map<string, Validate>();

/** Schemas are compiled once for the process: they are values, and compiling is slow. */
export function compileSchema(schema: string): Validate {
  const known = compiled.get(schema);
  if (known) return known;
  const { $schema, $id: _id, id: _oldId, ...rest } = JSON.parse(schema) as Readonly<Record<string, unknown>>;
  const dialect = JSON.stringify($schema ?? "");
  const Compiler = dialect.includes("2020-12") ? Ajv2020 : dialect.includes("2019-09") ? Ajv2019 : Ajv;
  const ajv = new Compiler({ strict: false, logger: false, validateFormats: false });
  const check = ajv.compile(dialect.includes("draft-04") ? asDraft7(rest) : rest);
  const validate = (content: unknown): string | undefined =>
    check(content) ? undefined : ajv.errorsText(check.errors);
  compiled.set(schema, validate);
  return validate;
}

/** Whether a text can serve as the JSON schema of a queue. */
export function schemaFault(schema: string): string | undefined {
  try {
    compileSchema(schema);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

type Node = Readonly<Record<string, unknown>>;

/** In draft 4 `exclusiveMinimum` is true or false and says how `minimum` is meant; later it is a limit of its own. */
function asDraft7(schema: Node): Node {
  const { minimum, exclusiveMinimum, maximum, exclusiveMaximum, ...rest } = schema;
  const members = Object.entries(rest).map(([name, member]) => [name, below(member)]);
  return {
    ...Object.fromEntries(members),
    ...limit("minimum", "exclusiveMinimum", minimum, exclusiveMinimum),
    ...limit("maximum", "exclusiveMaximum", maximum, exclusiveMaximum),
  };
}

function below(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(below);
  return typeof value === "object" && value !== null ? asDraft7(value as Node) : value;
}

function limit(inclusive: string, exclusive: string, value: unknown, isExclusive: unknown): Node {
  // A property may be called minimum: its schema is no limit.
  const members = { [inclusive]: below(value), [exclusive]: below(isExclusive) };
  if (typeof isExclusive !== "boolean") return defined(members);
  return value === undefined ? {} : { [isExclusive ? exclusive : inclusive]: value };
}

function defined(members: Node): Node {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
