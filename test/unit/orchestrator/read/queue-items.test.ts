import { describe, expect, test } from "vitest";
import { toQueueItem } from "../../../../src/orchestrator/read/queue-item-row.ts";
import { readerFor, refused, serve, signal, type Reaction, type Seen } from "../support.ts";

const place = { folder: 5, queue: 188 };
const row = (id: number, reference: string | null, rest: object = {}): object => ({
  Id: id,
  Key: `k${id}`,
  Reference: reference,
  Status: "New",
  RowVersion: "AAAAAAAAB9E=",
  ...rest,
});
const once =
  (rows: readonly object[]) =>
  (call: Seen): Reaction => ({
    json: { value: (call.query["$filter"] ?? "").includes("Id gt") ? [] : rows },
  });

describe("looking items up by reference", () => {
  test("names the queue and the folder, and matches every row again", async () => {
    await using server = await serve(once([row(1, "inv-1 "), row(2, "INV-2"), row(3, "other"), row(4, null)]));
    const items = await readerFor(server.url).items.byReferences(place, ["INV-1", "O'Brian"], signal);
    expect(items.map(({ id }) => id)).toEqual([1]);
    expect(server.seen[0]?.query["$filter"]).toBe("(QueueDefinitionId eq 188 and Reference in ('INV-1','O''Brian'))");
    expect(server.seen[0]?.headers["x-uipath-organizationunitid"]).toBe("5");
  });

  test.each([
    ["a refusal of the query", refused(400, 1000)],
    ["a page for a query that is too long", { status: 404, text: "<html>", headers: { "content-type": "text/html" } }],
    ["414", { status: 414 }],
  ])("falls back to or, then to a scan, and remembers it: %s", async (_, refusal) => {
    await using server = await serve((call) => {
      const filter = call.query["$filter"] ?? "";
      return filter.includes(" in (") || filter.includes("Reference eq")
        ? refusal
        : once([row(1, "A"), row(2, "Z")])(call);
    });
    const { items } = readerFor(server.url);
    expect((await items.byReferences(place, ["A", "B"], signal)).map(({ id }) => id)).toEqual([1]);
    const calls = server.seen.length;
    await items.byReferences(place, ["A", "B"], signal);
    expect(server.seen.slice(calls).map(({ query }) => query["$filter"]?.includes("Reference"))).not.toContain(true);
  });

  test("other errors are no reason to read the whole queue", async () => {
    await using server = await serve(() => refused(400, 1100));
    await expect(readerFor(server.url).items.byReferences(place, ["A"], signal)).rejects.toMatchObject({
      fault: { errorCode: 1100 },
    });
    expect(server.seen).toHaveLength(1);
  });

  test.each([
    [
      "cut off by a limit on large fields",
      { SpecificContent: null, SpecificData: '{"DynamicProperties":{"a":"x' },
      undefined,
    ],
    ["left out", {}, undefined],
    ["in the text alone", { SpecificData: '{"DynamicProperties":{"a":1}}' }, { a: 1 }],
    ["null in both", { SpecificContent: null, SpecificData: null }, {}],
  ])("content that is %s", async (_, fields, content) => {
    await using server = await serve(once([row(1, "A", fields)]));
    const [item] = await readerFor(server.url).items.byReferences(place, ["A"], signal);
    expect(item?.content).toEqual(content);
  });

  test("asks for 100 rows from API 18 on", async () => {
    await using server = await serve(() => ({ json: { value: [] }, headers: { "api-supported-versions": "20.0" } }));
    const { items } = readerFor(server.url);
    await items.byReferences(place, ["A"], signal);
    expect(server.seen.map(({ query }) => query["$top"])).toEqual(["100"]);
  });
});

describe("the watermark", () => {
  test("is the highest Id, read once; and rows above it are read, not looked up one by one", async () => {
    await using server = await serve(({ query }) => ({ json: { value: query["$top"] === "1" ? [{ Id: 41 }] : [] } }));
    const { items } = readerFor(server.url);
    expect(await items.watermark(place, signal)).toBe(41);
    expect(await items.watermark(place, signal)).toBe(41);
    items.knowWatermark(188, 7);
    expect(await items.watermark(place, signal), "the first one stays").toBe(41);
    expect(server.seen.map(({ query }) => query)).toEqual([
      { $filter: "QueueDefinitionId eq 188", $orderby: "Id desc", $top: "1" },
    ]);
    const many = Array.from({ length: 500 }, (_, index) => `REF-${index}`);
    await items.byReferences(place, many, signal, 41);
    expect(server.seen.slice(1).map(({ query }) => query["$filter"])).toEqual([
      "(QueueDefinitionId eq 188 and Id gt 41)",
    ]);
  });

  test("of a plan is taken over without a call", async () => {
    await using server = await serve(() => ({ json: { value: [] } }));
    const { items } = readerFor(server.url);
    items.knowWatermark(188, 7);
    expect(await items.watermark(place, signal)).toBe(7);
    expect(server.seen).toEqual([]);
  });
});

describe("a row", () => {
  test.each<[string, object, object | undefined]>([
    ["SpecificContent", { SpecificContent: { A: 1, "A@odata.type": "#Int64" } }, { A: 1 }],
    ["SpecificData alone", { SpecificContent: null, SpecificData: '{"DynamicProperties":{"A":"x"}}' }, { A: "x" }],
    ["no content", { SpecificContent: null, SpecificData: null }, {}],
    ["content left out", {}, undefined],
    ["encrypted and not shown", { SpecificContent: null, Encrypted: true }, undefined],
    ["content that is not flat", { SpecificContent: { A: { B: 1 } } }, undefined],
    ["content cut off", { SpecificContent: null, SpecificData: '{"DynamicProp', Encrypted: true }, undefined],
  ])("%s", async (_, members, content) => {
    await using server = await serve(once([row(1, "A", members)]));
    const [item] = await readerFor(server.url).items.byReferences(place, ["A"], signal);
    expect(item?.content).toEqual(content);
  });
});

describe("a row of QueueItems", () => {
  test("that a person has retried by hand has an ancestor, too", () => {
    expect(toQueueItem({ Id: 2, Status: "New", RetryNumber: 0, AncestorId: null, ManualAncestorId: 1 })).toMatchObject({
      retryNumber: 0,
      ancestorId: 1,
    });
  });

  test("does not become New, or never attempted, by what the server left out", () => {
    expect(toQueueItem({ Id: 2 })).toMatchObject({ status: "Unknown", retryNumber: null });
  });
});
