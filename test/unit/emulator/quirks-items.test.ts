import { afterEach, describe, expect, test } from "vitest";
import type {
  EditionName,
  Emulator,
  EmulatorOptions,
  TenantDocument,
  TenantSpec,
} from "../../../src/emulator/index.ts";
import { applicationException, businessException, day, robot, success, type Robot } from "./robot.ts";
import { sender, start, tenant, type Answer, type Send } from "./tenant.ts";

let emulator: Emulator;
let send: Send;
let bot: Robot;

const begin = async (spec: Partial<TenantSpec> = {}, options: EmulatorOptions = {}): Promise<void> => {
  const queues = [
    { name: "Unique", folder: "Finance/Invoices", id: 41, uniqueReferences: true, maxRetries: 1 },
    { name: "Plain", folder: "Finance/Invoices", linkedFolders: ["Shared", "Old"], id: 42 },
  ];
  const document: TenantDocument = { ...tenant, spec: { ...tenant.spec, queues, items: [], ...spec } };
  emulator = await start({ tenant: document, ...options });
  send = sender(emulator);
  bot = robot(send);
};

afterEach(async () => emulator.close());

const addMany = async (queueName: string, commitType: string, queueItems: readonly object[]): Promise<Answer> =>
  send("POST", "/odata/Queues/UiPathODataSvc.BulkAddQueueItems", { queueName, commitType, queueItems });
const code = ({ status, body }: Answer): unknown => [status, body["errorCode"]];
const failed = async (reference: string, result: object = businessException): Promise<unknown> => {
  await bot.add("Unique", { Reference: reference });
  const { body } = await bot.take("Unique");
  await bot.end(body["Id"], result);
  return body["Id"];
};
const review = async (Id: unknown, RowVersion: unknown): Promise<Answer["body"]> =>
  (
    await send("POST", "/odata/QueueItems/UiPathODataSvc.SetItemReviewer", {
      queueItems: [{ Id, RowVersion }],
      userId: 11,
    })
  ).body;

test("quirk 2: a used reference stays taken, also after retention has purged the item", async () => {
  await begin();
  await failed("a", success);
  expect(code(await bot.add("Unique", { Reference: "a" }))).toEqual([409, 1016]);
  emulator.clock.advance(31 * day);
  expect((await send("GET", "/odata/QueueItems?$filter=Reference eq 'a'")).body.value).toEqual([]);
  expect(code(await bot.add("Unique", { Reference: "a" }))).toEqual([409, 1016]);
  const { body } = await addMany("Unique", "ProcessAllIndependently", [{ Reference: "A" }, { Reference: "b" }]);
  expect(body.FailedItems).toEqual([
    { Ordinal: 1, ErrorCode: "DuplicateReference", ErrorMessage: "Error creating Transaction. Duplicate Reference." },
  ]);
});

test("quirk 3: where the index is broken, duplicates slip into a unique queue", async () => {
  await begin({
    queues: [{ name: "Unique", folder: "Finance/Invoices", id: 41, uniqueReferences: true, brokenIndex: true }],
  });
  const { body } = await addMany("Unique", "AllOrNothing", [{ Reference: "a" }, { Reference: "A" }]);
  expect(body["Success"]).toBe(true);
  expect((await bot.add("Unique", { Reference: "a" })).status).toBe(200);
  expect(await bot.column(41, "Reference")).toEqual(["a", "A", "a"]);
  expect((await send("GET", "/odata/QueueDefinitions(41)")).body["EnforceUniqueReference"]).toBe(true);
  expect((await bot.add("Unique")).status).toBe(400); // a reference is still required
});

test("quirk 4: attempts of one item share Reference and Key, in a unique queue too", async () => {
  await begin();
  await failed("a", applicationException);
  expect(await bot.column(41, "Reference")).toEqual(["a", "a"]);
  expect(new Set(await bot.column(41, "Key")).size).toBe(1);
  expect(await bot.column(41, "Status")).toEqual(["Retried", "New"]);
  expect(code(await bot.add("Unique", { Reference: "a" }))).toEqual([409, 1016]); // the last attempt holds it
});

