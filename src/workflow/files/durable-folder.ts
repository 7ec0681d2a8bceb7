import { randomUUID } from "node:crypto";
import { constants, createReadStream, readFileSync } from "node:fs";
import { copyFile, link, mkdir, open, readdir, readFile, rename, unlink, type FileHandle } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { DurableFile, DurableFolder, DurableLock } from "../../core/durable.ts";

/** Only we read and write it. */
const fileMode = 0o600;
const folderMode = 0o700;
const lockEnding = ".lock";

/** A folder on disk, made when the first file is. Links are never followed. */
export function durableFolder(path: string): DurableFolder {
  const at = (name: string): string => join(path, name);
  return {
    async list() {
      const entries = await unless("ENOENT", readdir(path, { withFileTypes: true }), []);
      return entries.filter((each) => each.isFile() && !each.name.endsWith(lockEnding)).map(({ name }) => name);
    },
    async lines(name) {
      const handle = await unless("ENOENT", open(at(name), constants.O_RDONLY | constants.O_NOFOLLOW), undefined);
      return handle === undefined ? undefined : linesOf(handle);
    },
    async create(name) {
      await mkdir(path, { recursive: true, mode: folderMode });
      const { O_WRONLY, O_CREAT, O_EXCL } = constants;
      const handle = await open(at(name), O_WRONLY | O_CREAT | O_EXCL, fileMode);
      await syncFolder(path);
      return file(handle);
    },
    async open(name) {
      return file(await open(at(name), constants.O_WRONLY | constants.O_APPEND | constants.O_NOFOLLOW));
    },
    remove: (name) => unless("ENOENT", unlink(at(name)), undefined),
    async lock(name) {
      await mkdir(path, { recursive: true, mode: folderMode });
      return lock(at(`${name}${lockEnding}`));
    },
  };
}

function file(handle: FileHandle): DurableFile {
  return {
    append: async (text) => {
      await handle.appendFile(text);
    },
    sync: () => handle.sync(),
    close: () => handle.close(),
  };
}

async function* linesOf(handle: FileHandle): AsyncGenerator<string, void, undefined> {
  await using stream = createReadStream("", { fd: handle, encoding: "utf8" });
  for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) yield line;
}

/** A new name is on the disk once its folder is. Windows cannot open folders, and needs no such thing. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path, constants.O_RDONLY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/**
 * A lock is a file that names its process. It is taken over only from a process that is provably gone: on this
 * machine, and dead, or another one under a number that was given again.
 */
async function lock(path: string): Promise<DurableLock | undefined> {
  const own = JSON.stringify({ host: hostname(), pid: process.pid, begun: beginOf(process.pid), nonce: randomUUID() });
  for (let attempt = 1; attempt <= 3; attempt++) {
    if (await made(path, own)) return { release: () => release(path, own) };
    const held = await unless("ENOENT", readFile(path, "utf8"), undefined);
    if (held === undefined) continue;
    if (isAlive(held)) return undefined;
    await takeAway(path, held);
  }
  return undefined;
}

async function made(path: string, text: string): Promise<boolean> {
  // Written whole before it has its name: nobody reads half a lock.
  const beside = `${path}.${randomUUID()}${lockEnding}`;
  const handle = await open(beside, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, fileMode);
  try {
    await handle.writeFile(text);
    await handle.sync();
    await handle.close();
    return await linked(beside, path);
  } finally {
    await unless("ENOENT", unlink(beside), undefined);
  }
}

/** Some file systems have no links: there the name comes before the text, and the race is lost at worst. */
async function linked(beside: string, path: string): Promise<boolean> {
  try {
    await link(beside, path);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
  }
  try {
    await copyFile(beside, path, constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

/** Two may find the same dead lock: whoever catches a living one puts it back. */
async function takeAway(path: string, dead: string): Promise<void> {
  const aside = `${path}.${randomUUID()}${lockEnding}`;
  await unless("ENOENT", rename(path, aside), undefined);
  const caught = await unless("ENOENT", readFile(aside, "utf8"), undefined);
  if (caught !== undefined && caught !== dead) await unless("EEXIST", link(aside, path), undefined);
  await unless("ENOENT", unlink(aside), undefined);
}

async function release(path: string, own: string): Promise<void> {
  const held = await unless("ENOENT", readFile(path, "utf8"), undefined);
  if (held === own) await unless("ENOENT", unlink(path), undefined);
}

/** What another machine holds cannot be judged from here, and counts as held. */
function isAlive(held: string): boolean {
  const { host, pid, begun } = holderOf(held);
  if (host !== hostname() || pid === undefined) return host !== undefined && pid !== undefined;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (codeOf(error) === "ESRCH") return false;
  }
  const now = beginOf(pid);
  return now === undefined || begun === undefined || now === begun;
}

function holderOf(text: string): { readonly host?: string; readonly pid?: number; readonly begun?: string } {
  try {
    return JSON.parse(text) as { host?: string; pid?: number; begun?: string };
  } catch {
    return {};
  }
}

/** When a process began, in the ticks that Linux counts; undefined elsewhere. */
function beginOf(pid: number): string | undefined {
  try {
    // The second field is a name in parentheses, which may hold blanks; the 22nd is the start time (proc(5)).
    return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ")[19];
  } catch {
    return undefined;
  }
}

async function unless<T, U>(code: string, promise: Promise<T>, instead: U): Promise<T | U> {
  try {
    return await promise;
  } catch (error) {
    if (codeOf(error) === code) return instead;
    throw error;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
