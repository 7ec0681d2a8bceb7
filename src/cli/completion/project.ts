import { stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { findConfig } from "../../config/find.ts";
import { isRecord } from "../../core/json.ts";
import { parseYaml } from "../../document/parse.ts";
import { readTextFile } from "../../document/read.ts";
import { discoverFiles } from "../../manifest/discover.ts";

/** Names that a project's files hold, each once. */
export interface ProjectNames {
  readonly targets: readonly string[];
  readonly names: ReadonlySet<string>;
  readonly folders: ReadonlySet<string>;
  /** By the label's name. */
  readonly labels: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Somebody waits for the tab key: larger files, and all beyond so many bytes, are passed over. */
const most = { bytesOfFile: 256 * 1024, bytes: 1024 * 1024 };

/** Reads as much as is needed for suggestions, and nothing strictly: a broken file only suggests less. */
export async function projectNames(options: {
  readonly cwd: string;
  /** What `--config` says. */
  readonly config: string | undefined;
  /** What is on the command line, instead of the config's manifests. */
  readonly paths: readonly string[];
}): Promise<ProjectNames> {
  const { cwd } = options;
  const file = options.config === undefined ? findConfig(cwd) : resolve(cwd, options.config);
  const [config] = file !== undefined && (await sizeOf(file)).isFile ? await documents(file) : [];
  const { targets, manifests } = config ?? {};
  const root = file === undefined ? cwd : dirname(file);
  const own = Array.isArray(manifests) ? manifests.filter((path) => typeof path === "string") : [];
  const paths = options.paths.length > 0 ? options.paths : own.map((path) => resolve(root, path));
  return { targets: isRecord(targets) ? Object.keys(targets) : [], ...(await manifestNames(paths, cwd)) };
}

async function manifestNames(paths: readonly string[], cwd: string): Promise<Omit<ProjectNames, "targets">> {
  const names = new Set<string>();
  const folders = new Set<string>();
  const labels = new Map<string, Set<string>>();
  const { files } = await discoverFiles(
    paths.filter((path) => path !== "-"),
    cwd,
  );
  let bytes = 0;
  for (const { path } of files) {
    const { size, isFile } = await sizeOf(path);
    if (!isFile || size > most.bytesOfFile || bytes + size > most.bytes) continue;
    bytes += size;
    for (const { metadata } of await documents(path)) {
      if (!isRecord(metadata)) continue;
      const { name, folder, labels: own } = metadata;
      if (typeof name === "string") names.add(name);
      if (typeof folder === "string") folders.add(folder);
      for (const [label, value] of Object.entries(isRecord(own) ? own : {})) {
        if (typeof value === "string") labels.set(label, (labels.get(label) ?? new Set()).add(value));
      }
    }
  }
  return { names, folders, labels };
}

/** Of a pipe nothing is read: that would keep the shell waiting. */
async function sizeOf(path: string): Promise<{ readonly size: number; readonly isFile: boolean }> {
  const status = await stat(path);
  return { size: status.size, isFile: status.isFile() };
}

async function documents(file: string): Promise<Record<string, unknown>[]> {
  const read = await readTextFile(file);
  if (read.type !== "text") return [];
  return parseYaml(read.text, file).documents.flatMap(({ value }) => (isRecord(value) ? [value] : []));
}
