import type { Check, CheckUp } from "../../core/check-up.ts";
import { doctorFormat } from "../../core/formats.ts";
import type { JsonObject } from "../../core/json.ts";
import { object } from "./parts.ts";

/** The check-up as `schemas/doctor.schema.json` describes it. */
export function checkUpJson({ target, at, checks, probe }: CheckUp): JsonObject {
  return object({
    format: doctorFormat,
    target: { ...target },
    at,
    checks: checks.map(checkJson),
    probe: probe && {
      answers: probe.answers.map(({ question, answer, text }) => object({ question, answer, text })),
      capabilities: object({
        apiVersion: probe.apiVersion,
        ...Object.fromEntries(probe.answers.map(({ question, answer }) => [question, answer])),
      }),
    },
  });
}

function checkJson(check: Check): JsonObject {
  const { id, kind, state } = check;
  if (check.state === "skipped") return object({ id, kind, state, after: check.after });
  if (check.state === "fine") return object({ id, kind, state, text: check.text });
  const { text, hint, cause, missing } = check;
  return object({ id, kind, state, text, hint, cause, missing: missing && [...missing] });
}
