import type { Diagnostic } from "../core/diagnostic.ts";
import { fold } from "../core/fold.ts";
import { fullKey, keyIdentity, shortKey, type Kind, type ResourceKey } from "../core/resource.ts";
import { selectorOf } from "../core/selector.ts";
import { isOwn } from "../core/shard-of.ts";
import type { Shard } from "../core/shard.ts";
import type { AnyResource } from "../kinds/any.ts";
import type { KnownManifest } from "../manifest/loaded.ts";
import type { Chosen } from "./select.ts";

/** Kinds of which each shard does the entries that are its own; of all others one shard does the whole. */
const splitKinds: ReadonlySet<Kind> = new Set(["QueueItems", "Review"]);

/** The manifests that a shard has a part in, and the dependencies that it could not keep; without shards all. */
export function chooseShard(chosen: Chosen, shard: Shard | undefined): Chosen {
  if (shard === undefined) return chosen;
  const { manifests } = chosen;
  const keys = manifests.map(({ key }) => key);
  const names = wholeNames(manifests.map(({ resource }) => resource));
  return {
    manifests: manifests.flatMap((manifest): KnownManifest[] => {
      const { resource } = manifest;
      if (!splitKinds.has(resource.kind)) {
        return isOwn(shard, names.get(keyIdentity(resource.key)) ?? nameOf(resource.key)) ? [manifest] : [];
      }
      return [resource.part === undefined ? { ...manifest, resource: { ...resource, part: { shard } } } : manifest];
    }),
    diagnostics: [...chosen.diagnostics, ...manifests.flatMap((manifest) => acrossShards(manifest, keys))],
  };
}

/** By what something that is done whole is divided. */
function nameOf({ kind, folder, name }: ResourceKey): readonly string[] {
  return [kind, fold(folder), fold(name)];
}

/**
 * The name that decides for each resource that is done whole: of those that depend on each other, or may want to stop the
 * same jobs, the smallest, so that one shard sees all of them.
 */
function wholeNames(resources: readonly AnyResource[]): ReadonlyMap<string, readonly string[]> {
  const whole = resources.filter(({ kind }) => !splitKinds.has(kind));
  const known = new Map(whole.map(({ key }) => [keyIdentity(key), JSON.stringify(nameOf(key))]));
  const stoppers = Map.groupBy(whole.filter(mayStop), ({ key }) => fold(key.folder));
  const groups = [
    ...whole.map(({ key, dependsOn }) => [key, ...dependsOn].map(keyIdentity)),
    ...[...stoppers.values()].map((group) => group.map(({ key }) => keyIdentity(key))),
  ].map((group) => group.filter((identity) => known.has(identity)));
  for (let changed = true; changed;) {
    changed = false;
    for (const group of groups) {
      const smallest = group.map((identity) => known.get(identity) ?? "").toSorted()[0] ?? "";
      for (const identity of group.filter((each) => known.get(each) !== smallest)) {
        known.set(identity, smallest);
        changed = true;
      }
    }
  }
  return new Map([...known].map(([identity, text]) => [identity, JSON.parse(text) as string[]]));
}

/** What two of these want of one job is a conflict, and only a plan with both sees it. */
function mayStop(resource: AnyResource): boolean {
  return resource.kind === "StoppedJobs" || (resource.kind === "Job" && resource.spec.concurrency !== undefined);
}

function acrossShards({ key, resource, at }: KnownManifest, all: readonly ResourceKey[]): Diagnostic[] {
  const selected = new Set(all.map(keyIdentity));
  return resource.dependsOn.flatMap((dependency): Diagnostic[] => {
    const isWithin = !splitKinds.has(key.kind) && !splitKinds.has(dependency.kind);
    if (isWithin || !selected.has(keyIdentity(dependency))) return [];
    const other = fold(dependency.folder) === fold(key.folder) ? shortKey(dependency) : fullKey(dependency);
    const message = `${shortKey(key)} depends on ${other}, and no shard knows when the others have ended`;
    const later = selectorOf(splitKinds.has(dependency.kind) ? key : dependency, all);
    const hint = splitKinds.has(dependency.kind)
      ? `shards first, with --exclude '${later}'; when all have ended, --select '${later}' without --shard`
      : `--select '${later}' first, without --shard; when it has ended, the shards with --exclude '${later}'`;
    return [{ code: "MF051", severity: "error", message, hint, source: at(["spec", "dependsOn"], "key"), key }];
  });
}
