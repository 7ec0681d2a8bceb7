import { dirname, resolve } from "node:path";
import { findConfig } from "../config/find.ts";
import { loadConfig } from "../config/load.ts";
import { resolveTarget, type TargetResolution } from "../config/target.ts";
import { targetVariables, type Config, type ResolvedTarget } from "../config/config.ts";
import { withDotenv } from "../config/dotenv.ts";
import { readVariables } from "../config/variables.ts";
import { hasErrors, sortDiagnostics, type Diagnostic } from "../core/diagnostic.ts";
import { UsageError } from "../core/errors.ts";
import { fold } from "../core/fold.ts";
import type { ResourceKey } from "../core/resource.ts";
import { TextIndex } from "../core/text-index.ts";
import type { Shard } from "../core/shard.ts";
import type { Environment, Variables } from "../document/values.ts";
import type { AnyResource } from "../kinds/any.ts";
import { referencesOf } from "../kinds/queue-items/entry-spool.ts";
import type { ManifestDocument } from "../manifest/loaded.ts";
import { loadManifests, type LoadedManifests, type LoadOptions } from "../manifest/load.ts";
import { fileSpool } from "./files/spool.ts";
import { chooseManifests, readSelectors } from "./select.ts";
import { chooseShard } from "./shard.ts";

export interface LoadProjectOptions {
  /** Replace the config's `manifests`; none: those. */
  readonly paths: readonly string[];
  /** The config file; looked for upwards when left out. */
  readonly configFile?: string | undefined;
  /** The target's name; the config's default, or the environment, when left out. */
  readonly targetName?: string | undefined;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readStdin: () => Promise<Uint8Array | string>;
  /** `--var`: `NAME=VALUE` each. */
  readonly variables: readonly string[];
  /** `--var-file` */
  readonly varFiles: readonly string[];
  /** `--dotenv` */
  readonly dotenvFiles: readonly string[];
  /** `--overlay`, in the order given. */
  readonly overlays: readonly string[];
  /** `--select`, `--exclude`: a manifest is kept when it matches any of the one and none of the other. */
  readonly select: readonly string[];
  readonly exclude: readonly string[];
  /** `--allow-outside`: links and sources may lead out of the project's folder. */
  readonly allowOutside: boolean;
  /** `--shard`: only what this one of several machines does. */
  readonly shard?: Shard | undefined;
  /** `offline`: a target is of use, not needed, and what only a target can tell is not checked without one. */
  readonly mode: "offline" | "online";
}

/** Everything that files say, and everything that is wrong with them. */
export interface LoadedProject {
  /** Undefined offline where none was named, and wherever the diagnostics say what is wrong with it. */
  readonly target?: ResolvedTarget;
  /** What --select and --exclude keep; everything where there are errors. */
  readonly resources: readonly AnyResource[];
  /** The same as YAML documents, with values and overlays: see `writeManifests`. */
  readonly documents: readonly ManifestDocument[];
  readonly diagnostics: readonly Diagnostic[];
  readonly files: number;
  /** How many manifests were read and checked, selected or not. */
  readonly manifests: number;
  /** How many data files the manifests name, and how many rows were read in them. */
  readonly sources: number;
  readonly rows: number;
  /** True when any manifest of the project, given or not, names the reference in a queue of that name. */
  readonly isNamed: (queue: string, reference: string) => boolean;
  /** The environment with what `--dotenv` adds. */
  readonly env: Environment;
  /** The config's folder, the working folder without one: what `.orch-sync/` is in. */
  readonly home: string;
  /** Whose part of the work it is. Left out: all of it. */
  readonly shard?: Shard;
  /** What --select and --exclude keep, whichever shard does it. */
  readonly selected: readonly { readonly key: ResourceKey }[];
}

/**
 * Reads config, target and manifests, all of them, then chooses. Problems with them are diagnostics.
 * @throws UsageError when no manifests are named, or online no target, or one that does not exist; when a selection is
 * malformed, matches nothing or leaves nothing; for a `--var` that is none.
 */
