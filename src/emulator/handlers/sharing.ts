import { accessOf } from "../access/admission.ts";
import { notFound, Refusal } from "../errors.ts";
import { array, integer, object } from "../http/body.ts";
import { action, numberParameter, query, type Call, type Reply, type Routes } from "../http/route.ts";
import type { Database } from "../store/database.ts";
import { folderById } from "../store/folders.ts";
import { foldersOf, link, unlink, type LinkTable } from "../store/links.ts";
import { contextOf } from "./answers.ts";

/** Things that can be in several folders. */
interface Shared {
  readonly set: string;
  /** The function that lists the folders of one. */
  readonly read: string;
  /** The member of the body that lists the things. */
  readonly ids: string;
  readonly table: LinkTable;
  /** What messages call one. */
  readonly name: string;
  readonly isNameTaken: (db: Database, id: number, folderId: number) => boolean;
}

/** The calls by which things are linked into folders and out of them. */
export function sharing(shared: Shared): Routes {
  const namespace = "UiPath.Server.Configuration.OData";
  const members = { [shared.ids]: array(integer), ToAddFolderIds: array(integer), ToRemoveFolderIds: array(integer) };
  return {
    [`GET ${shared.set}/${namespace}.${shared.read}(id)`]: query({ folder: "read", options: "entity" }, (call) =>
      folders(call, shared),
    ),
    [`POST ${shared.set}/${namespace}.ShareToFolders`]: action(
      { folder: "read", options: "none", parameter: "parameters", body: object(members) },
      (call, body) => {
        call.db.transaction(() => {
          for (const id of body[shared.ids] ?? []) {
            for (const folder of body["ToAddFolderIds"] ?? []) add(call, shared, id, folder);
            for (const folder of body["ToRemoveFolderIds"] ?? []) remove(call, shared, id, folder);
          }
        });
        return { status: 204 };
      },
    ),
  };
}

function folders(call: Call, { table, name }: Shared): Reply {
  const ids = foldersOf(call.db, table, numberParameter(call, "id"));
  if (ids.length === 0) throw notFound(name);
  const AccessibleFolders = ids.filter(reachable(call)).map((id) => {
    const folder = call.db.get("SELECT id, name, path FROM folders WHERE id = ?", id);
    return { DisplayName: folder?.["name"], FullyQualifiedName: folder?.["path"], Id: id };
  });
  const context = contextOf(call, "UiPath.Server.Configuration.OData.AccessibleFoldersDto");
  return { status: 200, body: { "@odata.context": context, AccessibleFolders, TotalFoldersCount: ids.length } };
}

/** Whether the caller sees a folder, whatever folder the call is made in. */
function reachable({ db, caller }: Call): (folderId: number) => boolean {
  const access = accessOf(db, caller);
  return (folderId) => access?.sees(folderId) ?? true;
}

function add(call: Call, { table, name, isNameTaken }: Shared, id: number, folderId: number): void {
  const { db } = call;
  const home = foldersOf(db, table, id).find(reachable(call));
  if (home === undefined) throw notFound(name);
  const folder = folderById(db, folderId);
  if (!folder || !reachable(call)(folderId)) throw notFound("Folder");
  if (folderById(db, home)?.modern !== folder.modern) {
    throw new Refusal(
      "FolderTypeMismatch",
      "FolderTypeMismatch: between classic and modern folders nothing is shared.",
    );
  }
  if (isNameTaken(db, id, folderId)) {
    throw new Refusal("NameAlreadyUsed", `The name is already used in the folder '${folder.path}'.`);
  }
  link(db, table, id, folderId);
}

/** Out of its last folder nothing can be taken: that would be to delete it. */
function remove(call: Call, { table, name }: Shared, id: number, folderId: number): void {
  const { db } = call;
  const ids = foldersOf(db, table, id);
  if (!ids.filter(reachable(call)).includes(folderId)) throw notFound(ids.length === 0 ? name : "Folder");
  if (ids.length === 1) throw new Refusal("InvalidArgument", `The ${name} is in no other folder.`);
  unlink(db, table, id, folderId);
}
