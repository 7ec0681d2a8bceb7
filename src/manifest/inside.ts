import { isAbsolute, relative, sep } from "node:path";

/** True when a real path is one of the folders, or lies below one. Links must have been followed before, in all of them. */
export function isInside(realPath: string, folders: readonly string[]): boolean {
  return folders.some((folder) => {
    const below = relative(folder, realPath);
    return below !== ".." && !below.startsWith(`..${sep}`) && !isAbsolute(below); // absolute: another drive
  });
}