test("quirk 5: a unique queue refuses a clone", async () => {
  await begin();
  const { SpecificContent, Priority, Reference } = await bot.item(await failed("a"));
  const clone = { SpecificContent, Priority, Reference };
  expect(code(await bot.add("Unique", clone))).toEqual([409, 1016]);
});

describe("quirk 6: a bulk add", () => {
  const rows = [{ Reference: "a" }, {}, { Reference: "A" }, { Reference: "b" }, { Reference: "c".repeat(129) }];

  test("of all or nothing adds nothing for one bad row, and names the first only", async () => {
    await begin();
    const { status, body } = await addMany("Unique", "AllOrNothing", rows);
    expect([status, body["Success"], body.FailedItems.length]).toEqual([200, false, 1]);
    expect(body.FailedItems[0]).toMatchObject({ Ordinal: 2, ErrorCode: "TransactionReferenceRequired" });
    expect(await bot.column(41, "Id")).toEqual([]);
  });

  test("of rows on their own names all failures by their place from 1, and no Ids or Keys of those added", async () => {
    await begin();
    const { body } = await addMany("Unique", "ProcessAllIndependently", rows);
    expect(body.FailedItems.map((row) => Object.values(row as object).slice(0, 2))).toEqual([
      [2, "TransactionReferenceRequired"],
      [3, "DuplicateReference"],
      [5, "InvalidArgument"],
    ]);
    expect(Object.keys(body)).toEqual(["@odata.context", "Success", "Message", "FailedItems"]);
    expect(await bot.column(41, "Reference")).toEqual(["a", "b"]);
  });
});

test("quirk 7: a stale RowVersion is reported in FailedItems; with a fresh one the same call is done", async () => {
  await begin();
  const [first, second] = [await failed("a"), await failed("b")];
  const { RowVersion } = await bot.item(first);
  const fresh = await bot.item(second);
  await send("PUT", `/odata/QueueItems(${String(first)})`, { Name: "Unique", Priority: "Low" });
  const queueItems = [
    { Id: first, RowVersion },
    { Id: second, RowVersion: fresh["RowVersion"] },
  ];
  const path = "/odata/QueueItems/UiPathODataSvc.DeleteBulk";
  const { status, body } = await send("POST", path, { queueItems });
  expect([status, body["Success"], body.FailedItems]).toEqual([200, false, [first]]);
  const again = await send("POST", path, {
    queueItems: [{ Id: first, RowVersion: (await bot.item(first))["RowVersion"] }],
  });
  expect(again.body).toMatchObject({ Success: true, FailedItems: [] });
  expect((await send("POST", path, { queueItems: [{ Id: first }] })).body.FailedItems).toEqual([first]);
  expect(code(await send("POST", path, { queueItems: [first] }))).toEqual([400, 0]); // bare Ids do not bind
});

test("quirk 9: only failed and abandoned items have a reviewer", async () => {
  await begin();
  const id = await failed("a");
  const attempt = async (of: unknown): Promise<unknown> =>
    (await review(of, (await bot.item(of))["RowVersion"]))["Success"];
  expect(await attempt(id)).toBe(true);
  const { body: added } = await bot.add("Unique", { Reference: "b" });
  expect(await attempt(added["Id"])).toBe(false); // New
  await bot.take("Unique");
  expect(await attempt(added["Id"])).toBe(false); // InProgress
  emulator.clock.advance(day);
  expect(await attempt(added["Id"])).toBe(true); // Abandoned
  expect(await attempt(await failed("c", success))).toBe(false);
});

test("quirk 10: reviewers are also groups and robots; the type tells them apart", async () => {
  await begin({
    users: [
      { userName: "ana", type: "DirectoryUser", reviewer: true, id: 11 },
      { userName: "auditors", type: "DirectoryGroup", reviewer: true, id: 12 },
      { userName: "bot", type: "DirectoryRobot", reviewer: true, id: 13 },
      { userName: "eve", type: "DirectoryUser", id: 14 },
      {
        userName: "far",
        reviewer: true,
        id: 15,
        permissions: [{ folder: "Shared", names: ["Transactions.View", "Transactions.Edit"] }],
      },
    ],
  });
  const path = "/odata/QueueItems/UiPath.Server.Configuration.OData.GetReviewers()";
  const names = async (query: string): Promise<readonly unknown[]> =>
    (await send("GET", path + query)).body.value.map((row) => row["UserName"]);
  expect(await names("")).toEqual(["ana", "auditors", "bot"]);
  expect(await names("?$filter=Type eq 'DirectoryUser'")).toEqual(["ana"]);
});

