// Measures an apply against a bare client: `npm run bench:apply -- [--rows N] [--delay MS] [--runs N] [--order any]
// [--profile]`, after `npm run build`. See docs/exactly-once.md.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { orchSync, runNode, serve, type Run, type Served } from "./process.ts";

const { values } = parseArgs({
  options: {
    rows: { type: "string", default: "100000" },
    delay: { type: "string" },
    runs: { type: "string", default: "5" },
    order: { type: "string", default: "manifest" },
    profile: { type: "boolean", default: false },
  },
});
const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const rows = Number(values.rows);
/** Batches of a queue go one after the other unless `order: any` lets as many go as resources may. */
const parallelism = values.order === "any" ? 4 : 1;

interface Measure extends Pick<Run, "seconds" | "cpu" | "peak"> {
  /** What the server has seen. */
  readonly calls: number;
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}

function due(n: number): string {
  return `2027-${two((n % 12) + 1)}-${two((n % 28) + 1)}T${two(n % 24)}:${two(n % 59)}:00Z`;
}

function row(n: number): string {
  return `${n},High,${due(n)},Vendor ${n % 97} GmbH,${n / 100},"said ""${n}"" times"\n`;
}

/** The same rows in each round, and a project that adds them. */
function makeProject(folder: string): void {
  const lines = Array.from({ length: rows }, (_, n) => row(n)).join("");
  writeFileSync(join(folder, "rows.csv"), `number,prio,due,vendor,amount,note\n${lines}`);
  const content = "{ Vendor: { column: vendor }, Amount: { column: amount, type: number }, Note: { column: note } }";
  const source = `{ file: rows.csv, reference: "INV-{number}", priority: "{prio}", dueDate: "{due}", content: ${content} }`;
  writeFileSync(
    join(folder, "bench.yaml"),
    `apiVersion: orch-sync/v1\nkind: QueueItems\nmetadata: { name: bench, folder: Bench }\nspec:\n  queue: Bench\n  order: ${values.order}\n  source: ${source}\n`,
  );
  writeFileSync(
    join(folder, "orch-sync.yaml"),
    'apiVersion: orch-sync/v1\nkind: Config\ndefaultTarget: bench\ntargets:\n  bench: { url: "${env:BENCH_URL}", guards: { maxCreates: 1000000 }, auth: { type: token, token: "${secret:BENCH_TOKEN}" } }\n',
  );
}

/** One whole process against a server that has seen nobody yet. */
async function measure(
  folder: string,
  delay: number,
  run: (server: Served, options: { readonly cwd: string; readonly env: object }) => Promise<Run>,
): Promise<Measure> {
  const server = await serve([
    "emulator",
    join(mkdtempSync(join(folder, "server-")), "data.db"),
    "2023.4",
    String(delay),
  ]);
  try {
    const env = { BENCH_URL: server.url, BENCH_TOKEN: server.token };
    const { code, output, seconds, cpu, peak } = await run(server, { cwd: folder, env });
    if (code !== 0) throw new Error(`it ended with ${code}: ${output.slice(-2000)}`);
    const { items, calls } = await server.ask();
    if (items !== rows) throw new Error(`${items} items are there, not ${rows}: ${output.slice(-2000)}`);
    return { seconds, cpu, peak, calls };
  } finally {
    await server.stop();
  }
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return ((sorted[Math.floor((sorted.length - 1) / 2)] ?? 0) + (sorted[Math.ceil((sorted.length - 1) / 2)] ?? 0)) / 2;
}

function line(name: string, runs: readonly Measure[]): string {
  const seconds = runs.map((run) => run.seconds);
  const spread = `${Math.min(...seconds).toFixed(2)}–${Math.max(...seconds).toFixed(2)}`;
  const cells = [
    median(seconds).toFixed(2),
    spread,
    median(runs.map((run) => run.cpu)).toFixed(2),
    Math.max(...runs.map((run) => run.peak)).toFixed(0),
    String(runs[0]?.calls ?? 0),
  ];
  return `${name.padEnd(14)}${cells.map((cell) => cell.padStart(14)).join("")}\n`;
}

/** Rounds take turns, A B A B: what else the machine does meets both. */
async function compare(folder: string, delay: number): Promise<void> {
  const execArgv = values.profile ? ["--cpu-prof", `--cpu-prof-dir=${path("../reports")}`] : [];
  const apply = ["apply", "bench.yaml", "--auto-approve"];
  const [ours, bare]: [Measure[], Measure[]] = [[], []];
  for (let run = 0; run < Number(values.runs); run++) {
    ours.push(await measure(folder, delay, (_server, options) => orchSync(apply, { ...options, execArgv })));
    bare.push(
      await measure(folder, delay, ({ url, token }, options) =>
        runNode([path("bare-client.ts"), url, token, "rows.csv", String(parallelism)], options),
      ),
    );
  }
  const ratios = ours.map((run, index) => run.seconds / (bare[index]?.seconds ?? Number.NaN));
  process.stdout.write(
    `${rows.toLocaleString("en")} items, ${delay === 0 ? "unthrottled" : `${delay} ms a call`}, ${parallelism} at a time\n` +
      `${["", "seconds", "spread", "CPU s", "peak MB", "calls"].map((cell, at) => (at === 0 ? cell.padEnd(14) : cell.padStart(14))).join("")}\n` +
      line("orch-sync", ours) +
      line("bare client", bare) +
      `ratio: median ${median(ratios).toFixed(2)}, ${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}\n\n`,
  );
}

const folder = mkdtempSync(join(tmpdir(), "orch-sync-bench-"));
try {
  makeProject(folder);
  for (const delay of values.delay === undefined ? [0, 50] : [Number(values.delay)]) await compare(folder, delay);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
