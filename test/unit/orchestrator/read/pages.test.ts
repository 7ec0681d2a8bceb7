import { describe, expect, test } from "vitest";
import { Pager } from "../../../../src/orchestrator/read/pages.ts";
import { clientFor, serve, signal, type Reaction, type Seen } from "../support.ts";

const ids = (count: number, first = 1): { Id: number }[] =>
  Array.from({ length: count }, (_, index) => ({ Id: first + index }));

/** Serves rows by `Id gt N`, at most `cut` of them a page whatever `$top` asks for; with a count where it tells. */
function pages(rows: readonly { Id: number }[], cut: number, counts = false): (call: Seen) => Reaction {
  return ({ query }) => {
    const after = Number(/Id gt (\d+)/.exec(query["$filter"] ?? "")?.[1] ?? 0);
    const size = Math.min(cut, Number(query["$top"]));
    const left = rows.filter(({ Id }) => Id > after);
    return { json: { ...(counts ? { "@odata.count": left.length } : {}), value: left.slice(0, size) } };
  };
}

describe("paging", () => {
  test.each([
    ["fewer rows than a page", 7, 1000, 1000],
    ["whole pages", 20, 10, 10],
    ["a server that cuts pages shorter than asked", 25, 10, 1000],
    ["a server that cuts to one row", 3, 1, 1000],
    ["nothing", 0, 10, 10],
  ])("%s: every row once, with and without @odata.count", async (_, count, cut, size) => {
    for (const counts of [true, false]) {
      await using server = await serve(pages(ids(count), cut, counts));
      const rows = await new Pager(clientFor(server.url)).all({ path: "/odata/Jobs", size, signal });
      expect(rows).toEqual(ids(count));
    }
  });

  test("a count that is reached ends the list; without one only an empty page does", async () => {
    for (const [counts, calls] of [
      [true, 2],
      [false, 3],
    ] as const) {
      await using server = await serve(pages(ids(12), 10, counts));
      await new Pager(clientFor(server.url)).all({ path: "/odata/Jobs", size: 1000, signal });
      expect(server.seen).toHaveLength(calls);
    }
  });

  test("asks by Id, in order, with what the caller wants", async () => {
    await using server = await serve(pages(ids(3), 2, true));
    const filter = { text: "State eq 'Running'", nodes: 4 };
    await new Pager(clientFor(server.url)).all({
      path: "/odata/Jobs",
      folder: 5,
      filter,
      expand: "Robot",
      size: 2,
      signal,
    });
    expect(server.seen.map(({ query }) => query)).toEqual([
      { $filter: "State eq 'Running'", $orderby: "Id asc", $top: "2", $expand: "Robot" },
      { $filter: "(State eq 'Running' and Id gt 2)", $orderby: "Id asc", $top: "2", $expand: "Robot" },
    ]);
  });

  test("a server that gives the same full page again hides rows: an error, never a short list", async () => {
    await using server = await serve(() => ({ json: { value: ids(5) } }));
    const pager = new Pager(clientFor(server.url));
    await expect(pager.all({ path: "/odata/Jobs", size: 5, signal })).rejects.toThrow("does not filter by Id");
    // A page that was not full held all there is.
    expect(await pager.all({ path: "/odata/Jobs", size: 6, signal })).toEqual(ids(5));
  });

  test("a row of several folders counts once", async () => {
    await using server = await serve((_call, index) => ({
      json: { value: index === 0 ? [...ids(2), ...ids(2)] : [] },
    }));
    const rows = await new Pager(clientFor(server.url)).all({ path: "/odata/Jobs", size: 5, signal });
    expect(rows.map(({ Id }) => Id)).toEqual([1, 2]);
  });
});
