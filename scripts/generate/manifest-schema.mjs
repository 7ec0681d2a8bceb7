// schemas/manifest.schema.json: takes a manifest of any kind, in one file, for editors. `kind` chooses (if/then), so
// that an editor complains about the kind that was meant and not about all of them. Draft 7, which is what editors'
// YAML extensions read; the schemas that it is made of keep to what means the same there.
import { manifestApiVersion } from "../../src/core/formats.ts";
import { kinds } from "../../src/core/resource.ts";
import { anyManifest, readSchema } from "../../src/document/schema-files.ts";

export function manifestSchema() {
  const schemas = kinds.map((kind) => ({ kind, file: readSchema(kind) }));
  const definitions = schemas.flatMap(({ kind, file: { $schema: _dialect, $id: _id, $defs = {}, ...whole } }) => [
    [kind, withOwnRefs(kind, whole)],
    ...Object.entries($defs).map(([name, definition]) => [own(kind, name), withOwnRefs(kind, definition)]),
  ]);
  const described = schemas.map(({ kind, file }) => `${kind}: ${String(file.description)}`).join(" ");
  const schema = {
    $schema: "http://json-schema.org/draft-07/schema#",
    $id: `urn:orch-sync:v1:${anyManifest.toLowerCase()}`,
    title: anyManifest,
    description: "A manifest of any kind. Made of the kinds' own schemas by `npm run generate`.",
    type: "object",
    required: ["kind"],
    properties: {
      // Only named here, for editors to offer before there is a kind: what they must be, the kind says.
      apiVersion: { description: "Version of the manifest format.", default: manifestApiVersion },
      kind: { description: described, enum: [...kinds] },
      metadata: { description: "Who the resource is: its name, its folder and free labels." },
      spec: { description: "What the kind wants." },
    },
    allOf: kinds.map((kind) => ({
      if: { type: "object", required: ["kind"], properties: { kind: { const: kind } } },
      // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
      then: { $ref: `#/$defs/${kind}` },
    })),
    $defs: Object.fromEntries(definitions),
  };
  return JSON.stringify(schema, undefined, 2);
}

const own = (kind, name) => `${kind}.${name}`;

/** With references that lead to the kind's own definitions. What stands beside one would count for nothing in draft 7. */
function withOwnRefs(kind, definition) {
  return JSON.parse(JSON.stringify(definition), (_name, value) => {
    if (typeof value?.$ref !== "string") return value;
    const { $ref, ...beside } = value;
    const moved = { $ref: $ref.replace("#/$defs/", `#/$defs/${own(kind, "")}`) };
    return Object.keys(beside).length === 0 ? moved : { ...beside, allOf: [moved] };
  });
}
