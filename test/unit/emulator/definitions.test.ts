import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Emulator } from "../../../src/emulator/index.ts";
import { sender, start, type Send } from "./tenant.ts";

const namespace = "UiPath.Server.Configuration.OData";
let emulator: Emulator;
let send: Send;

beforeEach(async () => {
  emulator = await start();
  send = sender(emulator);
});
afterEach(async () => emulator.close());

const queues = "/odata/QueueDefinitions";
const schema = JSON.stringify({ type: "object", required: ["Amount"], properties: { Amount: { type: "number" } } });

async function idOf(path: string, name: string): Promise<number> {
  return Number((await send("GET", `${path}?$filter=Name eq '${name}'`)).body.value[0]?.["Id"]);
}

describe("queue definitions", () => {
  test("wire fact 36: POST answers 201 and the entity, with its context", async () => {
    const { status, body } = await send("POST", queues, {
      Name: "Fresh",
      EnforceUniqueReference: true,
      MaxNumberOfRetries: 3,
    });
    expect(status).toBe(201);
    expect(body["@odata.context"]).toBe(`${emulator.url}/odata/$metadata#QueueDefinitions/$entity`);
    expect(body).toMatchObject({ Name: "Fresh", EnforceUniqueReference: true, MaxNumberOfRetries: 3, FoldersCount: 1 });
    expect((await send("GET", `${queues}(${String(body["Id"])})`)).body).toEqual(body);
    const add = { itemData: { Name: "fresh", Reference: "x" } };
    expect((await send("POST", "/odata/Queues/UiPathODataSvc.AddQueueItem", add)).status).toBe(200);
  });

  test("a name is taken in any case, in its folder", async () => {
    const { status, body } = await send("POST", queues, { Name: "PLAIN" });
    expect([status, body["errorCode"]]).toEqual([409, 1001]);
    const old = { "x-uipath-organizationunitid": "7" };
    expect((await send("POST", queues, { Name: "Plain" }, old)).status).toBe(201);
  });

  test.each([
    [{}, "The Name field is required."],
    [{ Name: " " }, "The Name field is required."],
    [{ Name: "x".repeat(51) }, "The field Name must be a string with a maximum length of 50."],
    [
      { Name: "x", Description: "x".repeat(251) },
      "The field Description must be a string with a maximum length of 250.",
    ],
    [{ Name: "x", MaxNumberOfRetries: 51 }, "The field MaxNumberOfRetries must be between 0 and 50."],
    [{ Name: "x", MaxNumberOfRetries: -1 }, "The field MaxNumberOfRetries must be between 0 and 50."],
    [{ Name: "x", SlaInMinutes: 5 }, "SlaEnableQueueDefinitionFailure: an SLA needs the process that keeps it."],
    [{ Name: "x", Tags: [{ Value: "v" }] }, "The Name field is required."],
  ])("%j is refused", async (given, message) => {
    const { status, body } = await send("POST", queues, given);
    expect([status, body["message"]]).toEqual([400, message]);
  });

  test("quirk 8: a member that the version lacks leaves nothing bound", async () => {
    const { status, body } = await send("POST", queues, { Name: "x", RetryAbandonedItems: true });
    expect([status, body["message"]]).toEqual([400, "queueDefinitionDto must not be null"]);
    await using cloud = await start({ edition: "cloud", tenant: modern });
    expect((await sender(cloud)("POST", queues, { Name: "x", RetryAbandonedItems: true })).status).toBe(201);
  });

  test("PUT replaces all of it: what is left out is empty", async () => {
    const id = await idOf(queues, "Typed");
    expect((await send("PUT", `${queues}(${id})`, { Id: id, Name: "Renamed" })).status).toBe(200);
    const { body } = await send("GET", `${queues}(${id})`);
    expect(body).toMatchObject({ Name: "Renamed", SpecificDataJsonSchema: null, Description: null });
    const add = { itemData: { Name: "Renamed", SpecificContent: { Amount: "text" } } };
    expect((await send("POST", "/odata/Queues/UiPathODataSvc.AddQueueItem", add)).status).toBe(200);
  });

  test("quirk 28: what GET answers can be sent back", async () => {
    const { body } = await send("GET", `${queues}(31)`);
    expect((await send("PUT", `${queues}(31)`, { ...body, Description: "changed" })).status).toBe(200);
    expect((await send("GET", `${queues}(31)`)).body).toEqual({ ...body, Description: "changed" });
  });

  test("quirk 3: unique references and encryption are chosen at creation", async () => {
    for (const change of [{ EnforceUniqueReference: true }, { Encrypted: true }]) {
      const { status, body } = await send("PUT", `${queues}(31)`, { Name: "Plain", ...change });
      expect([status, String(body["message"]).split(":")[0]]).toEqual([400, "QueueDefinitionParametersCannotChange"]);
    }
    expect((await send("PUT", `${queues}(32)`, { Name: "Unique" })).status).toBe(400); // left out is false
    expect((await send("PUT", `${queues}(32)`, { Name: "Unique", EnforceUniqueReference: true })).status).toBe(200);
  });

  test("another queue's name, another Id and another folder's queue are refused", async () => {
    expect((await send("PUT", `${queues}(31)`, { Name: "unique" })).status).toBe(409);
    expect((await send("PUT", `${queues}(31)`, { Id: 32, Name: "Plain" })).status).toBe(400);
    expect((await send("PUT", `${queues}(34)`, { Name: "Triggered" })).status).toBe(404);
  });

  test("DELETE takes the queue and its items away, from every folder", async () => {
    expect((await send("DELETE", `${queues}(31)`)).status).toBe(204);
    const all = sender(emulator, {});
    expect((await all("GET", `${queues}?$filter=Name eq 'Plain'`)).body.value).toEqual([]);
    expect((await all("GET", "/odata/QueueItems(102)")).status).toBe(404);
    expect((await send("DELETE", `${queues}(31)`)).status).toBe(404);
    expect((await send("POST", queues, { Name: "Plain" })).status).toBe(201);
  });

  test("schemas are checked when they are set, hold items, and are read as they are", async () => {
    for (const wrong of ["{", "5", '{"type":"nothing"}']) {
      const { status } = await send("POST", queues, { Name: "x", SpecificDataJsonSchema: wrong });
      expect([wrong, status]).toEqual([wrong, 400]);
    }
    const { body } = await send("POST", queues, { Name: "x", SpecificDataJsonSchema: schema });
    const add = { itemData: { Name: "x", SpecificContent: { Amount: "text" } } };
    expect((await send("POST", "/odata/Queues/UiPathODataSvc.AddQueueItem", add)).status).toBe(409);
    const read = async (type: string): Promise<[number, string]> => {
      const path = `${queues}(${String(body["Id"])})/UiPathODataSvc.GetJsonSchemaDefinition(jsonSchemaType='${type}')`;
      const { status, text } = await send("GET", path);
      return [status, text];
    };
    expect(await read("SpecificData")).toEqual([200, schema]);
    expect((await read("OutputData"))[0]).toBe(404);
    expect((await read("Everything"))[0]).toBe(400);
  });

  test("ShareToFolders links and unlinks; GetFoldersForQueue says where a queue is", async () => {
    const share = async (body: object): Promise<number> =>
      (await send("POST", `${queues}/${namespace}.ShareToFolders`, body)).status;
    const folders = async (): Promise<unknown> =>
      (
        (await send("GET", `${queues}/${namespace}.GetFoldersForQueue(id=32)`)).body["AccessibleFolders"] as {
          Id: number;
        }[]
      ).map(({ Id }) => Id);
    expect(await share({ QueueIds: [32], ToAddFolderIds: [6] })).toBe(204);
    expect(await folders()).toEqual([5, 6]);
    expect(await share({ QueueIds: [32], ToRemoveFolderIds: [5] })).toBe(204);
    expect(await folders()).toEqual([6]);
    expect(await share({ QueueIds: [32], ToRemoveFolderIds: [6] })).toBe(400); // its last
    expect(await share({ QueueIds: [32], ToAddFolderIds: [7] })).toBe(409); // classic
    expect(await share({ QueueIds: [99], ToAddFolderIds: [6] })).toBe(404);
    expect(await share({ QueueIds: [32], ToAddFolderIds: [99] })).toBe(404);
    await send("POST", queues, { Name: "Triggered" });
    expect(await share({ QueueIds: [34], ToAddFolderIds: [5] })).toBe(409); // the name is there
  });

  test("ShareToFolders is for folders that the caller sees, whatever folder it calls in", async () => {
    const share = { QueueIds: [32], ToAddFolderIds: [6] };
    const path = `${queues}/${namespace}.ShareToFolders`;
    const as = (name: string, folder: string): Send =>
      sender({ ...emulator, token: emulator.tokenFor(name) }, { "x-uipath-organizationunitid": folder });
    expect((await as("ion", "6")("POST", path, share)).status).toBe(404); // ion sees the folder Shared only
    expect((await as("ana", "5")("POST", path, share)).status).toBe(204);
    expect((await as("ion", "6")("POST", path, { QueueIds: [32], ToRemoveFolderIds: [5] })).status).toBe(404);
    const { body } = await as("ion", "6")("GET", `${queues}/${namespace}.GetFoldersForQueue(id=32)`);
    expect(body).toMatchObject({ AccessibleFolders: [{ Id: 6 }], TotalFoldersCount: 2 });
  });

  test("GetQueuesAcrossFolders leaves a folder out", async () => {
    const all = `${queues}/${namespace}.GetQueuesAcrossFolders`;
    const { body } = await send("GET", `${all}?excludeFolderId=5`);
    expect(body.value.map((row) => row["Name"])).toEqual(["Plain", "Triggered"]);
    expect((await send("GET", `${all}?excludeFolderId=x`)).status).toBe(400);
  });

  test("GetByKey is there in the cloud only", async () => {
    const path = `${queues}/${namespace}.GetByKey(identifier=${String((await send("GET", `${queues}(31)`)).body["Key"])})`;
    expect((await send("GET", path)).status).toBe(404);
    await using cloud = await start({ edition: "cloud", tenant: modern });
    expect((await sender(cloud)("GET", path)).body["Name"]).toBe("Plain");
  });

  test("CreateQueue and EditQueue carry the retention; the cloud wants its period", async () => {
    const create = `${queues}/${namespace}.CreateQueue`;
    expect((await send("POST", create, { Name: "Bare" })).status).toBe(200);
    await using cloud = await start({ edition: "cloud", tenant: modern });
    const there = sender(cloud);
    const bare = await there("POST", create, { Name: "Bare" });
    expect([bare.status, bare.body["message"]]).toEqual([400, "Invalid argument 'Period'"]);
    const { status, body } = await there("POST", create, {
      Name: "Bare",
      RetentionAction: "Delete",
      RetentionPeriod: 7,
    });
    expect(status).toBe(201);
    const period = async (): Promise<unknown> =>
      (await there("GET", `/odata/QueueRetention(${String(body["Id"])})`)).body["Period"];
    expect(await period()).toBe(7);
    const edit = { Id: body["Id"], Name: "Bare", RetentionAction: "Delete", RetentionPeriod: 9 };
    expect((await there("POST", `${queues}/${namespace}.EditQueue`, edit)).status).toBe(200);
    expect(await period()).toBe(9);
    await using older = await start({ edition: "2022.10" });
    expect((await sender(older)("POST", create, { Name: "Bare" })).status).toBe(404);
  });

  test("what was acknowledged is in the data file", async () => {
    const folder = mkdtempSync(join(tmpdir(), "emulator-"));
    const data = join(folder, "tenant.db");
    const first = await start({ data });
    await sender(first)("POST", queues, { Name: "Kept" });
    await first.close();
    await using second = await start({ data });
    expect((await sender(second)("GET", `${queues}?$filter=Name eq 'Kept'`)).body.value).toHaveLength(1);
    rmSync(folder, { recursive: true });
  });
});

