// What Ajv compiles schemas to, so that a start of orch-sync need not.
import { _ } from "ajv/dist/2020.js";
import standalone from "ajv/dist/standalone/index.js";
import { schemaCompiler } from "../../src/document/compile-schema.ts";
import { readyFile, readySchemas, sourceOf } from "../../src/document/ready-schema.ts";

export const validatorFiles = Object.fromEntries(readySchemas.map((name) => [name, readyFile(name)]));

/** The module of a schema: a function of the formats, since those are ours. */
export function validatorsOf(name) {
  const schema = sourceOf(name);
  const ajv = schemaCompiler({ source: true, formats: _`formats` });
  ajv.compile(schema);
  const names = { whole: schema.$id };
  for (const definition of choices(schema)) names[definition] = `${schema.$id}#/$defs/${definition}`;
  return `// Made of schemas/ by \`npm run generate\`: change the schema, not this file.
module.exports = (formats) => {
const exports = {};
${standalone.default(ajv, names)}
return exports;
};
`;
}

/** The definitions among which a `oneOf` chooses: each is checked alone as well, to tell what is wrong with the one meant. */
function choices(schema) {
  const found = new Set();
  JSON.stringify(schema, (key, value) => {
    if (key === "oneOf") for (const { $ref } of value) if ($ref !== undefined) found.add($ref.replace("#/$defs/", ""));
    return value;
  });
  return found;
}
