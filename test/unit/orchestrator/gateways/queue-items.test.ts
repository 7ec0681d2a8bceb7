import { describe, expect, test } from "vitest";
import type { Change } from "../../../../src/core/change.ts";
import type { Ending } from "../../../../src/core/outcome.ts";
import type { QueueItemDraft, QueueItemsSettings } from "../../../../src/kinds/queue-items/payload.ts";
import { gateways } from "../../../../src/orchestrator/index.ts";
import type { Operation } from "../../../../src/orchestrator/gateways/port.ts";
import { applyRun, planned, readerFor, refused, serve, signal, type Reaction, type Seen } from "../support.ts";

const bulkAdd = "/odata/Queues/UiPathODataSvc.BulkAddQueueItems";
const base: QueueItemsSettings = {
  queueId: 188,
  queueName: "DocQueue",
  unique: true,
  commit: "ProcessAllIndependently",
  order: "manifest",
  typeHints: false,
};

function create(reference: string, rest: Partial<QueueItemDraft> = {}): Change {
  return {
    key: { kind: "QueueItems", folder: "Finance/Invoices", name: "r", entry: reference },
    label: reference,
    summary: "",
    action: "create",
    after: { reference, priority: "Normal", ...rest },
    precondition: { type: "absent" },
  };
}
const state = {
  id: 7,
  reference: "A",
  priority: "Low",
  content: { N: 1 },
  dueDate: null,
  progress: "half",
  rowVersion: "AAE=",
};
const update = (after: object, before: object = state): Change => ({
  key: { kind: "QueueItems", folder: "Finance/Invoices", name: "r", entry: "A" },
  label: "A",
  summary: "",
  action: "update",
  before,
  after: { ...state, ...after },
  fields: [],
  precondition: { type: "version", id: 7, rowVersion: "AAE=" },
});
const deletion = (id: number): Change => ({
  key: { kind: "QueueItems", folder: "Finance/Invoices", name: "r", entry: `D${id}` },
  label: "",
  summary: "",
  action: "delete",
  before: { ...state, id },
  precondition: { type: "version", id, rowVersion: "AAE=" },
});
const row = (members: object = {}): object => ({
  Id: 7,
  Reference: "A",
  Status: "New",
  Priority: "Low",
  SpecificContent: { N: 1 },
  DueDate: null,
  DeferDate: null,
  RiskSlaDate: "2026-12-04T17:00:00Z",
  Progress: "half",
  RetryNumber: 0,
  AncestorId: null,
  RowVersion: "AAE=",
  ...members,
});

const done: Reaction = { json: { Success: true, Message: null, FailedItems: [] } };
const failing = (...rows: readonly [ordinal: number | null, code: string][]): Reaction => ({
  json: {
    Success: false,
    Message: "Some items have not been inserted.",
    FailedItems: rows.map(([Ordinal, ErrorCode]) => ({ Ordinal, ErrorCode, ErrorMessage: `${ErrorCode}!` })),
  },
});
const sentReferences = ({ body }: Seen): string[] =>
  (body as { queueItems: { Reference: string }[] }).queueItems.map(({ Reference }) => Reference);

/** A queue in which a look finds these references; `bulk` answers the adds in turn. */
function queue(visible: readonly string[], bulk: readonly Reaction[]): (call: Seen) => Reaction {
  let adds = 0;
  return ({ method, query }) => {
    if (method === "POST") return bulk[adds++] ?? done;
    const filter = query["$filter"] ?? "";
    const after = [...filter.matchAll(/Id gt (\d+)/g)].map(([, id]) => Number(id));
    const rows = visible.map((Reference, index) => ({ ...row({ Reference }), Id: 100 + index }));
    return { json: { value: rows.filter(({ Id }) => after.every((id) => Id > id)) } };
  };
}

