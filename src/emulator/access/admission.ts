import { Forbidden, noSuchFolder, notFound } from "../errors.ts";
import type { Caller, FolderUse } from "../http/route.ts";
import { accessOfApplication, accessOfUser, type Access, type Need } from "../store/access.ts";
import type { Database } from "../store/database.ts";
import type { Folder } from "../store/folders.ts";
import { needs, scopes } from "./needs.ts";

/** What a caller may do; undefined for the emulator's own token, which may do everything. */
export function accessOf(db: Database, caller: Caller): Access | undefined {
  if (caller.kind === "application") return accessOfApplication(db, caller.clientId);
  return caller.isOwner || caller.userId === null ? undefined : accessOfUser(db, caller.userId);
}

/**
 * Refuses an external application whose token lacks the endpoint's scope. `OR.Default` stands for none in particular:
 * there permissions alone decide (setting up the external application).
 */
export function checkScope(caller: Caller, method: string, pattern: string): void {
  if (caller.kind !== "application") return;
  const area = scopes[/^(?:api\/)?\w+/.exec(pattern)?.[0] ?? ""];
  const wanted = ["OR.Default", `OR.${area}`, `OR.${area}.${method === "GET" ? "Read" : "Write"}`];
  if (area === undefined || !wanted.some((scope) => caller.scopes.includes(scope))) throw new Forbidden();
}

interface Request {
  readonly method: string;
  readonly pattern: string;
  readonly key: number;
  readonly use: FolderUse;
  readonly folder: Folder | undefined;
  /** The query options; two of them ask for more permissions. */
  readonly given: ReadonlyMap<string, string>;
}

/**
 * Refuses a call that its caller may not make in the folder, and gives the folders in which the caller may make it;
 * undefined for all.
 */
export function admit(access: Access | undefined, request: Request): readonly number[] | undefined {
  const { method, pattern, key, use, folder, given } = request;
  const alsoAsked = askedFor(given);
  if (!folder && alsoAsked && isNobodys(alsoAsked)) return [];
  if (!access) return undefined;
  const need = needOf(method, pattern);
  // Paths of the tenant have no folder, whatever header a client sends with every call.
  if (folder && use !== "none") {
    if (!access.sees(folder.id)) throw noSuchFolder();
    if (!access.may(need, folder.id)) throw new Forbidden();
    return access.reach(need); // for what a call says of other folders
  }
  const reach = use === "none" ? reachOfTenant(access, need) : access.reach(need);
  if (!reach || (use !== "none" && reach.length === 0)) throw new Forbidden();
  if (pattern.startsWith("Folders(key)") && !reach.includes(key)) throw notFound("Folder");
  return alsoAsked ? reach.filter((id) => access.may(alsoAsked, id)) : reach;
}

/** Every permission that there is: who may do everything has those, and no other. */
const permissions: ReadonlySet<string> = new Set(Object.values(needs).flatMap((text) => text.split(/ and | or /)));

/** Whether each of the alternatives asks for a permission that there is not. */
function isNobodys(need: Need): boolean {
  return !need.some((all) => all.every((name) => permissions.has(name)));
}

/** The permissions that a call across folders asks for by itself: folders without them are left out (contract). */
function askedFor(given: ReadonlyMap<string, string>): Need | undefined {
  const names = (option: string): readonly string[] =>
    given
      .get(option)
      ?.split(",")
      .filter((name) => name !== "") ?? [];
  const all = names("mandatoryPermissions");
  const any = names("atLeastOnePermissions");
  if (any.length > 0) return any.map((name) => all.concat(name));
  return all.length > 0 ? [all] : undefined;
}

/** Permissions on the tenant count in all folders that one sees; some permissions count in single folders too. */
function reachOfTenant(access: Access, need: Need): readonly number[] | undefined {
  if (access.mayEverywhere(need)) return access.reach([[]]);
  const folders = access.reach(need.filter(isOfFolders));
  return folders.length === 0 ? undefined : folders;
}

/** Whether permissions in single folders are enough: `SubFolders.View` shows the folders in which one has it. */
function isOfFolders(all: readonly string[]): boolean {
  return all.length > 0 && all.every((name) => name.startsWith("SubFolders."));
}

/** An endpoint that the table lacks would be open to everybody; a test holds the table against the routes. */
export function needOf(method: string, pattern: string): Need {
  const text = needs[`${method} ${pattern}`] ?? "";
  return text.split(" or ").map((all) => (all === "" ? [] : all.split(" and ")));
}
