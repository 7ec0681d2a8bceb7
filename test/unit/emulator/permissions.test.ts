import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { needs, scopes } from "../../../src/emulator/access/needs.ts";
import { startEmulator, TenantFileError, type Emulator, type TenantDocument } from "../../../src/emulator/index.ts";
import { routes } from "../../../src/emulator/routes.ts";
import { sender, start, tenant, type Send } from "./tenant.ts";

const queueReader = ["Queues.View", "Transactions.View"];
const document: TenantDocument = {
  ...tenant,
  spec: {
    ...tenant.spec,
    users: [
      { userName: "admin", id: 10 },
      { userName: "clerk", id: 11, permissions: [{ folder: "Finance", names: queueReader }] },
      {
        userName: "operator",
        id: 12,
        permissions: [{ names: ["Jobs.View", "Jobs.Create", "Units.View", "Users.View"] }],
      },
      { userName: "guest", id: 13, permissions: [] },
      { userName: "local", id: 14, folders: ["Shared"] },
      {
        userName: "mixed",
        id: 16,
        permissions: [{ names: queueReader }, { folder: "Shared", names: ["Jobs.View"] }],
      },
      { userName: "visitor", id: 15, permissions: [{ folder: "Shared", names: ["SubFolders.View"] }] },
    ],
    applications: [
      { clientId: "reader", clientSecret: "x", scopes: ["OR.Queues.Read", "OR.Folders"] },
      { clientId: "fine", clientSecret: "x", permissions: [{ folder: "Shared", names: queueReader }] },
    ],
  },
};

let emulator: Emulator;

beforeEach(async () => {
  emulator = await start({ tenant: document });
});
afterEach(async () => emulator.close());

const as = (name: string, folder?: Readonly<Record<string, string>>): Send =>
  sender({ ...emulator, token: emulator.tokenFor(name) }, folder);
const add = { itemData: { Name: "Plain", Reference: "x" } };
const addPath = "/odata/Queues/UiPathODataSvc.AddQueueItem";
const shared = { "x-uipath-folderpath": "Shared" };

describe("a missing permission", () => {
  test("is 403 in the envelope of the real server, and nothing happens", async () => {
    const { status, body, headers } = await as("clerk")("POST", addPath, add);
    expect(status).toBe(403);
    expect(headers.get("content-type")).toContain("application/json");
    expect(body).toEqual({
      message: "You are not authorized!",
      errorCode: 0,
      result: null,
      targetUrl: null,
      success: false,
      error: {
        code: 0,
        message: "You are not authorized!",
        details: "You are not allowed to perform this operation.",
        validationErrors: null,
      },
      unAuthorizedRequest: true,
      __abp: true,
    });
    expect((await sender(emulator)("GET", "/odata/QueueItems?$filter=Reference eq 'x'")).body.value).toEqual([]);
  });

  test.each([
    ["clerk", "GET", "/odata/QueueItems", 200],
    ["clerk", "GET", "/odata/QueueItems(101)", 200],
    ["clerk", "GET", "/odata/Jobs", 403],
    ["clerk", "GET", "/odata/Releases", 403],
    ["clerk", "GET", "/odata/Folders", 403],
    ["clerk", "DELETE", "/odata/QueueItems(102)", 403],
    ["clerk", "GET", "/odata/QueueItems/UiPath.Server.Configuration.OData.GetReviewers", 403],
    ["clerk", "GET", "/odata/Users/UiPath.Server.Configuration.OData.GetCurrentUser", 200],
    ["operator", "GET", "/odata/Jobs", 200],
    ["operator", "GET", "/odata/QueueItems", 403],
    ["operator", "GET", "/odata/Users", 200],
    ["clerk", "GET", "/odata/Users", 403],
    ["local", "GET", "/odata/Users", 200],
  ])("%s: %s %s is %d", async (user, method, path, status) => {
    expect((await as(user, user === "local" ? {} : undefined)(method, path)).status).toBe(status);
  });

  test("all of those that a call needs must be there", async () => {
    const path = "/odata/Queues/UiPathODataSvc.StartTransaction";
    expect((await as("clerk")("POST", path, { transactionData: { Name: "Plain" } })).status).toBe(403);
  });
});

