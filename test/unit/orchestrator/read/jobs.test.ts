import { describe, expect, test } from "vitest";
import { batchKey } from "../../../../src/orchestrator/jobs/batch-key.ts";
import { folder, readerFor, refused, serve, signal, type Reaction, type Seen } from "../support.ts";

interface Job {
  readonly Id: number;
  readonly ReleaseName: string;
  readonly BatchExecutionKey?: string | null;
  readonly Reference?: string;
}
const key = batchKey(folder.key, "r@once");
const foreign = "11111111-2222-4333-8444-555555555555";

/** A server with these jobs; `deaf` ones ignore, `wrong` ones find nothing by `BatchExecutionKey`. */
function jobs(
  rows: readonly Job[],
  batchFilter: "works" | "deaf" | "wrong" | "refused" = "works",
  referenceFilter: "works" | "deaf" | "wrong" | "refused" = "works",
): (call: Seen) => Reaction {
  return ({ query }) => {
    const filter = query["$filter"] ?? "";
    const after = Number(/Id gt (\d+)/.exec(filter)?.[1] ?? 0);
    const release = /ReleaseName eq '([^']*)'/.exec(filter)?.[1];
    const keys = [...filter.matchAll(/BatchExecutionKey eq ([\da-f-]+)/g)].map(([, found]) => found);
    if (keys.length > 0 && batchFilter === "refused") return refused(400, 1000);
    const references = [...filter.matchAll(/Reference eq '([^']*)'/g)].map(([, found]) => found);
    if (references.length > 0 && referenceFilter === "refused") return refused(400, 1000);
    const value = rows
      .filter(({ Id, ReleaseName }) => Id > after && (release === undefined || release === ReleaseName))
      .filter(({ BatchExecutionKey }) => {
        if (keys.length === 0 || batchFilter === "deaf") return true;
        return batchFilter === "works" && keys.includes(BatchExecutionKey ?? "");
      })
      .filter(({ Reference }) => {
        if (references.length === 0 || referenceFilter === "deaf") return true;
        return referenceFilter === "works" && references.includes(Reference ?? "");
      });
    const inOrder = query["$orderby"] === "Id desc" ? value.toReversed() : value;
    return { json: { value: inOrder.slice(0, Number(query["$top"])) } };
  };
}

const other: Job = { Id: 1, ReleaseName: "Smoke", BatchExecutionKey: foreign };
const ours: Job = { Id: 2, ReleaseName: "Smoke", BatchExecutionKey: key, Reference: "r@once" };

describe("finding a run by its key", () => {
  test.each([
    ["a server that filters", [other, ours], "works"],
    ["a server that ignores the filter", [other, ours], "deaf"],
    ["a server that finds nothing by it", [other, ours], "wrong"],
    ["a server that refuses it", [other, ours], "refused"],
    ["a server that drops the batch key", [other, { ...ours, BatchExecutionKey: null }], "wrong"],
  ] as const)("%s", async (_, rows, batchFilter) => {
    await using server = await serve(jobs(rows, batchFilter));
    const found = await readerFor(server.url).jobs.byRunKey(folder, "Smoke", "r@once", signal);
    expect(found.map(({ id }) => id)).toEqual([2]);
  });

  test("an empty answer is believed after a job was found again by its own key, once a run", async () => {
    await using server = await serve(jobs([other]));
    const reader = readerFor(server.url);
    expect(await reader.jobs.byRunKey(folder, "Smoke", "r@once", signal)).toEqual([]);
    const calls = server.seen.length;
    expect(server.seen.some(({ query }) => query["$filter"]?.includes(foreign))).toBe(true);
    const pages = server.seen.filter(({ query }) => query["$orderby"] === "Id desc");
    expect(pages, "the page that the filter is tried with shows the newest jobs, too").toHaveLength(1);
    expect(await reader.jobs.byRunKey(folder, "Smoke", "s@once", signal)).toEqual([]);
    expect(server.seen.length - calls, "the filter is trusted now; the newest page is read afresh").toBe(2);
  });

  describe("where its batch key finds nothing, among more jobs than a page", () => {
    const many = Array.from({ length: 2500 }, (_, index): Job => {
      return { Id: index + 1, ReleaseName: "Smoke", Reference: index === 5 ? "r@once" : `other ${index}` };
    });
    test.each([
      ["works", "finds it, and is trusted from then on", false],
      ["wrong", "is useless: every job is read", true],
      ["deaf", "is useless: every job is read", true],
      ["refused", "is useless: every job is read", true],
    ] as const)("a filter by reference that %s %s", async (referenceFilter, _, readsAll) => {
      await using server = await serve(jobs(many, "refused", referenceFilter));
      const { jobs: reader } = readerFor(server.url);
      const find = async (runKey: string) =>
        (await reader.byRunKey(folder, "Smoke", runKey, signal)).map(({ id }) => id);
      expect(await find("r@once")).toEqual([6]);
      const before = server.seen.length;
      expect(await find("s@once")).toEqual([]);
      const again = server.seen.slice(before).map(({ query }) => query["$filter"] ?? "");
      const bulky = again.filter((filter) => !filter.includes("Reference") && !filter.includes("BatchExecutionKey"));
      expect(bulky.length > 2).toBe(readsAll);
    });
  });

  test("a process without jobs has no run", async () => {
    await using server = await serve(jobs([], "wrong"));
    expect(await readerFor(server.url).jobs.byRunKey(folder, "Smoke", "r@once", signal)).toEqual([]);
    expect(server.seen.some(({ query }) => query["$orderby"] === "Id desc")).toBe(true);
  });

  test("attempts are read three at a time, in one call where there are fewer", async () => {
    const attempt = (id: number, runKey: string): Job => ({
      Id: id,
      ReleaseName: "Smoke",
      BatchExecutionKey: batchKey(folder.key, runKey),
      Reference: runKey,
    });
    const rows = [attempt(3, "r@once"), attempt(4, "r@once"), attempt(5, "r@once#2"), attempt(9, "r@once#4")];
    await using server = await serve(jobs(rows));
    const attempts = await readerFor(server.url).jobs.attempts(folder, "Smoke", "r@once", signal);
    expect(attempts.map(({ runKey, jobs: found }) => [runKey, found.map(({ id }) => id)])).toEqual([
      ["r@once", [3, 4]],
      ["r@once#2", [5]],
    ]);
    expect(server.seen.filter(({ query }) => !query["$filter"]?.includes("Id gt"))).toHaveLength(1);
  });

  test("later attempts are found when retention has purged the first ones", async () => {
    const attempt = (id: number, runKey: string): Job => ({
      Id: id,
      ReleaseName: "Smoke",
      BatchExecutionKey: batchKey(folder.key, runKey),
      Reference: runKey,
    });
    for (const keys of [
      ["r@once#2", "r@once#3"],
      ["r@once#5", "r@once#12"],
    ]) {
      await using server = await serve(jobs(keys.map((each, index) => attempt(index + 1, each))));
      const attempts = await readerFor(server.url).jobs.attempts(folder, "Smoke", "r@once", signal);
      expect(attempts.map(({ runKey }) => runKey)).toEqual(keys);
    }
  });
});

test("the last run of a resource is the newest under its name", async () => {
  const rows = ["r@a", "r@b", "r2@c", "x"].map((Reference, index) => ({
    Id: index + 1,
    ReleaseName: "Smoke",
    Reference,
  }));
  await using server = await serve(jobs(rows));
  expect(await readerFor(server.url).jobs.lastRun(folder, "Smoke", "r", signal)).toMatchObject({
    id: 2,
    reference: "r@b",
  });
  expect(server.seen).toHaveLength(1);
});
