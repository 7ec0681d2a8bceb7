import { sortDiagnostics, withoutExcerpt, type Diagnostic } from "../core/diagnostic.ts";
import { fold } from "../core/fold.ts";
import type { AnyResource } from "../kinds/any.ts";
import type { YamlDocument } from "../document/parse.ts";
import type { Environment } from "../document/values.ts";
import { DependencyReader, type OutsideSeverity } from "./dependencies.ts";
import { loadDocument, type DocumentContext } from "./document.ts";
import { isKnown, type KnownManifest, type LoadedManifest } from "./loaded.ts";
import { readOverlays, type Overlays } from "./overlay.ts";
import { readFiles, type ReadFiles, type ReadOptions } from "./read.ts";
import { rules } from "./rules/rules.ts";
import { sensitiveKeys } from "./sensitive.ts";

export interface LoadOptions extends ReadOptions {
  /** Files, folders, and `-` for standard input. */
  readonly paths: readonly string[];
  readonly env: Environment;
  /**
   * Files and folders with patches by kind and name, in the order in which they apply.
   * @default []
   */
  readonly overlays?: readonly string[];
  /**
   * Where the project's other manifests are. Overlays may be for those, so that they mean the same whatever the paths.
   * @default []
   */
  readonly otherPaths?: readonly string[];
  /** The target's folder, for manifests that name none. */
  readonly defaultFolder?: string | undefined;
  /**
   * False where no target is known: then a manifest without a folder is fine, and its key has the folder "".
   * @default true
   */
  readonly requireFolder?: boolean;
  /**
   * How serious a `dependsOn` is that the paths do not hold: a warning for `validate`, an error for a plan.
   * @default "error"
   */
  readonly outside?: OutsideSeverity;
}

export interface LoadedManifests {
  /** The manifests, which are in the order of the resources and as many. */
  readonly manifests: readonly KnownManifest[];
  /**
   * In the order of their places. With errors among the diagnostics some may be missing or mended: then they are for
   * showing, never for planning.
   */
  readonly resources: readonly AnyResource[];
  readonly diagnostics: readonly Diagnostic[];
  /** How many files were read, standard input included. */
  readonly files: number;
}

/** Files to desired state: everything that is wrong with them is in the diagnostics, nothing is thrown. */
export async function loadManifests(options: LoadOptions): Promise<LoadedManifests> {
  const read = await readFiles(options.paths, options);
  const overlays = await overlaysOf(options, read);
  const context: DocumentContext = {
    env: options.env,
    defaultFolder: options.defaultFolder,
    requireFolder: options.requireFolder ?? true,
  };
  const documents = documentsOf(read).map((document) => overlays?.apply(document) ?? document);
  const loaded = documents.flatMap((document) => loadDocument(document, context) ?? []);
  const linked = link(
    loaded.map(({ manifest }) => manifest),
    options.outside ?? "error",
  );
  const found = loaded.flatMap((document) => document.diagnostics);
  const unread = [...read.diagnostics, ...(overlays?.diagnostics ?? [])];
  // What one file calls sensitive may stand in the other, and what is not understood has no paths to tell by.
  const isPrivate = overlays !== undefined && documents.some(({ value }) => sensitiveKeys(value).length > 0);
  const diagnostics = [isPrivate ? unread.map(withoutExcerpt) : unread, found, linked.diagnostics].flat();
  if (loaded.length === 0 && diagnostics.length === 0) diagnostics.push(nothingFound(options.paths));
  return {
    manifests: linked.manifests,
    resources: linked.manifests.map(({ resource }) => resource),
    diagnostics: sortDiagnostics(diagnostics),
    files: read.files.length + (overlays?.files ?? 0),
  };
}

/** Overlays are matched with all manifests of the project, those aside from the paths too. */
async function overlaysOf(options: LoadOptions, read: ReadFiles): Promise<Overlays | undefined> {
  const { overlays = [], otherPaths = [], defaultFolder } = options;
  if (overlays.length === 0) return undefined;
  const known = new Set(read.files.map(({ path }) => path));
  const others = await readFiles(otherPaths, { ...options, namedBy: "config" });
  const aside = others.files.filter(({ path }) => !known.has(path)).flatMap(({ documents }) => documents);
  return readOverlays([...documentsOf(read), ...aside], { ...options, namedBy: "person", overlays, defaultFolder });
}

function documentsOf({ files }: ReadFiles): YamlDocument[] {
  return files.flatMap(({ documents }) => documents);
}

/** Resolves what manifests say about each other, then checks what must hold over all of them. */
function link(
  manifests: readonly LoadedManifest[],
  outside: OutsideSeverity,
): { readonly manifests: readonly KnownManifest[]; readonly diagnostics: readonly Diagnostic[] } {
  const spelled = withOneSpelling(manifests);
  const reader = new DependencyReader(spelled, outside);
  const diagnostics: Diagnostic[] = [];
  const known: KnownManifest[] = [];
  for (const manifest of spelled.filter(isKnown)) {
    const dependencies = reader.read(manifest);
    diagnostics.push(...dependencies.diagnostics);
    known.push({ ...manifest, resource: { ...manifest.resource, dependsOn: dependencies.keys } });
  }
  for (const rule of rules) for (const diagnostic of rule(known)) diagnostics.push(diagnostic);
  return { manifests: known, diagnostics };
}

/** Two spellings of one folder are one: the smallest stands for all, so that the order of files does not show. */
function withOneSpelling(manifests: readonly LoadedManifest[]): LoadedManifest[] {
  const spellings = new Map<string, string>();
  for (const { key } of manifests) {
    if (key === undefined) continue;
    const other = spellings.get(fold(key.folder));
    if (other === undefined || key.folder < other) spellings.set(fold(key.folder), key.folder);
  }
  return manifests.map((manifest) => {
    if (manifest.key === undefined) return manifest;
    const folder = spellings.get(fold(manifest.key.folder)) ?? manifest.key.folder;
    const key = { ...manifest.key, folder };
    if (manifest.resource === undefined) return { ...manifest, key };
    return { ...manifest, key, resource: { ...manifest.resource, key } as AnyResource };
  });
}

function nothingFound(paths: readonly string[]): Diagnostic {
  const where =
    paths.length === 0
      ? "no path was given"
      : `nothing in ${paths.map((path) => (path === "-" ? "standard input" : path)).join(", ")}`;
  return { code: "MF023", severity: "warning", message: `no manifest found: ${where}` };
}
