import system, { type PlatformPath } from "node:path";

/**
 * True when a real path is one of the folders, or lies below one. Links must have been followed before, in all of them.
 * `paths`: whose rules hold, for tests of another system's.
 */
export function isInside(
  realPath: string,
  folders: readonly string[],
  paths: Pick<PlatformPath, "isAbsolute" | "relative" | "sep"> = system,
): boolean {
  return folders.some((folder) => {
    const below = paths.relative(folder, realPath);
    return below !== ".." && !below.startsWith(`..${paths.sep}`) && !paths.isAbsolute(below); // absolute: another drive
  });
}
