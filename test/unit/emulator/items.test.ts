import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Emulator } from "../../../src/emulator/index.ts";
import { sender, start, type Answer, type Send } from "./tenant.ts";

let emulator: Emulator;
let send: Send;

beforeEach(async () => {
  emulator = await start();
  send = sender(emulator);
});

afterEach(async () => emulator.close());

const add = async (itemData: object): Promise<Answer> =>
  send("POST", "/odata/Queues/UiPathODataSvc.AddQueueItem", { itemData });
const addMany = async (queueName: string, commitType: string, queueItems: readonly object[]): Promise<Answer> =>
  send("POST", "/odata/Queues/UiPathODataSvc.BulkAddQueueItems", { queueName, commitType, queueItems });
const references = async (queueId: number): Promise<readonly unknown[]> => {
  const { body } = await send("GET", `/odata/QueueItems?$filter=QueueDefinitionId eq ${queueId}&$orderby=Id`);
  return body.value.map((row) => row["Reference"]);
};
const failures = ({ body }: Answer): readonly unknown[] =>
  (body.FailedItems as readonly { Ordinal: number; ErrorCode: string }[]).map((row) => [row.Ordinal, row.ErrorCode]);

describe("adding one item", () => {
  test("answers 200 with the item as stored", async () => {
    const { status, body } = await add({
      Name: "Plain",
      Reference: "INV-1",
      DueDate: "2026-02-01T02:00:00+02:00",
      SpecificContent: { Vendor: "Acme", "Vendor@odata.type": "#String", Amount: 12.5, Paid: false },
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      "@odata.context": `${emulator.url}/odata/$metadata#queueItem/$entity`,
      Status: "New",
      ReviewStatus: "None",
      Priority: "High", // left out, the server's own default
      Reference: "INV-1",
      DueDate: "2026-02-01T00:00:00Z",
      CreationTime: "2026-01-01T00:00:00Z",
      SpecificContent: { Vendor: "Acme", Amount: 12.5, Paid: false },
      SpecificData: '{"DynamicProperties":{"Vendor":"Acme","Amount":12.5,"Paid":false}}',
    });
    expect((await send("GET", `/odata/QueueItems(${String(body["Id"])})`)).body).toMatchObject({ Reference: "INV-1" });
  });

  test("long numbers keep their digits", async () => {
    const content = '{"itemData":{"Name":"Plain","SpecificContent":{"Id":12345678901234567890}}}';
    const { text } = await send("POST", "/odata/Queues/UiPathODataSvc.AddQueueItem", content);
    expect(text).toContain('"SpecificContent":{"Id":12345678901234567890}');
  });

  test("names in any case and enumerations by number are taken", async () => {
    const path = "/odata/Queues/UiPathODataSvc.AddQueueItem";
    const { body } = await send("POST", path, { itemdata: { name: "plain", priority: "2", "@odata.type": "#x" } });
    expect(body).toMatchObject({ Priority: "Low", QueueDefinitionId: 31 });
  });

  test.each([
    ["an unknown member", { Name: "Plain", Source: "x" }],
    ["a date without a zone", { Name: "Plain", DueDate: "2026-01-01T00:00:00" }],
    ["a number in quotes for a text", { Name: "Plain", Reference: 1 }],
    ["an unknown priority", { Name: "Plain", Priority: "Urgent" }],
  ])("%s makes the parameter null", async (_name, item) => {
    const { status, body } = await add(item);
    expect([status, body["errorCode"], body["message"]]).toEqual([400, 0, "itemParameters must not be null"]);
  });

  test("a body that is no JSON, or not sent as JSON, makes the parameter null", async () => {
    const path = "/odata/Queues/UiPathODataSvc.AddQueueItem";
    expect((await send("POST", path, "{")).body["message"]).toBe("itemParameters must not be null");
    const asText = await send("POST", path, { itemData: { Name: "Plain" } }, { "content-type": "text/plain" });
    expect(asText.body["message"]).toBe("itemParameters must not be null");
  });

  test.each([
    ["an unknown queue", { Name: "Nowhere" }, 404, 1002],
    ["a queue of another folder", { Name: "Triggered" }, 404, 1002],
    ["a long reference", { Name: "Plain", Reference: "x".repeat(129) }, 400, 1009],
    ["a nested value", { Name: "Plain", SpecificContent: { a: { b: 1 } } }, 400, 1009],
    ["a list", { Name: "Plain", SpecificContent: { a: [1] } }, 400, 1009],
    ["a key with a dot", { Name: "Plain", SpecificContent: { "a.b": 1 } }, 400, 1009],
    ["content over 1 MB", { Name: "Plain", SpecificContent: { a: "x".repeat(524_288) } }, 400, 1009],
    ["content against the schema", { Name: "Typed", SpecificContent: { Amount: "1" } }, 409, 1009],
    ["no content where a schema wants some", { Name: "Typed" }, 409, 1009],
    ["no reference in a unique queue", { Name: "Unique" }, 400, 1009],
    ["an empty reference in a unique queue", { Name: "Unique", Reference: " " }, 400, 1009],
  ])("%s is refused", async (_name, item, status, errorCode) => {
    const answer = await add(item);
    expect([answer.status, answer.body["errorCode"]]).toEqual([status, errorCode]);
    expect(answer.body["traceId"]).toMatch(/^00-[\da-f]{32}-[\da-f]{16}-01$/);
  });

  test("an empty reference is stored as sent elsewhere", async () => {
    expect((await add({ Name: "Plain", Reference: "" })).body["Reference"]).toBe("");
  });

  test("a reference is unique by the rules of the collation, until its item is deleted", async () => {
    const first = await add({ Name: "Unique", Reference: "INV-1" });
    const again = await add({ Name: "Unique", Reference: "inv-1 " });
    expect([again.status, again.body["errorCode"]]).toEqual([409, 1016]);
    await send("DELETE", `/odata/QueueItems(${String(first.body["Id"])})`);
    expect((await add({ Name: "Unique", Reference: "inv-1" })).status).toBe(200);
  });

  test("a queue with a trigger starts one job of its process", async () => {
    const shared = sender(emulator, { "x-uipath-folderpath": "Shared" });
    for (const Name of ["Triggered", "Triggered"]) {
      await shared("POST", "/odata/Queues/UiPathODataSvc.AddQueueItem", { itemData: { Name } });
    }
    expect((await shared("GET", "/odata/Jobs")).body.value).toMatchObject([
      { ReleaseName: "OnItems", SourceType: "Queue" },
    ]);
  });
});