describe("processing records", () => {
  const records = async (days: number, id: number): ReturnType<Send> =>
    send(
      "GET",
      `/odata/QueueProcessingRecords/UiPathODataSvc.RetrieveLastDaysProcessingRecords(daysNo=${days},queueDefinitionId=${id})`,
    );

  test("count what ended, by minute, hour and day", async () => {
    const finish = async (id: number, result: object): Promise<number> =>
      (await send("POST", `/odata/Queues(${id})/UiPathODataSvc.SetTransactionResult`, { transactionResult: result }))
        .status;
    emulator.clock.advance(90_000);
    expect(await finish(103, { IsSuccessful: true })).toBe(200);
    const value = async (days: number): Promise<unknown> =>
      (await records(days, 31)).body.value.map((row) => [
        row["ReportType"],
        row["ProcessingTime"],
        row["NumberOfSuccessfulTransactions"],
        row["SuccessfulTransactionsProcessingTime"],
      ]);
    expect(await value(0)).toEqual([
      ["Minute", "2026-01-01T00:00:00Z", 0, 0],
      ["Minute", "2026-01-01T00:01:00Z", 1, 90],
    ]);
    expect(await value(1)).toEqual([["Hour", "2026-01-01T00:00:00Z", 1, 90]]);
    expect((await records(7, 31)).body.value).toMatchObject([
      {
        ReportType: "Day",
        NumberOfBusinessExceptions: 1,
        TotalNumberOfTransactions: 2,
        NumberOfRemainingTransactions: 1,
      },
    ]);
    emulator.clock.advance(2 * 3_600_000);
    expect(await value(0)).toEqual([]);
    expect((await records(0, 34)).status).toBe(404);
  });
});

