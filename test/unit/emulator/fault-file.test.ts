import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FaultFileError, startEmulator } from "../../../src/emulator/index.ts";
import { sender, start } from "./tenant.ts";

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "faults-"));
  file = join(folder, "faults.yaml");
});

afterEach(() => rmSync(folder, { recursive: true }));

const head = ["apiVersion: orch-sync/v1", "kind: Faults", "spec:"];

async function problemsOf(...lines: readonly string[]): Promise<FaultFileError["problems"]> {
  writeFileSync(file, [...head, ...lines].join("\n"));
  const error: unknown = await startEmulator({ faults: file }).then(
    (emulator) => emulator.close(),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(FaultFileError);
  return (error as FaultFileError).problems;
}

test.each<[string, readonly string[], string, number, number]>([
  ["an unknown field", ["  rules: [{ handel: no }]"], "unknown field 'handel'", 4, 13],
  ["a wrong word", ["  rules:", "    - handle: maybe"], "no|once|twice", 5, 15],
  ["a wrong duration", ["  rules: [{ delay: 5 minutes }]"], "pattern", 4, 20],
  ["a share over one", ["  rules: [{ match: { share: 2 }, delay: 1s }]"], "must be <= 1", 4, 29],
  ["both of part and late", ["  rules: [{ handle: { part: 1, late: 1s }, answer: close }]"], "1 properties", 4, 21],
  ["broken YAML", ["  rules: [{ handle: no"], "Flow map", 4, 23],
  ["a rule that does nothing", ["  rules:", "    - match: { path: x }"], "does nothing", 5, 7],
  ["an answer without a word on handling", ["  rules: [{ answer: { status: 500 } }]"], "needs handle", 4, 21],
  ["no handling and no answer", ["  rules: [{ handle: no }]"], "needs answer", 4, 21],
  ["a part without an answer", ["  rules: [{ handle: { part: 1 } }]"], "needs answer", 4, 21],
  ["a cut of no answer", ["  rules: [{ handle: no, answer: cut }]"], "cuts the server's answer", 4, 33],
  ["a cut of a late answer", ["  rules: [{ handle: { late: 1s }, answer: cut }]"], "cuts the server's answer", 4, 43],
  ["a broken expression", ["  rules: [{ match: { path: { regex: '(' } }, delay: 1s }]"], "regular expression", 4, 28],
  ["a refusal and more", ["  rules: [{ refuseToken: once, delay: 1s }]"], "cannot be together with delay", 4, 26],
])("a fault file with %s says what and where", async (_name, lines, text, line, column) => {
  const message = expect.stringContaining(text) as string;
  expect((await problemsOf(...lines))[0]).toMatchObject({ message, line, column });
});

test("all of what the schema refuses at once, with file, line and column in the message", async () => {
  expect(await problemsOf("  rules: [{ a: 1 }, { b: 2 }]")).toHaveLength(2);
  await expect(startEmulator({ faults: file })).rejects.toThrow(`${file}:4:13: spec.rules.0.a: unknown field 'a'`);
});

test("a file that is not there, and rules given in code", async () => {
  await expect(startEmulator({ faults: join(folder, "none.yaml") })).rejects.toThrow("cannot be read");
  await expect(startEmulator({ faults: [{ delay: "soon" }] })).rejects.toThrow("faults: spec.rules.0.delay");
});

test("JSON is a fault file too", async () => {
  writeFileSync(
    file,
    JSON.stringify({ apiVersion: "orch-sync/v1", kind: "Faults", spec: { rules: [{ delay: "1ms" }] } }),
  );
  await using emulator = await start({ faults: file });
  expect(emulator.faults.counts()).toMatchObject([{ name: "rule 1", hits: 0 }]);
});

test("the log file has a line for every call, with its fault, and those that nobody answered", async () => {
  const log = join(folder, "log.ndjson");
  const emulator = await start({
    log,
    faults: [
      { match: { path: "Jobs" }, name: "gone", handle: "once", answer: "never" },
      { match: { path: "Users" }, name: "late", handle: { late: "1s" }, answer: { status: 504 } },
    ],
  });
  const send = sender(emulator);
  const open = send("GET", "/odata/Jobs").catch(() => undefined);
  await send("GET", "/odata/Folders");
  await send("GET", "/odata/Users");
  emulator.clock.advance(1000);
  await emulator.close();
  await open;
  const lines = readFileSync(log, "utf8").trimEnd().split("\n");
  const entries = lines.map(
    (line) => JSON.parse(line) as { path: string; status: number; fault: unknown; seq: number },
  );
  const found = entries.toSorted((a, b) => a.path.localeCompare(b.path));
  expect(found.map(({ path, status, fault }) => [path, status, fault])).toEqual([
    ["/odata/Folders", 200, null],
    ["/odata/Jobs", 0, { name: "gone", handled: [200] }],
    ["/odata/Users", 504, { name: "late", handled: [200] }],
  ]);
});

test("the request log can be asked for paths", async () => {
  await using emulator = await start();
  const send = sender(emulator);
  await send("GET", "/odata/Jobs");
  await send("GET", "/odata/Folders");
  const { value } = (await send("GET", "/__emulator/requests?path=/odata/F*")).body;
  expect(value).toMatchObject([{ seq: 2, path: "/odata/Folders", fault: null }]);
});
