import { readdir, realpath, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Diagnostic } from "../core/diagnostic.ts";
import { displayPath } from "../document/display.ts";
import { describe } from "../document/read.ts";
import { isInside } from "./inside.ts";

/** A file that may hold manifests. `-` is standard input. */
export interface FoundFile {
  /** The absolute path, or `-`. */
  readonly path: string;
  /** As messages name it. */
  readonly file: string;
}

export interface Discovery {
  /** Each file once, however many ways led to it, in the order of their names. */
  readonly files: readonly FoundFile[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Which files may be found. */
export interface Boundary {
  /** The project's folder: the config file's. Links may lead anywhere in it, and into whatever paths were named. */
  readonly root?: string | undefined;
  /** True: links may lead anywhere. */
  readonly allowOutside?: boolean | undefined;
  /**
   * Who named the paths. What a person names on the command line is theirs to choose; a path of the config is part of
   * the project, and a link there may be somebody else's.
   * @default "person"
   */
  readonly namedBy?: "person" | "config" | undefined;
}

/** All files that paths lead to: files as they are, folders with every .yaml and .yml below them. */
export async function discoverFiles(
  paths: readonly string[],
  cwd: string,
  boundary: Boundary = {},
): Promise<Discovery> {
  const root = boundary.root === undefined ? [] : [await real(boundary.root)];
  const given: Given[] = [];
  for (const path of paths) {
    if (path !== "-") given.push(await look(resolve(cwd, path), root, boundary));
  }
  const allowed = [...root, ...given.flatMap(({ identity, leadsOut }) => (leadsOut ? [] : [identity]))];
  const search = new Search(cwd, boundary.allowOutside === true ? undefined : allowed);
  if (paths.includes("-")) search.add("-", "-", "<stdin>");
  for (const each of given) await search.given(each);
  return search.result();
}

/** A path that was named, and where it leads. */
interface Given {
  readonly path: string;
  readonly identity: string;
  readonly leadsOut: boolean;
}

async function look(path: string, root: readonly string[], boundary: Boundary): Promise<Given> {
  const identity = await real(path);
  const ofConfig = boundary.namedBy === "config" && boundary.root !== undefined && boundary.allowOutside !== true;
  return { path, identity, leadsOut: ofConfig && isInside(path, [boundary.root]) && !isInside(identity, root) };
}

class Search {
  readonly #cwd: string;
  /** Real paths that links may lead into; undefined: anywhere. */
  readonly #allowed: readonly string[] | undefined;
  readonly #diagnostics: Diagnostic[] = [];
  /** By real path: links may lead to one file, or to a folder above themselves. */
  readonly #files = new Map<string, FoundFile>();
  readonly #folders = new Set<string>();

  constructor(cwd: string, allowed: readonly string[] | undefined) {
    this.#cwd = cwd;
    this.#allowed = allowed;
  }

  add(identity: string, path: string, file: string): void {
    const known = this.#files.get(identity);
    // Of several names the smallest counts, so that the order of paths does not show.
    if (known === undefined || file < known.file) this.#files.set(identity, { path, file });
  }

  async given({ path, leadsOut }: Given): Promise<void> {
    if (leadsOut) return this.#leadsOut(path);
    try {
      const [identity, status] = [await realpath(path), await stat(path)];
      if (status.isDirectory()) await this.#folder(identity, path);
      // A pipe that was named is read, as in `<(command)`.
      else this.add(identity, path, displayPath(path, this.#cwd));
    } catch (error) {
      this.#report(path, error);
    }
  }

  async #found(path: string): Promise<void> {
    try {
      const [identity, status] = [await realpath(path), await stat(path)];
      if (this.#allowed !== undefined && !isInside(identity, this.#allowed)) return this.#leadsOut(path);
      if (status.isDirectory()) await this.#folder(identity, path);
      // A pipe that lies in a folder could block for ever.
      else if (status.isFile()) this.add(identity, path, displayPath(path, this.#cwd));
    } catch (error) {
      this.#report(path, error);
    }
  }

  async #folder(identity: string, path: string): Promise<void> {
    if (this.#folders.has(identity)) return;
    this.#folders.add(identity);
    for (const entry of await readdir(path, { withFileTypes: true })) {
      if (entry.name.startsWith(".")) continue;
      const below = join(path, entry.name);
      const isYaml = /\.ya?ml$/i.test(entry.name);
      if (isYaml || entry.isDirectory()) await this.#found(below);
      else if (entry.isSymbolicLink() && (await isFolder(below))) await this.#found(below);
    }
  }

  #leadsOut(path: string): void {
    const message = "the link leads out of the project";
    const hint = "put the file into the project, name its path, or pass --allow-outside";
    const source = { file: displayPath(path, this.#cwd), line: 1, column: 1 };
    this.#diagnostics.push({ code: "MF042", severity: "error", message, hint, source });
  }

  #report(path: string, error: unknown): void {
    const source = { file: displayPath(path, this.#cwd), line: 1, column: 1 };
    this.#diagnostics.push({ code: "MF001", severity: "error", message: `the path ${describe(error)}`, source });
  }

  result(): Discovery {
    const files = [...this.#files.values()].toSorted((a, b) => (a.file < b.file ? -1 : Number(a.file > b.file)));
    return { files, diagnostics: this.#diagnostics };
  }
}

/** The path without links; as it is where nothing is there. */
async function real(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    return path;
  }
}

/** A link to nowhere in a folder is nobody's manifest. */
async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}
