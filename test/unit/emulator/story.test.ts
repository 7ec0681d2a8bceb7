import { afterEach, beforeEach, expect, test } from "vitest";
import type { Emulator, TenantDocument } from "../../../src/emulator/index.ts";
import { applicationException, businessException, day, hour, robot, success, type Robot } from "./robot.ts";
import { sender, start, tenant, type Send } from "./tenant.ts";

const document: TenantDocument = {
  ...tenant,
  spec: {
    clock: { start: "2026-03-02T08:00:00Z", mode: "manual" },
    edition: "cloud",
    folders: [{ path: "Finance", id: 5 }],
    users: [
      { userName: "bot", id: 1 }, // the emulator's own token is that of the first user
      {
        userName: "loader",
        id: 3,
        permissions: [{ folder: "Finance", names: ["Queues.View", "Transactions.Create"] }],
      },
      {
        userName: "ana",
        id: 2,
        reviewer: true,
        permissions: [{ folder: "Finance", names: ["Queues.View", "Transactions.View", "Transactions.Edit"] }],
      },
    ],
    robots: [{ name: "bot-1", id: 21 }],
    processes: [{ name: "Payer", run: { pending: "0s", duration: "10m" } }],
    queues: [
      {
        name: "Invoices",
        id: 41,
        uniqueReferences: true,
        maxRetries: 1,
        trigger: { process: "Payer", threshold: 3 },
        retention: { finalDays: 7, newDays: 14 },
      },
    ],
  },
};

let emulator: Emulator;
let loader: Send;
let ana: Send;
let send: Send;
let bot: Robot;

beforeEach(async () => {
  emulator = await start({ tenant: document });
  const as = (token: string): Send => sender({ ...emulator, token });
  loader = as(emulator.tokenFor("loader"));
  ana = as(emulator.tokenFor("ana"));
  send = as(emulator.token);
  bot = robot(send);
});
afterEach(async () => emulator.close());

const statusPath = "/odata/QueueProcessingRecords/UiPathODataSvc.RetrieveQueuesProcessingStatus";
const statistics = async (): Promise<unknown> => (await send("GET", statusPath)).body.value[0];
const work = async (minutes: number, result: object): Promise<unknown> => {
  const { body } = await bot.take("Invoices");
  emulator.clock.advance(minutes * 60_000);
  await bot.end(body["Id"], result);
  return body["Id"];
};
const reviewing = async (call: string, id: unknown, more: object): Promise<unknown> => {
  const { RowVersion } = (await ana("GET", `/odata/QueueItems(${String(id)})`)).body;
  const { body } = await ana("POST", `/odata/QueueItems/UiPathODataSvc.${call}`, {
    queueItems: [{ Id: id, RowVersion }],
    ...more,
  });
  return body["Success"];
};

test("a queue from its seeding to its retention", async () => {
  // 08:00: the loader seeds four items and may not look at them; the third one starts a job.
  const rows = ["INV-1", "INV-2", "INV-3", "INV-4"].map((Reference) => ({ Reference, Priority: "Normal" }));
  const bulk = { queueName: "Invoices", commitType: "AllOrNothing", queueItems: rows };
  expect((await loader("POST", "/odata/Queues/UiPathODataSvc.BulkAddQueueItems", bulk)).body["Success"]).toBe(true);
  expect((await loader("GET", "/odata/QueueItems")).status).toBe(403);
  expect((await send("GET", "/odata/Jobs")).body.value).toMatchObject([{ ReleaseName: "Payer", State: "Running" }]);

  // The robot does one, fails one for good, fails one that is tried again and then done, and goes away with the last.
  await work(2, success);
  const rejected = await work(1, businessException);
  const shaky = await work(3, applicationException);
  await bot.take("Invoices");
  await work(4, success);
  expect(await bot.column(41, "Status")).toEqual(["Successful", "Failed", "Retried", "InProgress", "Successful"]);
  expect(await bot.column(41, "Reference")).toEqual(["INV-1", "INV-2", "INV-3", "INV-4", "INV-3"]);
  expect(await statistics()).toMatchObject({
    QueueDefinitionName: "Invoices",
    ItemsToProcess: 0,
    ItemsInProgress: 1,
    SuccessfulTransactionsNo: 2,
    ApplicationExceptionsNo: 1,
    BusinessExceptionsNo: 1,
    TotalNumberOfTransactions: 4,
    SuccessfulTransactionsProcessingTime: 180, // (2 + 4) / 2 minutes
    ApplicationExceptionsProcessingTime: 180,
    BusinessExceptionsProcessingTime: 60,
    ProcessingMeanTime: 150,
    LastProcessed: "2026-03-02T08:10:00Z",
  });

  // The next morning the last item is left behind. Ana looks after it and after the one that was rejected.
  emulator.clock.advance(day);
  const abandoned = (await bot.column(41, "Id"))[3];
  expect(await bot.item(abandoned)).toMatchObject({ Status: "Abandoned", RobotId: 21 });
  expect(await reviewing("SetItemReviewer", shaky, { userId: 2 })).toBe(false); // it was retried
  expect(await reviewing("SetItemReviewer", rejected, { userId: 2 })).toBe(true);
  expect(await reviewing("SetItemReviewStatus", rejected, { status: "Verified" })).toBe(true);
  expect(await reviewing("SetItemReviewStatus", abandoned, { status: "Retried" })).toBe(true);
  expect(await bot.item(rejected)).toMatchObject({ ReviewerUserId: 2, ReviewStatus: "Verified" });
  expect((await bot.item((await bot.column(41, "Id"))[5]))["Reference"]).toBe("INV-4");
  const history = "UiPath.Server.Configuration.OData.GetQueueItemEventsHistory";
  const events = (await send("GET", `/odata/QueueItemEvents/${history}(queueItemId=${String(abandoned)})`)).body.value;
  expect(events.map((row) => [row["Timestamp"], row["Action"], row["Status"], row["UserName"]])).toEqual([
    ["2026-03-02T08:00:00Z", "Create", "New", "loader"],
    ["2026-03-02T08:06:00Z", "Status", "InProgress", "bot"],
    ["2026-03-03T08:06:00Z", "Status", "Abandoned", null],
    ["2026-03-03T08:10:00Z", "Retry", "Retried", "ana"],
    ["2026-03-03T08:10:00Z", "Create", "New", "ana"], // of the attempt that follows
  ]);

  // A week later everything final is gone; the manual retry waits for another.
  emulator.clock.advance(8 * day);
  expect(await bot.column(41, "Reference")).toEqual(["INV-4"]);
  expect(await statistics()).toMatchObject({ ItemsToProcess: 1, TotalNumberOfTransactions: 0, LastProcessed: null });
  emulator.clock.advance(7 * day + hour);
  expect(await bot.column(41, "Reference")).toEqual([]);

  // References of what was done stay taken for ever.
  const again = await loader("POST", "/odata/Queues/UiPathODataSvc.BulkAddQueueItems", {
    ...bulk,
    commitType: "ProcessAllIndependently",
  });
  expect(again.body.FailedItems.map((row) => (row as { Ordinal: number }).Ordinal)).toEqual([1, 2, 3, 4]);
});
