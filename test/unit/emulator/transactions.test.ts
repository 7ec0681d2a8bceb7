import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { EditionName, Emulator, TenantDocument } from "../../../src/emulator/index.ts";
import { applicationException, businessException, day, hour, robot, success, type Robot } from "./robot.ts";
import { sender, start, tenant, type Send } from "./tenant.ts";

const withQueue = (queue: object, edition: EditionName): TenantDocument => ({
  ...tenant,
  spec: {
    ...tenant.spec,
    edition,
    queues: [{ name: "Work", folder: "Finance/Invoices", id: 41, uniqueReferences: true, maxRetries: 2, ...queue }],
    items: [],
  },
});

let emulator: Emulator;
let send: Send;
let bot: Robot;

const begin = async (queue: object = {}, edition: EditionName = "2023.4"): Promise<void> => {
  emulator = await start({ tenant: withQueue(queue, edition) });
  send = sender(emulator);
  bot = robot(send);
};

beforeEach(async () => begin());
afterEach(async () => emulator.close());

const restart = async (queue: object, edition: EditionName = "cloud"): Promise<void> => {
  await emulator.close();
  await begin(queue, edition);
};
const refusal = ({ status, body }: Awaited<ReturnType<Send>>): unknown => [
  status,
  body["errorCode"],
  String(body["message"]).split(/[: ]/, 1)[0],
];

describe("StartTransaction", () => {
  test("an empty queue answers 204 without a body", async () => {
    const { status, text } = await bot.take("Work");
    expect([status, text]).toEqual([204, ""]);
  });

  test("due dates first, then priority, then age; what is postponed waits", async () => {
    await bot.add("Work", { Reference: "low", Priority: "Low" });
    await bot.add("Work", { Reference: "old" });
    await bot.add("Work", { Reference: "young" });
    await bot.add("Work", { Reference: "late", DueDate: "2026-01-03T00:00:00Z", Priority: "Low" });
    await bot.add("Work", { Reference: "soon", DueDate: "2026-01-02T00:00:00Z", Priority: "Low" });
    await bot.add("Work", { Reference: "postponed", DeferDate: "2026-01-01T01:00:00Z" });
    const taken: unknown[] = [];
    for (let n = 0; n < 5; n += 1) taken.push((await bot.take("Work")).body["Reference"]);
    expect(taken).toEqual(["soon", "late", "old", "young", "low"]);
    expect((await bot.take("Work")).status).toBe(204);
    emulator.clock.advance(hour);
    expect((await bot.take("Work")).body["Reference"]).toBe("postponed");
  });

  test("answers 200 with the item in progress, its robot and its start", async () => {
    await bot.add("Work", { Reference: "a" });
    emulator.clock.advance(1000);
    const path = "/odata/Queues/UiPathODataSvc.StartTransaction?$expand=Robot";
    const answer = await send("POST", path, { transactionData: { Name: "work", RobotIdentifier: "BOT-1" } });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      Status: "InProgress",
      StartProcessing: "2026-01-01T00:00:01Z",
      EndProcessing: null,
      Robot: { Id: 21, Name: "bot-1" },
    });
  });

  test("takes any text for a robot, as third-party clients send one", async () => {
    await bot.add("Work", { Reference: "a" });
    expect((await bot.take("Work", { RobotIdentifier: "my machine" })).status).toBe(200);
  });

  test("content makes a new item, which is taken at once", async () => {
    await bot.add("Work", { Reference: "waits" });
    const { status, body } = await bot.take("Work", {
      Reference: "mine",
      SpecificContent: { A: 1, "A@odata.type": "x" },
    });
    expect([status, body["Reference"], body["Status"], body["SpecificContent"]]).toEqual([
      200,
      "mine",
      "InProgress",
      { A: 1 },
    ]);
    expect(refusal(await bot.take("Work", { Reference: "MINE", SpecificContent: {} }))).toEqual([409, 1016, "Error"]);
    expect(await bot.column(41, "Status")).toEqual(["New", "InProgress"]);
  });

  test.each([
    ["Equals", { Reference: "INV-2" }, "inv-2"],
    ["StartsWith", { Reference: "CRED", ReferenceFilterOption: "StartsWith" }, "credit-1"],
    ["no match", { Reference: "INV", ReferenceFilterOption: "Equals" }, undefined],
  ])("the reference filter %s", async (_name, filter, expected) => {
    for (const Reference of ["inv-1", "inv-2", "credit-1"]) await bot.add("Work", { Reference });
    expect((await bot.take("Work", filter)).body["Reference"]).toBe(expected);
  });

  test("refuses what the version does not know, an unknown queue, and nothing", async () => {
    const sent = await bot.take("Work", { ParentOperationId: "x" });
    expect(refusal(sent)).toEqual([400, 0, "startTransactionParameters"]);
    expect(refusal(await bot.take("Nowhere"))).toEqual([404, 1002, "Nowhere"]);
    const path = "/odata/Queues/UiPathODataSvc.StartTransaction";
    expect(refusal(await send("POST", path, {}))).toEqual([400, 0, "transactionData"]);
  });
});