test("quirk 16: without a folder header an item comes, and counts, once for each folder its queue is in", async () => {
  await begin();
  const { body: added } = await bot.add("Plain");
  const across = sender(emulator, {});
  const all = await across("GET", "/odata/QueueItems");
  expect(all.body["@odata.count"]).toBe(3);
  expect(all.body.value.map((row) => [row["Id"], row["OrganizationUnitFullyQualifiedName"]])).toEqual([
    [added["Id"], "Finance/Invoices"],
    [added["Id"], "Shared"],
    [added["Id"], "Old"],
  ]);
  expect((await send("GET", "/odata/QueueItems")).body["@odata.count"]).toBe(1);
});

test("quirk 17: lists of the cloud cut large fields, a read by Id does not", async () => {
  const text = "x".repeat(256_000);
  const content = { Text: text };
  await begin(
    { items: [{ queue: "Plain", folder: "Finance/Invoices", id: 1, reference: "a", content, progress: `${text}y` }] },
    { edition: "cloud" },
  );
  const [listed] = (await send("GET", "/odata/QueueItems")).body.value;
  expect(listed).toMatchObject({ Id: 1, Reference: "a", SpecificContent: null, Progress: text.slice(0, 104_857) });
  expect(String(listed?.["SpecificData"]).length).toBeLessThan(256_100);
  expect(await bot.item(1)).toMatchObject({ SpecificContent: content, Progress: `${text}y` });
});

test("quirk 31: rows as the web sends those of a CSV: its special columns are members, all others are text", async () => {
  await begin();
  const rows = [
    {
      Reference: "REF-1",
      Priority: "High",
      SpecificContent: { OrderId: "A001", Amount: "100", DueDate: "2026-05-01" },
    },
    { Reference: "", SpecificContent: { OrderId: "", DeferDate: "tomorrow" }, DeferDate: "2026-04-01T10:30:00Z" },
    { Reference: "REF-3", Priority: "hIGH", DueDate: "2026-05-01T00:00:00Z", SpecificContent: { Text: 'a "b"\nc' } },
    { Reference: "REF-4", Priority: 2 },
  ];
  expect((await addMany("Plain", "ProcessAllIndependently", rows)).body["Success"]).toBe(true);
  const { value } = (await send("GET", "/odata/QueueItems?$orderby=Id")).body;
  expect(value).toMatchObject([
    { Reference: "REF-1", SpecificContent: { Amount: "100", DueDate: "2026-05-01" }, DueDate: null, Priority: "High" },
    { Reference: "", SpecificContent: { OrderId: "", DeferDate: "tomorrow" }, DeferDate: "2026-04-01T10:30:00Z" },
    { Priority: "High", DueDate: "2026-05-01T00:00:00Z", SpecificContent: { Text: 'a "b"\nc' } },
    { Priority: "Low" },
  ]);
  expect(value[1]?.["Priority"]).toBe("High"); // without a priority
});

