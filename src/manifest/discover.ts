import { readdir, realpath, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Diagnostic } from "../core/diagnostic.ts";
import { describe } from "../document/read.ts";
import { displayPath } from "../document/display.ts";

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

/** All files that paths lead to: files as they are, folders with every .yaml and .yml below them. */
export async function discoverFiles(paths: readonly string[], cwd: string): Promise<Discovery> {
  const search = new Search(cwd);
  for (const path of paths) {
    if (path === "-") search.add("-", "-", "<stdin>");
    else await search.visit(resolve(cwd, path), "given");
  }
  return search.result();
}

class Search {
  readonly #cwd: string;
  readonly #diagnostics: Diagnostic[] = [];
  /** By real path: links may lead to one file, or to a folder above themselves. */
  readonly #files = new Map<string, FoundFile>();
  readonly #folders = new Set<string>();

  constructor(cwd: string) {
    this.#cwd = cwd;
  }

  add(identity: string, path: string, file: string): void {
    const known = this.#files.get(identity);
    // Of several names the smallest counts, so that the order of paths does not show.
    if (known === undefined || file < known.file) this.#files.set(identity, { path, file });
  }

  async visit(path: string, origin: "given" | "found"): Promise<void> {
    try {
      const [identity, status] = [await realpath(path), await stat(path)];
      if (status.isDirectory()) await this.#folder(identity, path);
      // A pipe that was named is read, as in `<(command)`; one that lies in a folder could block for ever.
      else if (status.isFile() || origin === "given") this.add(identity, path, displayPath(path, this.#cwd));
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
      if (isYaml || entry.isDirectory()) await this.visit(below, "found");
      else if (entry.isSymbolicLink() && (await isFolder(below))) await this.visit(below, "found");
    }
  }

  #report(path: string, error: unknown): void {
    const file = displayPath(path, this.#cwd);
    const message = `${file} ${describe(error)}`;
    this.#diagnostics.push({ code: "MF001", severity: "error", message, source: { file, line: 1, column: 1 } });
  }

  result(): Discovery {
    const files = [...this.#files.values()].toSorted((a, b) => (a.file < b.file ? -1 : Number(a.file > b.file)));
    return { files, diagnostics: this.#diagnostics };
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
