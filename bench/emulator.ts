// Measures the emulator: `npm run bench:emulator -- [--million] [--runs N] [--profile]`. See docs/emulator.md.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Client, type Call } from "./client.ts";
import { serve, type Served } from "./process.ts";
import { table, type Measure } from "./report.ts";

const { values } = parseArgs({
  options: {
    million: { type: "boolean" },
    runs: { type: "string", default: "5" },
    profile: { type: "boolean" },
    only: { type: "string" },
  },
});

const batch = 1000;
const total = values.million === true ? 1_000_000 : 100_000;

/** A series of calls, and how many items one of them is about. */
interface Scenario {
  readonly name: string;
  readonly items: number;
  readonly calls: Iterable<Call>;
}

function* adding(): Generator<Call> {
  for (let from = 0; from < total; from += batch) {
    const queueItems = Array.from({ length: batch }, (_, index) => item(from + index));
    const body = JSON.stringify({ queueName: "Bench", commitType: "ProcessAllIndependently", queueItems });
    yield { method: "POST", path: "/odata/Queues/UiPathODataSvc.BulkAddQueueItems", body };
  }
}

function item(n: number): object {
  const content = { InvoiceNumber: `INV-${n}`, Vendor: `Vendor ${n % 97} GmbH`, Amount: n / 100, Paid: n % 2 === 0 };
  return { Reference: `INV-${n}`, Priority: "Normal", SpecificContent: content };
}

/** By `$skip`, as most clients page. */
function* pages(size: number): Generator<Call> {
  for (let skip = 0; skip < Math.min(total, 100_000); skip += size) {
    yield { method: "GET", path: `/odata/QueueItems?${query({ $top: `${size}`, $skip: `${skip}`, $orderby: "Id" })}` };
  }
}

/** By `Id gt`, which does not shift while items arrive: as orch-sync pages. */
function* keyset(size: number): Generator<Call> {
  for (let id = 0; id < Math.min(total, 100_000); id += size) {
    const options = { $top: `${size}`, $filter: `Id gt ${id}`, $orderby: "Id" };
    yield { method: "GET", path: `/odata/QueueItems?${query(options)}` };
  }
}

function* lookups(): Generator<Call> {
  for (let n = 0; n < 500; n += 1) {
    const references = Array.from({ length: 80 }, (_, index) => `'INV-${(n * 7919 + index * 104_729) % total}'`);
    const options = { $filter: `Reference in (${references.join(",")})`, $top: "80" };
    yield { method: "GET", path: `/odata/QueueItems?${query(options)}` };
  }
}

function* filters(filter: (n: number) => string): Generator<Call> {
  for (let n = 0; n < 500; n += 1) {
    yield { method: "GET", path: `/odata/QueueItems?${query({ $filter: filter(n), $top: "10" })}` };
  }
}

function* starts(): Generator<Call> {
  const startInfo = {
    ReleaseKey: "11111111-1111-4111-8111-111111111111",
    Strategy: "ModernJobsCount",
    JobsCount: 1,
    InputArguments: '{"month":"May"}',
  };
  const body = JSON.stringify({ startInfo });
  for (let n = 0; n < 1000; n += 1) {
    yield { method: "POST", path: "/odata/Jobs/UiPath.Server.Configuration.OData.StartJobs", body };
  }
}

function query(options: Readonly<Record<string, string>>): string {
  return Object.entries(options)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join("&");
}

const scenarios = (): readonly Scenario[] => [
  { name: `add ${total} items, ${batch} a call`, items: batch, calls: adding() },
  { name: "page by 100, $skip", items: 100, calls: pages(100) },
  { name: "page by 1,000, $skip", items: 1000, calls: pages(1000) },
  { name: "page by 100, Id gt", items: 100, calls: keyset(100) },
  { name: "page by 1,000, Id gt", items: 1000, calls: keyset(1000) },
  { name: "80 references, in", items: 80, calls: lookups() },
  { name: "one reference, eq", items: 1, calls: filters((n) => `Reference eq 'inv-${(n * 7919) % total}'`) },
  { name: "queue and status", items: 10, calls: filters(() => "QueueDefinitionId eq 1 and Status eq 'New'") },
  { name: "queue and rare status", items: 0, calls: filters(() => "QueueDefinitionId eq 1 and Status eq 'Failed'") },
  { name: "start 1,000 jobs, one a call", items: 1, calls: starts() },
];

/** Time that the calls of a scenario take, and the size of their answers. */
async function run(client: Client, calls: readonly Call[], sizes?: readonly number[]): Promise<Timed> {
  const answered: number[] = [];
  const start = process.hrtime.bigint();
  for (const [index, call] of calls.entries()) {
    const headers: Record<string, string> = sizes ? { "x-size": `${sizes[index]}` } : {};
    const { status, body } = await client.send(call, headers);
    if (status >= 300) throw new Error(`${call.method} ${call.path.slice(0, 200)}: ${status} ${String(body)}`);
    answered.push(body.length);
  }
  return { seconds: Number(process.hrtime.bigint() - start) / 1e9, sizes: answered };
}

interface Timed {
  readonly seconds: number;
  readonly sizes: readonly number[];
}

async function measure(emulator: Served, constant: Served): Promise<Measure[]> {
  const [real, floor] = [new Client(emulator), new Client(constant)];
  const measures: Measure[] = [];
  for (const { name, items, calls } of scenarios()) {
    if (!name.startsWith("add") && !name.includes(values.only ?? "")) continue;
    const list = [...calls]; // made before the clock runs
    const reads = list.filter(({ method }) => method === "GET").slice(0, 200);
    const warm = await run(real, reads);
    await run(floor, reads, warm.sizes);
    const { seconds, sizes } = await run(real, list);
    const bare = await run(floor, list, sizes);
    const requests = list.length / seconds;
    measures.push({ name, items: requests * items, requests, ratio: bare.seconds / seconds });
  }
  real.close();
  floor.close();
  return measures;
}

async function once(): Promise<{ readonly measures: readonly Measure[]; readonly memory: number | undefined }> {
  const folder = mkdtempSync(join(tmpdir(), "orch-sync-bench-"));
  const profiling = values.profile === true ? ["--cpu-prof", "--cpu-prof-dir=reports"] : [];
  const emulator = await serve(["emulator", join(folder, "data.db")], profiling);
  const constant = await serve(["constant"]);
  try {
    return { measures: await measure(emulator, constant), memory: emulator.peakMemory() };
  } finally {
    await Promise.all([emulator.stop(), constant.stop()]);
    rmSync(folder, { recursive: true, force: true });
  }
}

const runs: Awaited<ReturnType<typeof once>>[] = [];
for (let n = 0; n < Number(values.runs); n += 1) runs.push(await once());
process.stdout.write(table(runs));