describe("SetTransactionResult", () => {
  const taken = async (data: object = { Reference: "a" }): Promise<unknown> => {
    await bot.add("Work", data);
    return (await bot.take("Work")).body["Id"];
  };

  test("success ends the item with its output", async () => {
    const id = await taken();
    emulator.clock.advance(2500);
    const result = { ...success, Output: { Total: 3 }, Analytics: { Lines: 2 }, Progress: "done" };
    const { status, text } = await bot.end(id, result);
    expect([status, text]).toEqual([200, ""]);
    expect(await bot.item(id)).toMatchObject({
      Status: "Successful",
      EndProcessing: "2026-01-01T00:00:02.5Z",
      Output: { Total: 3 },
      OutputData: '{"DynamicProperties":{"Total":3}}',
      Analytics: { Lines: 2 },
      Progress: "done",
      ProcessingException: null,
      ProcessingExceptionType: null,
    });
  });

  test("an application exception is tried again, with a new Id, the same Key and Reference, until no retry is left", async () => {
    const first = await taken();
    emulator.clock.advance(7000);
    await bot.end(first, applicationException);
    const { body: second } = await bot.take("Work");
    expect(await bot.item(first)).toMatchObject({ Status: "Retried", ProcessingExceptionType: "ApplicationException" });
    const { Key } = await bot.item(first);
    expect(second).toMatchObject({
      Key,
      Reference: "a",
      RetryNumber: 1,
      AncestorId: first,
      SecondsInPreviousAttempts: 7,
    });
    expect(second["Id"]).not.toBe(first);
    await bot.end(second["Id"], applicationException);
    const { body: third } = await bot.take("Work");
    await bot.end(third["Id"], applicationException);
    expect(await bot.column(41, "Status")).toEqual(["Retried", "Retried", "Failed"]);
    expect((await bot.take("Work")).status).toBe(204);
  });

  test("a business exception is not tried again", async () => {
    const id = await taken();
    await bot.end(id, businessException);
    expect(await bot.item(id)).toMatchObject({
      Status: "Failed",
      ProcessingException: { Type: "BusinessException", Reason: "no price", Details: null },
    });
    expect((await bot.take("Work")).status).toBe(204);
  });

  test("a queue that retries nothing by itself leaves the item failed", async () => {
    await restart({ autoRetry: false }, "2023.4");
    const id = await taken();
    await bot.end(id, applicationException);
    expect(await bot.column(41, "Status")).toEqual(["Failed"]);
  });

  test("an exception with a DeferDate postpones the next attempt; without one the item itself goes back", async () => {
    const id = await taken();
    await bot.end(id, { ...applicationException, DeferDate: "2026-01-01T01:00:00Z" });
    expect((await bot.take("Work")).status).toBe(204);
    emulator.clock.advance(hour);
    const { body } = await bot.take("Work");
    await bot.end(body["Id"], { IsSuccessful: false, DeferDate: "2026-01-01T02:00:00Z" });
    expect(await bot.item(body["Id"])).toMatchObject({ Status: "New", StartProcessing: null, RetryNumber: 1 });
  });

  test("what is final stays so, and what waits has no result", async () => {
    const id = await taken();
    await bot.end(id, success);
    expect(refusal(await bot.end(id, businessException))).toEqual([
      409,
      1009,
      "QueueItemInvalidTransitionFromFinalStatus",
    ]);
    const { body } = await bot.add("Work", { Reference: "b" });
    expect(refusal(await bot.end(body["Id"], success))).toEqual([409, 1009, "TransactionNotStarted"]);
    expect(refusal(await bot.progress(body["Id"], "x"))).toEqual([409, 1009, "TransactionNotStarted"]);
    expect(refusal(await bot.end(999, success))).toEqual([404, 1002, "QueueItem"]);
    expect(await bot.item(id)).toMatchObject({ Status: "Successful" });
  });

  test.each([
    ["nested output", { ...success, Output: { A: { B: 1 } } }, 1009],
    ["an unknown member", { ...success, Reason: "x" }, 0],
    ["an unknown exception type", { ProcessingException: { Type: "Other" } }, 0],
  ])("refuses %s", async (_name, result, code) => {
    const { status, body } = await bot.end(await taken(), result);
    expect([status, body["errorCode"]]).toEqual([400, code]);
  });

  test.each([
    ["Output", "QueueItemOutputDataSizeExceeded", { Output: { A: "x".repeat(51_200) } }],
    ["Analytics", "QueueItemAnalyticsDataSizeExceeded", { Analytics: { A: "x".repeat(5120) } }],
    ["Progress", "QueueItemProgressDataSizeExceeded", { Progress: "x".repeat(104_858) }],
  ])("the cloud takes so much of %s", async (_name, name, result) => {
    await restart({});
    const id = await taken();
    expect(refusal(await bot.end(id, { ...success, ...result }))).toEqual([400, 1009, name]);
    expect(await bot.item(id)).toMatchObject({ Status: "InProgress" });
  });

  test("the cloud cuts the reason of an exception", async () => {
    await restart({});
    const id = await taken();
    await bot.end(id, { ProcessingException: { Type: "BusinessException", Reason: "x".repeat(102_401) } });
    const { ProcessingException } = await bot.item(id);
    expect((ProcessingException as { Reason: string }).Reason).toHaveLength(102_400);
  });
});

