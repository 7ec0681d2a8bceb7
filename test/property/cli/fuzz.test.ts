import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { exitCodeOf, exitCodes, type ExitCode } from "../../../src/cli/exit-codes.ts";
import type { Io, Output } from "../../../src/cli/io.ts";
import { runProgram } from "../../../src/cli/program.ts";

const folder = mkdtempSync(join(tmpdir(), "orch-sync-fuzz-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Run {
  readonly code: ExitCode;
  readonly output: string;
  readonly milliseconds: number;
}

/** `orch-sync` in this process, in a folder with these files. */
async function orchSync(argv: readonly string[], files: Readonly<Record<string, Uint8Array>>): Promise<Run> {
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
  let output = "";
  const stream = {
    write: (text: string) => (output += text),
    isTerminal: false,
    columns: undefined,
  } as unknown as Output;
  const io = { env: {}, cwd: folder, stdout: stream, stderr: stream } as unknown as Io;
  const started = performance.now();
  const code = await runProgram(argv, io).catch((error: unknown) => {
    output += String(error);
    return exitCodeOf(error);
  });
  return { code, output, milliseconds: performance.now() - started };
}

const manifest = `apiVersion: orch-sync/v1
kind: QueueItems
metadata: { name: march, folder: Finance, labels: { team: a } }
spec:
  queue: DocQueue
  sensitive: [Email]
  items:
    - reference: INV-001
      dueDate: 2026-12-01T08:00:00Z
      content: &c { Email: ana@corp.example, Amount: 12.5 }
    - { reference: "\${env:NAME:-x}", content: *c }
---
apiVersion: orch-sync/v1
kind: Job
metadata: { name: smoke, folder: Finance }
spec: { process: A, strategy: { type: Dynamic, count: 1 }, dependsOn: [QueueItems/march] }
`;
const overlay = `apiVersion: orch-sync/v1
kind: Job
metadata: { name: smoke, folder: FINANCE }
spec: { process: B, strategy: null, inputArguments: { a: [1, null] } }
`;
const config = `apiVersion: orch-sync/v1
kind: Config
manifests: [m.yaml]
defaultTarget: prod
targets:
  prod:
    url: https://cloud.uipath.com/acme/prod/orchestrator_
    folder: Finance
    auth: { type: token, token: "\${secret:TOKEN}" }
    guards: { maxDeletes: 0, maxStops: 20% }
`;

const scraps = [
  "",
  "\0",
  "\t",
  "\uFEFF",
  "007",
  "*c",
  "&c ",
  "__proto__: ",
  "<<: ",
  "!!binary ",
  "${",
  "$${",
  "${secret:A}",
];
const pieces = fc
  .oneof(
    fc.constantFrom(
      ...scraps,
      "- ",
      "? ",
      "[",
      "]",
      "{",
      "}",
      '"',
      "'",
      "|\n",
      ">\n",
      "---\n",
      "...\n",
      "null",
      "1e999",
    ),
    fc.string({ unit: "binary", maxLength: 8 }),
  )
  .map((text) => Buffer.from(text));
const rawBytes = fc.uint8Array({ maxLength: 6 }).map((bytes) => Buffer.from(bytes));

/** A file that somebody's editor, disk or merge has been at. */
function mangled(text: string): fc.Arbitrary<Uint8Array> {
  const sound = Buffer.from(text);
  const cut = fc.record({ at: fc.nat(sound.length), length: fc.nat(40), put: fc.oneof(pieces, rawBytes) });
  return fc.oneof(
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }) },
    {
      weight: 1,
      arbitrary: fc.constantFrom("utf16le", "latin1", "base64").map((code) => Buffer.from(text, code as "latin1")),
    },
    {
      weight: 6,
      arbitrary: fc
        .array(cut, { minLength: 1, maxLength: 4 })
        .map((cuts) =>
          cuts.reduce(
            (all, { at, length, put }) => Buffer.concat([all.subarray(0, at), put, all.subarray(at + length)]),
            sound,
          ),
        ),
    },
  );
}

/** What is wrong with an answer: it comes in words and in bounded time, whatever was read. */
function flaws({ code, output, milliseconds }: Run): string[] {
  const codes: readonly ExitCode[] = [exitCodes.done, exitCodes.invalid, exitCodes.usage];
  return [
    ...(codes.includes(code) ? [] : [`exit ${code}: ${output}`]),
    ...(/\n {4}at /.test(output) ? [`a stack trace: ${output}`] : []),
    ...(milliseconds < 5000 ? [] : [`${milliseconds} ms`]),
  ];
}

describe("validate answers", () => {
  const files = { "m.yaml": Buffer.from(manifest), "o.yaml": Buffer.from(overlay), "c.yaml": Buffer.from(config) };
  const argv = ["validate", "--config", "c.yaml", "--overlay", "o.yaml"];

  it("from something sound", async () => {
    expect(await orchSync(argv, files)).toMatchObject({ code: 0, output: "2 manifests in 2 files are valid.\n" });
  });

  it.each([
    ["m.yaml", manifest],
    ["o.yaml", overlay],
    ["c.yaml", config],
  ])("whatever %s holds", async (name, text) => {
    const formats = fc.constantFrom("human", "json", "yaml");
    await fc.assert(
      fc.asyncProperty(mangled(text), formats, async (bytes, format) => {
        expect(flaws(await orchSync([...argv, "-o", format], { ...files, [name]: bytes }))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it("whatever is selected", async () => {
    const term = fc.oneof(
      fc.string({ unit: "binary", maxLength: 12 }),
      fc.constantFrom(
        "kind=Job",
        "name=*",
        "kind=J*,name=smoke",
        "folder=**",
        "label.team=a",
        "kind=Jop",
        "name=",
        ",",
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom("--select", "--exclude"), term, async (flag, text) => {
        expect(flaws(await orchSync([...argv, `${flag}=${text}`], files))).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });
});
