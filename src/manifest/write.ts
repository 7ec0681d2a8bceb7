import { formatPath } from "../core/locate.ts";
import type { JsonValue } from "../core/json.ts";
import { writeYaml, type Instead } from "../document/write.ts";
import { sensitiveKeys, sensitivePaths } from "./sensitive.ts";

/**
 * Manifests as the YAML that says the same without overlays and references. Values under `sensitive` content keys are
 * `(sensitive)`.
 */
export function writeManifests(documents: readonly JsonValue[]): string {
  return writeYaml(documents, documents.map(withoutSensitive));
}

function withoutSensitive(document: JsonValue): Instead {
  const hidden = new Set(sensitivePaths(document, sensitiveKeys(document)).map(formatPath));
  return (path) => (hidden.size > 0 && hidden.has(formatPath(path)) ? "(sensitive)" : undefined);
}