describe("adding many items", () => {
  const rows = [{ Reference: "a" }, {}, { Reference: "A" }, { Reference: "b" }];

  test("AllOrNothing adds nothing and names the first failure", async () => {
    const answer = await addMany("Unique", "AllOrNothing", rows);
    expect([answer.status, answer.body["Success"], answer.body["Message"]]).toEqual([
      200,
      false,
      "Some items have not been inserted.",
    ]);
    expect(failures(answer)).toEqual([[2, "TransactionReferenceRequired"]]);
    expect(await references(32)).toEqual([]);
  });

  test("ProcessAllIndependently adds what it can and names all failures", async () => {
    const answer = await addMany("Unique", "ProcessAllIndependently", rows);
    expect(failures(answer)).toEqual([
      [2, "TransactionReferenceRequired"],
      [3, "DuplicateReference"],
    ]);
    expect(await references(32)).toEqual(["a", "b"]);
  });

  test("StopOnFirstFailure keeps what came before and says nothing of what comes after", async () => {
    const answer = await addMany("Unique", "StopOnFirstFailure", rows);
    expect(failures(answer)).toEqual([[2, "TransactionReferenceRequired"]]);
    expect(await references(32)).toEqual(["a"]);
  });

  test("all added: Success, no message, no failures", async () => {
    const { body } = await addMany("unique", "0", [{ Reference: "a" }, { Reference: "b" }]);
    expect(body).toMatchObject({ Success: true, Message: null, FailedItems: [] });
  });

  test("a row that violates the schema is named as such", async () => {
    const answer = await addMany("Typed", "ProcessAllIndependently", [
      { SpecificContent: { Amount: 1 } },
      { SpecificContent: {} },
    ]);
    expect(failures(answer)).toEqual([[2, "QueueItemSchemaViolationException"]]);
  });

  test("one unknown member refuses the whole call", async () => {
    const answer = await addMany("Plain", "ProcessAllIndependently", [{ Reference: "a" }, { Source: "x" }]);
    expect([answer.status, answer.body["errorCode"]]).toEqual([400, 0]);
    expect(await references(31)).not.toContain("a");
  });
});

