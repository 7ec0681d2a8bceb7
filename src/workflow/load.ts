import { dirname, resolve } from "node:path";
import { findConfig } from "../config/find.ts";
import { loadConfig } from "../config/load.ts";
import { resolveTarget, type TargetResolution } from "../config/target.ts";
import type { Config, ResolvedTarget } from "../config/config.ts";
import { hasErrors, sortDiagnostics, type Diagnostic } from "../core/diagnostic.ts";
import { UsageError } from "../core/errors.ts";
import { fold } from "../core/fold.ts";
import type { AnyResource } from "../kinds/any.ts";
import { loadManifests, type LoadedManifests, type LoadOptions } from "../manifest/load.ts";

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
  /** `--env-file` */
  readonly envFiles: readonly string[];
  /** `--overlay`, in the order given. */
  readonly overlays: readonly string[];
  /** `--select`, `--exclude`: a manifest is kept when it matches any of the one and none of the other. */
  readonly select: readonly string[];
  readonly exclude: readonly string[];
  /** `--allow-outside`: links and sources may lead out of the project's folder. */
  readonly allowOutside: boolean;
  /** `offline`: a target is of use, not needed, and what only a target can tell is not checked without one. */
  readonly mode: "offline" | "online";
}

/** Everything that files say, and everything that is wrong with them. */
export interface LoadedProject {
  /** Undefined offline where none was named, and wherever the diagnostics say what is wrong with it. */
  readonly target?: ResolvedTarget;
  readonly resources: readonly AnyResource[];
  readonly diagnostics: readonly Diagnostic[];
  readonly files: number;
  /** How many data files the manifests name, and how many rows were read in them. */
  readonly sources: number;
  readonly rows: number;
  /** True when any manifest of the project, given or not, names the reference in a queue of that name. */
  readonly isNamed: (queue: string, reference: string) => boolean;
}

/**
 * Reads config, target and manifests. Problems with them are diagnostics.
 * @throws UsageError when no manifests are named, or online no target, or one that does not exist.
 */
export async function loadProject(options: LoadProjectOptions): Promise<LoadedProject> {
  const { cwd, env, mode } = options;
  const file = options.configFile ?? findConfig(cwd);
  const { config, diagnostics: configProblems } =
    file === undefined ? { diagnostics: [] } : await loadConfig({ file, cwd, env });
  const broken = config === undefined && file !== undefined;
  const resolution: TargetResolution = broken ? { diagnostics: [] } : chooseTarget(options, config);
  const paths = options.paths.length > 0 ? options.paths : (config?.manifests ?? []);
  if (paths.length === 0 && !hasErrors(configProblems)) throw noPaths(config);

  const { target } = resolution;
  const loading: Omit<LoadOptions, "paths"> = {
    cwd,
    env,
    readStdin: options.readStdin,
    defaultFolder: target?.folder,
    requireFolder: mode === "online" && target !== undefined,
    outside: mode === "online" ? "error" : "warning",
    root: file === undefined ? undefined : dirname(resolve(cwd, file)),
    allowOutside: options.allowOutside,
    keepItems: mode === "online",
  };
  const given = paths.length === 0 ? nothing : await loadManifests({ ...loading, paths });
  const elsewhere = await loadElsewhere(given.resources, options, config, loading);
  return {
    ...(target === undefined ? {} : { target }),
    resources: given.resources,
    diagnostics: sortDiagnostics(
      // The chosen target is checked again with its values: what is wrong with both is one problem.
      eachOnce([
        ...configProblems,
        ...resolution.diagnostics,
        ...given.diagnostics.map((diagnostic) => (mode === "online" ? withoutNothing(diagnostic) : diagnostic)),
        ...elsewhere.diagnostics.filter((diagnostic) => diagnostic.severity === "error"),
      ]),
    ),
    files: given.files,
    sources: given.sources,
    rows: given.rows,
    isNamed: namedReferences([...given.resources, ...elsewhere.resources]),
  };
}

const nothing: LoadedManifests = { resources: [], diagnostics: [], files: 0, sources: 0, rows: 0 };

/** A pipeline that looks in the wrong place must not be green because there is nothing to do. */
function withoutNothing(diagnostic: Diagnostic): Diagnostic {
  return diagnostic.code === "MF023" ? { ...diagnostic, severity: "error" } : diagnostic;
}

function eachOnce(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [...new Map(diagnostics.map((diagnostic) => [JSON.stringify(diagnostic), diagnostic])).values()];
}

/** Offline, a target that was not asked for may lack its secrets: a pull request's pipeline has none. */
function chooseTarget(options: LoadProjectOptions, config: Config | undefined): TargetResolution {
  const { mode, targetName, env } = options;
  const resolution = resolveTarget({ config, name: targetName, env });
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
  return loadManifests({ ...loading, paths: others, outside: "warning" });
}

/**
 * By the queue's name in whatever folder: a queue can be linked to several folders, and what some manifest names is
 * better kept than deleted.
 */
export function namedReferences(resources: readonly AnyResource[]): LoadedProject["isNamed"] {
  const named = new Set<string>();
  for (const resource of resources) {
    if (resource.kind !== "QueueItems") continue;
    for (const item of resource.spec.items) named.add(itemIdentity(resource.spec.queue, item.reference));
  }
  return (queue, reference) => named.has(itemIdentity(queue, reference));
}

function itemIdentity(queue: string, reference: string): string {
  return JSON.stringify([fold(queue), fold(reference)]);
}