test("progress changes what is in progress, and its RowVersion", async () => {
  await bot.add("Work", { Reference: "a" });
  const { body } = await bot.take("Work");
  expect((await bot.progress(body["Id"], "half")).status).toBe(200);
  const item = await bot.item(body["Id"]);
  expect(item).toMatchObject({ Progress: "half", Status: "InProgress" });
  expect(item["RowVersion"]).not.toBe(body["RowVersion"]);
});

describe("attempts", () => {
  const failOnce = async (): Promise<readonly [first: unknown, second: unknown]> => {
    await bot.add("Work", { Reference: "a" });
    const { body } = await bot.take("Work");
    await bot.end(body["Id"], applicationException);
    const ids = await bot.column(41, "Id");
    return [body["Id"], ids[1]];
  };

  test("the last one is found from any before it", async () => {
    const [first, second] = await failOnce();
    const last = `UiPath.Server.Configuration.OData.GetItemLastRetry`;
    expect((await send("GET", `/odata/QueueItems(${String(first)})/${last}`)).body["Id"]).toBe(second);
    expect((await send("GET", `/odata/QueueItems(${String(second)})/${last}`)).status).toBe(404);
    const history = `/odata/QueueItems(${String(second)})/UiPathODataSvc.GetItemProcessingHistory`;
    expect((await send("GET", history)).body.value.map((row) => row["Id"])).toEqual([first, second]);
  });

  test("in the cloud each has a UniqueKey of its own, and manual ones are counted apart", async () => {
    await restart({});
    const [first, second] = await failOnce();
    const [a, b] = [await bot.item(first), await bot.item(second)];
    expect([a["UniqueKey"], b["Key"], b["AncestorUniqueKey"]]).toEqual([a["Key"], a["Key"], a["UniqueKey"]]);
    expect(b["UniqueKey"]).not.toBe(b["Key"]);
    const path = `/odata/QueueItems/UiPathODataSvc.GetItemLastRetryByKey(key=${String(a["UniqueKey"])})`;
    expect((await send("GET", path)).body["Id"]).toBe(second);

    await bot.take("Work");
    await bot.end(second, businessException);
    const { RowVersion } = await bot.item(second);
    const review = "/odata/QueueItems/UiPathODataSvc.SetItemReviewStatus";
    await send("POST", review, { queueItems: [{ Id: second, RowVersion }], status: "Retried" });
    const third = (await bot.column(41, "Id")).at(-1);
    expect(await bot.item(third)).toMatchObject({
      Key: a["Key"],
      RetryNumber: 0,
      AncestorId: null,
      ManualRetryNumber: 1,
      ManualAncestorId: second,
      ManualAncestorUniqueKey: b["UniqueKey"],
    });
  });

  test("versions before have no such fields", async () => {
    const [first] = await failOnce();
    const item = await bot.item(first);
    expect(Object.keys(item).filter((name) => /UniqueKey|Manual/.test(name))).toEqual([]);
  });
});

