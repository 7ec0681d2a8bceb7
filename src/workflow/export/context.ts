import type { PlanFolder } from "../../core/plan.ts";
import type { Kind } from "../../core/resource.ts";
import type { JsonWithSecrets } from "../../core/secret.ts";
import { manifestApiVersion } from "../../core/formats.ts";
import type { AnyResource } from "../../kinds/any.ts";
import type { ManifestDocument } from "../../manifest/loaded.ts";
import type { TenantReader } from "../../orchestrator/index.ts";

/** Where manifests and what is too long for them go. */
export interface ExportSink {
  /** `file`: what to call it, without an ending. */
  document(document: ManifestDocument, file: string): void;
  /** A file for rows beside the manifest; undefined where there is only one stream. */
  rows?(file: string): RowsFile;
  /** What a reader of the manifests has to know. */
  note(text: string): void;
}

export interface RowsFile extends Disposable {
  /** As `source.file` names it. */
  readonly name: string;
  /** Whole lines. */
  write(lines: string): void;
  finish(): void;
}

/** What every part of an export works with. */
export interface ExportContext {
  readonly reader: TenantReader;
  readonly sink: ExportSink;
  /** The project's own manifests: they know what is secret or sensitive. */
  readonly known: readonly AnyResource[];
  /** Gives a name that no other manifest of the kind and folder has. */
  readonly nameOf: (kind: Kind, folder: PlanFolder, from: string) => string;
  readonly signal: AbortSignal;
}

/** A manifest as it is written. */
export function manifest(kind: Kind, name: string, folder: PlanFolder, spec: JsonWithSecrets): ManifestDocument {
  const value = { apiVersion: manifestApiVersion, kind, metadata: { name, folder: folder.path }, spec };
  return { value, pending: [] };
}

/** Names for manifests: of what the tenant calls it, what a manifest's name may hold. */
export function names(): ExportContext["nameOf"] {
  const taken = new Set<string>();
  return (kind, folder, from) => {
    const plain = from.toLowerCase().replaceAll(/[^a-z0-9.-]+/g, "-");
    const base = plain.replaceAll(/^[-.]+|[-.]+$/g, "").slice(0, 58) || kind.toLowerCase();
    for (let count = 1; ; count++) {
      const name = count === 1 ? base : `${base}-${count}`;
      const identity = JSON.stringify([kind, folder.key, name]);
      if (taken.has(identity)) continue;
      taken.add(identity);
      return name;
    }
  };
}
