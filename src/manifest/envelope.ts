import type { Diagnostic } from "../core/diagnostic.ts";
import { manifestApiVersion } from "../core/formats.ts";
import { isRecord, type JsonValue } from "../core/json.ts";
import type { Locate, Path } from "../core/locate.ts";
import { nearest } from "../core/nearest.ts";
import { kinds } from "../core/resource.ts";

/** What keeps a document from being a manifest of a known kind. */
export function envelopeProblems(value: JsonValue, at: Locate): Diagnostic[] {
  const root: Path = [];
  if (!isRecord(value)) {
    const message = `a manifest must be a mapping, not ${Array.isArray(value) ? "a list" : "a plain value"}`;
    return [{ code: "MF007", severity: "error", message, source: at(root) }];
  }
  const { apiVersion, kind } = value;
  if (apiVersion === undefined && kind === undefined) {
    const hint = `a manifest begins with apiVersion: ${manifestApiVersion} and its kind`;
    return [{ code: "MF007", severity: "error", message: "apiVersion and kind are missing", hint, source: at(root) }];
  }
  const diagnostics: Diagnostic[] = [];
  if (apiVersion !== manifestApiVersion) {
    const message =
      apiVersion === undefined ? "apiVersion is missing" : `apiVersion ${JSON.stringify(apiVersion)} is not known`;
    const source = at(apiVersion === undefined ? root : ["apiVersion"]);
    diagnostics.push({
      code: "MF008",
      severity: "error",
      message,
      hint: `write apiVersion: ${manifestApiVersion}`,
      source,
    });
  }
  if (!kinds.some((known) => known === kind)) diagnostics.push(unknownKind(kind, at));
  return diagnostics;
}

function unknownKind(kind: unknown, at: Locate): Diagnostic {
  const meant = typeof kind === "string" ? nearest(kind, kinds) : undefined;
  return {
    code: "MF009",
    severity: "error",
    message: kind === undefined ? "kind is missing" : `kind ${JSON.stringify(kind)} is not known`,
    hint: meant === undefined ? `known are ${kinds.join(", ")}` : `did you mean ${JSON.stringify(meant)}?`,
    source: at(kind === undefined ? [] : ["kind"]),
  };
}
