import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Database } from "../../../src/emulator/store/database.ts";
import type { Emulator, TenantDocument } from "../../../src/emulator/index.ts";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sender, start, tenant, type Send } from "./tenant.ts";

const namespace = "UiPath.Server.Configuration.OData";
const assets = "/odata/Assets";
const filtered = `${assets}/${namespace}.GetFiltered`;
const text = { Name: "ApiUrl", ValueScope: "Global", ValueType: "Text", StringValue: "https://api.example" };
const old = { "x-uipath-organizationunitid": "7" };

let emulator: Emulator;
let send: Send;

beforeEach(async () => {
  emulator = await start();
  send = sender(emulator);
});
afterEach(async () => emulator.close());

const create = async (asset: object, headers?: Readonly<Record<string, string>>): Promise<number> => {
  const { status, body } = await send("POST", assets, asset, headers);
  expect(status).toBe(201);
  return Number(body["Id"]);
};

describe("assets", () => {
  test.each([
    [
      { ValueType: "Text", StringValue: "hello" },
      { StringValue: "hello", Value: "hello", IntValue: 0, BoolValue: false },
    ],
    [
      { ValueType: "Bool", BoolValue: true },
      { BoolValue: true, Value: "True", StringValue: "" },
    ],
    [
      { ValueType: "Integer", IntValue: -3 },
      { IntValue: -3, Value: "-3" },
    ],
    [{ ValueType: "2", StringValue: "by number" }, { ValueType: "Text" }],
    [
      { ValueType: "KeyValueList", KeyValueList: [{ Key: "a", Value: "b" }] },
      { KeyValueList: [{ Key: "a", Value: "b" }] },
    ],
    [{ ValueType: "Text", StringValue: "x", IntValue: 5 }, { IntValue: 0 }],
  ])("POST %j", async (given, answered) => {
    const { status, body } = await send("POST", assets, { Name: "a", ValueScope: "Global", ...given });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      Name: "a",
      ValueScope: "Global",
      HasDefaultValue: true,
      CanBeDeleted: true,
      ...answered,
    });
    expect((await send("GET", `${assets}(${String(body["Id"])})`)).body).toEqual(body);
  });

  test("passwords and secrets are never answered, nor in the data file", async () => {
    const folder = mkdtempSync(join(tmpdir(), "emulator-"));
    const data = join(folder, "tenant.db");
    const document: TenantDocument = { ...tenant, spec: { folders: [{ path: "Finance/Invoices", id: 5 }] } };
    const cloud = await start({ edition: "cloud", data, tenant: document });
    const there = sender(cloud);
    const login = { Name: "Login", ValueScope: "Global", ValueType: "Credential", CredentialUsername: "ana" };
    const made = await there("POST", assets, { ...login, CredentialPassword: "hush-password" });
    expect(made.body).toMatchObject({ CredentialUsername: "ana", CredentialPassword: "", Value: "ana" });
    const secret = { Name: "Key", ValueScope: "Global", ValueType: "Secret" };
    expect((await there("POST", assets, secret)).body["message"]).toContain("SecretAssetEmptyValue");
    const kept = await there("POST", assets, { ...secret, SecretValue: "hush-secret" });
    expect([kept.status, kept.body["SecretValue"]]).toEqual([201, ""]);
    const names = async (path: string): Promise<unknown> =>
      (await there("GET", path)).body.value.map((row) => row["Name"]);
    expect(await names(assets)).toEqual(["Login"]); // secrets come from GetFiltered only
    expect(await names(filtered)).toEqual(["Login", "Key"]);
    expect((await there("PUT", `${assets}(${String(kept.body["Id"])})`, kept.body)).status).toBe(200);
    await cloud.close();
    const db = Database.open(data);
    expect(JSON.stringify(db.all("SELECT * FROM assets"))).not.toContain("hush");
    db.close();
    rmSync(folder, { recursive: true });
  });

  test("quirk 8: Secret is unknown before the cloud, as a type and as a member", async () => {
    for (const given of [
      { ...text, ValueType: "Secret" },
      { ...text, SecretValue: "x" },
      { ...text, AllowDirectApiAccess: true },
    ]) {
      const { status, body } = await send("POST", assets, given);
      expect([status, body["message"]]).toEqual([400, "assetDto must not be null"]);
    }
    expect((await send("GET", `${assets}?$select=SecretValue`)).status).toBe(400);
  });

  test.each([
    [{ ...text, Name: undefined }],
    [{ ...text, Name: "x".repeat(257) }],
    [{ ...text, ValueScope: undefined }],
    [{ ...text, ValueType: undefined }],
    [{ ...text, StringValue: "" }],
    [{ ...text, Description: "x".repeat(251) }],
    [{ Name: "a", ValueScope: "Global", ValueType: "Integer", IntValue: 2 ** 31 }],
    [{ Name: "a", ValueScope: "Global", ValueType: "Credential", CredentialPassword: "x" }],
    [{ ...text, RobotValues: [{ RobotId: 21, StringValue: "x" }] }],
  ])("%j is refused", async (given) => {
    expect((await send("POST", assets, given)).status).toBe(400);
  });

  test("a name is taken in any case, in its folder", async () => {
    await create(text);
    const { status, body } = await send("POST", assets, { ...text, Name: "APIURL" });
    expect([status, body["errorCode"]]).toEqual([409, 1001]);
    await create(text, old);
  });

  test("PUT replaces it, but for the type", async () => {
    const id = await create({ ...text, Description: "before" });
    const { body } = await send("GET", `${assets}(${id})`);
    emulator.clock.advance(1000);
    expect((await send("PUT", `${assets}(${id})`, { ...text, StringValue: "after" })).status).toBe(200);
    expect((await send("GET", `${assets}(${id})`)).body).toEqual({
      ...body,
      StringValue: "after",
      Value: "after",
      Description: null,
      LastModificationTime: "2026-01-01T00:00:01Z",
      LastModifierUserId: 11,
    });
    const other = await send("PUT", `${assets}(${id})`, { ...text, ValueType: "Bool" });
    expect([other.status, String(other.body["message"]).split(":")[0]]).toEqual([400, "AssetTypeNonUpdatable"]);
    expect((await send("PUT", `${assets}(${id})`, text, old)).status).toBe(404);
  });

  test("DELETE", async () => {
    const id = await create(text);
    expect((await send("DELETE", `${assets}(${id})`, undefined, old)).status).toBe(404);
    expect((await send("DELETE", `${assets}(${id})`)).status).toBe(204);
    expect((await send("DELETE", `${assets}(${id})`)).status).toBe(404);
    await create(text);
  });

  test("values of robots and users are shown where $expand asks for them", async () => {
    const perRobot = { ...text, ValueScope: "PerRobot", HasDefaultValue: true };
    await create({ ...perRobot, RobotValues: [{ RobotId: 22, StringValue: "own" }] }, old);
    const [plain] = (await send("GET", filtered, undefined, old)).body.value;
    expect(plain).not.toHaveProperty("RobotValues");
    const [expanded] = (await send("GET", `${filtered}?$expand=RobotValues,UserValues`, undefined, old)).body.value;
    expect(expanded).toMatchObject({
      RobotValues: [{ RobotId: 22, RobotName: "bot-2", Value: "own" }],
      UserValues: [],
    });
    await create({ ...perRobot, UserValues: [{ UserId: 12, StringValue: "ion's" }] });
    const [users] = (await send("GET", `${filtered}?$expand=UserValues`)).body.value;
    expect(users?.["UserValues"]).toMatchObject([{ UserId: 12, UserName: "ion", StringValue: "ion's" }]);
    for (const wrong of [
      { RobotValues: [{ RobotId: 21, StringValue: "x" }] },
      { UserValues: [{ UserId: 99, StringValue: "x" }] },
    ]) {
      expect((await send("POST", assets, { ...perRobot, Name: "b", ...wrong }, old)).status).toBe(404);
    }
    expect((await send("GET", `${filtered}?$filter=RobotValues/RobotId eq 1`)).status).toBe(400);
  });

  test("a robot gets its own value, else the one for all", async () => {
    const robots = (await send("GET", "/odata/Robots", undefined, old)).body.value;
    expect(robots.map((row) => row["Id"])).toEqual([22, 23]);
    await create(
      { ...text, ValueScope: "PerRobot", HasDefaultValue: true, RobotValues: [{ RobotId: 22, StringValue: "own" }] },
      old,
    );
    await create(
      { ...text, Name: "Only", ValueScope: "PerRobot", RobotValues: [{ RobotId: 22, StringValue: "own" }] },
      old,
    );
    const get = async (robot: number, name: string): Promise<unknown> => {
      const path = `${assets}/${namespace}.GetRobotAssetByRobotId(robotId=${robot},assetName='${name}')`;
      const { status, body } = await send("GET", path, undefined, old);
      return status === 200 ? body["StringValue"] : status;
    };
    expect(
      await Promise.all([
        get(22, "apiurl"),
        get(23, "ApiUrl"),
        get(22, "Only"),
        get(23, "Only"),
        get(9, "ApiUrl"),
        get(22, "x"),
      ]),
    ).toEqual(["own", text.StringValue, "own", 404, 404, 404]);
  });

  test("wire fact 17: across folders every asset comes once", async () => {
    const id = await create(text);
    const share = { AssetIds: [id], ToAddFolderIds: [6] };
    expect((await send("POST", `${assets}/${namespace}.ShareToFolders`, share)).status).toBe(204);
    await create({ ...text, Name: "Elsewhere" }, old);
    const across = async (query: string): Promise<unknown> =>
      (await send("GET", `${assets}/${namespace}.GetAssetsAcrossFolders${query}`)).body.value.map((row) => [
        row["Name"],
        row["FoldersCount"],
      ]);
    expect(await across("")).toEqual([
      ["ApiUrl", 2],
      ["Elsewhere", 1],
    ]);
    expect(await across("?excludeFolderId=6")).toEqual([["Elsewhere", 1]]);
    expect((await send("GET", `${filtered}?$filter=Name eq 'apiurl'&$top=1`)).body.value).toHaveLength(1);
    const folders = (await send("GET", `${assets}/${namespace}.GetFoldersForAsset(id=${id})`)).body;
    expect(folders).toMatchObject({
      TotalFoldersCount: 2,
      AccessibleFolders: [{ Id: 5, DisplayName: "Invoices" }, { Id: 6 }],
    });
    expect(
      (await send("POST", `${assets}/${namespace}.ShareToFolders`, { AssetIds: [id], ToAddFolderIds: [7] })).status,
    ).toBe(409);
  });
});