describe("quirk 32: content is flat and texts have lengths", () => {
  test.each([
    ["a nested object", { SpecificContent: { A: { B: 1 } } }],
    ["a list", { SpecificContent: { A: [1] } }],
    ["a dot in a key", { SpecificContent: { "A.B": 1 } }],
    ["a hash in a key", { SpecificContent: { "A#": 1 } }],
    ["an at sign in a key", { SpecificContent: { "A@B": 1 } }],
    ["a colon in a key", { SpecificContent: { "A:B": 1 } }],
    ["a reference of 129 characters", { Reference: "r".repeat(129) }],
    ["a source of 21 characters", { Source: "s".repeat(21) }],
  ])("refuses %s", async (_name, data) => {
    await begin({}, { edition: "cloud" });
    expect(code(await bot.add("Plain", data))).toEqual([400, 1009]);
    expect((await bot.add("Plain", { Reference: "r".repeat(128), Source: "s".repeat(20) })).status).toBe(201);
  });

  test.each([
    ["input arguments of 10,001 characters", { InputArguments: `{"who":"${"x".repeat(9991)}"}` }],
    ["a reference of 129 characters", { Reference: "r".repeat(129) }],
  ])("a start refuses %s", async (_name, info) => {
    await begin();
    const startJobs = "/odata/Jobs/UiPath.Server.Configuration.OData.StartJobs";
    const startInfo = { ReleaseKey: "11111111-1111-4111-8111-111111111111", ...info };
    expect(code(await send("POST", startJobs, { startInfo }))).toEqual([400, 1009]);
  });
});

test.each<EditionName>(["2023.4", "cloud"])(
  "quirk 33 (%s): SpecificData is JSON in a text, and type annotations do not come back",
  async (edition) => {
    await begin({}, { edition });
    const SpecificContent = { Vendor: "Acme", "Vendor@odata.type": "#String", Amount: 12, "@odata.type": "#Content" };
    const { body } = await bot.add("Plain", { SpecificContent });
    for (const item of [
      body,
      await bot.item(body["Id"]),
      (await send("GET", "/odata/QueueItems")).body.value[0] ?? {},
    ]) {
      expect(item).toMatchObject({ SpecificData: '{"DynamicProperties":{"Vendor":"Acme","Amount":12}}' });
      expect(item["SpecificContent"]).toEqual({ Vendor: "Acme", Amount: 12 });
    }
  },
);

test("quirk 35: a deleted item stays listed with the status Deleted, and frees its reference", async () => {
  await begin();
  const { body } = await bot.add("Unique", { Reference: "a" });
  expect((await send("DELETE", `/odata/QueueItems(${String(body["Id"])})`)).status).toBe(204);
  expect(await bot.item(body["Id"])).toMatchObject({ Status: "Deleted", Reference: "a" });
  expect((await bot.add("Unique", { Reference: "a" })).status).toBe(200);
  expect(await bot.column(41, "Status")).toEqual(["Deleted", "New"]);
  expect((await send("GET", "/odata/QueueItems?$filter=Status eq 'Deleted'")).body.value).toHaveLength(1);
});

test("quirk 36: where writes settle late, what was added is missing from lists for a while", async () => {
  await begin({}, { faults: [{ match: { method: "POST", path: "*.AddQueueItem" }, showLate: "2s" }] });
  const { body } = await bot.add("Unique", { Reference: "a" });
  expect(await bot.column(41, "Reference")).toEqual([]);
  expect(code(await bot.add("Unique", { Reference: "a" }))).toEqual([409, 1016]); // it is there all the same
  expect(await bot.item(body["Id"])).toMatchObject({ Reference: "a" });
  emulator.clock.advance(2000);
  expect(await bot.column(41, "Reference")).toEqual(["a"]);
});

test("quirk 20: every line of the robots' log has the Id 0", async () => {
  await begin();
  emulator.clock.advance(10_000); // the seeded job ends
  const { body } = await send("GET", "/odata/RobotLogs?$filter=ProcessName eq 'Smoke' and Level eq 'INFO'");
  expect(body.value).toMatchObject([
    { Id: 0, Message: "Smoke execution started", Level: "Info", TimeStamp: "2026-01-01T00:00:00Z" },
    { Id: 0, Message: "Smoke execution ended", Level: "Info", TimeStamp: "2026-01-01T00:00:10Z" },
  ]);
  const { Key } = (await send("GET", "/odata/Jobs(201)")).body;
  const last = await send("GET", `/odata/RobotLogs?$filter=JobKey eq ${String(Key)}&$orderby=TimeStamp desc&$top=1`);
  expect(last.body.value).toMatchObject([{ Id: 0, Message: "Smoke execution ended", JobKey: Key }]);
  expect(last.body["@odata.count"]).toBe(2);
});