describe("processes", () => {
  const releases = "/odata/Releases";
  const fresh = {
    Name: "Second",
    ProcessKey: "Smoke",
    ProcessVersion: "1.0.0",
    InputArguments: '{"age":7}',
    JobPriority: "High",
  };

  test("POST makes one of a package that is there; it runs as the package does", async () => {
    const { status, body } = await send("POST", releases, fresh);
    expect(status).toBe(201);
    expect(body).toMatchObject({ Name: "Second", ProcessKey: "Smoke", JobPriority: "High", SpecificPriorityValue: 75 });
    const startInfo = { ReleaseKey: body["Key"], Strategy: "ModernJobsCount", JobsCount: 1 };
    const jobs = await send("POST", `/odata/Jobs/${namespace}.StartJobs`, { startInfo });
    emulator.clock.advance(60_000);
    const job = await send("GET", `/odata/Jobs(${String(jobs.body.value[0]?.["Id"])})`);
    expect(job.body).toMatchObject({ State: "Faulted", Info: "Seven is not served." });
  });

  test.each([
    [{ ...fresh, ProcessKey: "Nobody" }, 404],
    [{ ...fresh, ProcessVersion: "9.9.9" }, 404],
    [{ ...fresh, Name: "SMOKE" }, 409],
    [{ ...fresh, Name: undefined }, 400],
    [{ ...fresh, InputArguments: "[1]" }, 400],
    [{ ...fresh, InputArguments: "{" }, 400],
    [{ ...fresh, SpecificPriorityValue: 101 }, 400],
    [{ ...fresh, EnvironmentId: 1 }, 404],
    [{ ...fresh, HiddenForAttendedUser: true }, 400],
  ])("%j is refused", async (given, status) => {
    expect((await send("POST", releases, given)).status).toBe(status);
  });

  test("PUT replaces, PATCH changes what is sent", async () => {
    const { body } = await send("POST", releases, fresh);
    const path = `${releases}(${String(body["Id"])})`;
    expect((await send("PATCH", path, { Description: "changed" })).status).toBe(200);
    expect((await send("GET", path)).body).toMatchObject({ Description: "changed", InputArguments: '{"age":7}' });
    const { status } = await send("PUT", path, { Name: "Third", ProcessKey: "Smoke", ProcessVersion: "1.0.0" });
    expect(status).toBe(200);
    expect((await send("GET", path)).body).toMatchObject({ Name: "Third", Description: null, InputArguments: null });
    expect((await send("PATCH", path, { ProcessKey: "Other" })).body["errorCode"]).toBe(1024);
    expect((await send("PATCH", path, { Name: "smoke" })).status).toBe(409);
  });

  test("wire fact 35: found by ProcessKey", async () => {
    const { body } = await send("GET", `${releases}?$filter=ProcessKey eq 'Smoke'`);
    expect(body.value.map((row) => row["Name"])).toEqual(["Smoke"]);
  });

  test("DELETE, unless jobs or queues need it; jobs that are over keep its name", async () => {
    const id = await idOf(releases, "Smoke");
    expect((await send("DELETE", `${releases}(${id})`)).status).toBe(409); // a job runs
    emulator.clock.advance(60_000);
    expect((await send("DELETE", `${releases}(${id})`)).status).toBe(204);
    expect((await send("GET", `${releases}(${id})`)).status).toBe(404);
    expect((await send("GET", "/odata/Jobs(201)")).body["ReleaseName"]).toBe("Smoke");
    const restart = await send("POST", `/odata/Jobs/${namespace}.RestartJob`, { jobId: 201 });
    expect(restart.status).toBe(404);
    const shared = sender(emulator, { "x-uipath-organizationunitid": "6" });
    const [trigger] = (await shared("GET", releases)).body.value;
    expect((await shared("DELETE", `${releases}(${String(trigger?.["Id"])})`)).status).toBe(409); // a queue needs it
    expect((await send("POST", releases, fresh)).status).toBe(201); // the package is still there
  });
});

/** The tenant without its classic folder, which the cloud has no more. */
const modern = {
  apiVersion: "orch-sync/v1",
  kind: "Tenant",
  metadata: { name: "acme" },
  spec: {
    clock: { start: "2026-01-01T00:00:00Z", mode: "manual" },
    folders: [{ path: "Finance/Invoices", id: 5 }],
    queues: [{ name: "Plain", folder: "Finance/Invoices", id: 31 }],
  },
} as const;