async function send(
  url: string,
  changes: readonly Change[],
  settings: Partial<QueueItemsSettings> = {},
): Promise<{ readonly told: string[]; readonly operation: Operation }> {
  const run = applyRun(readerFor(url));
  const [operation] = gateways.QueueItems.operations(planned("QueueItems", { ...base, ...settings }, changes), run);
  if (operation === undefined) throw new Error("no operation");
  const answer = await operation.send(operation.changes, signal);
  const told = answer.ending === "answered" ? tell(operation.changes, answer.endings) : [answer.ending];
  return { told, operation };
}

function tell(changes: readonly Change[], endings: ReadonlyMap<Change, Ending>): string[] {
  return changes.map((change) => {
    const ending = endings.get(change);
    return `${change.key.entry} ${ending === undefined ? "open" : `${ending.status}: ${ending.note}`}`;
  });
}
const abc = ["A", "B", "C"].map((name) => create(name));

describe("adding one item", () => {
  test("sends what is set and nothing else, and keeps the Id", async () => {
    await using server = await serve(() => ({ status: 201, json: { Id: 1050947, Reference: "A" } }));
    const content = { Email: "obrian@uipath.com", Amount: 12.5 };
    const change = create("A", { content, dueDate: "2026-12-05T17:00:00Z", deferDate: null });
    const { operation } = await send(server.url, [change]);
    expect(operation).toMatchObject({ name: "AddQueueItem", repeat: "free" });
    expect(server.seen[0]).toMatchObject({
      method: "POST",
      path: "/odata/Queues/UiPathODataSvc.AddQueueItem",
      body: {
        itemData: {
          Name: "DocQueue",
          Reference: "A",
          Priority: "Normal",
          DueDate: "2026-12-05T17:00:00Z",
          SpecificContent: content,
        },
      },
    });
    expect(server.seen[0]?.text).not.toContain("DeferDate");
    expect(server.seen[0]?.headers["x-uipath-organizationunitid"]).toBe("5");
  });

  test.each([
    ["with the number", 409, 1016],
    ["with the name", 400, "DuplicateReference"],
  ])("a duplicate is done already, %s", async (_, status, code) => {
    await using server = await serve(queue([], [refused(status, code)]));
    expect((await send(server.url, [create("A")])).told).toEqual([
      "A already-done: already there once: the reference is taken, the item cannot be seen any more",
    ]);
  });

  test.each([
    ["200 with a page", { text: "<html>", headers: { "content-type": "text/html" } }, "open"],
    ["200 without an item", { json: {} }, "open"],
    ["503", { status: 503 }, "open"],
    ["a refusal", refused(400, 1009), "refused"],
  ] as const)("%s", async (_, reaction, ending) => {
    await using server = await serve(() => reaction);
    expect((await send(server.url, [create("A")])).told).toEqual([ending]);
  });
});

