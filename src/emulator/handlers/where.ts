import { ApiError, invalidQuery } from "../errors.ts";
import type { Call } from "../http/route.ts";
import type { Folder } from "../store/folders.ts";

/** The folder of a write, which its route has made sure of. */
export function folderIn({ folder }: Call): Folder {
  if (!folder) throw new ApiError(500, 0, "A write without a folder.");
  return folder;
}

/** The folder that a list across folders leaves out; 0 where there is none. */
export function excludedFolder({ given }: Call): number {
  return plainNumber(given, "excludeFolderId") ?? 0;
}

/** A query option without `$` that must be a number. */
export function plainNumber(given: ReadonlyMap<string, string>, name: string): number | undefined {
  const value = given.get(name);
  if (value === undefined) return undefined;
  if (!/^\d{1,15}$/.test(value)) throw invalidQuery(`Invalid value '${value}' for ${name}.`);
  return Number(value);
}
