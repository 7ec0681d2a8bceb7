import { readFileSync } from "node:fs";

type Json = Readonly<Record<string, unknown>>;

/** Where schemas of the document are found by validators, which each see one schema of it only. */
export const documentId = "orchestrator";

/** The keyword in which each schema of the document says where it stands, as `QueueItemDto/Reference`. */
export const placeKeyword = "x-place";

/** An OpenAPI document, made as strict as the server is. */
export interface ContractDocument {
  /** The version of the API that it describes, as `16.0`. */
  readonly version: string;
  readonly openapi: Json;
}

/** Reads an OpenAPI document; its schemas come back closed and with their places. */
export function readDocument(file: string): ContractDocument {
  const text = readFileSync(file, "utf8").replaceAll(`"#/components/`, `"${documentId}#/components/`);
  const openapi = JSON.parse(text) as Json;
  const { version } = openapi["info"] as { readonly version: string };
  const components = openapi["components"] as Json;
  const described = components["schemas"] as Json;
  const schemas = mapValues(described, (schema, name) => strict(whole(schema as Json, described), name));
  const paths = Object.entries(openapi["paths"] as Json).map(([path, item]) => [encodePath(path), item]);
  return { version, openapi: { ...openapi, paths: Object.fromEntries(paths), components: { ...components, schemas } } };
}

/** The judge's matcher of paths takes parentheses for a pattern's own: OData's are escaped, in documents and calls. */
export function encodePath(path: string): string {
  return path.replaceAll("(", "%28").replaceAll(")", "%29");
}

export function decodePath(path: string): string {
  return path.replaceAll("%28", "(").replaceAll("%29", ")");
}

/** With the members of the schemas that it extends: closed one by one, each would refuse what the other names. */
function whole(schema: Json, described: Json): Json {
  const { allOf = [], ...own } = schema as { readonly allOf?: readonly Json[] };
  const extended = allOf.map((part) => described[String(part["$ref"]).split("/").at(-1) ?? ""] as Json);
  if (extended.length === 0) return schema;
  const members = [...extended, own as Json].map((part) => (part["properties"] ?? {}) as Json);
  return { ...own, properties: Object.assign({}, ...members) as Json };
}

/**
 * Writes its place into a schema, and forbids members that it does not name: OpenAPI lets them pass, but the server
 * does not, for one unknown member keeps a body from binding. Annotations of OData are no members.
 */
function strict(value: unknown, place: string): unknown {
  if (typeof value !== "object" || value === null || "$ref" in value) return value;
  const schema: Json = { ...value, [placeKeyword]: place };
  if (typeof schema["properties"] === "object") {
    const properties = mapValues(schema["properties"] as Json, (member, name) => strict(member, `${place}/${name}`));
    const closed = "additionalProperties" in schema ? {} : { additionalProperties: false };
    return { ...schema, properties, patternProperties: { "@odata\\.": {} }, ...closed };
  }
  if ("items" in schema) return { ...schema, items: strict(schema["items"], `${place}[]`) };
  if ("additionalProperties" in schema) {
    return { ...schema, additionalProperties: strict(schema["additionalProperties"], `${place}/*`) };
  }
  return schema;
}

function mapValues(object: Json, change: (value: unknown, name: string) => unknown): Json {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value, name)]));
}