describe("adding several", () => {
  test("sends one call in the manifest's order, with type hints for text if wanted", async () => {
    await using server = await serve(queue([], [done]));
    const changes = [create("A", { content: { Name: "rêvé", Amount: 1 } }), create("B")];
    const { told, operation } = await send(server.url, changes, { typeHints: true });
    expect(told).toEqual(["A applied: added", "B applied: added"]);
    expect(operation).toMatchObject({ name: "BulkAddQueueItems", repeat: "free", divisible: true });
    expect(server.seen[0]?.body).toEqual({
      queueName: "DocQueue",
      commitType: "ProcessAllIndependently",
      queueItems: [
        {
          Reference: "A",
          Priority: "Normal",
          SpecificContent: { Name: "rêvé", "Name@odata.type": "#String", Amount: 1 },
        },
        { Reference: "B", Priority: "Normal" },
      ],
    });
  });

  test("cuts by count and by bytes", () => {
    const run = applyRun(readerFor("http://127.0.0.1:1"));
    const sizes = (changes: readonly Change[], settings: Partial<QueueItemsSettings> = {}): number[] =>
      gateways.QueueItems.operations(planned("QueueItems", { ...base, ...settings }, changes), run).map(
        (operation) => operation.changes.length,
      );
    const many = Array.from({ length: 2500 }, (_, index) => create(`R-${index}`));
    expect(sizes(many)).toEqual([1000, 1000, 500]);
    const fat = Array.from({ length: 5 }, (_, index) =>
      create(`R-${index}`, { content: { Text: "é".repeat(200_000) } }),
    );
    expect(sizes(fat)).toEqual([2, 2, 1]);
    expect(sizes(many.slice(0, 1000), { commit: "AllOrNothing" })).toEqual([1000]);
  });

  test("ordinals count from 1, in any spelling of the answer", async () => {
    const { json } = failing([2, "InvalidArgument"]) as { json: Record<string, unknown> };
    const lower = { success: json["Success"], message: json["Message"], failedItems: json["FailedItems"] };
    for (const body of [json, lower]) {
      await using server = await serve(queue([], [{ json: body }]));
      expect((await send(server.url, abc)).told).toEqual([
        "A applied: added",
        "B failed: refused by the server",
        "C applied: added",
      ]);
    }
  });

  test("duplicates among them are done already, with the ids that can be seen", async () => {
    await using server = await serve(queue(["c"], [failing([1, "DuplicateReference"], [3, "DuplicateReference"])]));
    expect((await send(server.url, abc)).told).toEqual([
      "A already-done: already there once: the reference is taken, the item cannot be seen any more",
      "B applied: added",
      "C already-done: already there",
    ]);
  });

  test("rows that the server does not name are looked at; as many missing as failed are the failed ones", async () => {
    await using server = await serve(queue(["A", "C"], [failing([null, "InvalidArgument"])]));
    expect((await send(server.url, abc)).told).toEqual([
      "A applied: added",
      "B failed: refused by the server",
      "C applied: added",
    ]);
  });

  test("and where the numbers do not fit, nothing is claimed", async () => {
    await using server = await serve(queue(["A"], [failing([null, "InvalidArgument"])]));
    expect((await send(server.url, abc)).told).toEqual(["A applied: added", "B open", "C open"]);
  });

  test.each([
    ["a body of another type", { json: { value: [] } }],
    ["failure without a row", { json: { Success: false, Message: "?", FailedItems: [] } }],
    ["504", { status: 504 }],
  ])("%s is open", async (_, reaction) => {
    await using server = await serve(queue([], [reaction]));
    expect((await send(server.url, abc)).told).toEqual(["open"]);
  });

  test("a body that is too large says so", async () => {
    await using server = await serve(queue([], [{ status: 413 }]));
    const run = applyRun(readerFor(server.url));
    const [operation] = gateways.QueueItems.operations(planned("QueueItems", base, abc), run);
    expect(await operation?.send(abc, signal)).toMatchObject({ ending: "refused", tooLarge: true });
  });
});

describe("AllOrNothing", () => {
  const commit = "AllOrNothing" as const;

  test("is one call, never split, also for one item", async () => {
    await using server = await serve(queue([], [done]));
    const { operation } = await send(server.url, [create("A")], { commit });
    expect(operation).toMatchObject({ name: "BulkAddQueueItems", divisible: false });
    expect(server.seen[0]?.path).toBe(bulkAdd);
  });

  test("leaves out what is there, seen or purged, and sends the rest again, whole", async () => {
    const bulk = [failing([1, "DuplicateReference"]), failing([2, "DuplicateReference"]), done];
    await using server = await serve(queue(["B"], bulk));
    const changes = ["A", "B", "C", "D", "E"].map((name) => create(name));
    expect((await send(server.url, changes, { commit })).told).toEqual([
      "A already-done: already there once: the reference is taken, the item cannot be seen any more",
      "B already-done: already there",
      "C applied: added",
      "D already-done: already there once: the reference is taken, the item cannot be seen any more",
      "E applied: added",
    ]);
    expect(server.seen.filter(({ method }) => method === "POST").map(sentReferences)).toEqual([
      ["A", "B", "C", "D", "E"],
      ["C", "D", "E"],
      ["C", "E"],
    ]);
  });

  test("any other failing row fails, and the others are skipped", async () => {
    await using server = await serve(queue([], [failing([2, "QueueItemSchemaViolationException"])]));
    expect((await send(server.url, abc, { commit })).told).toEqual([
      "A skipped: nothing of the batch was added",
      "B failed: refused by the server",
      "C skipped: nothing of the batch was added",
    ]);
  });

  test("what an earlier call settled stays so when a later one is lost", async () => {
    await using server = await serve(queue([], [failing([1, "DuplicateReference"]), { status: 503 }]));
    const { told, operation } = await send(server.url, abc, { commit });
    expect(told).toEqual(["open"]);
    expect([...(await operation.find(abc, signal)).values()].map(({ status }) => status)).toEqual(["already-done"]);
  });
});

