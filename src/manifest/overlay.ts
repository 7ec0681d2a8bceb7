import type { Diagnostic } from "../core/diagnostic.ts";
import { fold } from "../core/fold.ts";
import { isRecord, type JsonValue } from "../core/json.ts";
import type { Locate } from "../core/locate.ts";
import { nearest } from "../core/nearest.ts";
import { kinds } from "../core/resource.ts";
import { formatPlace } from "../core/source.ts";
import { overlaid } from "../document/overlaid.ts";
import type { YamlDocument } from "../document/parse.ts";
import { described } from "../document/phrases.ts";
import { envelopeProblems } from "./envelope.ts";
import { readFiles, type ReadOptions } from "./read.ts";
import { hiddenPaths } from "./secrets.ts";

interface MatchOptions {
  /** For manifests that name no folder. */
  readonly defaultFolder: string | undefined;
  /**
   * Files of the project that could not be read: what an overlay is for may be in them.
   * @default []
   */
  readonly unread?: readonly string[];
}

export interface OverlayOptions extends ReadOptions, MatchOptions {
  /** `--overlay`: files and folders, in the order in which they apply. */
  readonly overlays: readonly string[];
}

/** Overlays that were matched with manifests. */
export interface Overlays {
  /** The document with all that lies over it; the document itself where nothing does. */
  apply(document: YamlDocument): YamlDocument;
  readonly diagnostics: readonly Diagnostic[];
  /** How many files were read. */
  readonly files: number;
}

/**
 * Reads overlays and finds the manifests that they patch, by kind and name as both are written: `${…}` is replaced
 * later, so that an overlay can replace a value that is not set. `documents` are all of the project's manifests.
 */
export async function readOverlays(documents: readonly YamlDocument[], options: OverlayOptions): Promise<Overlays> {
  const matcher = new Matcher(documents, options);
  const patches = new Map<YamlDocument, YamlDocument[]>();
  const diagnostics: Diagnostic[] = [];
  let files = 0;
  for (const path of options.overlays) {
    const read = await readFiles([path], options);
    files += read.files.length;
    const all = read.files.flatMap((file) => file.documents);
    const matched = matchAll(all, matcher);
    diagnostics.push(...read.diagnostics, ...matched.diagnostics);
    if (all.length === 0 && read.diagnostics.length === 0) diagnostics.push(noneFound(path));
    for (const [document, patch] of matched.patches) patches.set(document, [...(patches.get(document) ?? []), patch]);
  }
  return {
    apply(document) {
      const above = patches.get(document);
      return above === undefined ? document : overlaid(document, above);
    },
    diagnostics,
    files,
  };
}

interface Matched {
  readonly patches: ReadonlyMap<YamlDocument, YamlDocument>;
  readonly diagnostics: readonly Diagnostic[];
}

/** The documents of one `--overlay`: at most one for each manifest, so that their order never matters. */
function matchAll(overlays: readonly YamlDocument[], matcher: Matcher): Matched {
  const patches = new Map<YamlDocument, YamlDocument>();
  const disputed = new Set<YamlDocument>();
  const diagnostics: Diagnostic[] = [];
  for (const overlay of overlays) {
    const match = matcher.match(overlay);
    diagnostics.push(...match.diagnostics);
    for (const target of match.targets) {
      const before = patches.get(target);
      if (before === undefined) patches.set(target, match.patch);
      else disputed.add(target);
      if (before !== undefined && target === match.targets[0]) diagnostics.push(secondFor(overlay, before));
    }
  }
  // Neither is applied, so that what else is found does not depend on which came first.
  for (const target of disputed) patches.delete(target);
  return { patches, diagnostics };
}

/** The kind, name and folder of a document, as they are written. */
interface Identity {
  readonly kind: string;
  readonly name: string;
  readonly folder: string | undefined;
}

interface Match {
  readonly targets: readonly YamlDocument[];
  /** What of the overlay changes the manifest: all but what names it. */
  readonly patch: YamlDocument;
  readonly diagnostics: readonly Diagnostic[];
}

/** A manifest's document, and what it is called. */
interface Known extends Identity {
  readonly document: YamlDocument;
}

/** Comparing a name with all others takes time, and after so many that match nothing one more hint helps nobody. */
const maxSuggestions = 50;

