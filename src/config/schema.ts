import type { Locate } from "../core/locate.ts";
import { readySchema } from "../document/ready-schema.ts";
import type { CheckOptions, CodeRule, SchemaProblem } from "../document/schema.ts";
import { isPrivate } from "./secrets.ts";

const codes: readonly CodeRule[] = [
  {
    path: ["targets", "*"],
    keyword: "oneOf",
    code: "CF003",
    hint: "embedded: { tenant: … } runs an Orchestrator of its own, url names one that runs elsewhere",
  },
];

/** What the schema finds wrong with a whole config document. */
export function checkConfig(value: unknown, at: Locate, options: CheckOptions = {}): SchemaProblem[] {
  return readySchema("Config")(value, at, { codes, isPrivate, ...options });
}
