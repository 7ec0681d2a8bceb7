import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Diagnostic } from "../../../src/core/diagnostic.ts";
import { formatPlace } from "../../../src/core/source.ts";
import type { QueueItemEntry } from "../../../src/kinds/queue-items/spec.ts";
import { parseYaml } from "../../../src/document/parse.ts";
import { Findings } from "../../../src/manifest/sources/findings.ts";
import type { SourceRequest } from "../../../src/manifest/sources/request.ts";
import { sourceEntries } from "../../../src/manifest/sources/source.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "orch-sync-test-"));
});
afterAll(() => rm(folder, { recursive: true }));

interface Read {
  readonly entries: readonly QueueItemEntry[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads a file with this text, in chunks of the sizes given, over and over. */
async function read(
  file: string,
  text: string | Uint8Array,
  source: Omit<SourceRequest["source"], "file"> = {},
  sizes: readonly number[] = [65_536],
): Promise<Read> {
  await writeFile(join(folder, file), text);
  const [document] = parseYaml("spec: { source: { file: x } }", "m.yaml").documents;
  if (document === undefined) throw new Error("no document");
  const request: SourceRequest = {
    source: { file, ...source },
    fromContent: true,
    sensitive: new Set(),
    queue: "Q",
    at: document.locate(),
    base: folder,
  };
  let turn = 0;
  const chunkBytes = (): number => sizes[turn++ % sizes.length] ?? 1;
  const findings = new Findings(file, { kind: "QueueItems", folder: "F", name: "m" });
  const entries: QueueItemEntry[] = [];
  const limits = { cwd: folder, chunkBytes };
  for await (const batch of sourceEntries(request, limits, findings, () => undefined)) entries.push(...batch);
  return { entries, diagnostics: findings.diagnostics };
}

const delimiters = [",", ";", "|", "\t"] as const;
const end = fc.constantFrom("\n", "\r\n", "\r");
const sizes = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 5 });

/** Cells with everything that CSV has to escape, and sequences of one to four bytes. */
const cell = fc
  .array(fc.constantFrom("a", "7", " ", '"', ",", ";", "|", "\t", "\n", "\r", "ü", "€", "😀", "\u0000"), {
    maxLength: 8,
  })
  .map((parts) => parts.join(""));

/** The simplest writer that is right: it quotes everything. */
function csv(rows: readonly (readonly string[])[], delimiter: string, lineEnd: string): string {
  return rows.map((cells) => cells.map((text) => `"${text.replaceAll('"', '""')}"`).join(delimiter) + lineEnd).join("");
}

const table = fc
  .integer({ min: 1, max: 4 })
  .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 6 }))
  .map((rows) => ({ headers: Array.from({ length: rows[0]?.length ?? 1 }, (_, index) => `c${index}`), rows }));

it("reads from CSV what was written into it, in any chunks", async () => {
  await fc.assert(
    fc.asyncProperty(
      table,
      fc.constantFrom(...delimiters),
      end,
      fc.boolean(),
      sizes,
      async ({ headers, rows }, delimiter, lineEnd, hasMark, chunks) => {
        const text = `${hasMark ? "\uFEFF" : ""}${csv([headers, ...rows], delimiter, lineEnd)}`;
        const { entries, diagnostics } = await read("a.csv", text, { delimiter }, chunks);
        expect(diagnostics).toEqual([]);
        expect(entries.map(({ content }) => Object.values(content ?? {}))).toEqual(rows);
        // The line of each row, as an editor counts.
        const before = rows.map((_, index) => csv([headers, ...rows.slice(0, index)], delimiter, lineEnd));
        const lines = before.map((each) => each.split(/\r\n|\n|\r/).length);
        expect(entries.map(({ source }) => source.line)).toEqual(lines);
      },
    ),
    { numRuns: 60 },
  );
});

