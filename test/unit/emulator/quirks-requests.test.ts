import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Emulator } from "../../../src/emulator/index.ts";
import { invoices, sender, start, type Send } from "./tenant.ts";

// What clients that others wrote send, and what a real server makes of it.

const namespace = "UiPath.Server.Configuration.OData";
let emulator: Emulator;
let send: Send;

beforeEach(async () => {
  emulator = await start();
  send = sender(emulator);
});
afterEach(async () => emulator.close());

const joined = (count: number, term: string): string =>
  Array.from({ length: count }, (_, n) => `${term} eq ${n}`).join(" or ");

test.each([
  ["QueueItems", "ReviewerUserId", 20],
  ["Jobs", "Robot/Id", 16],
])("quirk 12: %s takes so many comparisons of %s and no more", async (set, property, count) => {
  expect((await send("GET", `/odata/${set}?$filter=${joined(count, property)}`)).status).toBe(200);
  const over = await send("GET", `/odata/${set}?$filter=${joined(count + 1, property)}`);
  expect([over.status, over.body["errorCode"]]).toEqual([400, 1000]);
  const ids = Array.from({ length: 50 }, (_, n) => n).join(",");
  expect((await send("GET", `/odata/${set}?$filter=Id in (${ids})`)).status).toBe(200);
});

test("quirk 18: a quote in a text is doubled, then encoded", async () => {
  expect((await send("POST", "/odata/QueueDefinitions", { Name: "O'Brien" })).status).toBe(201);
  const found = await send("GET", "/odata/QueueDefinitions?$filter=Name eq 'O''Brien'");
  expect(found.body.value.map((row) => row["Name"])).toEqual(["O'Brien"]);
  expect((await send("GET", "/odata/QueueDefinitions?$filter=Name eq 'O'Brien'")).status).toBe(400);
  const unknown = await send("GET", "/odata/QueueDefinitions?$filter=QueueDefinitionName eq 'Plain'");
  expect([unknown.status, unknown.body["errorCode"]]).toEqual([400, 1000]); // another client's property
});

describe("quirk 19: spellings are free", () => {
  test.each([
    ["QueueItems", "Status eq '0'", [102]],
    ["QueueItems", "status eq 'new'", [102]],
    ["QueueItems", "STATUS eq 'New'", [102]],
    ["Jobs", "state eq 'Running'", [201]],
    ["Jobs", "State eq '1'", [201]],
  ])("%s: %s", async (set, filter, ids) => {
    const { body } = await send("GET", `/odata/${set}?$filter=${filter}`);
    expect(body.value.map((row) => row["Id"])).toEqual(ids);
  });

  test("keys are filtered bare and in quotes", async () => {
    const { Key } = (await send("GET", "/odata/Jobs(201)")).body;
    for (const filter of [`Key eq ${String(Key)}`, `key in ('${String(Key)}')`, `Key in (${String(Key)})`]) {
      const { body } = await send("GET", `/odata/Jobs?$filter=${filter}&$select=id,key`);
      expect([filter, body.value]).toEqual([filter, [{ Id: 201, Key }]]);
    }
  });

  test.each(["SoftStop", "softstop", "1", 1])("strategy %j stops", async (strategy) => {
    const { status } = await send("POST", `/odata/Jobs(201)/${namespace}.StopJob`, { strategy });
    expect([status, (await send("GET", "/odata/Jobs(201)")).body["State"]]).toEqual([200, "Stopping"]);
  });

  test.each(["Kill", "2", 2])("strategy %j kills", async (strategy) => {
    await send("POST", `/odata/Jobs/${namespace}.StopJobs`, { jobIds: [201], strategy });
    expect((await send("GET", "/odata/Jobs(201)")).body["State"]).toBe("Stopped");
  });
});

test("quirk 22: one job by Id and by key shows the same", async () => {
  const byId = (await send("GET", "/odata/Jobs(201)")).body;
  const byKey = (await send("GET", `/odata/Jobs/${namespace}.GetByKey(identifier=${String(byId["Key"])})`)).body;
  expect(byKey).toEqual(byId);
  const elsewhere = await sender(emulator, { "x-uipath-organizationunitid": "6" })(
    "GET",
    `/odata/Jobs/${namespace}.GetByKey(identifier=${String(byId["Key"])})`,
  );
  expect(elsewhere.status).toBe(404);
});

test("quirk 23: any of four headers names the folder, and the path wins", async () => {
  const all = sender(emulator, {});
  const folder = (await all("GET", "/odata/Folders(6)")).body;
  const encoded = Buffer.from("Shared", "utf16le").toString("base64");
  const names = async (headers: Readonly<Record<string, string>>): Promise<unknown> =>
    (await all("GET", "/odata/Releases", undefined, headers)).body.value.map((row) => row["Name"]);
  for (const headers of [
    { "X-UIPATH-OrganizationUnitId": "6" },
    { "X-UIPATH-FolderKey": String(folder["Key"]) },
    { "X-UIPATH-FolderPath": "Shared" },
    { "X-UIPATH-FolderPath-Encoded": encoded },
    { "X-UIPATH-FolderPath-Encoded": encoded, "X-UIPATH-OrganizationUnitId": "5" },
  ]) {
    expect([headers, await names(headers)]).toEqual([headers, ["OnItems"]]);
  }
});