describe("abandonment", () => {
  test("after 24 hours in progress an item is left behind, at that time and without a user", async () => {
    await bot.add("Work", { Reference: "a" });
    const { body } = await bot.take("Work");
    emulator.clock.advance(day - 1);
    expect(await bot.item(body["Id"])).toMatchObject({ Status: "InProgress" });
    emulator.clock.advance(5 * hour);
    expect(await bot.item(body["Id"])).toMatchObject({ Status: "Abandoned", EndProcessing: null });
    const path = `/odata/QueueItemEvents/UiPath.Server.Configuration.OData.GetQueueItemEventsHistory(queueItemId=${String(body["Id"])})`;
    expect((await send("GET", path)).body.value.at(-1)).toMatchObject({
      Action: "Status",
      Status: "Abandoned",
      Timestamp: "2026-01-02T00:00:00Z",
      UserId: null,
      ExternalClientId: null,
    });
    expect(refusal(await bot.end(body["Id"], success))).toEqual([
      409,
      1009,
      "QueueItemInvalidTransitionFromFinalStatus",
    ]);
  });

  test("the cloud tries it again where the queue says so", async () => {
    await restart({ retryAbandoned: true });
    await bot.add("Work", { Reference: "a" });
    await bot.take("Work");
    emulator.clock.advance(day);
    expect(await bot.column(41, "Status")).toEqual(["Retried", "New"]);
    expect(await bot.column(41, "CreationTime")).toEqual(["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"]);
  });

  test("versions that know no such retry abandon it", async () => {
    await restart({ retryAbandoned: true }, "2023.4");
    await bot.add("Work", { Reference: "a" });
    await bot.take("Work");
    emulator.clock.advance(day);
    expect(await bot.column(41, "Status")).toEqual(["Abandoned"]);
  });
});

test("every change has its line in the history, with its author", async () => {
  await emulator.close();
  const spec = { ...withQueue({}, "2023.4").spec };
  emulator = await start({ tenant: { ...tenant, spec } });
  const app = sender({ ...emulator, token: emulator.tokenFor("app") });
  const feeder = robot(app);
  bot = robot(sender(emulator));
  send = sender(emulator);
  const { Id } = (await feeder.add("Work", { Reference: "a" })).body;
  await bot.take("Work");
  await bot.progress(Id, "half");
  await bot.end(Id, applicationException);
  const { RowVersion } = await bot.item(Id);
  await send("PUT", `/odata/QueueItems(${String(Id)})`, { Name: "Work", Reference: "a" });
  await send("DELETE", `/odata/QueueItems(${String(Id)})`);
  expect(RowVersion).toBeTypeOf("string");
  const { value } = (await send("GET", `/odata/QueueItemEvents?$filter=QueueItemId eq ${String(Id)}`)).body;
  expect(value.map((row) => [row["Action"], row["Status"], row["UserName"], row["ExternalClientId"]])).toEqual([
    ["Create", "New", null, "app"],
    ["Status", "InProgress", "ana", null],
    ["Edit", "InProgress", "ana", null],
    ["Retry", "Retried", "ana", null],
    ["Edit", "Retried", "ana", null],
    ["Delete", "Deleted", "ana", null],
  ]);
});

test("comments are written, listed, changed and removed; they stay with their item", async () => {
  const { Id } = (await bot.add("Work", { Reference: "a" })).body;
  const { status, body } = await send("POST", "/odata/QueueItemComments", { QueueItemId: Id, Text: "first" });
  expect([status, body["Text"], body["UserName"], body["CreationTime"]]).toEqual([
    201,
    "first",
    "ana",
    "2026-01-01T00:00:00Z",
  ]);
  const path = `/odata/QueueItemComments(${String(body["Id"])})`;
  expect((await send("PUT", path, { Text: "second", QueueItemId: Id })).status).toBe(200);
  expect((await send("GET", path)).body["Text"]).toBe("second");
  expect((await send("PUT", path, { Text: "x", QueueItemId: 999 })).status).toBe(400);
  expect((await send("PUT", path, { Text: "" })).status).toBe(400);
  const other = { "x-uipath-organizationunitid": "6" };
  expect((await send("DELETE", path, undefined, other)).status).toBe(404);
  expect((await send("DELETE", path)).status).toBe(204);
  const history = `UiPath.Server.Configuration.OData.GetQueueItemCommentsHistory(queueItemId=${String(Id)})`;
  expect((await send("GET", `/odata/QueueItemComments/${history}`)).body.value).toEqual([]);
});
