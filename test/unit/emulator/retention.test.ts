import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { EditionName, Emulator, TenantDocument } from "../../../src/emulator/index.ts";
import { temporaryFolder } from "../../support/cli.ts";
import { businessException, day, robot, success, type Robot } from "./robot.ts";
import { sender, start, tenant, type Send } from "./tenant.ts";

const smoke = "11111111-1111-4111-8111-111111111111";
let emulator: Emulator;
let send: Send;
let bot: Robot;

const begin = async (queue: object, edition: EditionName = "2023.4", data?: string): Promise<void> => {
  const document: TenantDocument = {
    ...tenant,
    spec: {
      ...tenant.spec,
      edition,
      processes: [{ name: "Smoke", folder: "Finance/Invoices", key: smoke, retentionDays: 3 }],
      queues: [{ name: "Work", folder: "Finance/Invoices", id: 41, uniqueReferences: true, ...queue }],
      items: [],
    },
  };
  emulator = await start({ tenant: document, ...(data === undefined ? {} : { data }) });
  send = sender(emulator);
  bot = robot(send);
};

afterEach(async () => emulator.close());

const finish = async (Reference: string, result: object = success): Promise<unknown> => {
  await bot.add("Work", { Reference });
  const { body } = await bot.take("Work");
  await bot.end(body["Id"], result);
  return body["Id"];
};
const codeOf = async (Reference: string): Promise<unknown> => (await bot.add("Work", { Reference })).body["errorCode"];

describe("items", () => {
  test("in a final state are purged at the midnight after their days, and vanish from every answer", async () => {
    await begin({ retention: { finalDays: 2 } });
    emulator.clock.advance(3_600_000);
    const id = await finish("a");
    await send("POST", "/odata/QueueItemComments", { QueueItemId: id, Text: "seen" });
    emulator.clock.advance(2 * day); // 1:00 on the third day: the last midnight was an hour too early
    expect(await bot.column(41, "Status")).toEqual(["Successful"]);
    emulator.clock.advance(day);
    expect(await bot.column(41, "Status")).toEqual([]);
    expect((await send("GET", `/odata/QueueItems(${String(id)})`)).status).toBe(404);
    expect((await send("GET", "/odata/QueueItemEvents")).body.value).toEqual([]);
    expect((await send("GET", "/odata/QueueItemComments")).body.value).toEqual([]);
    const status = "/odata/QueueProcessingRecords/UiPathODataSvc.RetrieveQueuesProcessingStatus";
    expect((await send("GET", status)).body.value[0]).toMatchObject({
      SuccessfulTransactionsNo: 0,
      LastProcessed: null,
    });
  });

  test("count from their last change", async () => {
    await begin({ retention: { finalDays: 2 } });
    const id = await finish("a", businessException);
    emulator.clock.advance(day);
    const { RowVersion } = await bot.item(id);
    const review = { queueItems: [{ Id: id, RowVersion }], userId: 11 };
    await send("POST", "/odata/QueueItems/UiPathODataSvc.SetItemReviewer", review);
    emulator.clock.advance(day);
    expect(await bot.column(41, "Status")).toEqual(["Failed"]);
    emulator.clock.advance(day);
    expect(await bot.column(41, "Status")).toEqual([]);
  });

  test("that are still New have days of their own", async () => {
    await begin({ retention: { finalDays: 1, newDays: 4 } });
    await finish("done");
    await bot.add("Work", { Reference: "waits" });
    emulator.clock.advance(3 * day);
    expect(await bot.column(41, "Reference")).toEqual(["waits"]);
    emulator.clock.advance(day);
    expect(await bot.column(41, "Reference")).toEqual([]);
  });

  test("in progress are not purged", async () => {
    await begin({ retention: { finalDays: 2, newDays: 1 } });
    await bot.add("Work", { Reference: "a" });
    emulator.clock.advance(day - 1000);
    await bot.take("Work");
    emulator.clock.advance(day - 1000);
    expect(await bot.column(41, "Status")).toEqual(["InProgress"]);
  });

  test("of the built-in policy: 30 days; in the cloud 180 for those that are New", async () => {
    await begin({}, "cloud");
    await finish("done");
    await bot.add("Work", { Reference: "waits" });
    emulator.clock.advance(30 * day);
    expect(await bot.column(41, "Reference")).toEqual(["waits"]);
    emulator.clock.advance(150 * day);
    expect(await bot.column(41, "Reference")).toEqual([]);
  });

  test("an emulator that was not running makes it good when it is asked again", async () => {
    const data = join(temporaryFolder(), "tenant.db");
    await begin({ retention: { finalDays: 2 } }, "2023.4", data);
    await finish("a");
    await emulator.close();
    await begin({ retention: { finalDays: 2 } }, "2023.4", data);
    expect(await bot.column(41, "Reference")).toEqual(["a"]);
    emulator.clock.advance(400 * day); // as a clock that runs does while nothing else does
    expect(await codeOf("a")).toBe(1016);
    expect(await bot.column(41, "Reference")).toEqual([]);
  });
});

