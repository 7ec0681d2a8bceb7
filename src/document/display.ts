import system, { type PlatformPath } from "node:path";

/**
 * How messages name a file: relative to the working folder, with forward slashes on every system. `paths`: whose rules
 * hold, for tests of another system's.
 */
export function displayPath(path: string, cwd: string, paths: Pick<PlatformPath, "relative" | "sep"> = system): string {
  const shown = paths.relative(cwd, path);
  return (shown === "" ? "." : shown).split(paths.sep).join("/");
}
