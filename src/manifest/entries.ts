import { realpath } from "node:fs/promises";
import { resolve } from "node:path";
import type { Diagnostic } from "../core/diagnostic.ts";
import type { List, MakeSpool } from "../core/list.ts";
import { shortKey, type ResourceKey } from "../core/resource.ts";
import type { Shard } from "../core/shard.ts";
import { ofKind } from "./rules/rule.ts";
import { EntrySpool } from "../kinds/queue-items/entry-spool.ts";
import type { QueueItemEntry } from "../kinds/queue-items/spec.ts";
import type { KnownManifest } from "./loaded.ts";
import { OwnEntries } from "./own-entries.ts";
import { queueIdentity, ReferenceIndex, type QueueIdentity } from "./reference-index.ts";
import { duplicateReferences, remarkOn } from "./rules/duplicate-references.ts";
import { Findings } from "./sources/findings.ts";
import { sourceName } from "./sources/open.ts";
import type { SourceLimits, SourceRequest } from "./sources/request.ts";

export interface EntryOptions extends SourceLimits {
  /** False: rows of sources are checked and forgotten. */
  readonly keepItems: boolean;
  /** Where the rows of sources go. */
  readonly makeSpool: MakeSpool;
  /** Whose items and rows are kept. Left out: everybody's. */
  readonly shard?: Shard | undefined;
}

/** What the sources of all manifests hold, and what is wrong with references anywhere. */
export interface Entries {
  /** With the rows of their sources behind their items, where they are kept. */
  readonly manifests: readonly KnownManifest[];
  readonly diagnostics: readonly Diagnostic[];
  /** How many data files they name. */
  readonly sources: number;
  /** How many rows they have together. */
  readonly rows: number;
}

/**
 * Reads all sources, one after the other, and compares all references: of each manifest, in the order of their places,
 * first the items, then the source.
 */
export async function readEntries(manifests: readonly KnownManifest[], options: EntryOptions): Promise<Entries> {
  const index = new ReferenceIndex();
  const diagnostics: Diagnostic[] = [];
  const filled = new Map<KnownManifest, KnownManifest>();
  const sources = new Set<string>();
  const owners = new Map<string, ResourceKey>();
  let rows = 0;
  for (const manifest of ofKind(manifests, "QueueItems")) {
    const { resource, key, at, rows: source } = manifest;
    for (const duplicate of duplicateReferences(manifest, index)) diagnostics.push(duplicate);
    const { queue } = resource.spec;
    const own = new OwnEntries(queue, options.shard);
    const filledWith = (items: List<QueueItemEntry>): KnownManifest => {
      const { part } = own;
      const spec = { ...resource.spec, items };
      return { ...manifest, resource: { ...resource, spec, ...(part === undefined ? {} : { part }) } };
    };
    if (source === undefined) {
      if (options.shard !== undefined) filled.set(manifest, filledWith(own.of(resource.spec.items)));
      continue;
    }
    const sensitive = new Set(resource.spec.sensitive);
    const request = { ...source, queue, at, sensitive };
    const name = sourceName(request, options.cwd);
    sources.add(name);
    const identity = queueIdentity(key.folder, queue);
    const rowsIdentity = await identityOfRows(request, identity);
    const owner = owners.get(rowsIdentity);
    if (owner !== undefined) {
      diagnostics.push({ ...alreadyRead(request, name, owner), key });
      continue;
    }
    owners.set(rowsIdentity, key);
    const findings = new Findings(name, key);
    const items = new EntrySpool(options.makeSpool);
    for (const item of own.of(resource.spec.items)) items.push(item);
    const claim = (reference: string, file: string, line: number): string | undefined => {
      // Two rows of one reference are of one shard, which sees both.
      if (!own.has(reference)) return undefined;
      const first = index.claim(identity, reference, file, line);
      return first === undefined ? undefined : remarkOn(first);
    };
    const { sourceEntries } = await import("./sources/source.ts"); // which most manifests do without
    for await (const batch of sourceEntries(request, options, findings, claim)) {
      if (options.keepItems) for (const entry of own.of(batch)) items.push(entry);
    }
    for (const diagnostic of findings.diagnostics) diagnostics.push(diagnostic);
    filled.set(manifest, filledWith(items.done()));
    rows += findings.rows;
  }
  return {
    manifests: manifests.map((manifest) => filled.get(manifest) ?? manifest),
    diagnostics,
    sources: sources.size,
    rows,
  };
}

/** Equal for sources whose rows have the same references in the same queue: all of them would be duplicates. */
async function identityOfRows({ base, source, fromContent }: SourceRequest, queue: QueueIdentity): Promise<string> {
  const path = resolve(base, source.file);
  const file = await realpath(path).catch(() => path); // what is wrong with it is told when it is opened
  const content = fromContent || source.reference === undefined ? source.content : undefined;
  return JSON.stringify([queue, file, source.reference ?? null, fromContent, content ?? null]);
}

function alreadyRead({ queue, at }: SourceRequest, name: string, owner: ResourceKey): Diagnostic {
  return {
    code: "QI007",
    severity: "error",
    message: `${name} is already the source of ${shortKey(owner)} for queue ${queue}`,
    hint: "merge the two manifests, or give this one another file or a source.reference of its own",
    source: at(["spec", "source", "file"]),
  };
}
