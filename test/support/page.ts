import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { compileCache, root, type CliResult } from "./cli.ts";

/** A block of code of a page. */
export interface Fence {
  readonly language: string;
  readonly text: string;
  /** The heading that it stands under. */
  readonly section: string;
}

/** The blocks of code of a page in `docs/`, in its order, without their indent. */
export function fencesOf(page: string): Fence[] {
  const markdown = readFileSync(join(root, page), "utf8");
  return [...markdown.matchAll(/^( *)```(\w*)\n([\s\S]*?)^\1```$/gm)].map((match) => {
    const [, indent = "", language = "", text = ""] = match;
    const section = [...markdown.slice(0, match.index).matchAll(/^#+ (.*)$/gm)].at(-1)?.[1] ?? "";
    return { language, text: text.replaceAll(new RegExp(`^${indent}`, "gm"), ""), section };
  });
}

/** Runs a page's shell lines as a reader would, in `folder`, with `orch-sync` on the PATH. */
export async function shell(
  script: string,
  folder: string,
  env: Readonly<Record<string, string>> = {},
): Promise<CliResult> {
  const tools = join(folder, ".tools");
  mkdirSync(tools);
  symlinkSync(join(root, "dist/bin.js"), join(tools, "orch-sync"));
  const path = [tools, dirname(process.execPath), process.env["PATH"] ?? ""].join(delimiter);
  const child = spawn("bash", ["-c", `set -eu -o pipefail\n${script}`], {
    cwd: folder,
    env: { PATH: path, ...compileCache, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject).on("close", resolve);
  });
  return { code, stdout, stderr };
}
