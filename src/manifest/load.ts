import { dirname } from "node:path";
import { sortDiagnostics, type Diagnostic } from "../core/diagnostic.ts";
import { fold } from "../core/fold.ts";
import type { AnyResource } from "../kinds/any.ts";
import { parseYaml } from "../document/parse.ts";
import { decodeText, readTextFile, type ReadText } from "../document/read.ts";
import type { Environment } from "../document/values.ts";
import { DependencyReader, type OutsideSeverity } from "./dependencies.ts";
import { discoverFiles, type FoundFile } from "./discover.ts";
import { loadDocument, type DocumentContext } from "./document.ts";
import { readEntries } from "./entries.ts";
import { isKnown, type KnownManifest, type LoadedManifest } from "./loaded.ts";
import { rules } from "./rules/rules.ts";

export interface LoadOptions {
  /** Files, folders, and `-` for standard input. */
  readonly paths: readonly string[];
  /** Where relative paths begin, and what shown paths are relative to. */
  readonly cwd: string;
  readonly env: Environment;
  /** Needed when `-` is among the paths. */
  readonly readStdin?: () => Promise<Uint8Array | string>;
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
}

export interface LoadedManifests {
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
  const { files, diagnostics: unread } = await discoverFiles(options.paths, options.cwd);
  const context: Omit<DocumentContext, "base"> = {
    env: options.env,
    defaultFolder: options.defaultFolder,
    requireFolder: options.requireFolder ?? true,
  };
  const loaded: LoadedFile[] = [];
  for (const file of files) loaded.push(await loadFile(file, options, context));
  const manifests = loaded.flatMap((file) => file.manifests);
  const linked = link(manifests, options.outside ?? "error");
  const { root, allowOutside, cwd, keepItems = true } = options;
  const entries = await readEntries(linked.manifests, { root, allowOutside, cwd, keepItems });
  const found = [unread, ...loaded.map((file) => file.diagnostics), linked.diagnostics, entries.diagnostics];
  const diagnostics = found.flat();
  if (manifests.length === 0 && diagnostics.length === 0) diagnostics.push(nothingFound(options.paths));
  const resources = entries.manifests.map(({ resource }) => resource);
  const { sources, rows } = entries;
  return { resources, diagnostics: sortDiagnostics(diagnostics), files: files.length, sources, rows };
}

interface LoadedFile {
  readonly manifests: readonly LoadedManifest[];
  readonly diagnostics: readonly Diagnostic[];
}

async function loadFile(
  found: FoundFile,
  options: LoadOptions,
  context: Omit<DocumentContext, "base">,
): Promise<LoadedFile> {
  const read = found.path === "-" ? await readInput(options) : await readTextFile(found.path);
  if (read.type !== "text") return { manifests: [], diagnostics: [unreadable(found.file, read)] };
  const { documents, diagnostics } = parseYaml(read.text, found.file);
  const base = found.path === "-" ? options.cwd : dirname(found.path);
  const loaded = documents.flatMap((document) => loadDocument(document, { ...context, base }) ?? []);
  return {
    manifests: loaded.map(({ manifest }) => manifest),
    diagnostics: [...diagnostics, ...loaded.flatMap((document) => document.diagnostics)],
  };
}

async function readInput({ readStdin }: LoadOptions): Promise<ReadText> {
  const input = (await readStdin?.()) ?? "";
  return decodeText(typeof input === "string" ? new TextEncoder().encode(input) : input);
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

function unreadable(file: string, read: Exclude<ReadText, { readonly type: "text" }>): Diagnostic {
  const source = { file, line: 1, column: 1 };
  if (read.type === "unreadable") {
    return { code: "MF001", severity: "error", message: `${file} ${read.reason}`, source };
  }
  const hint = "split it into several files";
  return { code: "MF002", severity: "error", message: `${file} is larger than 5 MB`, hint, source };
}

function nothingFound(paths: readonly string[]): Diagnostic {
  const where =
    paths.length === 0
      ? "no path was given"
      : `nothing in ${paths.map((path) => (path === "-" ? "standard input" : path)).join(", ")}`;
  return { code: "MF023", severity: "warning", message: `no manifest found: ${where}` };
}