test("references of purged items stay taken; those of deleted and retried ones are free", async () => {
  await begin({ retention: { finalDays: 1 } });
  await finish("done");
  const { body } = await bot.add("Work", { Reference: "deleted" });
  await send("DELETE", `/odata/QueueItems(${String(body["Id"])})`);
  emulator.clock.advance(2 * day);
  expect(await bot.column(41, "Reference")).toEqual([]);
  expect([await codeOf("DONE "), await codeOf("deleted")]).toEqual([1016, undefined]);
});

test("jobs that have ended are purged after the days of their process", async () => {
  await begin({});
  await send("POST", "/odata/Jobs/UiPath.Server.Configuration.OData.StartJobs", {
    startInfo: { ReleaseKey: smoke },
  });
  emulator.clock.advance(3 * day);
  expect((await send("GET", "/odata/Jobs")).body.value).toHaveLength(2);
  emulator.clock.advance(day);
  expect((await send("GET", "/odata/Jobs")).body.value).toEqual([]);
});

describe("the endpoint", () => {
  test("shows, sets and resets the days of a queue", async () => {
    await begin({});
    const path = "/odata/QueueRetention(41)";
    const policy = async (): Promise<unknown> => (await send("GET", path)).body;
    expect(await policy()).toMatchObject({ QueueDefinitionId: 41, Action: "Delete", Period: 30, BucketId: null });
    expect((await send("PUT", path, { Action: "Delete", Period: 1 })).status).toBe(200);
    expect(await policy()).toMatchObject({ Period: 1 });
    await finish("a");
    emulator.clock.advance(day);
    expect(await bot.column(41, "Reference")).toEqual([]);
    expect((await send("DELETE", path)).status).toBe(204);
    expect(await policy()).toMatchObject({ Period: 30 });
    expect((await send("GET", "/odata/QueueRetention")).body.value).toHaveLength(1);
  });

  test("knows new items in the cloud only", async () => {
    await begin({}, "cloud");
    const path = "/odata/QueueRetention(41)";
    await send("PUT", path, { Action: "Delete", Period: 7, Type: "Stale" });
    expect((await send("GET", `${path}?retentionType=Stale`)).body).toMatchObject({ Period: 7, Type: "Stale" });
    expect((await send("GET", path)).body).toMatchObject({ Period: 30, Type: "Final" });
    await emulator.close();
    await begin({});
    const { status, body } = await send("PUT", path, { Action: "Delete", Period: 7, Type: "Stale" });
    expect([status, body["errorCode"]]).toEqual([400, 0]);
  });

  test.each([
    ["a period of 0", { Action: "Delete", Period: 0 }, 400],
    ["a period over 180 days", { Action: "Delete", Period: 181 }, 400],
    ["none at all", { Action: "None", Period: 30 }, 400],
    ["an archive in a bucket that is not there", { Action: "Archive", Period: 30, BucketId: 5 }, 404],
  ])("refuses %s", async (_name, setting, status) => {
    await begin({}, "cloud");
    expect((await send("PUT", "/odata/QueueRetention(41)", setting)).status).toBe(status);
    expect((await send("PUT", "/odata/QueueRetention(99)", { Period: 1 })).status).toBe(404);
  });
});