export async function loadProject(options: LoadProjectOptions): Promise<LoadedProject> {
  const selectors = readSelectors(options);
  const settings = await readSettings(options);
  const { target, config, env } = settings;
  const paths = options.paths.length > 0 ? options.paths : (config?.manifests ?? []);
  if (paths.length === 0 && !hasErrors(settings.configProblems)) throw noPaths(config);

  const loading = loadOptions(options, settings);
  const loaded = paths.length === 0 ? nothing : await loadManifests({ ...loading, paths });
  const elsewhere = await loadElsewhere(loaded.resources, options, config, loading);
  const diagnostics = allProblems(options, settings, loaded, elsewhere);
  // What is broken may be what a selection is about, so mistakes come first.
  const selected = chooseManifests(loaded.manifests, hasErrors(diagnostics) ? [] : selectors);
  const chosen = chooseShard(selected, options.shard);
  return {
    ...(target === undefined ? {} : { target }),
    resources: chosen.manifests.map(({ resource }) => resource),
    documents: chosen.manifests.map(({ document }) => document),
    diagnostics: sortDiagnostics([...diagnostics, ...chosen.diagnostics]),
    files: loaded.files,
    manifests: loaded.manifests.length,
    sources: loaded.sources,
    rows: loaded.rows,
    // A selection never makes anything fair game: what a manifest names is named, selected or not.
    isNamed: namedReferences([...loaded.resources, ...elsewhere.resources]),
    env,
    home: homeOf(settings.file, options.cwd),
    ...(options.shard === undefined ? {} : { shard: options.shard }),
    selected: selected.manifests,
  };
}

function homeOf(file: string | undefined, cwd: string): string {
  return file === undefined ? cwd : dirname(resolve(cwd, file));
}

/** Where to look, without any manifest. */
export interface LoadedTarget {
  /** Undefined where the diagnostics say what is wrong with it. */
  readonly target?: ResolvedTarget;
  readonly diagnostics: readonly Diagnostic[];
  /** The config's folder, the working folder without one: what `.orch-sync/` is in. */
  readonly home: string;
  /** What the config names as manifests; none are read. */
  readonly manifests: readonly string[];
  /** The environment with what `--dotenv` adds. */
  readonly env: Environment;
}

/**
 * Reads config and target alone.
 * @throws UsageError when there is no target, or one is named that does not exist; for a `--var` that is none.
 */
export async function loadTarget(options: Omit<SettingsOptions, "mode">): Promise<LoadedTarget> {
  const { target, config, diagnostics, env, file } = await readSettings({ ...options, mode: "online" });
  return {
    ...(target === undefined ? {} : { target }),
    diagnostics: sortDiagnostics(diagnostics),
    manifests: config?.manifests ?? [],
    env,
    home: homeOf(file, options.cwd),
  };
}

type SettingsOptions = Pick<
  LoadProjectOptions,
  "configFile" | "targetName" | "cwd" | "env" | "variables" | "varFiles" | "dotenvFiles" | "mode"
>;

/** What is known before any manifest is read. */
interface Settings {
  /** The config file, where there is one; `config` is undefined when it could not be read. */
  readonly file: string | undefined;
  readonly config: Config | undefined;
  readonly target: ResolvedTarget | undefined;
  readonly env: Environment;
  /** The command line's, without the target's. */
  readonly variables: Variables;
  readonly configProblems: readonly Diagnostic[];
  /** Those of values, config and target. */
  readonly diagnostics: readonly Diagnostic[];
}

async function readSettings(options: SettingsOptions): Promise<Settings> {
  const { cwd } = options;
  const given = await givenValues(options);
  const { env, variables } = given;
  const file = options.configFile ?? findConfig(cwd);
  const { config, diagnostics: configProblems } =
    file === undefined ? { diagnostics: [] } : await loadConfig({ file, cwd, env, variables });
  const broken = config === undefined && file !== undefined;
  const resolution: TargetResolution = broken ? { diagnostics: [] } : chooseTarget(options, config, given);
  const diagnostics = [...given.diagnostics, ...configProblems, ...resolution.diagnostics];
  return { file, config, target: resolution.target, env, variables, configProblems, diagnostics };
}

/** How manifests are read, whichever they are. */
function loadOptions(options: LoadProjectOptions, settings: Settings): Omit<LoadOptions, "paths"> {
  const { cwd, mode } = options;
  const { file, config, target, env, variables } = settings;
  return {
    cwd,
    env,
    variables: target?.variables ?? variables,
    // What only a target gives is checked when there is one.
    pending: target === undefined && config !== undefined ? targetVariables(config) : undefined,
    readStdin: once(options.readStdin),
    namedBy: options.paths.length > 0 ? "person" : "config",
    overlays: options.overlays,
    otherPaths: options.paths.length > 0 ? (config?.manifests ?? []) : [],
    defaultFolder: target?.folder,
    requireFolder: mode === "online" && target !== undefined,
    outside: mode === "online" ? "error" : "warning",
    root: file === undefined ? undefined : dirname(resolve(cwd, file)),
    allowOutside: options.allowOutside,
    keepItems: mode === "online",
    shard: options.shard,
    makeSpool: fileSpool,
  };
}

