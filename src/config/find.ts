import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** The name of the config file. */
const configName = "orch-sync.yaml";

/** The nearest config file from a folder upwards, not beyond the root of its Git repository. */
export function findConfig(cwd: string): string | undefined {
  let folder = resolve(cwd);
  for (;;) {
    const file = join(folder, configName);
    if (existsSync(file)) return file;
    const above = dirname(folder);
    // `.git` is a file in worktrees and submodules.
    if (above === folder || existsSync(join(folder, ".git"))) return undefined;
    folder = above;
  }
}
