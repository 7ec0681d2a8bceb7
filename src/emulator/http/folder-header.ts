import type { IncomingHttpHeaders } from "node:http";
import { noSuchFolder, Refusal } from "../errors.ts";
import type { Access } from "../store/access.ts";
import type { Database } from "../store/database.ts";
import { folderById, folderByKey, folderByPath, onlyFolder, type Folder } from "../store/folders.ts";
import type { FolderUse } from "./route.ts";

/** Of several headers the path wins (UiPath's own SDK says so); the order below is the order of precedence. */
const lookups: readonly (readonly [name: string, find: (db: Database, value: string) => Folder | undefined])[] = [
  ["x-uipath-folderpath-encoded", (db, value) => folderByPath(db, Buffer.from(value, "base64").toString("utf16le"))],
  ["x-uipath-folderpath", folderByPath],
  ["x-uipath-folderkey", folderByKey],
  [
    "x-uipath-organizationunitid",
    (db, value) => (/^\d{1,15}$/.test(value) ? folderById(db, Number(value)) : undefined),
  ],
];

/** The folder headers of a request, as sent. */
export function folderHeaders(headers: IncomingHttpHeaders): Readonly<Record<string, string>> {
  return Object.fromEntries(
    lookups.flatMap(([name]) => {
      const value = headers[name];
      return typeof value === "string" && value !== "" ? [[name, value]] : [];
    }),
  );
}

/** The folder that a call is made in: a write needs one, unless there is only one for the caller. */
export function folderOf(
  db: Database,
  headers: Readonly<Record<string, string>>,
  use: FolderUse,
  access: Access | undefined,
): Folder | undefined {
  for (const [name, find] of lookups) {
    const value = headers[name];
    if (value === undefined) continue;
    const folder = find(db, value);
    if (folder) return folder;
    throw noSuchFolder();
  }
  if (use !== "write") return undefined;
  const folder = onlyFolder(db, access?.reach([[]]));
  if (!folder) throw new Refusal("RequiredOrganizationUnit", "An organization unit is required for this action.");
  return folder;
}
