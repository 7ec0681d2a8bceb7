import * as fc from "fast-check";
import { expect, it } from "vitest";
import { hasErrors } from "../../../src/core/diagnostic.ts";
import { diagnosticCodes } from "../../../src/core/diagnostic-codes.ts";
import { loadManifests, type LoadedManifests } from "../../../src/manifest/load.ts";

const sound = `apiVersion: orch-sync/v1
kind: QueueItems
metadata: { name: march, folder: Finance, labels: { team: a } }
spec:
  queue: DocQueue
  references: fromContent
  sensitive: [Email]
  prune: { referencePrefix: INV- }
  items:
    - reference: INV-001
      dueDate: 2026-12-01T08:00:00Z
      content: &c { Email: ana@corp.example, Amount: 12.5 }
    - { priority: High, content: { Email: x } }
    - { reference: INV-003, content: *c }
---
apiVersion: orch-sync/v1
kind: Job
metadata: { name: smoke, folder: Finance }
spec:
  process: "\${env:PROCESS:-Smoke}"
  strategy: { type: Dynamic, count: 1 }
  wait: { until: completed, timeout: 30m }
  dependsOn: [QueueItems/march]
---
apiVersion: orch-sync/v1
kind: StoppedJobs
metadata: { name: stop, folder: Finance }
spec:
  select: { process: Old, states: [Pending] }
---
apiVersion: orch-sync/v1
kind: Review
metadata: { name: review, folder: Finance }
spec:
  queue: DocQueue
  reviewers: [ana]
`;

function load(text: string): Promise<LoadedManifests> {
  return loadManifests({ paths: ["-"], cwd: "/", env: {}, readStdin: () => Promise.resolve(text) });
}

/** What is wrong with the diagnostics themselves: unknown codes, messages of two lines, carets beside the line. */
async function flaws(text: string): Promise<string[]> {
  const { diagnostics } = await load(text);
  const lines = text.replace(/^\uFEFF/, "").split("\n");
  return diagnostics
    .filter(({ code, message, source }) => {
      if (!Object.hasOwn(diagnosticCodes, code) || /\n|\.$/.test(message)) return true;
      if (source?.text === undefined) return false;
      const { line, column, length = 1 } = source;
      const end = column - 1 + length;
      return source.text !== lines[line - 1]?.replace(/\r$/, "") || end > Math.max(source.text.length, column);
    })
    .map((diagnostic) => JSON.stringify(diagnostic));
}

it("starts from something sound", async () => {
  const { diagnostics, resources } = await load(sound);
  expect(diagnostics).toEqual([]);
  expect(resources).toHaveLength(4);
});

it("answers any text with diagnostics", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "binary", maxLength: 200 }), async (text) => {
      expect(await flaws(text)).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

const fragments = [
  "",
  "\n",
  " ",
  "  ",
  "\t",
  ":",
  ": ",
  "- ",
  "{",
  "}",
  "[",
  "]",
  '"',
  "'",
  "*c",
  "&c ",
  "!!map ",
  "? ",
  "|",
  ">",
  "#",
  "---\n",
  "...\n",
  "\r\n",
];
const values = [
  "null",
  "~",
  "1",
  "1e999",
  "true",
  "[]",
  "{}",
  "a",
  "${env:NO}",
  "${secret:A}",
  "$${",
  "2026-01-01",
  "INV-001",
  "__proto__",
  "constructor",
];

it("answers damaged manifests with diagnostics", async () => {
  const damage = fc.record({
    at: fc.nat(sound.length),
    length: fc.nat(30),
    text: fc.oneof(fc.constantFrom(...fragments), fc.constantFrom(...values), fc.string({ maxLength: 5 })),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 4 }), async (damages) => {
      const text = damages.reduce(
        (all, { at, length, text: put }) => all.slice(0, at) + put + all.slice(at + length),
        sound,
      );
      expect(await flaws(text)).toEqual([]);
    }),
    { numRuns: 150 },
  );
});

it("answers documents with any value in any place with diagnostics", async () => {
  const documents = sound.split("---\n");
  const lines = documents.flatMap((text, document) =>
    text.split("\n").map((line, index) => ({ document, index, line })),
  );
  const places = lines.filter(({ line }) => line.includes(": "));
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...places), fc.json({ maxDepth: 3 }), async ({ document, index, line }, json) => {
      const changed = (documents[document] ?? "").split("\n");
      changed[index] = `${line.slice(0, line.indexOf(": "))}: ${json}`;
      const text = documents.map((other, at) => (at === document ? changed.join("\n") : other)).join("---\n");
      expect(await flaws(text)).toEqual([]);
    }),
    { numRuns: 150 },
  );
});

it("never lets a resource through that a diagnostic should have stopped", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom("queue", "items", "kind", "metadata"),
      fc.json({ maxDepth: 1 }),
      async (key, json) => {
        const text = (sound.split("---\n")[0] ?? "").replace(new RegExp(`^( *)${key}:.*$`, "m"), `$1${key}: ${json}`);
        const { resources, diagnostics } = await load(text);
        for (const { kind, spec } of hasErrors(diagnostics) ? [] : resources) {
          expect(kind).toBe("QueueItems");
          expect(kind === "QueueItems" && spec.queue).toBeTypeOf("string");
        }
      },
    ),
    { numRuns: 100 },
  );
});
