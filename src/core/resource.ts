import { fold } from "./fold.ts";
import type { Part } from "./shard.ts";
import type { SourceSpan } from "./source.ts";

/** The kinds of manifest, in the order in which plans list them within a level. */
export const kinds = ["QueueItems", "Job", "StoppedJobs", "Review"] as const;
export type Kind = (typeof kinds)[number];

/** The stable identity of a resource: nothing else decides what is compared with what. */
export interface ResourceKey {
  readonly kind: Kind;
  /** The folder's full path, as the manifest spells it. */
  readonly folder: string;
  readonly name: string;
}

/** A resource, or one entry of it: a queue item by its reference, a job or a reviewed item by its id. */
export interface Key extends ResourceKey {
  readonly entry?: string;
}

/** One manifest, checked and normalised; `Spec` is what the kind makes of `spec`. */
export interface DesiredResource<Spec = unknown> {
  readonly key: ResourceKey;
  readonly labels: Readonly<Record<string, string>>;
  readonly dependsOn: readonly ResourceKey[];
  readonly spec: Spec;
  /** What of it is one shard's. Left out: all of it. */
  readonly part?: Part;
  /** Where the document begins. */
  readonly source: SourceSpan;
  /** Where its fields stand, by their path below `spec` (`queue`, `inputArguments.month`), and `folder`. Items aside. */
  readonly places?: Readonly<Record<string, SourceSpan>>;
}

/** `Job/smoke-test`: what people read; the folder is named once, above. */
export function shortKey(key: ResourceKey): string {
  return `${key.kind}/${key.name}`;
}

/** `Job/smoke-test@Finance/Invoices`, with `#INV-001` for an entry: unambiguous in messages and reports. */
export function fullKey(key: Key): string {
  return `${shortKey(key)}@${key.folder}${key.entry === undefined ? "" : `#${key.entry}`}`;
}

/** Equal for keys that the server takes for the same thing. */
export function keyIdentity(key: Key): string {
  return JSON.stringify([key.kind, fold(key.folder), fold(key.name), key.entry === undefined ? null : fold(key.entry)]);
}
