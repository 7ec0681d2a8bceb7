import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { FaultRule } from "../../../src/emulator/index.ts";
import { queue, writeManifest, type Format } from "../items.ts";
import { measure, type Sample } from "../measure.ts";
import { folder, Orchestrator, tenant } from "../orchestrator.ts";
import type { Aim, Prepared, Scenario, Side } from "../scenario.ts";
import { bareClient, orchSync } from "../sides.ts";

interface Apply {
  readonly items: number;
  readonly format: Format;
  readonly size: Scenario["size"];
  readonly delay?: number;
  /** Every so many writes the answer is lost after the work was done. */
  readonly openEvery?: number;
  /** True: also as users do it today. */
  readonly today?: boolean;
}

const large = 100_000;
const oneByOne = ["uipath-orchestrator", "uipath-orchestrator-api-node"];

/** Applies of so many new items. Each round has an Orchestrator of its own. */
export const applies: readonly Scenario[] = [
  scenario({ items: 1000, format: "yaml", size: "quick" }),
  scenario({ items: 10_000, format: "yaml", size: "default" }),
  scenario({ items: 10_000, format: "ndjson", size: "default", today: true }),
  scenario({ items: 10_000, format: "csv", size: "quick" }),
  scenario({ items: large, format: "csv", size: "default" }),
  scenario({ items: large, format: "csv", size: "default", delay: 50 }),
  scenario({ items: large, format: "csv", size: "default", openEvery: 100 }),
  scenario({ items: large, format: "ndjson", size: "default" }),
];

function scenario(what: Apply): Scenario {
  const { items, format, size, delay, openEvery, today } = what;
  const kind = [delay === undefined ? "" : "-delay", openEvery === undefined ? "" : "-open"].join("");
  const slow = delay === undefined ? "" : `, ${delay} ms a call`;
  const open = openEvery === undefined ? "" : `, the answer of each ${openEvery}th write lost`;
  const aims: Aim[] = [
    ...(items < large || openEvery !== undefined
      ? []
      : [{ against: bareClient, ratio: delay === undefined ? 1.5 : 1.1 }]),
    ...(today === true ? oneByOne.map((against) => ({ against, ratio: 0.05 })) : []),
  ];
  return {
    name: `apply-${format}-${items}${kind}`,
    title: `apply ${items.toLocaleString("en")} new items from ${format.toUpperCase()}${slow}${open}`,
    size,
    rounds: today === true ? 1 : 3,
    items,
    aims,
    ...(format === "csv" && kind === "" ? { growth: "apply" } : {}),
    ...(items < large ? {} : { peakAim: 300 }),
    prepare: async (cwd) => prepare(cwd, what),
  };
}

async function prepare(cwd: string, { items, format, delay, openEvery, today }: Apply): Promise<Prepared> {
  const source = await writeManifest(cwd, items, format);
  const slow: FaultRule[] = delay === undefined ? [] : [{ delay: `${delay}ms` }];
  const match = { method: "POST", path: "*.BulkAddQueueItems", calls: { every: openEvery ?? 1 } };
  const open: FaultRule[] = openEvery === undefined ? [] : [{ match, handle: "once", answer: "close" }];
  const file = source ?? (await writeManifest(cwd, items, "ndjson")) ?? "";
  if (source === undefined) await writeManifest(cwd, items, format); // the other manifest took its place
  const bare = (batch: number, name: string): Side => ({
    name,
    run: () =>
      onNew(items, slow, (env) =>
        measure({ args: [script("bare-add.ts"), file, queue, folder, String(batch)], cwd, env }),
      ),
  });
  const client = (name: string): Side => ({
    name,
    run: () =>
      onNew(items, slow, (env) => measure({ args: [script("one-by-one.mjs"), name, file, queue, folderId], cwd, env })),
  });
  const args = ["apply", "bench.yaml", "--auto-approve", "--quiet", "--force", "maxCreates"];
  return {
    sides: [
      { name: "orch-sync", run: () => onNew(items, [...slow, ...open], (env) => orchSync(args, cwd, env)) },
      bare(1000, bareClient),
      ...(today === true ? [bare(100, "bulk calls of 100"), ...(hasClients() ? oneByOne.map(client) : [])] : []),
    ],
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function script(name: string): string {
  return fileURLToPath(new URL(`../rivals/${name}`, import.meta.url));
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
  run: (env: Readonly<Record<string, string>>) => Promise<Sample>,
): Promise<Sample & { readonly calls: number }> {
  const users = [{ userName: "admin", password: "s3cret", reviewer: true }];
  const folders = [{ path: folder, type: "modern" as const, id: Number(folderId) }];
  const queues = [{ name: queue, folder, uniqueReferences: true }];
  await using server = await Orchestrator.start({ tenant: tenant({ folders, users, queues }), faults });
  const sample = await run(server.environment);
  const calls = (await server.requests()).at(-1)?.seq ?? 0;
  const there = await server.count(queue);
  if (there !== items) throw new Error(`${there} items are there, not ${items}`);
  return { ...sample, calls };
}
