import { keyIdentity, kinds, type DesiredResource, type ResourceKey } from "./resource.ts";

/** What a set of resources depends on, as levels: everything in a level may go side by side. */
export interface Levels {
  /** Level by `keyIdentity`; dependencies have lower ones. */
  readonly level: ReadonlyMap<string, number>;
  /** Each cycle once, in the order of its arrows, first member repeated at the end. */
  readonly cycles: readonly (readonly ResourceKey[])[];
}

/** Levels by longest path. Dependencies that are not in the set count as done. */
export function levels(resources: readonly Pick<DesiredResource, "key" | "dependsOn">[]): Levels {
  const byIdentity = new Map(resources.map((resource) => [keyIdentity(resource.key), resource]));
  const level = new Map<string, number>();
  const cycles: ResourceKey[][] = [];
  const path: string[] = [];

  function visit(identity: string): number {
    const known = level.get(identity);
    if (known !== undefined) return known;
    const resource = byIdentity.get(identity);
    if (resource === undefined) return -1;
    const start = path.indexOf(identity);
    if (start >= 0) {
      cycles.push([...path.slice(start), identity].flatMap((member) => byIdentity.get(member)?.key ?? []));
      return -1;
    }
    path.push(identity);
    const own = 1 + Math.max(-1, ...resource.dependsOn.map((key) => visit(keyIdentity(key))));
    path.pop();
    level.set(identity, own);
    return own;
  }

  for (const identity of byIdentity.keys()) visit(identity);
  return { level, cycles };
}

/** The order of resources in a plan: level, kind, folder, name. */
export function compareResources(
  a: { readonly key: ResourceKey; readonly level: number },
  b: { readonly key: ResourceKey; readonly level: number },
): number {
  return (
    a.level - b.level ||
    kinds.indexOf(a.key.kind) - kinds.indexOf(b.key.kind) ||
    compare(a.key.folder, b.key.folder) ||
    compare(a.key.name, b.key.name)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