describe("changing an item", () => {
  const version = async (id: number): Promise<unknown> =>
    (await send("GET", `/odata/QueueItems(${id})`)).body["RowVersion"];
  const history = async (id: number): Promise<readonly unknown[]> => {
    const name = "UiPath.Server.Configuration.OData.GetQueueItemEventsHistory";
    const { body } = await send("GET", `/odata/QueueItemEvents/${name}(queueItemId=${id})?$orderby=Id`);
    return body.value.map((event) => event["Action"]);
  };

  test("an update replaces all five fields, and moves RowVersion and history on", async () => {
    const before = await version(102);
    const answer = await send("PUT", "/odata/QueueItems(102)", { Priority: "Low", Progress: "1 of 2" });
    expect([answer.status, answer.text]).toEqual([200, ""]);
    const { body } = await send("GET", "/odata/QueueItems(102)");
    expect(body).toMatchObject({ Priority: "Low", Progress: "1 of 2", SpecificContent: null, Reference: "waiting" });
    expect(body["RowVersion"]).not.toBe(before);
    expect(await history(102)).toEqual(["Create", "Edit"]);
  });

  test.each([
    ["another reference", 102, { Reference: "other" }, 400, 1024],
    ["an item in progress", 103, { Priority: "Low" }, 409, 1009],
    ["an item that is not there", 999, { Priority: "Low" }, 404, 1002],
  ])("%s is refused", async (_name, id, body, status, errorCode) => {
    const answer = await send("PUT", `/odata/QueueItems(${id})`, body);
    expect([answer.status, answer.body["errorCode"]]).toEqual([status, errorCode]);
  });

  test("deleting is soft, final, and not for items in progress", async () => {
    expect((await send("DELETE", "/odata/QueueItems(102)")).status).toBe(204);
    expect((await send("GET", "/odata/QueueItems(102)")).body["Status"]).toBe("Deleted");
    expect((await send("DELETE", "/odata/QueueItems(102)")).status).toBe(409);
    expect((await send("DELETE", "/odata/QueueItems(103)")).status).toBe(409);
    expect(await history(102)).toEqual(["Create", "Delete"]);
  });

  test("DeleteBulk deletes what has the right RowVersion and names the rest", async () => {
    const queueItems = [
      { Id: 101, RowVersion: await version(101) },
      { Id: 102, RowVersion: await version(101) },
      { Id: 103, RowVersion: await version(103) },
      { Id: 999, RowVersion: await version(101) },
    ];
    const { status, body } = await send("POST", "/odata/QueueItems/UiPathODataSvc.DeleteBulk", { queueItems });
    expect([status, body["Success"], body.FailedItems]).toEqual([200, false, [102, 103, 999]]);
    expect((await send("GET", "/odata/QueueItems(101)")).body["Status"]).toBe("Deleted");
  });

  test("ids without RowVersion do not bind or do not match", async () => {
    const path = "/odata/QueueItems/UiPathODataSvc.DeleteBulk";
    expect((await send("POST", path, { queueItems: [101] })).status).toBe(400);
    expect((await send("POST", path, {})).body["message"]).toBe("queueItems must not be null");
    expect((await send("POST", path, { queueItems: [{ Id: 101 }] })).body.FailedItems).toEqual([101]);
  });

  test("a reviewer is set on failed items only, once per RowVersion, and leaves the review status", async () => {
    const path = "/odata/QueueItems/UiPathODataSvc.SetItemReviewer";
    const queueItems = [
      { Id: 101, RowVersion: await version(101) },
      { Id: 102, RowVersion: await version(102) },
    ];
    expect((await send("POST", path, { queueItems, userId: 11 })).body.FailedItems).toEqual([102]);
    expect((await send("GET", "/odata/QueueItems(101)")).body).toMatchObject({
      ReviewerUserId: 11,
      ReviewStatus: "None",
    });
    expect((await send("POST", path, { queueItems, userId: 11 })).body.FailedItems).toEqual([101, 102]);
    expect(await history(101)).toEqual(["Create", "Status", "Edit"]);
  });

  test("a user who cannot review in the folder is refused", async () => {
    const queueItems = [{ Id: 101, RowVersion: await version(101) }];
    for (const userId of [12, 13, 99]) {
      const answer = await send("POST", "/odata/QueueItems/UiPathODataSvc.SetItemReviewer", { queueItems, userId });
      expect([userId, answer.status]).toEqual([userId, 400]);
    }
  });

  test("a reviewer is unset", async () => {
    const set = { queueItems: [{ Id: 101, RowVersion: await version(101) }], userId: 11 };
    await send("POST", "/odata/QueueItems/UiPathODataSvc.SetItemReviewer", set);
    const unset = { queueItems: [{ Id: 101, RowVersion: await version(101) }] };
    const { body } = await send("POST", "/odata/QueueItems/UiPathODataSvc.UnsetItemReviewer", unset);
    expect(body["Success"]).toBe(true);
    expect((await send("GET", "/odata/QueueItems(101)")).body["ReviewerUserId"]).toBeNull();
  });

  test.each(["Verified", "2", 2])("review status %s", async (status) => {
    const queueItems = [{ Id: 101, RowVersion: await version(101) }];
    await send("POST", "/odata/QueueItems/UiPathODataSvc.SetItemReviewStatus", { queueItems, status });
    expect((await send("GET", "/odata/QueueItems(101)")).body["ReviewStatus"]).toBe("Verified");
  });

  test("an unknown member there has the message that clients know", async () => {
    const answer = await send("POST", "/odata/QueueItems/UiPathODataSvc.SetItemReviewStatus", { ids: [1] });
    expect(answer.body).toMatchObject({ message: "itemReviewStatusParameters must not be null", errorCode: 0 });
  });

  test("review status Retried makes a new attempt with the same Key and Reference", async () => {
    const before = (await send("GET", "/odata/QueueItems(101)")).body;
    const body = { queueItems: [{ Id: 101, RowVersion: before["RowVersion"] }], status: "Retried" };
    await send("POST", "/odata/QueueItems/UiPathODataSvc.SetItemReviewStatus", body);
    const last = "/odata/QueueItems(101)/UiPath.Server.Configuration.OData.GetItemLastRetry";
    expect((await send("GET", last)).body).toMatchObject({
      Key: before["Key"],
      Reference: "failed",
      Status: "New",
      RetryNumber: 1,
      AncestorId: 101,
    });
    expect((await send("GET", "/odata/QueueItems(101)")).body).toMatchObject({
      Status: "Retried",
      ReviewStatus: "Retried",
    });
  });

  test("comments are added and listed", async () => {
    const added = await send("POST", "/odata/QueueItemComments", { QueueItemId: 101, Text: "Look here." });
    expect(added.status).toBe(201);
    const name = "UiPath.Server.Configuration.OData.GetQueueItemCommentsHistory";
    const { body } = await send("GET", `/odata/QueueItemComments/${name}(queueItemId=101)`);
    expect(body.value).toMatchObject([{ Text: "Look here.", UserId: 11, UserName: "ana" }]);
    for (const [comment, status] of [
      [{ QueueItemId: 101 }, 400],
      [{ QueueItemId: 9, Text: "x" }, 404],
    ] as const) {
      expect((await send("POST", "/odata/QueueItemComments", comment)).status).toBe(status);
    }
    const long = await send("POST", "/odata/QueueItemComments", { QueueItemId: 101, Text: "x".repeat(513) });
    expect(long.status).toBe(400);
  });

  test("the statistics of a queue follow its items", async () => {
    const path = "/odata/QueueProcessingRecords/UiPathODataSvc.RetrieveQueuesProcessingStatus";
    const { body } = await send("GET", `${path}?$filter=QueueDefinitionName eq 'plain'`);
    expect(body.value).toMatchObject([
      {
        ItemsToProcess: 1,
        ItemsInProgress: 1,
        BusinessExceptionsNo: 1,
        TotalNumberOfTransactions: 1,
        QueueFoldersCount: 2,
      },
    ]);
  });
});
