import { resolve } from "node:path";
import { parseEnv } from "node:util";
import type { Diagnostic } from "../core/diagnostic.ts";
import { displayPath } from "../document/display.ts";
import { readTextFile } from "../document/read.ts";
import type { Environment } from "../document/values.ts";
import { unreadableFile } from "./unreadable.ts";

/**
 * The environment with what `--dotenv` adds. A variable that the environment has, be it empty, is never overridden;
 * of several files the last wins. Without files nothing is read: a `.env` that lies about is nobody's order.
 */
export async function withDotenv(
  env: Environment,
  files: readonly string[],
  cwd: string,
): Promise<{ readonly env: Environment; readonly diagnostics: readonly Diagnostic[] }> {
  const added: Record<string, string | undefined> = {};
  const diagnostics: Diagnostic[] = [];
  for (const file of files) {
    const path = resolve(cwd, file);
    const read = await readTextFile(path);
    if (read.type === "text") Object.assign(added, parseEnv(read.text));
    else diagnostics.push(unreadableFile("the .env file", displayPath(path, cwd), read));
  }
  return { env: files.length === 0 ? env : { ...added, ...env }, diagnostics };
}