function allProblems(
  { mode }: LoadProjectOptions,
  settings: Settings,
  loaded: LoadedManifests,
  elsewhere: Pick<LoadedManifests, "diagnostics">,
): Diagnostic[] {
  // The chosen target is checked again with its values: what is wrong with both is one problem.
  return eachOnce([
    ...settings.diagnostics,
    ...loaded.diagnostics.map((diagnostic) => (mode === "online" ? withoutNothing(diagnostic) : diagnostic)),
    ...elsewhere.diagnostics.filter((diagnostic) => diagnostic.severity === "error"),
  ]);
}

/** What the command line gives for `${…}`. */
async function givenValues({ cwd, env, variables, varFiles, dotenvFiles }: SettingsOptions): Promise<{
  readonly env: Environment;
  readonly variables: Variables;
  readonly diagnostics: readonly Diagnostic[];
}> {
  const given = await readVariables(variables, varFiles, cwd);
  const merged = await withDotenv(env, dotenvFiles, cwd);
  return { env: merged.env, variables: given.variables, diagnostics: [...merged.diagnostics, ...given.diagnostics] };
}

const nothing: LoadedManifests = { manifests: [], resources: [], diagnostics: [], files: 0, sources: 0, rows: 0 };

/** Standard input can be read only once, and overlays are matched with it a second time. */
function once<T>(read: () => Promise<T>): () => Promise<T> {
  let found: Promise<T> | undefined;
  return () => (found ??= read());
}

/** A pipeline that looks in the wrong place must not be green because there is nothing to do. */
function withoutNothing(diagnostic: Diagnostic): Diagnostic {
  return diagnostic.code === "MF023" ? { ...diagnostic, severity: "error" } : diagnostic;
}

function eachOnce(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [...new Map(diagnostics.map((diagnostic) => [JSON.stringify(diagnostic), diagnostic])).values()];
}

/** Offline, a target that was not asked for may lack its secrets: a pull request's pipeline has none. */
function chooseTarget(
  { mode, targetName }: SettingsOptions,
  config: Config | undefined,
  { env, variables }: { readonly env: Environment; readonly variables: Variables },
): TargetResolution {
  const resolution = resolveTarget({ config, name: targetName, env, variables });
  if (mode === "offline") return targetName === undefined ? { ...resolution, diagnostics: [] } : resolution;
  if (resolution.target === undefined && resolution.explanation !== undefined) {
    throw new UsageError("no target is named", { hint: resolution.explanation });
  }
  return resolution;
}

function noPaths(config: Config | undefined): UsageError {
  const where = config === undefined ? "an orch-sync.yaml" : config.file;
  return new UsageError("no manifests are named", {
    hint: `give files or folders, - for stdin, or set manifests in ${where}`,
  });
}

/** PATH replaces the config's manifests, but prune must still know what those name. */
async function loadElsewhere(
  resources: readonly AnyResource[],
  options: LoadProjectOptions,
  config: Config | undefined,
  loading: Omit<LoadOptions, "paths">,
): Promise<{ readonly resources: readonly AnyResource[]; readonly diagnostics: readonly Diagnostic[] }> {
  const prunes = resources.some((resource) => resource.kind === "QueueItems" && resource.spec.prune !== undefined);
  const others = config?.manifests ?? [];
  if (options.mode === "offline" || options.paths.length === 0 || !prunes || others.length === 0) {
    return { resources: [], diagnostics: [] };
  }
  const { paths } = options;
  return loadManifests({ ...loading, paths: others, otherPaths: paths, namedBy: "config", outside: "warning" });
}

/**
 * By the queue's name in whatever folder: a queue can be linked to several folders, and what some manifest names is
 * better kept than deleted.
 */
export function namedReferences(resources: readonly AnyResource[]): LoadedProject["isNamed"] {
  let named: TextIndex | undefined; // made for the first who asks: only pruning does
  return (queue, reference) => {
    named ??= indexOf(resources);
    return named.numberOf(itemIdentity(queue, reference)) !== undefined;
  };
}

function indexOf(resources: readonly AnyResource[]): TextIndex {
  const index = new TextIndex();
  for (const resource of resources) {
    if (resource.kind !== "QueueItems") continue;
    const { queue, items } = resource.spec;
    for (const reference of referencesOf(items)) index.add(itemIdentity(queue, reference));
  }
  return index;
}

function itemIdentity(queue: string, reference: string): string {
  return JSON.stringify([fold(queue), fold(reference)]);
}
