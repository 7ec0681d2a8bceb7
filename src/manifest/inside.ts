import { sep } from "node:path";

/** True when a path lies in one of the folders. All of them are real paths: symbolic links would lead elsewhere. */
export function isInside(realPath: string, folders: readonly string[]): boolean {
  return folders.some(
    (folder) => realPath === folder || realPath.startsWith(folder.endsWith(sep) ? folder : folder + sep),
  );
}
