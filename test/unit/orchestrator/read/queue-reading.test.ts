import { describe, expect, test } from "vitest";
import type { ReadLine } from "../../../../src/core/reads.ts";
import type { TenantReader } from "../../../../src/orchestrator/read/tenant.ts";
import { readerFor, serve, signal, type Reaction, type Seen } from "../support.ts";

const place = { folder: 5, queue: 188 };
const statistics = "/odata/QueueProcessingRecords/UiPathODataSvc.RetrieveQueuesProcessingStatus";

/** A cloud server with these references in its queue; what it does not take, it refuses. */
function cloud(
  live: readonly string[],
  without: { in?: true; or?: true; startswith?: true; count?: true; statistics?: true } = {},
): (call: Seen) => Reaction {
  const rows = live.map((reference, index) => ({
    Id: index + 1,
    Key: `k${index}`,
    Reference: reference,
    Status: "New",
  }));
  const headers = { "api-supported-versions": "20.0" };
  return ({ path, query }) => {
    if (path === "/odata/Folders") return { headers, json: { value: [] } };
    if (path === statistics) {
      if (without.statistics) return { status: 403, headers, json: { message: "no", errorCode: 0 } };
      return { headers, json: { value: [{ Id: 1, QueueDefinitionId: 188, ItemsToProcess: live.length }] } };
    }
    const filter = query["$filter"] ?? "";
    const unable =
      (without.in && filter.includes(" in (")) ||
      (without.or && filter.includes("Reference eq")) ||
      (without.startswith && filter.includes("startswith"));
    if (unable) return { status: 400, headers, json: { message: "no", errorCode: 1000 } };
    const named = [...filter.matchAll(/'((?:[^']|'')*)'/g)].map(([, text = ""]) =>
      text.replaceAll("''", "'").toLowerCase(),
    );
    const after = Number(/Id gt (\d+)/.exec(filter)?.[1] ?? 0);
    const isWanted = (reference: string): boolean => {
      if (filter.includes("startswith")) return reference.startsWith(named.at(-1) ?? "");
      return filter.includes("Reference") ? named.includes(reference) : true;
    };
    const found = rows.filter(({ Id, Reference }) => Id > after && isWanted(Reference.toLowerCase()));
    const value = found.slice(0, Number(query["$top"]));
    const counted = query["$count"] === "true" && without.count === undefined;
    return { headers, json: { ...(counted ? { "@odata.count": found.length } : {}), value } };
  };
}

