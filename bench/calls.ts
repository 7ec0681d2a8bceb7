// Counts the calls of plans against the least that they could take: `npm run bench:calls -- [--full]`. See docs/reads.md.
import { createHash } from "node:crypto";
import { parseArgs } from "node:util";
import type { DesiredResource } from "../src/core/resource.ts";
import { startEmulator, type Emulator } from "../src/emulator/index.ts";
import { connect } from "../src/orchestrator/index.ts";
import { lowerBound } from "../src/orchestrator/read/cost.ts";
import { makePlan } from "../src/workflow/plan.ts";
import { systemClock } from "../src/workflow/system-clock.ts";
import { Client } from "./client.ts";

const { values } = parseArgs({ options: { full: { type: "boolean" }, only: { type: "string" } } });

const desiredCounts = [10, 1000, 100_000];
const liveCounts = [0, 1000, 100_000, ...(values.full === true ? [1_000_000] : [])];

/** The cloud's limits, as the emulator has them: `in` with queue is 9 nodes and one a value. */
const cloud = { page: 100, nodes: 100, bytes: 8192 } as const;
const frameNodes = 9;
const folderAndQueue = 2;

/** How references look: of the live items, and of those that the manifest names. */
interface Shape {
  readonly name: string;
  readonly live: (n: number) => string;
  readonly desired: (n: number) => string;
}

const numbered = (n: number): string => `INV-${String(n).padStart(7, "0")}`;
const hashed = (n: number): string => `c-${createHash("sha256").update(String(n)).digest("hex").slice(0, 24)}`;
const mixed = (n: number): string => (n % 2 === 0 ? numbered(n) : `2026/CRE/${n}`);
const shapes: readonly Shape[] = [
  { name: "numbered, the first of the live ones", live: numbered, desired: numbered },
  { name: "numbered, none of them live", live: numbered, desired: (n) => `MAR-${String(n).padStart(7, "0")}` },
  { name: "hashes, the first of the live ones", live: hashed, desired: hashed },
  { name: "hashes, none of them live", live: hashed, desired: (n) => hashed(n + 2_000_000) },
  { name: "two series, the first of the live ones", live: mixed, desired: mixed },
];

const folder = "Finance";

async function emulatorWith(live: number, reference: (n: number) => string): Promise<Emulator> {
  const emulator = await startEmulator({
    tenant: {
      apiVersion: "orch-sync/v1",
      kind: "Tenant",
      metadata: { name: "bench" },
      spec: { edition: "cloud", folders: [{ path: folder }], queues: [{ name: "Bench", uniqueReferences: true }] },
    },
    listCallsPerMinute: null,
  });
  const client = new Client({ ...emulator, peakMemory: () => undefined, stop: () => emulator.close() });
  const batch = 5000;
  for (let from = 0; from < live; from += batch) {
    const queueItems = Array.from({ length: Math.min(batch, live - from) }, (_, index) => ({
      Reference: reference(from + index),
      SpecificContent: { Amount: from + index },
    }));
    const body = JSON.stringify({ queueName: "Bench", commitType: "ProcessAllIndependently", queueItems });
    const path = "/odata/Queues/UiPathODataSvc.BulkAddQueueItems";
    const { status } = await client.send({ method: "POST", path, body }, { "x-uipath-folderpath": folder });
    if (status !== 200) throw new Error(`items were not added: ${status}`);
  }
  client.close();
  return emulator;
}

/** The calls that planning these references takes, by the emulator's log, and how many creates it finds. */
async function planned(emulator: Emulator, references: readonly string[]): Promise<{ calls: number; creates: number }> {
  const source = { file: "bench.yaml", line: 1, column: 1 };
  const resource: DesiredResource = {
    key: { kind: "QueueItems", folder, name: "bench" },
    labels: {},
    dependsOn: [],
    source,
    spec: {
      queue: "Bench",
      items: references.map((reference) => ({ reference, source })),
      commit: "ProcessAllIndependently",
      order: "manifest",
      typeHints: false,
      onDrift: "update",
      recreateDeleted: false,
      sensitive: [],
    },
  };
  const auth = { type: "token", token: emulator.token } as const;
  const { reader } = connect({ baseUrl: emulator.url, auth, clock: systemClock, userAgent: "orch-sync/bench" });
  const before = emulator.requests().at(-1)?.seq ?? 0;
  const { summary } = await makePlan({
    resources: [resource],
    isNamed: () => false,
    locate: (item) => item,
    target: { name: "bench", url: emulator.url },
    forced: [],
    reader,
    parallelism: 4,
    toolVersion: "bench",
    diagnostics: [],
    emit: () => undefined,
    signal: new AbortController().signal,
  });
  return { calls: emulator.requests().filter(({ seq }) => seq > before).length, creates: summary.create };
}

/** The least that the calls can be: see docs/reads.md. */
function boundOf(references: readonly string[], live: number, shape: Shape): number {
  const each = encodeURIComponent(`'${references[0] ?? ""}',`).replaceAll("'", "%27").length;
  const perLookup = Math.min(cloud.nodes - frameNodes, Math.floor((cloud.bytes - 200) / each));
  const prefix = shared(references);
  let prefixRows = 0;
  for (let n = 0; n < live; n += 1) if (shape.live(n).startsWith(prefix)) prefixRows += 1;
  const facts = { references: references.length, perLookup, rows: live, prefixRows, page: cloud.page };
  return folderAndQueue + lowerBound(facts);
}

function shared(references: readonly string[]): string {
  let prefix = references[0] ?? "";
  for (const reference of references) while (!reference.startsWith(prefix)) prefix = prefix.slice(0, -1);
  return prefix;
}

function row(...cells: readonly (string | number)[]): string {
  const text = cells.map((cell) => (typeof cell === "number" ? cell.toLocaleString("en") : cell));
  return `${(text[0] ?? "").padEnd(40)}${text
    .slice(1)
    .map((cell) => cell.padStart(12))
    .join("")}\n`;
}

process.stdout.write(row("references", "desired", "live", "bound", "calls", "over", "allowed"));
let failures = 0;
for (const live of liveCounts) {
  for (const shape of shapes) {
    if (values.only !== undefined && !shape.name.includes(values.only)) continue;
    const emulator = await emulatorWith(live, shape.live);
    for (const count of desiredCounts) {
      const references = Array.from({ length: count }, (_, n) => shape.desired(n));
      const bound = boundOf(references, live, shape);
      const { calls, creates } = await planned(emulator, references);
      const none = shape.name.includes("none");
      if (creates !== (none ? count : Math.max(0, count - live))) throw new Error(`${creates} creates are wrong`);
      const allowed = Math.floor(bound * 0.02) + 3;
      if (calls - bound > allowed) failures += 1;
      process.stdout.write(row(shape.name, count, live, bound, calls, calls - bound, allowed));
    }
    await emulator.close();
  }
}
process.stdout.write(failures === 0 ? "all within 2 % of the bound and three calls\n" : `${failures} above the aim\n`);
process.exitCode = failures === 0 ? 0 : 1;
