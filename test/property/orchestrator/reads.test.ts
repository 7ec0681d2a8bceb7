import * as fc from "fast-check";
import { expect, test } from "vitest";
import { fold, foldCase } from "../../../src/emulator/text.ts";
import { startEmulator, type EditionName, type Emulator } from "../../../src/emulator/index.ts";
import { connect } from "../../../src/orchestrator/index.ts";
import { ManualClock, signal } from "../../unit/orchestrator/support.ts";

/** What a server may not take, which turns reads into other ways. */
const unable = fc.subarray(["in (", "Reference eq", "startswith(", "$count", "ProcessingStatus"] as const);
const edition = fc.constantFrom<EditionName>("cloud", "2023.4");

/** References as people make them: series with a common beginning; live, wanted or both; several rows under one. */
const series = fc
  .record({
    prefix: fc.constantFrom("INV-", "inv-", "INV-2026-", "CRE ", "O'B%-", "Ü-", "a[1]", ""),
    from: fc.integer({ min: 0, max: 300 }),
    count: fc.oneof(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 60, max: 400 })),
    blank: fc.constantFrom("", " "),
    copies: fc.constantFrom(0, 1, 1, 1, 2),
    isWanted: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  })
  .map(({ prefix, from, count, blank, copies, isWanted }) => {
    const own = Array.from({ length: count }, (_, index) => `${prefix}${from + index}${blank}`);
    return {
      live: Array.from({ length: copies }, () => own).flat(),
      // Spelled another way by those who want them.
      wanted: isWanted ? own.map((each, index) => (index % 3 === 0 ? each.toLowerCase().trimEnd() : each)) : [],
    };
  });
const references = fc
  .array(series, { minLength: 1, maxLength: 4 })
  .map((all) => ({ live: all.flatMap(({ live }) => live), wanted: all.flatMap(({ wanted }) => wanted) }));
const status = fc.constantFrom("New", "Successful", "Deleted");

async function emulatorWith(
  live: readonly string[],
  statuses: readonly string[],
  name: EditionName,
  strictApi: boolean,
): Promise<Emulator> {
  return startEmulator({
    edition: name,
    strictApi,
    listCallsPerMinute: null,
    tenant: {
      apiVersion: "orch-sync/v1",
      kind: "Tenant",
      metadata: { name: "test" },
      spec: {
        folders: [{ path: "Finance" }],
        queues: [{ name: "Q" }],
        items: live.map((reference, index) => ({
          queue: "Q",
          reference,
          status: (statuses[index % statuses.length] ?? "New") as "New",
        })),
      },
    },
  });
}

/** A network behind which the server refuses what it does not take, or leaves it out. */
function without(missing: readonly string[]): typeof globalThis.fetch {
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : String(input));
    const query = decodeURIComponent(url.search);
    if (missing.includes("ProcessingStatus") && url.pathname.includes("ProcessingStatus"))
      return new Response("", { status: 403 });
    if (missing.some((each) => !each.startsWith("$") && query.includes(each))) {
      const headers = { "content-type": "application/json" };
      return new Response(JSON.stringify({ message: "no", errorCode: 1000 }), { status: 400, headers });
    }
    const response = await fetch(input instanceof Request ? input : new Request(url, init));
    if (!missing.includes("$count") || !url.pathname.endsWith("QueueItems")) return response;
    const body = (await response.json()) as object;
    return new Response(JSON.stringify({ ...body, "@odata.count": undefined }), {
      status: response.status,
      headers: response.headers,
    });
  };
}

test("whatever way a queue is read, the rows are those that the server takes for the wanted ones", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        all: references,
        prune: fc.option(fc.constantFrom("INV-", "inv-2026-1", "Ü")),
        statuses: fc.array(status, { minLength: 1, maxLength: 3 }),
        edition,
        strictApi: fc.boolean(),
        missing: unable,
      }),
      async ({ all: { live, wanted }, prune, statuses, edition: name, strictApi, missing }) => {
        await using emulator = await emulatorWith(live, statuses, name, strictApi);
        const auth = { type: "token", token: emulator.token } as const;
        const { reader } = connect({
          baseUrl: emulator.url,
          auth,
          clock: new ManualClock(),
          userAgent: "orch-sync/test",
          fetch: without(missing),
        });
        const folder = await reader.folder("Finance", signal);
        if ("missing" in folder) throw new Error("no folder");
        const queue = await reader.queue(folder, "Q", signal);
        if ("missing" in queue) throw new Error("no queue");
        const named = [...new Map(wanted.map((reference) => [fold(reference), reference])).values()];
        const found = await reader.items.desired(
          { folder: folder.id, queue: queue.id },
          {
            by: { kind: "QueueItems", folder: "Finance", name: "march" },
            queue: "Q",
            references: named,
            prunePrefix: prune ?? undefined,
          },
          signal,
        );
        const names = new Set(wanted.map(fold));
        const statusOf = (index: number): string => statuses[index % statuses.length] ?? "";
        const expected = live.filter((reference) => names.has(fold(reference)));
        const rows = named.flatMap((reference) => found.items.under(reference));
        expect(rows.map(({ reference }) => reference ?? "").toSorted()).toEqual(expected.toSorted());
        const doomed = live.filter(
          (reference, index) =>
            prune !== null && statusOf(index) === "New" && foldCase(reference).startsWith(foldCase(prune)),
        );
        expect(Array.from(found.pruneCandidates, ({ reference }) => reference ?? "").toSorted()).toEqual(
          doomed.toSorted(),
        );
      },
    ),
    { numRuns: 60 },
  );
}, 60_000);
