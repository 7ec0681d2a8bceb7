import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Emulator } from "../../../src/emulator/index.ts";
import { sender, start, tenant, type Send } from "./tenant.ts";

let emulator: Emulator;
let send: Send;

beforeEach(async () => {
  emulator = await start();
  send = sender(emulator, {});
});

afterEach(async () => emulator.close());

const add = { itemData: { Name: "Plain", Reference: "x" } };
const addPath = "/odata/Queues/UiPathODataSvc.AddQueueItem";

describe("the door", () => {
  test("every call needs the token, in the shape of an ABP error", async () => {
    for (const authorization of ["", "Bearer wrong", `Basic ${emulator.token}`]) {
      const { status, body } = await send("GET", "/odata/Folders", undefined, { authorization });
      expect([authorization, status]).toEqual([authorization, 401]);
      expect(body).toMatchObject({ unAuthorizedRequest: true, __abp: true, success: false, errorCode: 0 });
    }
    expect((await send("GET", "/nowhere", undefined, { authorization: "" })).status).toBe(401);
  });

  test("the scheme may be written in any case", async () => {
    const { status } = await send("GET", "/odata/Folders", undefined, { authorization: `bEARER ${emulator.token}` });
    expect(status).toBe(200);
  });

  test.each(["/api/Status/Get", "/api/health"])("%s needs none", async (path) => {
    expect((await send("GET", path, undefined, { authorization: "" })).status).toBe(200);
  });

  test("tokens differ from start to start unless one is given", async () => {
    await using other = await start();
    await using given = await start({ token: "mine" });
    expect(other.token).not.toBe(emulator.token);
    expect(given.token).toBe("mine");
    expect(
      (await sender(other)("GET", "/odata/Folders", undefined, { authorization: `Bearer ${emulator.token}` })).status,
    ).toBe(401);
  });

  test("a foreign Host header is refused", async () => {
    const { port } = new URL(emulator.url);
    const status = async (host: string): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const headers = { host, authorization: `Bearer ${emulator.token}` };
        request({ port, host: "127.0.0.1", path: "/odata/Folders", headers }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .on("error", reject)
          .end();
      });
    expect(await status("evil.example")).toBe(421);
    expect(await status(`evil.example:${port}`)).toBe(421);
    expect(await status(`localhost:${port}`)).toBe(200);
    expect(await status("[::1]")).toBe(200);
  });

  test("answers say the version and the emulator's time, and allow no other origin", async () => {
    for (const path of ["/odata/Folders", "/nowhere", "/api/health"]) {
      const { headers } = await send("GET", path, undefined, { origin: "http://evil.example" });
      expect(headers.get("api-supported-versions")).toBe("16.0");
      expect(headers.get("date")).toBe("Thu, 01 Jan 2026 00:00:00 GMT");
      expect(headers.get("access-control-allow-origin")).toBeNull();
    }
  });

  test("a query of 2,048 bytes passes, one more is a page with 404", async () => {
    const query = (length: number): string => `$filter=${"Id eq 1".padEnd(length - 18, " ")}`; // blanks become %20
    const fits = `/odata/Folders?%24filter=Id+eq+1${"+".repeat(2048 - "%24filter=Id+eq+1".length)}`;
    const call = async (path: string): Promise<Response> =>
      fetch(emulator.url + path, { headers: { authorization: `Bearer ${emulator.token}` } });
    expect((await call(fits)).status).toBe(200);
    const over = await call(`${fits}+`);
    expect([over.status, over.headers.get("content-type")]).toEqual([404, "text/html"]);
    expect((await send("GET", `/odata/Folders?${query(4000)}`)).status).toBe(404);
  });

  test("a body over 30 MB is refused", async () => {
    const { status } = await send("POST", addPath, `"${"x".repeat(30 * 1024 * 1024)}"`);
    expect(status).toBe(413);
  });

  test("unknown paths are 404, other methods 405", async () => {
    expect((await send("GET", "/odata/Nothing")).status).toBe(404);
    expect((await send("GET", "/odata/QueueItems/UiPathODataSvc.GetReviewers")).status).toBe(404); // the other namespace
    expect((await send("PATCH", "/odata/QueueItems(1)")).status).toBe(405);
  });

  test("GetReviewers answers with and without parentheses, by folder", async () => {
    for (const end of ["", "()"]) {
      const path = `/odata/QueueItems/UiPath.Server.Configuration.OData.GetReviewers${end}`;
      const names = async (folder: string): Promise<unknown> =>
        (await send("GET", path, undefined, { "x-uipath-folderpath": folder })).body.value.map(
          (row) => row["UserName"],
        );
      expect(await names("Finance/Invoices")).toEqual(["ana"]);
      expect(await names("Shared")).toEqual(["ana", "ion"]);
    }
  });
});