describe("StopOnFirstFailure", () => {
  const commit = "StopOnFirstFailure" as const;

  test("rows behind the failing one are looked at and reported", async () => {
    await using server = await serve(queue([], [failing([2, "InvalidArgument"])]));
    const { told, operation } = await send(server.url, abc, { commit });
    expect(told).toEqual([
      "A applied: added",
      "B failed: refused by the server",
      "C skipped: not added: the batch stopped at B",
    ]);
    expect(operation.stopsOnFailure).toBe(true);
  });

  test("a duplicate does not stop it", async () => {
    await using server = await serve(queue(["B"], [failing([2, "DuplicateReference"]), done]));
    expect((await send(server.url, abc, { commit })).told).toEqual([
      "A applied: added",
      "B already-done: already there",
      "C applied: added",
    ]);
    expect(server.seen.filter(({ method }) => method === "POST").map(sentReferences)).toEqual([["A", "B", "C"], ["C"]]);
  });
});

describe("a queue that does not refuse a second item", () => {
  const loose = { unique: false };

  test("the watermark is read before the first write and never moves", async () => {
    let highest = 41;
    const react = (call: Seen): Reaction => {
      if (call.query["$top"] === "1") return { json: { value: [{ Id: highest }] } };
      if (call.method === "POST") return { status: 503 };
      const after = [...(call.query["$filter"] ?? "").matchAll(/Id gt (\d+)/g)].map(([, id]) => Number(id));
      const rows = [row({ Id: 40, Reference: "A" }), row({ Id: 42, Reference: "B", Status: "Deleted" })];
      return { json: { value: rows.filter((each) => after.every((id) => (each as { Id: number }).Id > id)) } };
    };
    await using server = await serve(react);
    const run = applyRun(readerFor(server.url));
    const [operation] = gateways.QueueItems.operations(planned("QueueItems", { ...base, ...loose }, abc), run);
    expect(operation?.repeat).toBe("afterSettle");
    expect(await operation?.send(abc, signal)).toMatchObject({ ending: "open" });
    expect(server.seen.map(({ method }) => method)).toEqual(["GET", "POST"]);
    highest = 99;
    // B was ours, though somebody deleted it since; A was there before.
    const found = await operation?.find(abc, signal);
    expect([...(found ?? [])].map(([{ key }, { status, ids }]) => [key.entry, status, ids])).toEqual([
      ["B", "applied", [42]],
    ]);
    expect(server.seen.filter(({ query }) => query["$top"] === "1")).toHaveLength(1);
  });

  test("what is there by now is not added again", async () => {
    await using server = await serve(queue(["a"], []));
    const run = applyRun(readerFor(server.url));
    // What the plan saw before it looked; without it nothing that is there already could be told from what came since.
    const resource = { ...planned("QueueItems", { ...base, ...loose }, abc), observed: { watermark: 0 } };
    const [operation] = gateways.QueueItems.operations(resource, run);
    const checked = await operation?.check?.(abc, signal);
    expect([...(checked ?? [])].map(([{ key }, { status }]) => [key.entry, status])).toEqual([["A", "already-done"]]);
  });
});