test("quirk 24: without a folder 1101, with a wrong one 1100", async () => {
  const startInfo = { ReleaseKey: "11111111-1111-4111-8111-111111111111" };
  const path = `/odata/Jobs/${namespace}.StartJobs`;
  const code = async (headers: Readonly<Record<string, string>>): Promise<unknown> => {
    const { status, body } = await sender(emulator, headers)("POST", path, { startInfo });
    return [status, body["errorCode"]];
  };
  expect(await code({})).toEqual([400, 1101]);
  expect(await code({ "x-uipath-organizationunitid": "99" })).toEqual([400, 1100]);
  expect(await code(invoices)).toEqual([200, undefined]);
});

describe("jobs that go on", () => {
  test("wire fact 11: RestartJob answers a new job of the same process and arguments", async () => {
    const startInfo = {
      ReleaseKey: "11111111-1111-4111-8111-111111111111",
      InputArguments: '{"age":7}',
      Reference: "r",
    };
    const started = await send("POST", `/odata/Jobs/${namespace}.StartJobs`, { startInfo });
    const [first] = started.body.value;
    const restart = async (): ReturnType<Send> =>
      send("POST", `/odata/Jobs/${namespace}.RestartJob`, { jobId: first?.["Id"] });
    const early = await restart();
    expect([early.status, String(early.body["message"]).split(":")[0]]).toEqual([409, "CannotRestartUnfinishedJob"]);
    emulator.clock.advance(60_000);
    const { status, body } = await restart();
    expect(status).toBe(200);
    expect(body).toMatchObject({ State: "Pending", InputArguments: '{"age":7}', Reference: "r", ReleaseName: "Smoke" });
    expect([body["Id"] === first?.["Id"], body["BatchExecutionKey"] === first?.["BatchExecutionKey"]]).toEqual([
      false,
      false,
    ]);
    emulator.clock.advance(60_000);
    expect((await send("GET", `/odata/Jobs(${String(body["Id"])})`)).body["State"]).toBe("Faulted");
    expect((await send("POST", `/odata/Jobs/${namespace}.RestartJob`, { jobId: 9999 })).status).toBe(404);
    expect((await send("POST", `/odata/Jobs/${namespace}.RestartJob`, {})).body["errorCode"]).toBe(0);
  });

  test("wire fact 10: ResumeJob takes a suspended job on; arguments in the cloud only", async () => {
    const path = `/odata/Jobs/${namespace}.ResumeJob`;
    const { Key } = (await send("GET", "/odata/Jobs(201)")).body;
    const running = await send("POST", path, { jobKey: Key });
    expect([running.status, String(running.body["message"]).split(":")[0]]).toEqual([409, "InvalidJobStateForSuspend"]);
    const more = await send("POST", path, { jobKey: Key, inputArguments: "{}" });
    expect([more.status, more.body["message"]]).toEqual([400, "resumeJobParameters must not be null"]);
    await using other = await start({ tenant: suspended });
    const there = sender(other);
    const job = async (): Promise<Readonly<Record<string, unknown>>> => (await there("GET", "/odata/Jobs(301)")).body;
    const before = await job();
    expect(before["State"]).toBe("Suspended");
    expect((await there("POST", path, { jobKey: before["Key"] })).body["State"]).toBe("Resumed");
    other.clock.advance(1000);
    expect(await job()).toMatchObject({ State: "Running", StartTime: before["StartTime"] });
    other.clock.advance(10_000);
    expect((await job())["State"]).toBe("Successful");
  });

  test("wire fact 16: StartJobs expands its answer", async () => {
    const startInfo = { releaseKey: "11111111-1111-4111-8111-111111111111" };
    const { body } = await send("POST", `/odata/Jobs/${namespace}.StartJobs?$expand=robot,release`, { startInfo });
    expect(body.value).toMatchObject([{ Robot: null, Release: { Name: "Smoke" } }]);
  });

  test("ValidateExistingJob says that a job which is there can run", async () => {
    const { status, body } = await send("POST", `/odata/Jobs(201)/${namespace}.ValidateExistingJob`);
    expect([status, body["IsValid"], body["Errors"]]).toEqual([200, true, []]);
    expect((await send("POST", `/odata/Jobs(999)/${namespace}.ValidateExistingJob`)).status).toBe(404);
  });
});

const suspended = {
  apiVersion: "orch-sync/v1",
  kind: "Tenant",
  metadata: { name: "acme" },
  spec: {
    clock: { start: "2026-01-01T00:00:00Z", mode: "manual" },
    folders: [{ path: "Invoices", id: 5 }],
    processes: [{ name: "Smoke", run: { pending: "1s", duration: "10s" } }],
    jobs: [{ process: "Smoke", id: 301, state: "Suspended", created: "-1h" }],
  },
} as const;
