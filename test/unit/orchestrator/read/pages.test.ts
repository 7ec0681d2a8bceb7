import { describe, expect, test } from "vitest";
import { Pager } from "../../../../src/orchestrator/read/pages.ts";
import { clientFor, serve, signal, type Reaction, type Seen } from "../support.ts";

const ids = (count: number, first = 1): { Id: number }[] =>
  Array.from({ length: count }, (_, index) => ({ Id: first + index }));

/** Serves rows by `Id gt N`, at most `cut` of them a page whatever `$top` asks for. */
function pages(rows: readonly { Id: number }[], cut: number): (call: Seen) => Reaction {
  return ({ query }) => {
    const after = Number(/Id gt (\d+)/.exec(query["$filter"] ?? "")?.[1] ?? 0);
    const size = Math.min(cut, Number(query["$top"]));
    return { json: { "@odata.count": 1, value: rows.filter(({ Id }) => Id > after).slice(0, size) } };
  };
}

describe("paging", () => {
  test.each([
    ["fewer rows than a page", 7, 1000, 1000],
    ["whole pages", 20, 10, 10],
    ["a server that cuts pages shorter than asked", 25, 10, 1000],
    ["a server that cuts to one row", 3, 1, 1000],
    ["nothing", 0, 10, 10],
  ])("%s: every row once, whatever @odata.count says", async (_, count, cut, size) => {
    await using server = await serve(pages(ids(count), cut));
    const rows = await new Pager(clientFor(server.url)).all({ path: "/odata/Jobs", size, signal });
    expect(rows).toEqual(ids(count));
  });

  test("asks by Id, in order, with what the caller wants", async () => {
    await using server = await serve(pages(ids(3), 2));
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

  test("ends on a server that ignores the filter and gives the same page again", async () => {
    await using server = await serve(() => ({ json: { value: ids(5) } }));
    const rows = await new Pager(clientFor(server.url)).all({ path: "/odata/Jobs", size: 5, signal });
    expect(rows).toEqual(ids(5));
    expect(server.seen).toHaveLength(2);
  });

  test("a row of several folders counts once", async () => {
    await using server = await serve((_call, index) => ({
      json: { value: index === 0 ? [...ids(2), ...ids(2)] : [] },
    }));
    const rows = await new Pager(clientFor(server.url)).all({ path: "/odata/Jobs", size: 5, signal });
    expect(rows.map(({ Id }) => Id)).toEqual([1, 2]);
  });

  test("a page shorter than one that the collection has given needs no other to prove that it is the last", async () => {
    await using server = await serve(pages(ids(12), 10));
    const pager = new Pager(clientFor(server.url));
    const listing = { path: "/odata/Jobs", size: 1000, signal };
    await pager.all(listing);
    expect(server.seen).toHaveLength(2);
  });
});
