import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Emulator, TenantDocument } from "../../../src/emulator/index.ts";
import { sender, start, type Send } from "./tenant.ts";

const namespace = "UiPath.Server.Configuration.OData";
const root = { ProvisionType: "Automatic", PermissionModel: "FineGrained" };

const document: TenantDocument = {
  apiVersion: "orch-sync/v1",
  kind: "Tenant",
  metadata: { name: "acme" },
  spec: {
    clock: { start: "2026-01-01T00:00:00Z", mode: "manual" },
    folders: [
      { path: "Finance/Invoices", id: 5 },
      { path: "ana's workspace", type: "personal", id: 6 },
      { path: "ana's workspace/Tests", id: 7 },
    ],
    users: [
      { userName: "ana", id: 11 },
      { userName: "ion", folders: ["Finance"], id: 12 },
    ],
    applications: [{ clientId: "app", clientSecret: "x", scopes: ["OR.Folders"] }],
    queues: [{ name: "Invoices", folder: "Finance/Invoices", id: 31 }],
  },
};

let emulator: Emulator;
let send: Send;

beforeEach(async () => {
  emulator = await start({ edition: "cloud", tenant: document });
  send = sender(emulator, {});
});
afterEach(async () => emulator.close());

const names = (rows: unknown, member = "FullyQualifiedName"): unknown =>
  (rows as readonly Readonly<Record<string, unknown>>[]).map((row) => row[member]);
const as = (name: string): Send => sender({ ...emulator, token: emulator.tokenFor(name) }, {});

