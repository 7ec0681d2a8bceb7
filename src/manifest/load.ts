import { dirname } from "node:path";
import { sortDiagnostics, withoutExcerpt, type Diagnostic } from "../core/diagnostic.ts";
import { fold } from "../core/fold.ts";
import { memorySpool, type MakeSpool } from "../core/list.ts";
import type { Shard } from "../core/shard.ts";
import type { AnyResource } from "../kinds/any.ts";
import type { YamlDocument } from "../document/parse.ts";
import { secretFinder } from "../document/secrets.ts";
import type { ValueSources } from "../document/values.ts";
import { DependencyReader, type OutsideSeverity } from "./dependencies.ts";
import { loadDocument, type DocumentContext } from "./document.ts";
import { readEntries } from "./entries.ts";
import { isKnown, type KnownManifest, type LoadedManifest } from "./loaded.ts";
import { readOverlays, type Overlays } from "./overlay.ts";
import { readFiles, type ReadFiles, type ReadOptions } from "./read.ts";
import { rules } from "./rules/rules.ts";
import { hiddenKeys } from "./secrets.ts";

export interface LoadOptions extends ReadOptions, Omit<ValueSources, "findSecret"> {
  /** Files, folders, and `-` for standard input. */
  readonly paths: readonly string[];
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
  /** The project's folder, which is the config file's: sources may lie anywhere in it. */
  readonly root?: string | undefined;
  /** True: sources may lead out of the manifest's folder and the project. */
  readonly allowOutside?: boolean;
  /**
   * False: rows of sources are checked and counted, but not kept, so that memory does not grow with them.
   * @default true
   */
  readonly keepItems?: boolean;
  /** Of items and rows only those of this shard are kept, and looked at for references that occur twice. */
  readonly shard?: Shard | undefined;
  /**
   * Where the rows of sources go, of which there may be millions.
   * @default memory
   */
  readonly makeSpool?: MakeSpool;
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
  /** How many data files they name, and how many rows were read in them. */
  readonly sources: number;
  readonly rows: number;
}

/** Files to desired state: everything that is wrong with them is in the diagnostics, nothing is thrown. */
export async function loadManifests(options: LoadOptions): Promise<LoadedManifests> {
  const read = await readFiles(options.paths, options);
  const overlays = await overlaysOf(options, read);
  const {
    env,
    variables,
    pending,
    cwd,
    root,
    allowOutside,
    shard,
    keepItems = true,
    makeSpool = memorySpool,
  } = options;
  const context: Omit<DocumentContext, "base"> = {
    values: { env, variables, pending, findSecret: secretFinder(env) },
    defaultFolder: options.defaultFolder,
    requireFolder: options.requireFolder ?? true,
  };
  const loaded = read.files.flatMap(({ path, documents }) => {
    const base = path === "-" ? cwd : dirname(path);
    return documents.flatMap((each) => loadDocument(overlays?.apply(each) ?? each, { ...context, base }) ?? []);
  });
  const linked = link(
    loaded.map(({ manifest }) => manifest),
    options.outside ?? "error",
  );
  const entries = await readEntries(linked.manifests, { root, allowOutside, cwd, shard, keepItems, makeSpool });
  const found = loaded.flatMap((document) => document.diagnostics);
  const unread = [...read.diagnostics, ...(overlays?.diagnostics ?? [])];
  // What one file calls sensitive may stand in the other, and what is not understood has no paths to tell by.
  const isPrivate =
    overlays !== undefined && loaded.some(({ manifest }) => hiddenKeys(manifest.document.value).size > 0);
  const told = isPrivate ? unread.map(withoutExcerpt) : unread;
  const diagnostics = [told, found, linked.diagnostics, entries.diagnostics].flat();
  if (loaded.length === 0 && diagnostics.length === 0) diagnostics.push(nothingFound(options.paths));
  return {
    manifests: entries.manifests,
    resources: entries.manifests.map(({ resource }) => resource),
    diagnostics: sortDiagnostics(diagnostics),
    files: read.files.length + (overlays?.files ?? 0),
    sources: entries.sources,
    rows: entries.rows,
  };
}

/** Overlays are matched with all manifests of the project, those aside from the paths too. */
async function overlaysOf(options: LoadOptions, read: ReadFiles): Promise<Overlays | undefined> {
  const { overlays = [], otherPaths = [], defaultFolder } = options;
  if (overlays.length === 0) return undefined;
  const known = new Set(read.files.map(({ path }) => path));
  const others = await readFiles(otherPaths, { ...options, namedBy: "config" });
  const aside = others.files.filter(({ path }) => !known.has(path)).flatMap(({ documents }) => documents);
  const unread = unreadFiles([...read.diagnostics, ...others.diagnostics]);
  return readOverlays([...documentsOf(read), ...aside], {
    ...options,
    namedBy: "person",
    overlays,
    defaultFolder,
    unread,
  });
}

/** Those aside from the paths are nobody's concern as long as every overlay finds its manifest. */
function unreadFiles(diagnostics: readonly Diagnostic[]): string[] {
  // A file with too many items is read all the same.
  const failed = diagnostics.filter(({ code, severity }) => severity === "error" && code !== "MF040");
  return [...new Set(failed.flatMap(({ source }) => source?.file ?? []))].toSorted();
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
