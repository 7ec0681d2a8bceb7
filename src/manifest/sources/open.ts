import { constants } from "node:fs";
import { open, realpath, stat } from "node:fs/promises";
import { extname, relative, resolve } from "node:path";
import type { Diagnostic } from "../../core/diagnostic.ts";
import { displayPath } from "../../document/display.ts";
import { describe } from "../../document/read.ts";
import { isInside } from "../inside.ts";
import type { SourceLimits, SourceRequest } from "./request.ts";
import { SourceFile } from "./source-file.ts";

/** How the rows of a file are written. */
export type SourceFormat = "csv" | "ndjson" | "json";

const formats: Readonly<Record<string, SourceFormat>> = {
  ".csv": "csv",
  ".ndjson": "ndjson",
  ".jsonl": "ndjson",
  ".json": "json",
};

/** For a file that became a pipe since it was looked at; Windows has no such flag. */
const nonBlocking = constants.O_NONBLOCK ?? 0;

/** The file that a manifest names, open; whoever opens it closes `handle`. */
export interface OpenSource {
  readonly file: SourceFile;
  readonly close: () => Promise<void>;
}

/** By the file's ending, in any case; undefined for any other. */
export function formatOf(file: string): SourceFormat | undefined {
  return formats[extname(file).toLowerCase()];
}

/** How messages name the file of a source. */
export function sourceName({ source, base }: SourceRequest, cwd: string): string {
  return displayPath(resolve(base, source.file), cwd);
}

/** Opens the file, if it may be read and lies where it may. */
export async function openSource(request: SourceRequest, limits: SourceLimits): Promise<OpenSource | Diagnostic> {
  const path = resolve(request.base, request.source.file);
  const name = sourceName(request, limits.cwd);
  const source = request.at(["spec", "source", "file"]);
  const refuse = (message: string, hint: string): Diagnostic => {
    return { code: "QI010", severity: "error", message, hint, source };
  };
  if (path.includes("\0")) return refuse("source.file holds a NUL character, which no path has", "remove it");
  const irregular = (): Diagnostic =>
    refuse(`${name} is no regular file`, "a source is read from a file, not from a folder or a pipe");
  try {
    const real = await realpath(path);
    const outside = await leavesFolders(real, request, limits);
    if (outside !== undefined) return { ...outside, source };
    // Opening a pipe that nobody writes to would wait for ever, and could not be called off.
    if (!(await stat(real)).isFile()) return irregular();
    const handle = await open(real, constants.O_RDONLY | nonBlocking);
    const stats = await handle.stat();
    if (stats.isFile()) {
      return { file: new SourceFile(name, handle, stats, limits.chunkBytes), close: () => handle.close() };
    }
    await handle.close();
    return irregular();
  } catch (error) {
    const folder = relative(limits.cwd, request.base) || "the working folder";
    return refuse(`${name} ${describe(error)}`, `source.file is relative to the manifest's folder: ${folder}`);
  }
}

async function leavesFolders(
  real: string,
  { base }: SourceRequest,
  { root, allowOutside, cwd }: SourceLimits,
): Promise<Diagnostic | undefined> {
  if (allowOutside === true) return undefined;
  const folders = await Promise.all([base, ...(root === undefined ? [] : [root])].map((folder) => realpath(folder)));
  if (isInside(real, folders)) return undefined;
  const message = `${displayPath(real, cwd)} is neither below the manifest's folder nor in the project`;
  const hint = "move it there, or pass --allow-outside if that is meant";
  return { code: "QI011", severity: "error", message, hint };
}
