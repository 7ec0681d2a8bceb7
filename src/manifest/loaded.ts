import type { Locate, Path } from "../core/locate.ts";
import type { ResourceKey } from "../core/resource.ts";
import type { JsonWithSecrets } from "../core/secret.ts";
import type { SourceSpan } from "../core/source.ts";
import type { AnyResource } from "../kinds/any.ts";
import type { SourceRequest } from "./sources/request.ts";

/** A document with overlays and values, and nothing filled in. */
export interface ManifestDocument {
  readonly value: JsonWithSecrets;
  /** Texts that are still as written, because only a target gives what they name. */
  readonly pending: readonly Path[];
}

/** One manifest document, as far as it was understood. */
export interface LoadedManifest {
  /** Missing when kind or name are not readable. */
  readonly key?: ResourceKey;
  /** Missing when the document is too broken to say what it wants. */
  readonly resource?: AnyResource;
  /** What `dependsOn` says, unread, in its places; undefined for what could not be read or is not known yet. */
  readonly dependsOn: readonly (string | undefined)[];
  readonly document: ManifestDocument;
  /** Where more items are: its rows are read when all manifests are known. */
  readonly rows?: Pick<SourceRequest, "source" | "fromContent" | "base">;
  readonly at: Locate;
  readonly source: SourceSpan;
}

/** A manifest whose resource is known: what rules over all manifests look at. */
export type KnownManifest = LoadedManifest & { readonly key: ResourceKey; readonly resource: AnyResource };

/** True when the manifest's resource is known. */
export function isKnown(manifest: LoadedManifest): manifest is KnownManifest {
  return manifest.key !== undefined && manifest.resource !== undefined;
}
