import { once } from "node:events";
import { createWriteStream, writeFileSync } from "node:fs";
import { join } from "node:path";
import { folder } from "./orchestrator.ts";

/** The queue that scenarios are about. */
export const queue = "Bench";

type Item = {
  readonly Reference: string;
  readonly Priority: string;
  readonly SpecificContent: Readonly<Record<string, string | number>>;
};

/** One item as the API takes it; the files below say the same. */
export function item(n: number): Item {
  const content = { Vendor: `Vendor ${n % 97} GmbH`, Amount: n / 100, Note: `said "${n}" times` };
  return { Reference: referenceOf(n), Priority: "High", SpecificContent: content };
}

function referenceOf(n: number): string {
  return `INV-${String(n).padStart(7, "0")}`;
}

export type Format = "csv" | "ndjson" | "yaml";

const mapping =
  'reference: "{reference}", priority: High, content: { Vendor: { column: vendor }, Amount: { column: amount, type: number }, Note: { column: note } }';

/** Writes a manifest that names so many items, and returns the file that holds them: the manifest itself for YAML. */
export async function writeManifest(
  where: string,
  count: number,
  format: Format,
  order: "manifest" | "any" = "manifest",
): Promise<string> {
  const head = `apiVersion: orch-sync/v1\nkind: QueueItems\nmetadata: { name: bench, folder: ${folder} }\nspec:\n  queue: ${queue}\n  order: ${order}\n`;
  const file = `rows.${format}`;
  const manifest = join(where, "bench.yaml");
  switch (format) {
    case "yaml":
      writeFileSync(manifest, `${head}  items:\n${Array.from({ length: count }, (_, n) => yamlItem(n)).join("")}`);
      return manifest;
    case "csv":
      writeFileSync(manifest, `${head}  source: { file: ${file}, ${mapping} }\n`);
      return writeRows(join(where, file), "reference,vendor,amount,note\n", count, csvRow);
    case "ndjson":
      writeFileSync(manifest, `${head}  source: { file: ${file} }\n`);
      return writeRows(join(where, file), "", count, jsonRow);
  }
}

function yamlItem(n: number): string {
  const { Reference, SpecificContent: content } = item(n);
  return `    - { reference: ${Reference}, priority: High, content: ${JSON.stringify(content)} }\n`;
}

function csvRow(n: number): string {
  const { Reference, SpecificContent: content } = item(n);
  return `${Reference},${content["Vendor"]},${content["Amount"]},"said ""${n}"" times"\n`;
}

function jsonRow(n: number): string {
  const { Reference: reference, SpecificContent: content } = item(n);
  return `${JSON.stringify({ reference, priority: "High", content })}\n`;
}

async function writeRows(file: string, head: string, count: number, row: (n: number) => string): Promise<string> {
  const stream = createWriteStream(file);
  stream.write(head);
  for (let from = 0; from < count; from += 1000) {
    const rows = Array.from({ length: Math.min(1000, count - from) }, (_, index) => row(from + index));
    if (!stream.write(rows.join(""))) await once(stream, "drain");
  }
  stream.end();
  await once(stream, "finish");
  return file;
}