describe("an update", () => {
  /** Answers by-id reads in turn, the last one again and again. */
  const reads = (rows: readonly object[], put: Reaction = { text: "" }): ((call: Seen) => Reaction) => {
    let read = 0;
    return ({ method }) => (method === "PUT" ? put : { json: rows[Math.min(read++, rows.length - 1)] });
  };
  async function operationFor(url: string, change: Change): Promise<Operation> {
    const run = applyRun(readerFor(url));
    const [operation] = gateways.QueueItems.operations(planned("QueueItems", base, [change]), run);
    if (operation === undefined) throw new Error("no operation");
    return operation;
  }
  async function carry(url: string, change: Change): Promise<string> {
    const operation = await operationFor(url, change);
    const checked = await operation.check?.([change], signal);
    if (checked !== undefined && checked.size > 0) return tell([change], checked)[0] ?? "";
    const answer = await operation.send([change], signal);
    return answer.ending === "answered" ? (tell([change], answer.endings)[0] ?? "") : answer.ending;
  }

  test("sends the whole item back, changed, and reads it again", async () => {
    await using server = await serve(reads([row(), row({ Priority: "High" })]));
    expect(await carry(server.url, update({ priority: "High" }))).toBe("A applied: updated");
    expect(server.seen.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "GET /odata/QueueItems(7)",
      "PUT /odata/QueueItems(7)",
      "GET /odata/QueueItems(7)",
    ]);
    expect(server.seen[1]?.body).toEqual({
      Name: "DocQueue",
      Reference: "A",
      Priority: "High",
      RiskSlaDate: "2026-12-04T17:00:00Z",
      Progress: "half",
      SpecificContent: { N: 1 },
    });
  });

  test.each([
    ["taken by a robot", row({ Status: "InProgress" }), "A skipped: changed since the plan: status is InProgress"],
    ["waiting for a retry", row({ RetryNumber: 1 }), "A skipped: changed since the plan: it was attempted"],
    [
      "given another content",
      row({ SpecificContent: { N: 5 } }),
      "A skipped: changed since the plan: content is another",
    ],
    ["given another progress", row({ Progress: "x" }), "A skipped: changed since the plan: progress is another"],
    ["as wanted already", row({ Priority: "High" }), "A already-done: already as wanted"],
  ])("is not sent for an item that is %s", async (_, now, told) => {
    await using server = await serve(reads([now]));
    expect(await carry(server.url, update({ priority: "High" }))).toBe(told);
    expect(server.seen.some(({ method }) => method === "PUT")).toBe(false);
  });

  test("an item that is gone is skipped", async () => {
    await using server = await serve(() => refused(404, 1002));
    expect(await carry(server.url, update({ priority: "High" }))).toBe(
      "A skipped: changed since the plan: the item is gone",
    );
  });

  test("that the server took but does not show failed", async () => {
    await using server = await serve(reads([row()]));
    expect(await carry(server.url, update({ priority: "High" }))).toBe(
      "A failed: the server took it, and shows another priority",
    );
  });

  test.each<[string, Reaction, string]>([
    ["taken by the server", { text: "" }, "A applied: updated; it could not be read back"],
    ["refused by it", refused(409, 1009), "refused"],
  ])("that was %s is no open write when the item cannot be read afterwards", async (_, put, told) => {
    let looks = 0;
    await using server = await serve(({ method }) => {
      if (method === "PUT") return put;
      return looks++ === 0 ? { json: row() } : { status: 401 };
    });
    expect(await carry(server.url, update({ priority: "High" }))).toBe(told);
  });

  test("a conflict is explained by what the item is now", async () => {
    await using server = await serve(reads([row(), row({ Status: "InProgress" })], refused(409, 1009)));
    expect(await carry(server.url, update({ priority: "High" }))).toBe(
      "A skipped: changed since the plan: status is InProgress",
    );
  });

  test("that is sent again reads the item again first", async () => {
    await using server = await serve(reads([row(), row({ Status: "Successful" })], { status: 503 }));
    const change = update({ priority: "High" });
    const operation = await operationFor(server.url, change);
    await operation.check?.([change], signal);
    expect((await operation.send([change], signal)).ending).toBe("open");
    expect(await operation.send([change], signal)).toMatchObject({ ending: "answered" });
    expect(server.seen.filter(({ method }) => method === "PUT")).toHaveLength(1);
  });
});