const series = (prefix: string, from: number, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${String(from + index).padStart(6, "0")}`);

interface Reading {
  readonly found: readonly string[];
  readonly calls: number;
  readonly lines: readonly ReadLine[];
}

async function read(
  reader: TenantReader,
  references: readonly string[],
  name = "march",
  prunePrefix?: string,
): Promise<Reading & { readonly doomed: number }> {
  const before = reader.spent().calls;
  await reader.apiVersion(signal);
  const by = { kind: "QueueItems", folder: "Finance", name } as const;
  const wish = { by, queue: "Q", references, prunePrefix };
  const { items, pruneCandidates } = await reader.items.desired(place, wish, signal);
  const lines = reader.reads().queues.at(-1)?.lines ?? [];
  const calls = reader.spent().calls - before - 1;
  const found = references.flatMap((reference) => items.under(reference).map((row) => row.reference ?? ""));
  return { found, calls, lines, doomed: pruneCandidates.length };
}

const told = (lines: readonly ReadLine[]): string[] => lines.map(({ role, way, calls }) => `${role} ${way} ${calls}`);

describe("a queue is read", () => {
  const many = series("INV-", 0, 1000);

  test("by reference where a look-up or two are enough, without asking for statistics", async () => {
    await using server = await serve(cloud(series("INV-", 0, 5000)));
    const { found, calls, lines } = await read(readerFor(server.url), series("INV-", 40, 180));
    expect(found).toHaveLength(180);
    expect(calls).toBe(2);
    expect(told(lines)).toEqual(["chosen lookup 2"]);
    expect(server.seen.at(-1)?.rawQuery.length).toBeGreaterThan(1600);
  });

  test("by one call where nothing begins like its references", async () => {
    await using server = await serve(cloud(series("OLD-", 0, 5000)));
    const { found, calls, lines } = await read(readerFor(server.url), many);
    expect(found).toEqual([]);
    expect(calls).toBe(2);
    expect(lines).toMatchObject([
      { role: "chosen", way: "prefix", query: "startswith(Reference,'INV-000') and Id gt …", calls: 1, rows: 0 },
      { role: "instead", way: "lookup", calls: 11, perCall: 91 },
      { role: "instead", way: "scan", calls: 51, rows: 5000, estimated: true },
    ]);
  });

  test("by reference after one look at a prefix that has too many rows, whose first page is not kept", async () => {
    const live = [...series("INV-000", 0, 3000)];
    await using server = await serve(cloud(live));
    const { found, lines } = await read(readerFor(server.url), many);
    expect(found).toEqual([]);
    expect(told(lines)).toEqual(["chosen lookup 11", "tried prefix 1", "instead scan 31"]);
    expect(lines[1]?.rows).toBe(3000);
  });

  test("by a scan where references have nothing in common and there are few rows", async () => {
    const odd = Array.from({ length: 1000 }, (_, index) => `${(index * 7919) % 1000}`);
    await using server = await serve(cloud(series("", 0, 250)));
    const { calls, lines } = await read(readerFor(server.url), odd);
    expect(told(lines)).toEqual(["chosen scan 3", "instead lookup 11"]);
    expect(calls).toBe(4);
  });

  test("in a mix: one series by its prefix, another by reference", async () => {
    const live = [...series("INV-", 0, 900), ...series("CRE-", 0, 60_000)];
    await using server = await serve(cloud(live));
    const references = [...series("INV-", 0, 9000), ...series("CRE-", 500, 400)];
    const { found, lines } = await read(readerFor(server.url), references);
    expect(found).toHaveLength(900 + 400);
    expect(told(lines)).toEqual(["chosen prefix 10", "chosen lookup 5", "tried prefix 1", "instead scan 610"]);
  });

  test("together with what a prune needs where one sweep is cheaper than look-ups and another read", async () => {
    await using server = await serve(cloud([...series("INV-", 0, 250), ...series("OLD-", 0, 5000)]));
    const { found, doomed, lines } = await read(readerFor(server.url), series("INV-", 100, 300), "march", "INV-");
    expect([found.length, doomed]).toEqual([150, 250]);
    expect(told(lines)).toEqual(["chosen prefix 3", "instead lookup 4", "instead scan 54"]);
  });

  test("and separately where the prune is the smaller part", async () => {
    await using server = await serve(cloud(series("INV-", 0, 250)));
    const { found, doomed, lines } = await read(readerFor(server.url), ["INV-000001"], "march", "INV-0001");
    expect([found.length, doomed]).toEqual([1, 100]);
    expect(told(lines)).toEqual(["chosen lookup 1", "chosen prune 2"]);
    expect(lines[1]?.query).toBe("Status eq 'New' and startswith(Reference,'INV-0001') and Id gt …");
  });

  test("once for all manifests that announce themselves, and again for who asks again", async () => {
    await using server = await serve(cloud(series("INV-", 0, 60)));
    const reader = readerFor(server.url);
    const wish = (name: string, from: number) => ({
      by: { kind: "QueueItems", folder: "Finance", name } as const,
      queue: "Q",
      references: series("INV-", from, 30),
    });
    const [march, april] = [wish("march", 0), wish("april", 20)];
    for (const each of [march, april]) reader.items.want(place, each);
    const found = await Promise.all([march, april].map((each) => reader.items.desired(place, each, signal)));
    const rows = (index: number): number =>
      [march, april][index]?.references.flatMap((each) => found[index]?.items.under(each) ?? []).length ?? 0;
    expect([rows(0), rows(1)]).toEqual([30, 30]);
    expect(server.seen).toHaveLength(1);
    expect(reader.reads().queues).toMatchObject([
      { queue: "Q", references: 50, wantedBy: [{ name: "march" }, { name: "april" }] },
    ]);
    await reader.items.desired(place, march, signal);
    expect(server.seen).toHaveLength(2);
  });

  test.each([
    ["no statistics", { statistics: true as const }, "chosen prefix 11"],
    ["no counts", { count: true as const }, "chosen prefix 11"],
    ["no startswith, and few rows", { startswith: true as const }, "chosen scan 11"],
    ["no startswith, and many rows", { startswith: true as const }, "chosen lookup 11", 9000],
    ["no in", { in: true as const, startswith: true as const }, "chosen lookup 53", 9000],
    ["neither in nor or", { in: true as const, or: true as const, startswith: true as const }, "chosen scan 101", 9000],
  ])("from a server with %s", async (_, without, line, others = 0) => {
    await using server = await serve(cloud([...series("INV-", 0, 1000), ...series("OLD-", 0, others)], without));
    const reader = readerFor(server.url);
    const { found, lines } = await read(reader, many);
    expect(new Set(found)).toEqual(new Set(many));
    expect(found).toHaveLength(1000);
    expect(told(lines)[0]).toBe(line);
    const seen = server.seen.length;
    await read(reader, many, "again");
    const refusals = server.seen.slice(seen).filter(({ query }) => (query["$filter"] ?? "").includes("startswith"));
    expect(refusals.length > 0, "what was refused is not asked for again").toBe(!("startswith" in without));
  });

  test("by shorter look-ups after 414, for the rest of the run", async () => {
    const long = series(`A very long reference, which takes its place in a query string: ${"x".repeat(40)}`, 0, 150);
    const react = cloud([...long, ...series("OLD-", 0, 3000)], { startswith: true });
    await using server = await serve((call) => (call.rawQuery.length > 2100 ? { status: 414 } : react(call)));
    const reader = readerFor(server.url);
    const { found } = await read(reader, long);
    expect(found).toHaveLength(150);
    const tooLong = server.seen.filter(({ rawQuery }) => rawQuery.length > 2100);
    expect(tooLong).toHaveLength(1);
    expect(server.seen.every(({ query }) => !(query["$filter"] ?? "").includes(" or "))).toBe(true);
  });

  test("and retries that fill a page are paged by Id, in halves where the query would be too large", async () => {
    const live = series("INV-", 0, 91).flatMap((reference) => [reference, reference]);
    await using server = await serve(cloud(live));
    const { found, calls } = await read(readerFor(server.url), series("INV-", 0, 91));
    expect(found).toHaveLength(182);
    expect(calls).toBe(3);
  });
});