describe("folders", () => {
  test("that one may not see are as if they were not there: 1100", async () => {
    for (const [name, folder] of [
      ["clerk", shared],
      ["guest", undefined],
      ["local", undefined],
      ["fine", undefined],
    ] as const) {
      const { status, body } = await as(name, folder)("GET", "/odata/QueueItems");
      expect([name, status, body["errorCode"]]).toEqual([name, 400, 1100]);
    }
  });

  test("permissions count in the folder and those below it", async () => {
    const parent = { "x-uipath-folderpath": "Finance" };
    expect((await as("clerk", parent)("GET", "/odata/QueueItems")).status).toBe(200);
    expect((await as("clerk")("GET", "/odata/QueueItems")).status).toBe(200);
  });

  test("without a header a read goes across those in which one has the permission", async () => {
    const rows = async (name: string): Promise<readonly unknown[]> =>
      (await as(name, {})("GET", "/odata/QueueItems?$filter=Id eq 101")).body.value.map(
        (row) => row["OrganizationUnitFullyQualifiedName"],
      );
    expect((await sender(emulator, {})("GET", "/odata/QueueItems?$filter=Id eq 101")).body.value).toHaveLength(2);
    expect(await rows("clerk")).toEqual(["Finance/Invoices"]);
    expect(await rows("fine")).toEqual(["Shared"]);
    expect((await as("operator", {})("GET", "/odata/QueueItems")).status).toBe(403);
  });

  test("history, by-id reads and queues across folders go no further", async () => {
    const local = as("local", {});
    const names = async (path: string): Promise<readonly unknown[]> =>
      (await local("GET", path)).body.value.map((row) => row["Name"]);
    const across = "/odata/QueueDefinitions/UiPath.Server.Configuration.OData.GetQueuesAcrossFolders";
    expect(await names(across)).toEqual(["Plain", "Triggered"]);
    expect((await local("GET", "/odata/Jobs(201)")).status).toBe(404);
    expect((await local("GET", "/odata/QueueDefinitions(32)")).status).toBe(404);
    expect(await names("/odata/Robots")).toEqual([]);
  });

  test("a read across folders may ask for more permissions", async () => {
    const paths = async (query: string): Promise<readonly unknown[]> =>
      (await as("mixed", {})("GET", `/odata/QueueDefinitions?$filter=Name eq 'Plain'${query}`)).body.value.map(
        (row) => row["OrganizationUnitFullyQualifiedName"],
      );
    expect(await paths("")).toEqual(["Finance/Invoices", "Shared"]);
    expect(await paths("&mandatoryPermissions=Transactions.View,Jobs.View")).toEqual(["Shared"]);
    expect(await paths("&atLeastOnePermissions=Jobs.View,Jobs.Edit")).toEqual(["Shared"]);
    expect(await paths("&atLeastOnePermissions=Assets.View")).toEqual([]);
  });

  test("a write needs no header where one sees a single folder", async () => {
    expect((await as("local", {})("POST", addPath, add)).status).toBe(200);
    expect((await as("admin", {})("POST", addPath, add)).body["errorCode"]).toBe(1101);
  });

  test("that a call names in its body or its path are no others either", async () => {
    const local = as("local", {});
    const namespace = "UiPath.Server.Configuration.OData";
    const share = { QueueIds: [34], ToAddFolderIds: [5], ToRemoveFolderIds: [] };
    const path = `/odata/QueueDefinitions/${namespace}.ShareToFolders`;
    expect((await local("POST", path, share)).status).toBe(404);
    expect((await sender(emulator, {})("POST", path, share)).status).toBe(204);
    const folders = await local("GET", `/odata/QueueDefinitions/${namespace}.GetFoldersForQueue(id=34)`);
    expect(folders.body).toMatchObject({ AccessibleFolders: [{ FullyQualifiedName: "Shared" }], TotalFoldersCount: 2 });
    const robots = `/odata/Robots/${namespace}.GetFolderRobots(folderId=5,machineId=0)`;
    expect((await local("GET", robots)).body["errorCode"]).toBe(1100);
    expect((await sender(emulator, {})("GET", robots)).body.value).toHaveLength(1);
  });

  test("are listed as far as one sees them", async () => {
    const paths = async (name: string): Promise<readonly unknown[]> =>
      (await as(name, {})("GET", "/odata/Folders")).body.value.map((row) => row["FullyQualifiedName"]);
    expect(await paths("operator")).toHaveLength(4);
    expect(await paths("visitor")).toEqual(["Shared"]);
    expect(await paths("local")).toEqual(["Shared"]);
    expect((await as("visitor", {})("GET", "/odata/Folders(5)")).status).toBe(404);
  });
});

