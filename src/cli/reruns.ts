import { UsageError } from "../core/errors.ts";
import { nearest } from "../core/nearest.ts";
import type { ResourceKey } from "../core/resource.ts";

/**
 * Which jobs `--rerun` names, by `metadata.name`. @throws UsageError for a name that no selected Job manifest has: what is
 * asked for must not be passed over in silence.
 */
export function rerunsOf(
  names: readonly string[],
  resources: readonly { readonly key: ResourceKey }[],
): (key: ResourceKey) => boolean {
  const jobs = new Set(resources.flatMap(({ key }) => (key.kind === "Job" ? [key.name] : [])));
  const unknown = names.find((name) => !jobs.has(name));
  if (unknown !== undefined) {
    const meant = nearest(unknown, [...jobs]);
    const hint = meant === undefined ? "it names Job manifests by metadata.name" : `did you mean ${meant}?`;
    throw new UsageError(`--rerun ${unknown}: no selected Job manifest has this name`, { hint });
  }
  return ({ kind, name }) => kind === "Job" && names.includes(name);
}
