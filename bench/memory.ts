// Measures whole plans of large sets: `npm run bench:memory -- [--rows N]… [--edition cloud]`, after `npm run build`. See docs/size.md.
import { once } from "node:events";
import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Client } from "./client.ts";
import { orchSync, serve, type Run, type Served } from "./process.ts";

const { values } = parseArgs({
  options: {
    rows: { type: "string", multiple: true, default: ["10000", "100000", "1000000"] },
    edition: { type: "string", default: "2023.4" },
    only: { type: "string", default: "" },
    output: { type: "string", default: "human" },
    profile: { type: "boolean" },
  },
});

/** A plan: which queue its manifest names, and how many rows of its source differ from what is there. */
interface Scenario {
  readonly name: string;
  readonly queue: "Bench" | "Empty";
  readonly differs: (n: number) => boolean;
  readonly creates: (rows: number) => number;
  readonly updates: (rows: number) => number;
}

const none = (): number => 0;
const scenarios: readonly Scenario[] = [
  { name: "all in line", queue: "Bench", differs: () => false, creates: none, updates: none },
  { name: "1 % differ", queue: "Bench", differs: (n) => n % 100 === 0, creates: none, updates: (n) => n / 100 },
  { name: "none live", queue: "Empty", differs: () => false, creates: (rows) => rows, updates: none },
];

interface Item {
  readonly reference: string;
  readonly content: Readonly<Record<string, string | number | boolean>>;
}

function item(n: number, differs: boolean): Item {
  const content = {
    Vendor: `Vendor ${n % 97} GmbH`,
    Amount: n / 100,
    Paid: n % 2 === 0,
    Note: differs ? "new" : "old",
  };
  return { reference: `INV-${String(n).padStart(7, "0")}`, content };
}

async function seed(server: Served, rows: number): Promise<void> {
  const client = new Client(server);
  const batch = 5000;
  for (let from = 0; from < rows; from += batch) {
    const queueItems = Array.from({ length: Math.min(batch, rows - from) }, (_, index) => {
      const { reference, content } = item(from + index, false);
      return { Reference: reference, Priority: "Normal", SpecificContent: content };
    });
    const body = JSON.stringify({ queueName: "Bench", commitType: "ProcessAllIndependently", queueItems });
    const path = "/odata/Queues/UiPathODataSvc.BulkAddQueueItems";
    const { status } = await client.send({ method: "POST", path, body }, { "x-uipath-folderpath": "Bench" });
    if (status !== 200) throw new Error(`items were not added: ${status}`);
  }
  client.close();
}

async function write(folder: string, { queue, differs }: Scenario, rows: number): Promise<void> {
  const manifest = `apiVersion: orch-sync/v1\nkind: QueueItems\nmetadata: { name: bench, folder: Bench }\nspec:\n  queue: ${queue}\n  source: { file: rows.ndjson }\n`;
  writeFileSync(join(folder, "bench.yaml"), manifest);
  const stream = createWriteStream(join(folder, "rows.ndjson"));
  for (let from = 0; from < rows; from += 1000) {
    const lines = Array.from({ length: Math.min(1000, rows - from) }, (_, index) => {
      const n = from + index;
      return `${JSON.stringify(item(n, differs(n)))}\n`;
    });
    if (!stream.write(lines.join(""))) await once(stream, "drain");
  }
  stream.end();
  await once(stream, "finish");
}

async function plan(server: Served, folder: string, scenario: Scenario, rows: number): Promise<Run> {
  await write(folder, scenario, rows);
  const forced = ["--force", "maxCreates", "--force", "maxUpdates"];
  const run = await orchSync(["plan", "bench.yaml", "--quiet", "-o", values.output, ...forced], {
    cwd: folder,
    env: { ORCH_SYNC_URL: server.url, ORCH_SYNC_TOKEN: server.token },
    execArgv: values.profile === true ? ["--cpu-prof", `--cpu-prof-dir=${process.cwd()}/reports`] : [],
  });
  const [created, updated] = ["create", "update"].map((verb) => counted(run.output, verb));
  if (run.code !== 0) throw new Error(`plan ended with ${run.code}: ${run.output.slice(-2000)}`);
  if (values.output === "human" && (created !== scenario.creates(rows) || updated !== scenario.updates(rows))) {
    throw new Error(`the plan is wrong: ${run.output.slice(-2000)}`);
  }
  return run;
}

/** The summary line's figure, which thousands are parted in. */
function counted(output: string, verb: string): number {
  return Number(new RegExp(`([\\d,]+) to ${verb}`).exec(output)?.[1]?.replaceAll(",", "") ?? 0);
}

function line(name: string, rows: string, ...cells: readonly string[]): string {
  return `${name.padEnd(14)}${rows.padStart(10)}${cells.map((cell) => cell.padStart(12)).join("")}\n`;
}

/** How time grows with size: 1 is linear. The slope of a line through the logarithms. */
function exponent(points: readonly { readonly rows: number; readonly seconds: number }[]): number {
  const logs = points.map(({ rows, seconds }) => [Math.log(rows), Math.log(seconds)] as const);
  const mean = (of: (log: readonly [number, number]) => number): number =>
    logs.reduce((sum, log) => sum + of(log), 0) / logs.length;
  const [x, y] = [mean(([at]) => at), mean(([, at]) => at)];
  return mean(([a, b]) => (a - x) * (b - y)) / mean(([a]) => (a - x) ** 2);
}

const measured = new Map(scenarios.map(({ name }) => [name, [] as { rows: number; seconds: number }[]]));
process.stdout.write(line("live", "rows", "seconds", "rows/s", "CPU s", "peak MB", "calls"));
for (const rows of values.rows.map(Number)) {
  const folder = mkdtempSync(join(tmpdir(), "orch-sync-bench-"));
  const server = await serve(["emulator", join(folder, "data.db"), values.edition]);
  try {
    await seed(server, rows);
    for (const scenario of scenarios) {
      if (!scenario.name.includes(values.only)) continue;
      const { seconds, cpu, peak, output } = await plan(server, folder, scenario, rows);
      measured.get(scenario.name)?.push({ rows, seconds });
      const calls = /([\d,]+) calls?\b/.exec(output)?.[1] ?? "";
      const speed = Math.round(rows / seconds).toLocaleString("en");
      const cells = [seconds.toFixed(2), speed, cpu.toFixed(2), peak.toFixed(0), calls];
      process.stdout.write(line(scenario.name, rows.toLocaleString("en"), ...cells));
    }
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
for (const [name, points] of measured) {
  if (points.length > 1)
    process.stdout.write(`${name}: time grows with rows to the power of ${exponent(points).toFixed(2)}\n`);
}