/**
 * Finds manifests by what their documents are called. Names are folded once and looked up, so that the time grows with
 * manifests plus overlays, not with their product. No test measures it: one that did would fail on a busy machine.
 */
class Matcher {
  /** By kind, then by folded name, then by folded folder. */
  readonly #known = new Map<string, Map<string, Map<string, Known[]>>>();
  readonly #names = new Map<string, string[]>();
  readonly #folderNames = new Map<ReadonlyMap<string, readonly Known[]>, string>();
  readonly #unread: readonly string[];
  #suggestions = 0;

  constructor(documents: readonly YamlDocument[], { defaultFolder, unread = [] }: MatchOptions) {
    this.#unread = unread;
    for (const document of documents) {
      const identity = identityOf(document.value);
      if (identity === undefined || !kinds.some((kind) => kind === identity.kind)) continue;
      this.#add({ ...identity, folder: identity.folder ?? trimmed(defaultFolder), document });
    }
  }

  #add(known: Known): void {
    const byName = entryOf(this.#known, known.kind, () => new Map<string, Map<string, Known[]>>());
    const byFolder = entryOf(byName, fold(known.name), () => new Map<string, Known[]>());
    entryOf(byFolder, fold(known.folder ?? ""), (): Known[] => []).push(known);
    entryOf(this.#names, known.kind, (): string[] => []).push(known.name);
  }

  match(overlay: YamlDocument): Match {
    const at = locator(overlay);
    const refuse = (...diagnostics: Diagnostic[]): Match => ({ targets: [], patch: overlay, diagnostics });
    const identity = identityOf(overlay.value);
    if (identity === undefined || !kinds.some((kind) => kind === identity.kind)) {
      return refuse(...notForManifests(overlay, identity));
    }
    const envelope = envelopeProblems(overlay.value, at);
    if (envelope.length > 0) return refuse(...envelope);
    const folders = this.#known.get(identity.kind)?.get(fold(identity.name));
    if (folders === undefined) return refuse(this.#nothing(identity, overlay));
    const [only = []] = folders.values();
    if (folders.size === 1) return found(only, asPatch(overlay, { withFolder: true }));
    const meant = identity.folder === undefined ? undefined : folders.get(fold(identity.folder));
    if (meant === undefined) return refuse(severalFolders(identity, this.#namesOf(folders), overlay));
    return found(meant, asPatch(overlay, { withFolder: false }));
  }

  /** Made once for all overlays that fit several. */
  #namesOf(folders: ReadonlyMap<string, readonly Known[]>): string {
    const names = (): string => {
      const written = [...folders.values()].flat().map(({ folder }) => folder ?? "(none)");
      return someOf([...new Set(written)].toSorted(), 20);
    };
    return entryOf(this.#folderNames, folders, names);
  }

  #nothing(identity: Identity, overlay: YamlDocument): Diagnostic {
    const message = `there is no ${identity.kind}/${identity.name} to overlay`;
    const source = locator(overlay)(["metadata", "name"]);
    return { code: "MF043", severity: "error", message, hint: this.#hint(identity), source };
  }

  #hint({ kind, name }: Identity): string {
    // Such a file may hold the very name, so that no other is a good guess.
    if (this.#unread.length > 0) return `it may be in ${someOf(this.#unread, 3)}, which could not be read`;
    const meant = this.#suggestions++ < maxSuggestions ? nearest(name, this.#names.get(kind) ?? []) : undefined;
    if (meant !== undefined) return `did you mean ${JSON.stringify(meant)}?`;
    const otherKind = kinds.find((each) => this.#known.get(each)?.has(fold(name)) === true);
    if (otherKind !== undefined) return `did you mean kind ${otherKind}?`;
    return "pass the file that holds the manifest, or remove the overlay";
  }
}

function entryOf<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const before = map.get(key);
  if (before !== undefined) return before;
  const made = make();
  map.set(key, made);
  return made;
}

/** The first names, and how many more. */
function someOf(names: readonly string[], shown: number): string {
  const more = names.length - shown;
  return `${names.slice(0, shown).join(", ")}${more > 0 ? ` or ${more} more` : ""}`;
}

function found(named: readonly { readonly document: YamlDocument }[], patch: YamlDocument): Match {
  return { targets: named.map(({ document }) => document), patch, diagnostics: [] };
}

function identityOf(value: JsonValue): Identity | undefined {
  const metadata = isRecord(value) ? value["metadata"] : undefined;
  if (!isRecord(value) || !isRecord(metadata)) return undefined;
  const { kind } = value;
  const { name, folder } = metadata;
  if (typeof kind !== "string" || typeof name !== "string") return undefined;
  return { kind, name, folder: typeof folder === "string" ? trimmed(folder) : undefined };
}

/** Without slashes at its ends, as the manifest's own folder will be. */
function trimmed(folder: string | undefined): string | undefined {
  return folder?.trim().replace(/^\/+|\/+$/g, "");
}

/**
 * Without what names the manifest: the manifest's own apiVersion, kind and name stay and are checked. A folder that
 * told several manifests apart has done its work; otherwise it is part of the patch, and moves the resource.
 */
function asPatch(overlay: YamlDocument, { withFolder }: { readonly withFolder: boolean }): YamlDocument {
  if (!isRecord(overlay.value)) return overlay;
  const { apiVersion: _apiVersion, kind: _kind, metadata, ...rest } = overlay.value;
  const { name: _name, ...more } = isRecord(metadata) ? metadata : {};
  const { folder: _folder, ...others } = more;
  return { ...overlay, value: { metadata: withFolder ? more : others, ...rest } };
}

function notForManifests(overlay: YamlDocument, identity: Identity | undefined): Diagnostic[] {
  const at = locator(overlay);
  const envelope = envelopeProblems(overlay.value, at);
  const kind = isRecord(overlay.value) ? overlay.value["kind"] : undefined;
  if (kind === "Config" || kind === "Tenant") {
    const message = `an overlay is for a manifest, not for kind ${kind}`;
    return [{ code: "MF046", severity: "error", message, hint: `kinds are ${kinds.join(", ")}`, source: at(["kind"]) }];
  }
  if (envelope.length > 0 || identity !== undefined) return envelope;
  return [{ code: "MF046", severity: "error", ...noName(overlay.value, at) }];
}

/** Where there is no name that is text: what stands in its place. */
function noName(value: JsonValue, at: Locate): Pick<Diagnostic, "message" | "source"> {
  const purpose = "which says what manifest the overlay is for";
  const metadata = isRecord(value) ? value["metadata"] : undefined;
  if (metadata !== undefined && !isRecord(metadata)) {
    const message = `metadata must be a mapping with the name, ${purpose}, not ${described(metadata)}`;
    return { message, source: at(["metadata"]) };
  }
  const name = metadata?.["name"];
  if (name === undefined) {
    return { message: `metadata.name is missing, ${purpose}`, source: at(["metadata", "name"], "key") };
  }
  return {
    message: `metadata.name must be text, ${purpose}, not ${described(name)}`,
    source: at(["metadata", "name"]),
  };
}

function secondFor(overlay: YamlDocument, before: YamlDocument): Diagnostic {
  const identity = identityOf(overlay.value);
  return {
    code: "MF044",
    severity: "error",
    message: `two overlays are for ${identity?.kind}/${identity?.name}`,
    hint: "merge them, or pass one of them as another --overlay",
    source: locator(overlay)(["metadata", "name"]),
    remark: `the other one is at ${formatPlace(before.start)}`,
  };
}

function severalFolders(identity: Identity, folders: string, overlay: YamlDocument): Diagnostic {
  const { kind, name, folder } = identity;
  const message = `${kind}/${name} exists in several folders${folder === undefined ? "" : `, and not in ${folder}`}`;
  const hint = `set metadata.folder to one of them: ${folders}`;
  const source = locator(overlay)(["metadata", "folder"]);
  return { code: "MF045", severity: "error", message, hint, source };
}

function noneFound(path: string): Diagnostic {
  const hint = "in folders only .yaml and .yml count, and names that begin with a dot are passed over";
  return { code: "MF048", severity: "error", message: `no overlay found in ${path}`, hint };
}

function locator(document: YamlDocument): ReturnType<YamlDocument["locate"]> {
  return document.locate((value) => hiddenPaths(value));
}
