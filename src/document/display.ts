import { relative, sep } from "node:path";

/** How messages name a file: relative to the working folder, with forward slashes on every system. */
export function displayPath(path: string, cwd: string): string {
  const shown = relative(cwd, path);
  return (shown === "" ? "." : shown).split(sep).join("/");
}
