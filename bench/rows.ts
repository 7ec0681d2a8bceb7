// Measures `validate` of data files: `npm run bench:rows -- [--runs N]`, after `npm run build`. See docs/sources.md.
import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { orchSync, type Run } from "./process.ts";

const { values } = parseArgs({ options: { runs: { type: "string", default: "3" } } });
const counts = [10_000, 100_000, 1_000_000];

interface Format {
  readonly file: string;
  /** What `spec.source` says besides the file. */
  readonly source: string;
  readonly header: string;
  readonly row: (n: number) => string;
}

const formats: readonly Format[] = [
  {
    file: "rows.csv",
    source:
      'reference: "INV-{number}", priority: "{prio}", dueDate: "{due}", timeZone: Europe/Bucharest, content: { Vendor: { column: vendor }, Amount: { column: amount, type: number }, Note: { column: note } }',
    header: "number,prio,due,vendor,amount,note\n",
    row: (n) => `${n},High,${date(n)},Vendor ${n % 97} GmbH,${n / 100},"said ""${n}"" times"\n`,
  },
  {
    file: "rows.ndjson",
    source: "timeZone: Europe/Bucharest",
    header: "",
    row: (n) =>
      `${JSON.stringify({ Reference: `INV-${n}`, Priority: "High", Deadline: date(n), Vendor: `Vendor ${n % 97} GmbH`, Amount: n / 100, Note: `said "${n}" times` })}\n`,
  },
];

function two(number: number): string {
  return String(number).padStart(2, "0");
}

/** 9,912 different ones. */
function date(n: number): string {
  return `2027-${two((n % 12) + 1)}-${two((n % 28) + 1)} ${two(n % 24)}:${two(n % 59)}`;
}

async function write(folder: string, { file, source, header, row }: Format, count: number): Promise<void> {
  const manifest = `apiVersion: orch-sync/v1\nkind: QueueItems\nmetadata: { name: bench, folder: Bench }\nspec:\n  queue: Bench\n  source: { file: ${file}, ${source} }\n`;
  writeFileSync(join(folder, "bench.yaml"), manifest);
  const stream = createWriteStream(join(folder, file));
  stream.write(header);
  for (let from = 0; from < count; from += 1000) {
    const text = Array.from({ length: Math.min(1000, count - from) }, (_, index) => row(from + index)).join("");
    if (!stream.write(text)) await once(stream, "drain");
  }
  stream.end();
  await once(stream, "finish");
}

async function validate(folder: string, count: number): Promise<Run> {
  const run = await orchSync(["validate", "bench.yaml"], { cwd: folder });
  const expected = `1 manifest in 1 file is valid, ${count.toLocaleString("en-US")} rows in 1 source.\n`;
  if (run.code !== 0 || run.output !== expected) throw new Error(`validate ended with ${run.code}: ${run.output}`);
  return run;
}

function line(file: string, rows: string, ...cells: readonly string[]): string {
  return file.padEnd(14) + rows.padStart(10) + cells.map((cell) => cell.padStart(14)).join("") + "\n";
}

process.stdout.write(line("file", "rows", "seconds", "rows/s", "CPU s", "peak MB"));
for (const format of formats) {
  for (const count of counts) {
    const folder = mkdtempSync(join(tmpdir(), "orch-sync-bench-"));
    try {
      await write(folder, format, count);
      const runs: Run[] = [];
      for (let run = 0; run < Number(values.runs); run++) runs.push(await validate(folder, count));
      const seconds = Math.min(...runs.map((run) => run.seconds)); // others may be busy on the machine: never faster
      const cpu = Math.min(...runs.map((run) => run.cpu));
      const peak = Math.max(...runs.map((run) => run.peak));
      const speed = Math.round(count / seconds).toLocaleString("en-US");
      process.stdout.write(
        line(format.file, count.toLocaleString("en-US"), seconds.toFixed(2), speed, cpu.toFixed(2), peak.toFixed(0)),
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}
