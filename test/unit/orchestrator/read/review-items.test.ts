import { describe, expect, test } from "vitest";
import type { ReviewSpec } from "../../../../src/kinds/review/spec.ts";
import { readerFor, serve, signal, type Reaction, type Seen } from "../support.ts";

type Select = ReviewSpec["select"];

const place = { folder: 7, queue: 188 };
const failed: Select = { status: ["Failed"], reviewStatus: ["None"] };
const base = "(QueueDefinitionId eq 188 and Status eq 'Failed' and ReviewStatus eq 'None')";
const by = { kind: "Review", folder: "Finance", name: "r" } as const;

async function read(url: string, select: Partial<Select>) {
  const reader = readerFor(url);
  const found = await reader.reviews.read(place, { by, queue: "DocQueue", select: { ...failed, ...select } }, signal);
  return { ...found, reads: reader.reviews.reads() };
}

const filters = (seen: readonly Seen[]): (string | undefined)[] => seen.map(({ query }) => query["$filter"]);
const nothing = (): Reaction => ({ json: { "@odata.count": 0, value: [] } });

describe("what a review asks for", () => {
  test.each<[string, Partial<Select>, RegExp, readonly string[]]>([
    ["the statuses alone", {}, /^[^R]*ReviewStatus eq 'None'\)?$/, []],
    ["ids", { ids: [3, 5] }, /Id in \(3,5\)/, []],
    ["references, each once", { references: ["INV-1", "inv-1 ", "INV-2"] }, /Reference in \('INV-1','INV-2'\)/, []],
    ["a prefix", { referencePrefix: "INV-" }, /startswith\(Reference,'INV-'\)/, []],
    [
      "as much of a prefix as is safe",
      { referencePrefix: "INV-É" },
      /startswith\(Reference,'INV-'\)/,
      ["referencePrefix"],
    ],
    [
      "the exception's type",
      { exceptionType: "BusinessException" },
      /ProcessingExceptionType eq 'BusinessException'/,
      [],
    ],
    [
      "not what strict mode closes",
      { robot: "DocBot", reviewer: "none", failedAfter: "2026-01-01T00:00:00Z", exceptionText: "x" },
      /^[^R]*ReviewStatus eq 'None'\)?$/,
      ["robot", "reviewer", "failedAfter", "exceptionText"],
    ],
  ])("%s", async (_name, select, filter, matchedHere) => {
    await using server = await serve(nothing);
    const found = await read(server.url, select);
    expect(filters(server.seen)[0]).toMatch(filter);
    expect(found).toMatchObject({ rows: 0, calls: 1, matchedHere });
    expect(found.reads).toMatchObject([{ queue: "DocQueue", matchedHere, lines: [{ way: "review", role: "chosen" }] }]);
  });

  test("the statuses alone, once a server has refused more, and from then on", async () => {
    await using server = await serve(({ query }) =>
      (query["$filter"] ?? "").includes("startswith")
        ? { status: 400, json: { message: "no", errorCode: 1000 } }
        : nothing(),
    );
    const reader = readerFor(server.url);
    const wish = { by, queue: "DocQueue", select: { ...failed, referencePrefix: "INV-" } };
    const first = await reader.reviews.read(place, wish, signal);
    await reader.reviews.read(place, wish, signal);
    expect(first.matchedHere).toEqual(["referencePrefix"]);
    expect(filters(server.seen)).toEqual([expect.stringContaining("startswith"), base, base]);
    expect(reader.reviews.reads()[0]?.lines.map(({ role }) => role)).toEqual(["chosen", "refused"]);
  });

  test("another error ends the read", async () => {
    await using server = await serve(() => ({ status: 403, json: { message: "no" } }));
    await expect(read(server.url, { referencePrefix: "INV-" })).rejects.toThrow("403");
    expect(server.seen).toHaveLength(1);
  });
});

describe("comments", () => {
  test("are read for many items at once, and matched again", async () => {
    const rows = [
      { Id: 1, QueueItemId: 3, Text: "a" },
      { Id: 2, QueueItemId: 3, Text: "b" },
      { Id: 3, QueueItemId: 99, Text: "another item's" },
    ];
    await using server = await serve(() => ({ json: { "@odata.count": 3, value: rows } }));
    const hanging = await readerFor(server.url).comments.hanging(7, [3, 5], signal);
    expect([...hanging]).toMatchObject([
      [
        3,
        [
          { id: 1, text: "a" },
          { id: 2, text: "b" },
        ],
      ],
    ]);
    expect(filters(server.seen)).toEqual(["QueueItemId in (3,5)"]);
  });

  test("are asked for one by one, in one call, where the server knows no lists", async () => {
    await using server = await serve(({ query }) =>
      (query["$filter"] ?? "").includes(" in ") ? { status: 400, json: { message: "no" } } : nothing(),
    );
    await readerFor(server.url).comments.hanging(7, [3, 5], signal);
    expect(filters(server.seen).at(-1)).toBe("(QueueItemId eq 3 or QueueItemId eq 5)");
  });
});
