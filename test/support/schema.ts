import { readFileSync } from "node:fs";
import { Ajv2020, type ErrorObject } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

/** What a schema of `schemas/` finds wrong with a value; strict: a schema that says something unclear is an error. */
export function problemsBy(name: string): (value: unknown) => readonly ErrorObject[] {
  const schema = JSON.parse(readFileSync(`schemas/${name}.schema.json`, "utf8")) as object;
  const ajv = new Ajv2020({ allErrors: true, strict: true, strictTypes: false });
  addFormats.default(ajv);
  const validate = ajv.compile(schema);
  return (value) => (validate(value) ? [] : (validate.errors ?? []));
}
