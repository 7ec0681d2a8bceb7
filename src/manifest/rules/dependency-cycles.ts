import type { Diagnostic } from "../../core/diagnostic.ts";
import { levels } from "../../core/order.ts";
import { keyIdentity, shortKey, type ResourceKey } from "../../core/resource.ts";
import type { KnownManifest } from "../loaded.ts";
import type { Rule } from "./rule.ts";

/** Dependencies lead somewhere. */
export const dependencyCycles: Rule = function* (manifests): Iterable<Diagnostic> {
  const byIdentity = new Map(manifests.map((manifest) => [keyIdentity(manifest.key), manifest]));
  for (const cycle of levels(manifests.map(({ resource }) => resource)).cycles) {
    const [start] = cycle;
    const manifest = start === undefined ? undefined : byIdentity.get(keyIdentity(start));
    if (manifest === undefined) continue;
    yield {
      code: "MF021",
      severity: "error",
      message: `dependencies form a cycle: ${cycle.map(shortKey).join(" → ")}`,
      source: manifest.at(["spec", "dependsOn", indexOf(manifest, cycle[1])]),
      key: manifest.key,
    };
  }
};

/** The entry of `dependsOn` that leads into the cycle. */
function indexOf({ resource }: KnownManifest, next: ResourceKey | undefined): number {
  const identity = next === undefined ? "" : keyIdentity(next);
  return Math.max(
    0,
    resource.dependsOn.findIndex((key) => keyIdentity(key) === identity),
  );
}
