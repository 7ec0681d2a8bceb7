import type { Diagnostic } from "../../core/diagnostic.ts";
import { fullKey, keyIdentity } from "../../core/resource.ts";
import type { KnownManifest } from "../loaded.ts";
import { lineOf, type Rule } from "./rule.ts";

/** A name belongs to one manifest of a kind and folder. */
export const duplicateNames: Rule = function* (manifests): Iterable<Diagnostic> {
  const first = new Map<string, KnownManifest>();
  for (const manifest of manifests) {
    const identity = keyIdentity(manifest.key);
    const before = first.get(identity);
    if (before === undefined) {
      first.set(identity, manifest);
      continue;
    }
    yield {
      code: "MF019",
      severity: "error",
      message: `${fullKey(manifest.key)} occurs twice`,
      source: manifest.at(["metadata", "name"]),
      remark: `first at ${lineOf(before.at(["metadata", "name"], "place"))}`,
      key: manifest.key,
    };
  }
};