describe("deleting", () => {
  const react = (answers: readonly Reaction[], rows: readonly object[]): ((call: Seen) => Reaction) => {
    let posts = 0;
    return ({ method, query }) => {
      if (method === "POST") return answers[posts++] ?? done;
      return { json: { value: (query["$filter"] ?? "").includes("Id gt") ? [] : rows } };
    };
  };
  const stale = (...ids: readonly number[]): Reaction => ({
    json: { Success: false, Message: "no", FailedItems: ids },
  });

  test("sends each item with the RowVersion of the plan", async () => {
    await using server = await serve(react([done], []));
    expect((await send(server.url, [deletion(7), deletion(8)])).told).toEqual([
      "D7 applied: deleted",
      "D8 applied: deleted",
    ]);
    expect(server.seen[0]).toMatchObject({
      path: "/odata/QueueItems/UiPathODataSvc.DeleteBulk",
      body: {
        queueItems: [
          { Id: 7, RowVersion: "AAE=" },
          { Id: 8, RowVersion: "AAE=" },
        ],
      },
    });
  });

  test.each([
    ["in FailedItems", stale(7, 8)],
    ["for the whole call", refused(409, 1020)],
  ])("what is stale is read again: %s", async (_, answer) => {
    const rows = [
      row({ Id: 7, RowVersion: "AAI=", Status: "Deleted" }),
      row({ Id: 8, RowVersion: "AAI=", Status: "InProgress" }),
    ];
    await using server = await serve(react([answer], rows));
    expect((await send(server.url, [deletion(7), deletion(8)])).told).toEqual([
      "D7 already-done: already deleted",
      "D8 skipped: changed since the plan: status is InProgress",
    ]);
    expect(server.seen.filter(({ method }) => method === "POST")).toHaveLength(1);
  });

  test("one stale item does not keep the others when the server refuses the call as a whole", async () => {
    const rows = [row({ Id: 7, RowVersion: "AAI=", Status: "InProgress" }), row({ Id: 8 })];
    await using server = await serve(react([refused(409, 1020), done], rows));
    expect((await send(server.url, [deletion(7), deletion(8)])).told).toEqual([
      "D7 skipped: changed since the plan: status is InProgress",
      "D8 applied: deleted",
    ]);
    expect(server.seen.at(-1)?.body).toEqual({ queueItems: [{ Id: 8, RowVersion: "AAE=" }] });
  });

  test("a refused item that cannot be read again is refused, and the others are done", async () => {
    await using server = await serve(({ method }) => (method === "POST" ? stale(7) : { status: 401 }));
    expect((await send(server.url, [deletion(7), deletion(8)])).told).toEqual([
      "D7 failed: refused by the server",
      "D8 applied: deleted",
    ]);
  });

  test("an item that the server goes on refusing failed", async () => {
    await using server = await serve(react([stale(7), stale(7)], [row()]));
    expect((await send(server.url, [deletion(7)])).told).toEqual(["D7 failed: refused by the server"]);
  });
});

test("deletes go before adds, adds before updates, and the price says what that costs", () => {
  const changes = [create("A"), create("B"), update({ priority: "High" }), deletion(9)];
  const resource = planned("QueueItems", base, changes);
  const run = applyRun(readerFor("http://127.0.0.1:1"));
  expect(gateways.QueueItems.operations(resource, run).map(({ name }) => name)).toEqual([
    "DeleteBulk",
    "BulkAddQueueItems",
    "QueueItems PUT",
  ]);
  expect(gateways.QueueItems.price(resource)).toEqual({ calls: 5, listCalls: 0 });
  expect(gateways.QueueItems.price(planned("QueueItems", { ...base, unique: false }, changes))).toEqual({
    calls: 7,
    listCalls: 2,
  });
  expect(gateways.QueueItems.lane?.(resource)).toBe("188");
});