describe("external applications", () => {
  test.each([
    ["GET", "/odata/QueueItems", 200],
    ["GET", "/odata/Folders", 200],
    ["GET", "/odata/Jobs", 403],
    ["GET", "/odata/Users", 403],
    ["DELETE", "/odata/QueueItems(102)", 403],
  ])("with scopes: %s %s is %d", async (method, path, status) => {
    expect((await as("reader")(method, path)).status).toBe(status);
  });

  test("a write scope is not a read scope, and the other way round", async () => {
    const spec = {
      ...document.spec,
      applications: [{ clientId: "writer", clientSecret: "x", scopes: ["OR.Queues.Write"] }],
    };
    await using other = await start({ tenant: { ...document, spec } });
    const writer = sender({ ...other, token: other.tokenFor("writer") });
    expect((await writer("POST", addPath, add)).status).toBe(200);
    expect((await writer("GET", "/odata/QueueItems")).status).toBe(403);
  });

  test("a token has the scopes that were asked for, no more", async () => {
    const form = new URLSearchParams({
      grant_type: "client_credentials",
      client_id: "reader",
      client_secret: "x",
      scope: "OR.Folders",
    });
    const response = await fetch(`${emulator.url}/identity/connect/token`, { method: "POST", body: form });
    const { access_token: token } = (await response.json()) as { access_token: string };
    const narrow = sender({ ...emulator, token });
    expect((await narrow("GET", "/odata/Folders")).status).toBe(200);
    expect((await narrow("GET", "/odata/QueueItems")).status).toBe(403);
  });

  test("with OR.Default it is permissions that decide", async () => {
    expect((await as("fine", shared)("GET", "/odata/QueueItems")).status).toBe(200);
    expect((await as("fine", shared)("POST", addPath, add)).status).toBe(403);
  });
});

test("the emulator's own token may do everything", async () => {
  expect((await sender(emulator)("POST", addPath, add)).status).toBe(200);
});

test("there is no token for nobody", () => {
  expect(() => emulator.tokenFor("nobody")).toThrow("The tenant has no user or application 'nobody'.");
});

test("the tables have every path that is answered", () => {
  expect(Object.keys(routes).filter((route) => !(route in needs))).toEqual([]);
  const sets = Object.keys(routes).map((route) => /^\w+ ((?:api\/)?\w+)/.exec(route)?.[1] ?? "");
  expect(sets.filter((set) => !(set in scopes) && set !== "api/FoldersNavigation")).toEqual([]);
});

test("a permission in a folder that is not there, or of an unknown form, is refused at the start", async () => {
  for (const grant of [{ folder: "Nowhere", names: [] }, { names: ["Everything"] }]) {
    const spec = { ...tenant.spec, users: [{ userName: "x", permissions: [grant] }] };
    await expect(startEmulator({ tenant: { ...tenant, spec } })).rejects.toThrow(TenantFileError);
  }
});
