import { formatPath } from "../core/locate.ts";
import { concealed, secretsIn } from "../core/secret.ts";
import { writeYaml, type AsIs } from "../document/write.ts";
import type { ManifestDocument } from "./loaded.ts";
import { hiddenPaths, placeholder } from "./secrets.ts";

/**
 * Manifests as the YAML that says the same without overlays and references. Secrets stay references; other values under
 * hidden content keys are `(sensitive)`, which is refused when it is read.
 */
export function writeManifests(documents: readonly ManifestDocument[]): string {
  return writeYaml(
    documents.map(({ value }) => concealed(value)),
    documents.map(texts),
  );
}

function texts({ value, pending }: ManifestDocument): AsIs {
  const found = new Map<string, string | true>(hiddenPaths(value).map((path) => [formatPath(path), placeholder]));
  for (const path of pending) found.set(formatPath(path), true);
  for (const { path, secret } of secretsIn(value)) found.set(formatPath(path), secret.written);
  return found.size === 0 ? () => undefined : (path) => found.get(formatPath(path));
}
