import { constants } from "node:fs";
import { access, appendFile, lstat, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { OrchSyncError, UsageError } from "../core/errors.ts";
import { firstSentence } from "../core/field.ts";
import { displayPath } from "../document/display.ts";
import { describe } from "../document/read.ts";

const templates = fileURLToPath(new URL("../../templates/project/", import.meta.url));
const schemas = fileURLToPath(new URL("../../schemas/", import.meta.url));
/** What must not get into Git: the embedded Orchestrator's data. */
const ignored = ".orch-sync/";
const gitignore = ".gitignore";

/** A file that `init` has written, or added to. */
export interface WrittenFile {
  /** Relative to the project's folder, with forward slashes. */
  readonly path: string;
  /** What it is for, in a sentence. */
  readonly about: string;
}

interface NewFile extends WrittenFile {
  readonly text: string;
}

/**
 * Writes a project that plans at once on the embedded Orchestrator: `templates/project`, the schemas that its files
 * name for editors, and a line in `.gitignore`.
 * @throws UsageError when one of the files exists, or its folder's place is taken: then nothing is written.
 * @throws OrchSyncError when the folder cannot be written to; the hint says what was written before that.
 */
export async function initProject(folder: string, cwd: string): Promise<readonly WrittenFile[]> {
  const files = await newFiles();
  await refuseExisting(folder, files, cwd);
  const written: WrittenFile[] = [];
  const steps = [...files.map((file) => () => create(folder, file)), () => ignoreData(folder)];
  for (const step of steps) {
    try {
      const file = await step();
      if (file !== undefined) written.push(file);
    } catch (error) {
      throw halfDone(error, folder, written, cwd);
    }
  }
  return written;
}

async function newFiles(): Promise<NewFile[]> {
  const names = await readdir(templates, { recursive: true });
  const yaml = names.filter((name) => name.endsWith(".yaml")).map((name) => name.split(sep).join("/"));
  const projectFiles: NewFile[] = [];
  // The config first, then the files beside it, then those in folders.
  for (const path of yaml.toSorted((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1))) {
    const text = await readFile(join(templates, path), "utf8");
    projectFiles.push({ path, text, about: firstSentence(/^# (?!yaml-language-server)(.*)$/m.exec(text)?.[1] ?? "") });
  }
  const named = projectFiles.map(({ text }) => /\$schema=(?:\.\.\/)*schemas\/(\S+)/.exec(text)?.[1] ?? "");
  const schemaFiles = [...new Set(named)].map(async (name): Promise<NewFile> => {
    const about = "For your editor: it completes and checks.";
    return { path: `schemas/${name}`, text: await readFile(join(schemas, name), "utf8"), about };
  });
  return [...projectFiles, ...(await Promise.all(schemaFiles))];
}

function depth(path: string): number {
  return path.split("/").length;
}

async function refuseExisting(folder: string, files: readonly NewFile[], cwd: string): Promise<void> {
  for (const parent of new Set(files.map(({ path }) => dirname(join(folder, path))))) await refuseNoFolder(parent, cwd);
  await refuseUnusable(join(folder, gitignore), cwd);
  const exist: string[] = [];
  for (const { path } of files) {
    // A link that leads nowhere is in the way, too.
    if (await lstat(join(folder, path)).catch(() => undefined)) exist.push(displayPath(join(folder, path), cwd));
  }
  if (exist.length === 0) return;
  const verb = exist.length === 1 ? "exists" : "exist";
  throw new UsageError(`${exist.join(", ")} ${verb}: nothing was written`, {
    hint: "init never overwrites: name another folder, as in orch-sync init my-project",
  });
}

/** Looks at the nearest path upwards that there is: what is missing below can be made, if that is a folder. */
async function refuseNoFolder(path: string, cwd: string): Promise<void> {
  let above = path;
  while (dirname(above) !== above && !(await lstat(above).catch(() => undefined))) above = dirname(above);
  try {
    if ((await stat(above)).isDirectory()) return;
  } catch (error) {
    throw inTheWay(above, reasonOf(error), cwd);
  }
  throw inTheWay(above, "is no folder", cwd);
}

/** `.gitignore` may be there, as a file; a line is added at its end. */
async function refuseUnusable(path: string, cwd: string): Promise<void> {
  if (!(await lstat(path).catch(() => undefined))) return;
  try {
    if (!(await stat(path)).isFile()) throw inTheWay(path, "is no file", cwd);
    if (!ignoresData(await readFile(path, "latin1"))) await access(path, constants.W_OK);
  } catch (error) {
    throw error instanceof UsageError ? error : inTheWay(path, reasonOf(error), cwd);
  }
}

const notWritable = "may not be read and written";
const reasonsToRefuse: Readonly<Record<string, string>> = {
  ENOENT: "is a symbolic link that leads nowhere",
  EACCES: notWritable,
  EPERM: notWritable,
  EROFS: notWritable,
};

/** Why what is there is of no use. */
function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : "";
  return reasonsToRefuse[String(code)] ?? describe(error);
}

function inTheWay(path: string, reason: string, cwd: string): UsageError {
  return new UsageError(`${displayPath(path, cwd)} ${reason}: nothing was written`, {
    hint: "move it away, or name another folder, as in orch-sync init my-project",
  });
}

async function create(folder: string, { path, about, text }: NewFile): Promise<WrittenFile> {
  const file = join(folder, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text, { flag: "wx" }); // not even a file that has come up since is overwritten
  return { path, about };
}

/** A line in `.gitignore`, unless it has one. */
async function ignoreData(folder: string): Promise<WrittenFile | undefined> {
  const path = gitignore;
  const before = await readFile(join(folder, path), "latin1").catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  });
  if (ignoresData(before)) return undefined;
  const lineFeed = before.includes("\r\n") ? "\r\n" : "\n";
  const between = before === "" || before.endsWith("\n") ? "" : lineFeed;
  await appendFile(join(folder, path), `${between}${ignored}${lineFeed}`);
  return { path, about: `Keeps ${ignored} out of Git.` };
}

function ignoresData(text: string): boolean {
  return text.split(/\r?\n/).some((line) => /^\/?\.orch-sync\/?$/.test(line.trim()));
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: "the folder may not be written to",
  EPERM: "the folder may not be written to",
  EROFS: "the folder may not be written to",
  EEXIST: "a file has come up meanwhile",
  ENOENT: "a folder is not there any more",
  ENOTDIR: "a file is where a folder should be",
  EISDIR: "a folder is where a file should be",
  ENOSPC: "the disk is full",
};

function halfDone(error: unknown, folder: string, written: readonly WrittenFile[], cwd: string): OrchSyncError {
  const names = written.map(({ path }) => displayPath(join(folder, path), cwd));
  const hint =
    names.length === 0 ? "nothing was written" : `written before that, remove to try again: ${names.join(", ")}`;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const reason = reasons[code] ?? (error instanceof Error ? error.message : String(error));
  return new OrchSyncError(`the project in ${displayPath(folder, cwd)} could not be written: ${reason}`, { hint });
}
