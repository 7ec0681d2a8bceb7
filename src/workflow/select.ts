import type { Diagnostic } from "../core/diagnostic.ts";
import { fold } from "../core/fold.ts";
import { fullKey, keyIdentity, shortKey, type ResourceKey } from "../core/resource.ts";
import { parseSelector, selectSome, type Selector } from "../core/selector.ts";
import type { KnownManifest } from "../manifest/loaded.ts";

/** The command line's selection. @throws UsageError when an expression is malformed. */
export function readSelectors(options: {
  readonly select: readonly string[];
  readonly exclude: readonly string[];
}): Selector[] {
  return [
    ...options.select.map((text) => parseSelector(text, "--select")),
    ...options.exclude.map((text) => parseSelector(text, "--exclude")),
  ];
}

export interface Chosen {
  readonly manifests: readonly KnownManifest[];
  /** A warning for each dependency of what is kept that is left out. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The manifests that a selection keeps; without one all.
 * @throws UsageError when an expression matches nothing, or nothing is left.
 */
export function chooseManifests(all: readonly KnownManifest[], selectors: readonly Selector[]): Chosen {
  if (selectors.length === 0) return { manifests: all, diagnostics: [] };
  const kept = new Set(
    selectSome(
      all.map(({ resource }) => resource),
      selectors,
    ),
  );
  const manifests = all.filter(({ resource }) => kept.has(resource));
  const known = new Set(all.map(({ key }) => keyIdentity(key)));
  const selected = new Set(manifests.map(({ key }) => keyIdentity(key)));
  const isLeftOut = (key: ResourceKey): boolean => known.has(keyIdentity(key)) && !selected.has(keyIdentity(key));
  return { manifests, diagnostics: manifests.flatMap((manifest) => notSelected(manifest, isLeftOut)) };
}

function notSelected(manifest: KnownManifest, isLeftOut: (key: ResourceKey) => boolean): Diagnostic[] {
  const { key, resource, at } = manifest;
  return resource.dependsOn.filter(isLeftOut).map((dependency) => {
    const inFolder = fold(dependency.folder) === fold(key.folder);
    const message = `${shortKey(key)} depends on ${inFolder ? shortKey(dependency) : fullKey(dependency)}, which is not selected: it counts as done`;
    const names = new Set([shortKey(dependency), fullKey(dependency)].map(fold));
    const index = manifest.dependsOn.findIndex((text) => text !== undefined && names.has(fold(text)));
    const source = index < 0 ? at(["spec", "dependsOn"], "key") : at(["spec", "dependsOn", index]);
    return { code: "MF047", severity: "warning", message, source, key };
  });
}
