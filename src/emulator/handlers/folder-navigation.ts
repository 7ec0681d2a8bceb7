import { notFound, Refusal } from "../errors.ts";
import { query, type Call, type Reply, type Routes } from "../http/route.ts";
import { folder } from "../model/entities.ts";
import { asOf } from "../model/versions.ts";
import { readPage, resourcesOf, type Resource } from "../odata/read.ts";
import { inFolder } from "../store/folders.ts";
import { foldCase } from "../text.ts";
import { plainNumber } from "./where.ts";

const plainly = { folder: "none", options: "none" } as const;
const maxTake = 1000;

/**
 * The folders of the caller as plain JSON, with those below personal workspaces. `FoldersNavigation` is for signed-in
 * users: "OAuth authentication is not supported" (contract), and external applications are refused before they get here.
 */
export const folderNavigationRoutes: Routes = {
  "GET api/Folders/GetAllForCurrentUser": query(
    { ...plainly, plain: ["take", "skip"], versions: [20, Infinity] },
    (call) => {
      // An application is no user and has no folders here, although it sees them in the list (field reports).
      const all = call.caller.kind === "application" ? [] : foldersOf(call);
      const PageItems = page(call, all).map((each) => pick(each, current));
      return { status: 200, body: { PageItems, Count: all.length } };
    },
  ),
  "GET api/FoldersNavigation/GetFoldersForCurrentUser": query(
    { ...plainly, plain: ["skip", "take", "searchText", "folderTypes"], versions: [20, Infinity] },
    (call) => {
      const wanted = foldCase(call.given.get("searchText") ?? "");
      const types = (call.given.get("folderTypes") ?? "").split(",").filter((type) => type !== "");
      const found = foldersOf(call).filter(
        (each) =>
          foldCase(String(each["DisplayName"])).includes(wanted) &&
          (types.length === 0 || types.includes(String(each["FolderType"]))),
      );
      const PageItems = page(call, found).map((each) =>
        Object.assign({ FolderPath: each["FullyQualifiedName"] }, each),
      );
      return { status: 200, body: { PageItems, Count: found.length } };
    },
  ),
  "GET api/FoldersNavigation/GetAllFoldersForCurrentUser": query(plainly, (call) => {
    const all = foldersOf(call);
    return { status: 200, body: all.map((each) => extended(each, all)) };
  }),
  "GET api/FoldersNavigation/GetFolderNavigationContextForCurrentUser": query(
    { ...plainly, plain: ["skip", "take", "folderId"] },
    context,
  ),
};

/** A folder with those above it and a page of those below it; without a folder, those at the root. */
function context(call: Call): Reply {
  const all = foldersOf(call);
  const id = plainNumber(call.given, "folderId");
  const own = all.find((each) => each["Id"] === id);
  if (id !== undefined && !own) throw notFound("Folder");
  const children = all.filter((each) => each["ParentId"] === (own?.["Id"] ?? null));
  const body = {
    Id: own?.["Id"] ?? null,
    DisplayName: own?.["DisplayName"] ?? null,
    IsSelectable: own !== undefined,
    IsPersonal: own?.["IsPersonal"] ?? false,
    ProvisionType: own?.["ProvisionType"] ?? "Automatic",
    Ancestors: ancestors(own, all).map((each) => pick(each, simple)),
    ChildrenPage: page(call, children).map((each) => extended(each, all)),
    ChildrenCount: children.length,
  };
  return { status: 200, body };
}

const simple = ["DisplayName", "FullyQualifiedName", "Id"];
const current = ["Key", ...simple, "Description", "FolderType", "ParentId", "ParentKey"];

function pick(resource: Resource, names: readonly string[]): Resource {
  return Object.fromEntries(names.filter((name) => name in resource).map((name) => [name, resource[name]]));
}

function extended(each: Resource, all: readonly Resource[]): Resource {
  const HasChildren = all.some(({ ParentId }) => ParentId === each["Id"]);
  return { IsSelectable: true, HasChildren, Level: ancestors(each, all).length, ...each };
}

function ancestors(each: Resource | undefined, all: readonly Resource[]): readonly Resource[] {
  const parent = each && all.find(({ Id }) => Id === each["ParentId"]);
  return parent ? [...ancestors(parent, all), parent] : [];
}

function foldersOf(call: Call): readonly Resource[] {
  const scope = inFolder({ ...call, folder: undefined }, "t0.id");
  const options = { ...call.options, top: Number.MAX_SAFE_INTEGER, skip: 0, count: false };
  return resourcesOf(readPage(call.db, asOf(folder, call.edition), scope, options, "ASC"));
}

function page(call: Call, all: readonly Resource[]): readonly Resource[] {
  const take = plainNumber(call.given, "take") ?? maxTake;
  const skip = plainNumber(call.given, "skip") ?? 0;
  if (take > maxTake) throw new Refusal("InvalidArgument", `The field take must be between 0 and ${maxTake}`);
  return all.slice(skip, skip + take);
}
