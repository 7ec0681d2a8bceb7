import type { Diagnostic } from "../../core/diagnostic.ts";
import type { Kind } from "../../core/resource.ts";
import type { SourceSpan } from "../../core/source.ts";
import type { ResourceOf } from "../../kinds/any.ts";
import type { KnownManifest } from "../loaded.ts";

/** Something that must hold over all manifests together. They come in the order of their places. */
export type Rule = (manifests: readonly KnownManifest[]) => Iterable<Diagnostic>;

/** The manifests of one kind, each with its resource. */
export function ofKind<K extends Kind>(
  manifests: readonly KnownManifest[],
  kind: K,
): (KnownManifest & { readonly resource: ResourceOf<K> })[] {
  return manifests.filter((manifest): manifest is KnownManifest & { readonly resource: ResourceOf<K> } => {
    return manifest.resource.kind === kind;
  });
}

/** `manifests/march.yaml:9` */
export function lineOf({ file, line }: SourceSpan): string {
  return `${file}:${line}`;
}