describe("folders", () => {
  test("POST makes one at the root or below another", async () => {
    const { status, body } = await send("POST", "/odata/Folders", {
      DisplayName: "Sales",
      Description: "new",
      ...root,
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({ FullyQualifiedName: "Sales", FolderType: "Standard", ParentId: null, ...root });
    const child = await send("POST", "/odata/Folders", { DisplayName: "North", ParentId: body["Id"] });
    expect(child.body).toMatchObject({
      FullyQualifiedName: "Sales/North",
      ParentId: body["Id"],
      ParentKey: body["Key"],
    });
    const byKey = await send("POST", "/odata/Folders", { DisplayName: "South", ParentKey: body["Key"] });
    expect(byKey.body["FullyQualifiedName"]).toBe("Sales/South");
    const queue = await send(
      "POST",
      "/odata/QueueDefinitions",
      { Name: "q" },
      { "x-uipath-folderpath": "sales/north" },
    );
    expect(queue.status).toBe(201);
  });

  test.each([
    [{ ...root }, 400],
    [{ DisplayName: "x".repeat(116), ...root }, 400],
    [{ DisplayName: "a/b", ...root }, 400],
    [{ DisplayName: "x" }, 400],
    [{ DisplayName: "FINANCE", ...root }, 409],
    [{ DisplayName: "invoices", ParentId: 4 }, 404],
    [{ DisplayName: "x", ParentId: 5, ProvisionType: "Manual" }, 400],
    [{ DisplayName: "x", ProvisionType: "Manual", PermissionModel: "InheritFromTenant" }, 400],
    [{ DisplayName: "x", ProvisionType: "Automatic", PermissionModel: "InheritFromTenant" }, 400],
    [{ DisplayName: "x", ...root, Colour: "red" }, 400],
  ])("%j is refused", async (given, status) => {
    expect((await send("POST", "/odata/Folders", given)).status).toBe(status);
  });

  test("classic folders are made on premises", async () => {
    await using older = await start({ edition: "2023.4", tenant: document });
    const classic = { DisplayName: "Old", ProvisionType: "Manual", PermissionModel: "InheritFromTenant" };
    const { status, body } = await sender(older, {})("POST", "/odata/Folders", classic);
    expect([status, body["ProvisionType"]]).toEqual([201, "Manual"]);
    const nested = await sender(older, {})("POST", "/odata/Folders", { DisplayName: "x", ParentId: body["Id"] });
    expect(nested.status).toBe(400);
  });

  test("PUT renames it, and those below follow", async () => {
    const [finance] = (await send("GET", "/odata/Folders?$filter=FullyQualifiedName eq 'Finance'")).body.value;
    const path = `/odata/Folders(${String(finance?.["Id"])})`;
    const { status, body } = await send("PUT", path, { ...finance, DisplayName: "Money" });
    expect([status, body["FullyQualifiedName"]]).toEqual([200, "Money"]);
    expect((await send("GET", "/odata/Folders(5)")).body["FullyQualifiedName"]).toBe("Money/Invoices");
    expect(
      (await send("GET", "/odata/QueueDefinitions(31)", undefined, { "x-uipath-folderpath": "Money/Invoices" })).status,
    ).toBe(200);
    for (const change of [
      { ParentId: 5 },
      { ProvisionType: "Manual" },
      { PermissionModel: "InheritFromTenant" },
      { FeedType: "Libraries" },
    ]) {
      expect([change, (await send("PUT", path, { DisplayName: "Money", ...change })).status]).toEqual([change, 400]);
    }
  });

  test("DELETE succeeds only where nothing is in it or below", async () => {
    const [finance] = (await send("GET", "/odata/Folders?$filter=DisplayName eq 'Finance'")).body.value;
    const path = `/odata/Folders(${String(finance?.["Id"])})`;
    const { status, body } = await send("DELETE", path);
    expect([status, body["message"]]).toEqual([409, "CannotDeleteEntitiesInHierarchy: there are queues, users in it."]);
    await send("DELETE", "/odata/QueueDefinitions(31)", undefined, { "x-uipath-organizationunitid": "5" });
    await send("POST", `${path}/${namespace}.RemoveUserFromFolder`, { userId: 12 });
    expect((await send("DELETE", path)).status).toBe(204);
    expect((await send("GET", "/odata/Folders(5)")).status).toBe(404); // went with it
  });

  test("by key: PatchNameDescription and DeleteByKey, in the cloud only", async () => {
    const key = String((await send("GET", "/odata/Folders(7)")).body["Key"]);
    const patch = await send("PATCH", `/api/Folders/PatchNameDescription?key=${key}`, { name: "Trials" });
    expect(patch.status).toBe(200);
    expect((await send("GET", "/odata/Folders(7)")).body["FullyQualifiedName"]).toBe("ana's workspace/Trials");
    expect((await send("DELETE", `/api/Folders/DeleteByKey?key=${key}`)).status).toBe(204);
    expect((await send("DELETE", `/api/Folders/DeleteByKey?key=${key}`)).status).toBe(404);
    expect((await send("GET", `/api/Folders/DeleteByKey?key=${key}`)).status).toBe(405);
    await using older = await start({ edition: "2023.4", tenant: document });
    expect((await sender(older, {})("DELETE", `/api/Folders/DeleteByKey?key=${key}`)).status).toBe(404);
  });

  test("users are assigned to folders and taken out", async () => {
    const users = async (inherited: boolean): Promise<unknown> => {
      const path = `/odata/Folders/${namespace}.GetUsersForFolder(key=5,includeInherited=${String(inherited)})`;
      return (await send("GET", path)).body.value.map((row) => row["Id"]);
    };
    expect(await users(true)).toEqual([11, 12]);
    expect(await users(false)).toEqual([]);
    const assignments = { UserIds: [12], RolesPerFolder: [{ FolderId: 5 }] };
    expect((await send("POST", `/odata/Folders/${namespace}.AssignUsers`, { assignments })).status).toBe(204);
    expect(await users(false)).toEqual([12]);
    const roles = `/odata/Folders/${namespace}.GetAllRolesForUser(username='ion',skip=0,take=30)`;
    const { Count, PageItems } = (await send("GET", roles)).body;
    expect(Count).toBe(2);
    expect(PageItems).toMatchObject([{ Folder: { FullyQualifiedName: "Finance" } }, { Folder: { Id: 5 } }]);
    const remove = async (user: number): Promise<number> =>
      (await send("POST", `/odata/Folders(5)/${namespace}.RemoveUserFromFolder`, { userId: user })).status;
    expect(await remove(12)).toBe(204);
    expect(await remove(12)).toBe(404);
    expect(await remove(99)).toBe(404);
  });
});

describe("quirk 25: the folders of the caller", () => {
  const all = "/api/Folders/GetAllForCurrentUser";

  test("/odata/Folders hides what is below personal workspaces, GetAllForCurrentUser shows it", async () => {
    expect(names((await send("GET", "/odata/Folders")).body.value)).toEqual([
      "Finance",
      "Finance/Invoices",
      "ana's workspace",
    ]);
    const { body } = await send("GET", all);
    expect(body["Count"]).toBe(4);
    expect(names(body["PageItems"])).toEqual([
      "Finance",
      "Finance/Invoices",
      "ana's workspace",
      "ana's workspace/Tests",
    ]);
    expect(Object.keys((body["PageItems"] as object[])[0] ?? {})).not.toContain("ProvisionType");
  });

  test("pages, and takes 1000 at most", async () => {
    const { body } = await send("GET", `${all}?take=2&skip=1`);
    expect([body["Count"], names(body["PageItems"])]).toEqual([4, ["Finance/Invoices", "ana's workspace"]]);
    expect((await send("GET", `${all}?take=1000`)).status).toBe(200);
    const over = await send("GET", `${all}?take=1001`);
    expect([over.status, over.body["errorCode"]]).toEqual([400, 1009]);
    expect((await send("GET", `${all}?$top=1`)).status).toBe(400);
  });

  test("is empty for applications, and what is assigned for users", async () => {
    expect((await as("app")("GET", all)).body).toEqual({ PageItems: [], Count: 0 });
    expect(names((await as("ion")("GET", all)).body["PageItems"])).toEqual(["Finance", "Finance/Invoices"]);
  });

  test("FoldersNavigation refuses applications", async () => {
    for (const name of [
      "GetFoldersForCurrentUser",
      "GetAllFoldersForCurrentUser",
      "GetFolderNavigationContextForCurrentUser",
    ]) {
      expect([name, (await as("app")("GET", `/api/FoldersNavigation/${name}`)).status]).toEqual([name, 403]);
      expect([name, (await as("ion")("GET", `/api/FoldersNavigation/${name}`)).status]).toEqual([name, 200]);
    }
  });

  test("FoldersNavigation shows the tree to users", async () => {
    const found = await send("GET", "/api/FoldersNavigation/GetFoldersForCurrentUser?searchText=INVO&take=5&skip=0");
    expect([found.body["Count"], names(found.body["PageItems"], "FolderPath")]).toEqual([1, ["Finance/Invoices"]]);
    const tree = (await send("GET", "/api/FoldersNavigation/GetAllFoldersForCurrentUser")).body as unknown;
    expect(names(tree, "Level")).toEqual([0, 1, 0, 1]);
    const path = "/api/FoldersNavigation/GetFolderNavigationContextForCurrentUser";
    const context = (await send("GET", `${path}?folderId=5`)).body;
    expect([context["DisplayName"], names(context["Ancestors"]), context["ChildrenCount"]]).toEqual([
      "Invoices",
      ["Finance"],
      0,
    ]);
    expect(names((await send("GET", path)).body["ChildrenPage"])).toEqual(["Finance", "ana's workspace"]);
    expect((await send("GET", `${path}?folderId=99`)).status).toBe(404);
  });
});
