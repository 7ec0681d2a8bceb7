import { invalidQuery, notFound, unbound } from "../errors.ts";
import { array, integer, map, object } from "../http/body.ts";
import { action, numberParameter, query, textParameter, type Call, type Reply, type Routes } from "../http/route.ts";
import { memberName, userType } from "../model/enumerations.ts";
import { folderById } from "../store/folders.ts";
import { assign, isAssigned, unassign, usersOf } from "../store/folder-users.ts";
import { fold } from "../text.ts";
import { contextOf } from "./answers.ts";

const namespace = "UiPath.Server.Configuration.OData";
const tenantWide = { folder: "none", options: "none" } as const;
const assignments = object({
  UserIds: array(integer),
  RolesPerFolder: array(object({ FolderId: integer, RoleIds: array(integer), Roles: array(map) })),
});

/** The users of folders, as clients that set folders up ask for them. Roles are not played: permissions are the tenant's. */
export const folderUserRoutes: Routes = {
  [`POST Folders/${namespace}.AssignUsers`]: action(
    { ...tenantWide, parameter: "assignUsersParameters", body: object({ assignments }) },
    (call, { assignments: given }) => {
      if (!given) throw unbound("assignments");
      const folders = (given.RolesPerFolder ?? []).map(({ FolderId }) => reachable(call, FolderId));
      const ids = (given.UserIds ?? []).map((id) => user(call, id));
      call.db.transaction(() => {
        for (const userId of ids) for (const folderId of folders) assign(call.db, userId, folderId);
      });
      return { status: 204 };
    },
  ),
  [`POST Folders(key)/${namespace}.RemoveUserFromFolder`]: action(
    { ...tenantWide, parameter: "removeUserParameters", body: object({ userId: integer }) },
    (call, { userId }) => {
      const folderId = reachable(call, call.key);
      const id = user(call, userId);
      if (!isAssigned(call.db, id, folderId)) throw notFound("User"); // it is not there, or by a folder above
      call.db.transaction(() => unassign(call.db, id, folderId));
      return { status: 204 };
    },
  ),
  [`GET Folders/${namespace}.GetUsersForFolder(key,includeInherited)`]: query(
    { folder: "none", options: "list" },
    users,
  ),
  [`GET Folders/${namespace}.GetAllRolesForUser(username,skip,take)`]: query(tenantWide, foldersOfUser),
};

function users(call: Call): Reply {
  const folderId = reachable(call, numberParameter(call, "key"));
  const inherited = call.parameters["includeInherited"];
  if (inherited !== "true" && inherited !== "false") throw invalidQuery("'includeInherited' must be true or false.");
  const all = usersOf(call.db, folderId)
    .map((id) => ({ id, isInherited: !isAssigned(call.db, id, folderId) }))
    .filter(({ isInherited }) => inherited === "true" || !isInherited);
  const value = all.slice(call.options.skip, call.options.skip + call.options.top).map(({ id, isInherited }) => {
    const row = call.db.get("SELECT * FROM users WHERE id = ?", id);
    const Type = memberName(userType, Number(row?.["type"]));
    return { Id: id, UserEntity: { Id: id, UserName: row?.["user_name"], Type, IsInherited: isInherited }, Roles: [] };
  });
  const context = contextOf(call, "Collection(UiPath.Server.Configuration.OData.UserRolesDto)");
  return { status: 200, body: { "@odata.context": context, "@odata.count": all.length, value } };
}

function foldersOfUser(call: Call): Reply {
  const name = fold(textParameter(call, "username"));
  const row = call.db.all("SELECT id, user_name FROM users").find((each) => fold(String(each["user_name"])) === name);
  if (!row) throw notFound("User");
  const id = Number(row["id"]);
  const folders = call.db.all("SELECT id, name, path FROM folders ORDER BY id");
  const own = folders.filter((folder) => isAssigned(call.db, id, Number(folder["id"])));
  const [skip, take] = [numberParameter(call, "skip"), numberParameter(call, "take")];
  const PageItems = own.slice(skip, skip + take).map((folder) => ({
    Folder: { DisplayName: folder["name"], FullyQualifiedName: folder["path"], Id: folder["id"] },
    Roles: [],
  }));
  const context = contextOf(call, "UiPath.Server.Configuration.OData.UserRoleAssignmentsDto");
  return { status: 200, body: { "@odata.context": context, TenantRoles: [], PageItems, Count: own.length, Id: id } };
}

function user(call: Call, id: number | undefined): number {
  if (id === undefined || !call.db.get("SELECT 1 FROM users WHERE id = ?", id)) throw notFound("User");
  return id;
}

function reachable({ db, reach }: Call, id: number | undefined): number {
  if (id === undefined || !folderById(db, id) || (reach && !reach.includes(id))) throw notFound("Folder");
  return id;
}
