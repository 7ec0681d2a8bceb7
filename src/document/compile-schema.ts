import { Ajv2020, type Options } from "ajv/dist/2020.js";
import { formats } from "./formats.ts";
import { checkWith, type SchemaCheck, type SchemaFile } from "./schema.ts";

/** Compiles a JSON Schema 2020-12; its `$id` names it. For those that most commands need, see `readySchema`. */
export function compileSchema(schema: SchemaFile): SchemaCheck {
  const ajv = schemaCompiler();
  const whole = ajv.compile(schema);
  return checkWith({ whole, of: (ref) => ajv.getSchema(`${schema.$id}${ref}`) }, schema.$defs ?? {});
}

/** Ajv as all our schemas need it. */
export function schemaCompiler(code: Options["code"] = {}): Ajv2020 {
  const ajv = new Ajv2020({
    allErrors: true,
    strict: true,
    strictRequired: false,
    allowUnionTypes: true,
    verbose: true,
    // Tests hold schemas/ against the schema of schemas: compiling that one takes longer than all of ours.
    validateSchema: false,
    meta: false,
    code,
  });
  for (const [name, format] of Object.entries(formats)) ajv.addFormat(name, format);
  return ajv;
}
