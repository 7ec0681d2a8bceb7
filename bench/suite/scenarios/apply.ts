import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { FaultRule } from "../../../src/emulator/index.ts";
import { queue, writeManifest, type Format } from "../items.ts";
import { measure, type Sample } from "../measure.ts";
import { folder, Orchestrator, tenant } from "../orchestrator.ts";
import { prepared, type Aim, type Measured, type Prepared, type Scenario, type Side } from "../scenario.ts";
import { bare, bareClient, orchSync, rival } from "../sides.ts";

interface Apply {
  readonly items: number;
  readonly format: Format;
  readonly size: Scenario["size"];
  readonly delay?: number;
  /** Every so many writes the answer is lost after the work was done. */
  readonly openEvery?: number;
  /** Batches of a queue go side by side: `order: any`. */
  readonly sideBySide?: boolean;
  /** True: also as users do it today. */
  readonly today?: boolean;
}

const large = 100_000;
const batch = 1000;
/** A folder, a queue, and that nothing is in it. */
const fewestReads = 3;
const oneByOne = ["uipath-orchestrator", "uipath-orchestrator-api-node"];
/** At least 20 times faster. */
const todaysAims: readonly Aim[] = oneByOne.map((against) => ({ against, ratio: 0.05 }));

/** Applies of so many new items. Each run has an Orchestrator of its own. */
export const applies: readonly Scenario[] = [
  scenario({ items: 1000, format: "yaml", size: "quick" }),
  scenario({ items: 1000, format: "csv", size: "default" }),
  scenario({ items: 1000, format: "ndjson", size: "default" }),
  scenario({ items: 10_000, format: "yaml", size: "default" }),
  scenario({ items: 10_000, format: "csv", size: "quick" }),
  scenario({ items: 10_000, format: "ndjson", size: "default" }),
  scenario({ items: large, format: "csv", size: "default", today: true }),
  scenario({ items: large, format: "csv", size: "default", delay: 50 }),
  scenario({ items: large, format: "csv", size: "default", openEvery: 100 }),
  scenario({ items: large, format: "csv", size: "default", sideBySide: true }),
  scenario({ items: large, format: "ndjson", size: "default" }),
];

function scenario(what: Apply): Scenario {
  const { items, format, size, delay, openEvery, sideBySide, today } = what;
  const lost = openEvery !== undefined;
  const kind = [delay === undefined ? "" : "-delay", lost ? "-open" : "", sideBySide === true ? "-any" : ""].join("");
  const slow = delay === undefined ? "" : `, ${delay} ms a call`;
  const open = lost ? `, the answer of each ${openEvery}th write lost` : "";
  const order = sideBySide === true ? ", batches side by side" : "";
  const ratio = delay === undefined ? 1.5 : 1.1;
  return {
    name: `apply-${format}-${items}${kind}`,
    title: `apply ${items.toLocaleString("en")} new items from ${format.toUpperCase()}${slow}${open}${order}`,
    size,
    rounds: 3,
    items,
    aims: items < large || lost ? [] : [{ against: bareClient, ratio }, ...(today === true ? todaysAims : [])],
    ...(format === "csv" && kind === "" ? { growth: "apply" } : {}),
    ...(items < large ? {} : { peakAim: 300 }),
    bound: fewestReads + Math.ceil(items / batch),
    prepare: async (cwd) => prepare(cwd, what),
  };
}

/** What a plan reads of an empty queue. */
const reads = [
  ["/odata/Folders", "$orderby=Id asc&$top=1000"],
  ["/odata/QueueDefinitions", "$orderby=Id asc&$top=1000"],
  ["/odata/QueueProcessingRecords/UiPathODataSvc.RetrieveQueuesProcessingStatus", "$top=1000"],
  [
    "/odata/QueueItems",
    "$filter=(QueueDefinitionId eq 1 and startswith(Reference,'INV-0'))&$orderby=Id asc&$top=1000&$count=true",
  ],
].map(([path = "", query = ""]) => ({ method: "GET", path, query, body: null }));

async function prepare(cwd: string, what: Apply): Promise<Prepared> {
  const { items, format, delay, openEvery, sideBySide, today } = what;
  const rows = await writeManifest(cwd, items, "ndjson"); // which those with one item a call read
  const source = await writeManifest(cwd, items, format, sideBySide === true ? "any" : "manifest");
  const parallelism = sideBySide === true ? 4 : 1;
  const slow: FaultRule[] = delay === undefined ? [] : [{ delay: `${delay}ms` }];
  const match = { method: "POST", path: "*.BulkAddQueueItems", calls: { every: openEvery ?? 1 } };
  const open: FaultRule[] = openEvery === undefined ? [] : [{ match, handle: "once", answer: "close" }];
  const args = ["apply", "bench.yaml", "--auto-approve", "--quiet", "--force", "maxCreates"];
  const bulk = (name: string, most: number): Side => ({
    name,
    run: () =>
      onNew(items, slow, (server) =>
        bare(server, cwd, { source, calls: reads, add: { queue, batch: most }, parallelism }),
      ),
  });
  const single = (name: string): Side => ({
    name,
    rounds: 1, // minutes
    run: () =>
      onNew(items, slow, ({ environment: env }) =>
        measure({ args: [rival("one-by-one.mjs"), name, rows, queue, folderId], cwd, env }),
      ),
  });
  return prepared([
    {
      name: "orch-sync",
      run: () => onNew(items, [...slow, ...open], ({ environment }) => orchSync(args, cwd, environment)),
    },
    bulk(bareClient, batch),
    ...(today === true ? [bulk("bulk calls of 100", 100), ...(hasClients() ? oneByOne.map(single) : [])] : []),
  ]);
}

/** Installed by `npm run test:foreign`; without them nobody is compared with them. */
function hasClients(): boolean {
  return existsSync(fileURLToPath(new URL("../../../test/foreign-clients/node_modules", import.meta.url)));
}

const folderId = "1";

/** Runs against an Orchestrator of its own, and counts what is there afterwards. */
async function onNew(
  items: number,
  faults: readonly FaultRule[],
  run: (server: Orchestrator) => Promise<Sample>,
): Promise<Measured> {
  const users = [{ userName: "admin", password: "s3cret", reviewer: true }];
  const folders = [{ path: folder, type: "modern" as const, id: Number(folderId) }];
  const queues = [{ name: queue, folder, uniqueReferences: true }];
  await using server = await Orchestrator.start({ tenant: tenant({ folders, users, queues }), faults });
  const sample = await run(server);
  const calls = (await server.requests()).at(-1)?.seq ?? 0;
  const there = await server.count(queue);
  if (there !== items) throw new Error(`${there} items are there, not ${items}`);
  return { ...sample, calls };
}
