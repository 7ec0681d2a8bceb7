import { describe, expect, test } from "vitest";
import type { PlanFolder } from "../../../../src/core/plan.ts";
import { memorySpool } from "../../../../src/core/list.ts";
import type { ProbedCapabilities } from "../../../../src/kinds/capabilities.ts";
import { probeJobs, probePage, probeReferenceIn, probeStartsWith } from "../../../../src/orchestrator/probe/filters.ts";
import { openTenant } from "../../../../src/orchestrator/read/tenant.ts";
import { clientFor, serve, signal, type Reaction, type Seen } from "../support.ts";

const place = { folder: 5, queue: 7 };
const folder: PlanFolder = { id: 5, key: "f0000000-0000-4000-8000-000000000005", path: "Finance", type: "modern" };
const witness = { id: 1, value: "INV-1" };
const rows = (...found: readonly object[]): Reaction => ({ json: { value: found } });
const row = { Id: 1, Reference: "INV-1" };

describe("a filter", () => {
  test.each<[string, (call: Seen) => Reaction, object]>([
    [
      "works that finds what is there and nothing else",
      ({ query }) => (query["$filter"]?.includes("INV-1") === true ? rows(row) : rows()),
      { answer: true },
    ],
    [
      "is ignored that finds others",
      () => rows(row, { Id: 2, Reference: "X" }),
      { answer: false, text: "accepted and ignored" },
    ],
    ["is ignored that finds what nobody asked for", () => rows(row), { answer: false, text: "accepted and ignored" }],
    [
      "that misses what is there does not work",
      () => rows(),
      { answer: false, text: "accepted, but it does not find what is there" },
    ],
    [
      "may be refused",
      () => ({ status: 400, json: { errorCode: 1000 } }),
      { answer: false, text: "refused (HTTP 400)" },
    ],
  ])("%s", async (_, react, found) => {
    await using server = await serve(react);
    expect(await probeReferenceIn(clientFor(server.url), place, witness, signal)).toMatchObject(found);
  });

  test("is asked in each form that the planner uses", async () => {
    await using server = await serve(() => rows());
    const client = clientFor(server.url);
    const key = "0f0f0f0f-0000-4000-8000-000000000001";
    await probeReferenceIn(client, place, witness, signal);
    await probeStartsWith(client, place, witness, signal);
    await probeJobs(client, folder, "Reference", { id: 1, value: "smoke@1" }, signal);
    await probeJobs(client, folder, "BatchExecutionKey", { id: 1, value: key }, signal);
    const filters = server.seen.map(({ query }) => query["$filter"] ?? "").filter((_, index) => index % 2 === 0);
    expect(filters).toEqual([
      expect.stringContaining("Reference in ('INV-1',"),
      expect.stringContaining("startswith(Reference,'INV-1')"),
      "Reference eq 'smoke@1'",
      `BatchExecutionKey eq ${key}`,
    ]);
  });

  test("a reference that begins with no safe letter is not asked about", async () => {
    await using server = await serve(() => rows());
    const found = await probeStartsWith(clientFor(server.url), place, { id: 1, value: "ÄB-1" }, signal);
    expect(found.answer).toBeUndefined();
    expect(server.seen).toEqual([]);
  });
});

test.each<[string, number, number, number | undefined]>([
  ["cut pages", 100, 5000, 100],
  ["pages cut elsewhere", 500, 5000, 500],
  ["whole pages", 1000, 5000, 1000],
  ["too few items", 40, 40, undefined],
])("a list beyond the limit: %s", async (_, given, count, answer) => {
  const value = Array.from({ length: given }, (__, index) => ({ Id: index + 1 }));
  const headers = { "api-supported-versions": "20.0" };
  await using server = await serve(() => ({ headers, json: { value, "@odata.count": count } }));
  const client = clientFor(server.url);
  await client.get("/odata/Folders", { signal });
  expect((await probePage(client, place, signal)).answer).toBe(answer);
  expect(server.seen.at(-1)?.query["$top"]).toBe("1000");
});

describe("answers that a target keeps", () => {
  const kept: ProbedCapabilities = { apiVersion: 16, referenceIn: false, jobBatchKey: true, queueItemsPage: 250 };

  /** The queries that reading items, and a run of a job, takes on a server of API 16. */
  async function read(capabilities: ProbedCapabilities | undefined): Promise<readonly string[]> {
    const job = {
      Id: 9,
      ReleaseName: "P",
      BatchExecutionKey: "0f0f0f0f-0000-4000-8000-000000000001",
      State: "Successful",
    };
    await using server = await serve(({ path, query }) =>
      path === "/odata/Jobs" && query["$filter"]?.startsWith("ReleaseName") === true ? rows(job) : rows(),
    );
    const reader = openTenant(clientFor(server.url, { capabilities }), memorySpool);
    await reader.apiVersion(signal);
    await reader.items.byReferences(place, ["A", "B"], signal);
    await reader.jobs.byRunKey(folder, "P", "smoke@1", signal);
    return server.seen.slice(1).map(({ query }) => `${query["$filter"]} ${query["$top"]}`);
  }

  test("spare what each run finds out", async () => {
    const [items, ...jobs] = await read(kept);
    expect(items).toContain("Reference eq 'A' or Reference eq 'B'");
    expect(items).toMatch(/ 250$/);
    expect(jobs.filter((query) => query.startsWith("BatchExecutionKey"))).toHaveLength(1);
  });

  test("are not used for a server of another version", async () => {
    const [items, ...jobs] = await read({ ...kept, apiVersion: 17 });
    expect(items).toContain("Reference in ('A','B')");
    expect(items).toMatch(/ 1000$/);
    expect(jobs.filter((query) => query.startsWith("BatchExecutionKey"))).toHaveLength(2);
    expect([items, ...jobs]).toEqual(await read(undefined));
  });
});