describe("tokens of external applications", () => {
  const ask = async (
    form: Readonly<Record<string, string>>,
  ): Promise<{ status: number; body: Record<string, unknown> }> => {
    const body = new URLSearchParams(form);
    const response = await fetch(`${emulator.url}/identity/connect/token`, { method: "POST", body });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const credentials = { grant_type: "client_credentials", client_id: "app", client_secret: "s3cret" };

  test("are given for id and secret, and end with the emulator's clock", async () => {
    const { status, body } = await ask({ ...credentials, scope: "OR.Queues" });
    expect([status, body["expires_in"], body["token_type"], body["scope"]]).toEqual([200, 600, "Bearer", "OR.Queues"]);
    const authorization = `Bearer ${String(body["access_token"])}`;
    const statusOf = async (): Promise<number> =>
      (await send("GET", "/odata/QueueDefinitions", undefined, { authorization })).status;
    expect(await statusOf()).toBe(200);
    emulator.clock.advance(599_999);
    expect(await statusOf()).toBe(200);
    emulator.clock.advance(1);
    expect(await statusOf()).toBe(401);
  });

  test.each([
    [{ client_secret: "wrong" }, "invalid_client"],
    [{ client_id: "nobody" }, "invalid_client"],
    [{ scope: "OR.Users" }, "invalid_scope"],
    [{ grant_type: "password" }, "unsupported_grant_type"],
  ])("%o is refused", async (change, error) => {
    expect(await ask({ ...credentials, ...change })).toEqual({ status: 400, body: { error } });
  });

  test("what an application does is written down under its client id", async () => {
    const { body } = await ask(credentials);
    const authorization = `Bearer ${String(body["access_token"])}`;
    const item = await send("POST", addPath, add, { authorization, "x-uipath-organizationunitid": "5" });
    const name = "UiPath.Server.Configuration.OData.GetQueueItemEventsHistory";
    const events = await send("GET", `/odata/QueueItemEvents/${name}(queueItemId=${String(item.body["Id"])})`);
    expect(events.body.value).toMatchObject([{ Action: "Create", UserId: null, ExternalClientId: "app" }]);
  });

  test("the emulator's own paths are not for them", async () => {
    const { body } = await ask(credentials);
    const authorization = `Bearer ${String(body["access_token"])}`;
    expect((await send("GET", "/__emulator/requests", undefined, { authorization })).status).toBe(404);
  });
});

describe("folders", () => {
  const encoded = (path: string): string => Buffer.from(path, "utf16le").toString("base64");

  test.each([
    ["x-uipath-organizationunitid", "5"],
    ["x-uipath-folderpath", "finance/invoices"],
    ["x-uipath-folderpath-encoded", encoded("Finance/Invoices")],
  ])("%s names one", async (name, value) => {
    expect((await send("POST", addPath, add, { [name]: value })).status).toBe(200);
  });

  test("its key names it too, and is the same at every start", async () => {
    const key = async (by: Send): Promise<string> =>
      String(
        (await by("GET", "/odata/Folders?$filter=FullyQualifiedName eq 'Finance/Invoices'")).body.value[0]?.["Key"],
      );
    const own = await key(send);
    expect((await send("POST", addPath, add, { "x-uipath-folderkey": own })).status).toBe(200);
    await using other = await start();
    expect(await key(sender(other, {}))).toBe(own);
  });

  test("of several headers the path wins", async () => {
    const headers = { "x-uipath-organizationunitid": "6", "x-uipath-folderpath": "Finance/Invoices" };
    expect((await send("GET", "/odata/QueueDefinitions", undefined, headers)).body["@odata.count"]).toBe(3);
  });

  test.each([
    "x-uipath-organizationunitid",
    "x-uipath-folderpath",
    "x-uipath-folderpath-encoded",
    "x-uipath-folderkey",
  ])("an unknown %s is refused, on reads too", async (name) => {
    const { status, body } = await send("GET", "/odata/QueueItems", undefined, { [name]: "99" });
    expect([status, body["errorCode"]]).toEqual([400, 1100]);
  });

  test("a write needs one where there are several", async () => {
    const { status, body } = await send("POST", addPath, add);
    expect([status, body["errorCode"]]).toEqual([400, 1101]);
    expect(body["message"]).toBe("An organization unit is required for this action.");
  });

  test("a write needs none where there is only one", async () => {
    const spec = { folders: [{ path: "Only" }], queues: [{ name: "Plain" }] };
    await using single = await start({ tenant: { ...tenant, spec } });
    expect((await sender(single, {})("POST", addPath, add)).status).toBe(201); // the edition left out is cloud
  });

  test("a read without one has a row for each folder of a linked queue", async () => {
    const { body } = await send("GET", "/odata/QueueItems?$filter=Id eq 102&$orderby=OrganizationUnitId");
    expect(body["@odata.count"]).toBe(2);
    expect(body.value.map((row) => row["OrganizationUnitId"])).toEqual([5, 6]);
    const shared = await send("GET", "/odata/QueueItems(102)", undefined, { "x-uipath-folderpath": "Shared" });
    expect(shared.body["OrganizationUnitFullyQualifiedName"]).toBe("Shared");
  });

  test("what is in another folder is not there", async () => {
    const headers = { "x-uipath-folderpath": "Old" };
    expect((await send("GET", "/odata/QueueItems(102)", undefined, headers)).status).toBe(404);
    expect((await send("GET", "/odata/Jobs", undefined, headers)).body.value).toEqual([]);
    expect((await send("GET", "/odata/Robots", undefined, headers)).body["@odata.count"]).toBe(2);
    const robots = "/odata/Robots/UiPath.Server.Configuration.OData.GetFolderRobots(folderId=5,machineId=0)";
    expect((await send("GET", robots)).body.value).toMatchObject([{ Name: "bot-1" }]);
  });
});

describe("the emulator's own paths", () => {
  test("the log has every call but those to these paths", async () => {
    const body = JSON.stringify(add);
    await send("POST", addPath, add, { "x-uipath-folderpath": "Shared" });
    await send("GET", "/odata/Jobs?$top=1");
    const { value } = (await send("GET", "/__emulator/requests")).body;
    expect(value).toEqual([
      {
        seq: 1,
        method: "POST",
        path: addPath,
        query: "",
        folder: { "x-uipath-folderpath": "Shared" },
        status: 200,
        time: "2026-01-01T00:00:00Z",
        bodyDigest: createHash("sha256").update(body).digest("hex"),
        fault: null,
      },
      expect.objectContaining({ seq: 2, method: "GET", query: "$top=1", status: 200, bodyDigest: null }),
    ]);
    const full = (await send("GET", "/__emulator/requests?bodies=true")).body.value;
    expect(full[0]?.["body"]).toBe(body);
    expect(emulator.requests()).toEqual(full);
  });

  test("secrets of token requests are not kept", async () => {
    await fetch(`${emulator.url}/identity/connect/token`, { method: "POST", body: "client_secret=s3cret" });
    expect(JSON.stringify(emulator.requests())).not.toContain("s3cret");
  });

  test("the log goes to a file, a line a call", async () => {
    const folder = mkdtempSync(join(tmpdir(), "emulator-"));
    const log = join(folder, "log.ndjson");
    await using logged = await start({ log });
    await sender(logged)("GET", "/odata/Folders");
    await sender(logged)("GET", "/odata/Jobs");
    const lines = readFileSync(log, "utf8").trimEnd().split("\n");
    expect(lines.map((line) => (JSON.parse(line) as { path: string }).path)).toEqual(["/odata/Folders", "/odata/Jobs"]);
    rmSync(folder, { recursive: true });
  });

  test("the clock is shown and moved", async () => {
    expect((await send("GET", "/__emulator/clock")).body).toEqual({ now: "2026-01-01T00:00:00Z", mode: "manual" });
    expect((await send("POST", "/__emulator/clock", { advance: 1500 })).body["now"]).toBe("2026-01-01T00:00:01.5Z");
    expect((await send("POST", "/__emulator/clock", { to: "2026-02-01T00:00:00Z" })).body["now"]).toBe(
      "2026-02-01T00:00:00Z",
    );
    expect(emulator.clock.now()).toBe("2026-02-01T00:00:00.000Z");
    for (const wrong of [
      {},
      { advance: "1s" },
      { advance: -1 },
      { advance: 1e300 },
      { to: "2025-01-01T00:00:00Z" },
      { to: "tomorrow" },
      { advance: 1, to: "2026-02-01T00:00:00Z" },
    ]) {
      expect((await send("POST", "/__emulator/clock", wrong)).status).toBe(400);
    }
  });

  test("a real clock runs from the tenant's start and can be moved on", async () => {
    await using real = await start({ clock: "real" });
    real.clock.advance(86_400_000);
    expect(real.clock.now()).toMatch(/^2026-01-02T00:00:/);
  });

  test("a reset puts the tenant, its clock and the log back", async () => {
    await send("POST", addPath, add, { "x-uipath-folderpath": "Shared" });
    emulator.clock.advance(1000);
    expect((await send("POST", "/__emulator/reset")).status).toBe(204);
    expect((await send("GET", "/odata/QueueItems?$filter=Reference eq 'x'")).body["@odata.count"]).toBe(0);
    expect(emulator.clock.now()).toBe("2026-01-01T00:00:00.000Z");
    expect(emulator.requests()).toHaveLength(1);
    const again = await send("POST", addPath, add, { "x-uipath-folderpath": "Shared" });
    expect(again.body["Id"]).toBe(104);
  });
});

test("emulators side by side know nothing of each other", async () => {
  await using other = await start();
  await send("POST", addPath, add, { "x-uipath-folderpath": "Shared" });
  other.clock.advance(5000);
  expect((await sender(other)("GET", "/odata/QueueItems?$filter=Reference eq 'x'")).body["@odata.count"]).toBe(0);
  expect(emulator.clock.now()).toBe("2026-01-01T00:00:00.000Z");
  expect(other.requests()).toHaveLength(1);
});

test("listening beyond loopback is said", async () => {
  await using open = await start({ host: "0.0.0.0" });
  expect(open.warnings).toEqual([expect.stringContaining("0.0.0.0")]);
  expect(emulator.warnings).toEqual([]);
});