it("tells the place of a bad cell behind any other cells", async () => {
  await fc.assert(
    fc.asyncProperty(table, end, sizes, async ({ headers, rows }, lineEnd, chunks) => {
      const before = csv([["bad", ...headers], ...rows.map((row) => ["1", ...row])], ",", lineEnd);
      const [filler = []] = rows;
      const prefix = csv([["", ...filler]], ",", "").slice('"",'.length);
      const row = filler.length === 0 ? '"x"' : `${prefix},"x"`;
      const header = before.split(lineEnd)[0] ?? "";
      const width = header.split(",").length;
      const cells = filler.length + 1 === width ? row : Array.from({ length: width - 1 }, () => "1").join(",") + ',"x"';
      const content = { A: { column: width === 1 ? "bad" : `c${width - 2}`, type: "boolean" as const } };
      const { diagnostics } = await read("a.csv", `${header}${lineEnd}${cells}${lineEnd}`, { content }, chunks);
      const lead = cells.slice(0, -3).split(/\r\n|\n|\r/);
      expect(diagnostics.map(({ code, source }) => [code, source && formatPlace(source)])).toEqual([
        ["QI016", `a.csv:${header.split(/\r\n|\n|\r/).length + lead.length}:${(lead.at(-1)?.length ?? 0) + 1}`],
      ]);
    }),
    { numRuns: 60 },
  );
});

const row = fc.dictionary(
  fc.constantFrom("A", "B", "ü", "constructor", "content"),
  fc.oneof(
    fc.string({ unit: "binary", maxLength: 6 }),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
  ),
  { minKeys: 1, noNullPrototype: true },
);

it("reads the same from NDJSON and from a JSON list, in any chunks", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { maxLength: 6 }),
      fc.constantFrom(undefined, 1),
      sizes,
      async (rows, indent, chunks) => {
        const lines = rows.map((each) => JSON.stringify(each)).join("\n");
        const ndjson = await read("a.ndjson", lines, {}, chunks);
        const json = await read("a.json", JSON.stringify(rows, null, indent), {}, chunks);
        expect([ndjson.diagnostics, json.diagnostics]).toEqual([[], []]);
        // JSON has no -0.
        const written = rows.map((each) => JSON.parse(JSON.stringify(each)) as unknown);
        expect(ndjson.entries.map(({ content }) => content)).toEqual(written);
        expect(json.entries.map(({ content }) => content)).toEqual(written);
      },
    ),
    { numRuns: 60 },
  );
});

const fragments = [
  '"',
  "\n",
  "\r",
  "\r\n",
  ",",
  ";",
  "[",
  "]",
  "{",
  "}",
  ":",
  "\\",
  "null",
  "1e999",
  "\uFEFF",
  "ü",
  "{}",
  "[]",
  "x",
];
const sound: Readonly<Record<string, string>> = {
  "a.csv": 'Reference,Priority,Deadline,A\r\n1,High,2026-01-01,"x\ny"\r\n2,,,"a ""b"""\n',
  "a.ndjson": '{"Reference":"a","A":1.5}\n{"reference":"b","content":{"A":"x"}}\n',
  "a.json": '[{"Reference":"a","A":1.5},\n {"reference":"b","content":{"A":"x"}}]\n',
};

it("answers anything with diagnostics, the same in any chunks, and at places that exist", async () => {
  const damage = fc.record({
    at: fc.nat(100),
    length: fc.nat(10),
    bytes: fc.oneof(
      fc.constantFrom(...fragments).map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 4 }).map((bytes) => Buffer.from(bytes)),
    ),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...Object.keys(sound)),
      fc.array(damage, { minLength: 1, maxLength: 4 }),
      sizes,
      async (file, damages, chunks) => {
        const bytes = damages.reduce(
          (all, { at, length, bytes: put }) => Buffer.concat([all.subarray(0, at), put, all.subarray(at + length)]),
          Buffer.from(sound[file] ?? ""),
        );
        const whole = await read(file, bytes, { timeZone: "UTC" });
        expect(await read(file, bytes, { timeZone: "UTC" }, chunks)).toEqual(whole);
        const lines = bytes
          .toString("utf8")
          .replace(/^\uFEFF/, "")
          .split(/\r\n|\n|\r/);
        const flaws = whole.diagnostics.filter(({ source, message }) => {
          if (/\n|\.$/.test(message)) return true;
          if (source?.file !== file) return false;
          // A row of a list may begin in the middle of a line, and then its excerpt does.
          const isOther = source.text !== undefined && file !== "a.json" && lines[source.line - 1] !== source.text;
          return source.line > lines.length || isOther;
        });
        expect(flaws).toEqual([]);
      },
    ),
    { numRuns: 150 },
  );
});
