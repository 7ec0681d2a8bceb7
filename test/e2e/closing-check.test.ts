import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { EditionName, FaultRule } from "../../src/emulator/index.ts";
import { handled, sentEffects } from "../checker/writes.ts";
import { manifests, tenant, workplace, writeFiles, type Workplace } from "../support/server.ts";

const processes = [
  { name: "P", folder: "Finance", run: { pending: "1ms", duration: "20ms", state: "Successful" as const } },
];
const set = (edition: EditionName): ReturnType<typeof tenant> =>
  tenant({ edition, queues: [{ name: "Plain", folder: "Finance" }], processes });
const items = {
  "manifests/a.yaml": manifests.items(
    "{ queue: Plain, seedUntil: never, items: [{ reference: A }, { reference: B }] }",
  ),
};
/** A proxy on the way hands every write over twice. */
const doubled = (path: string, fault: FaultRule = {}): FaultRule[] => [
  { match: { method: "POST", path: `*.${path}` }, times: 1, handle: "twice", ...fault },
];

async function live({ emulator }: Workplace): Promise<string[]> {
  const headers = { authorization: `Bearer ${emulator.token}`, "X-UIPATH-FolderPath": "Finance" };
  const response = await fetch(`${emulator.url}/odata/QueueItems`, { headers });
  const { value } = (await response.json()) as { value: { Reference: string; Status: string }[] };
  return value.filter(({ Status }) => Status !== "Deleted").map(({ Reference }) => Reference);
}

it("a copy that is provably this apply's own is removed: after an open write, and with --verify all after any", async () => {
  for (const [fault, args] of [
    [{ answer: "close" }, []],
    [{}, ["--verify", "all"]],
  ] as const) {
    const place = await workplace({ tenant: set("cloud"), files: items, faults: doubled("BulkAddQueueItems", fault) });
    const { code, stdout, stderr } = await place.run(["apply", "--auto-approve", ...args]);
    const told = /copies that a doubled write had left were removed: ids \d+, \d+\n/;
    expect([code, stdout, stderr]).toEqual([0, expect.stringMatching(told), expect.stringMatching(told)]);
    expect(stderr.includes("reads every key again at the end: about 1 call (1 list call)")).toBe(args.length > 0);
    expect((await live(place)).toSorted()).toEqual(["A", "B"]);
    expect((await place.run(["plan", "--detailed-exitcode"])).code).toBe(0);
  }
});

it("a copy without proof is reported with its ids, and left alone; so is a second job", async () => {
  const files = { ...items, "manifests/b.yaml": manifests.job("{ process: P, run: once }") };
  const faults = [...doubled("BulkAddQueueItems", { answer: "close" }), ...doubled("StartJobs", { answer: "close" })];
  const place = await workplace({ tenant: set("2023.4"), files, faults });
  const { code, stdout } = await place.inProcess(["apply", "--auto-approve"]);
  expect(code).toBe(5);
  expect(stdout).toMatch(/2 items have this reference: ids \d+, \d+/);
  expect(stdout).toMatch(/2 jobs carry the run key smoke@once, and 1 was meant: ids \d+, \d+/);
  expect((await live(place)).toSorted()).toEqual(["A", "A", "B", "B"]);
  expect(sentEffects(place.emulator.requests()).filter((effect) => effect.startsWith("delete"))).toEqual([]);
});

it("failed rows are a source: mended and named as one, they go in", async () => {
  const refusal: FaultRule = {
    match: { method: "POST", path: "*.BulkAddQueueItems" },
    times: 1,
    handle: "no",
    answer: { status: 400, errorCode: 1000 },
  };
  const files = {
    "manifests/a.yaml": manifests.items(
      '{ queue: Plain, seedUntil: never, items: [{ reference: A, priority: High, content: { N: 1.5 } }, { reference: B, content: { Key: "${secret:S}" } }] }',
    ),
  };
  const place = await workplace({ tenant: set("2023.4"), files, faults: [refusal] });
  const { code, stdout } = await place.inProcess(["apply", "--auto-approve", "--failed-rows", "failed.ndjson"], {
    env: { S: "hush" },
  });
  expect([code, stdout.trimEnd().split("\n").at(-1)]).toEqual([
    5,
    "Failed rows: failed.ndjson (fix and apply it as a source); not in it: 1 with secrets",
  ]);
  const file = join(place.folder, "failed.ndjson");
  expect([statSync(file).mode & 0o777, readFileSync(file, "utf8")]).toEqual([
    0o600,
    '{"reference":"A","priority":"High","content":{"N":1.5}}\n',
  ]);
  writeFiles(place.folder, {
    "again/a.yaml": manifests.items("{ queue: Plain, seedUntil: never, source: { file: ../failed.ndjson } }"),
  });
  expect((await place.inProcess(["apply", "again", "--auto-approve"])).code).toBe(0);
  expect(sentEffects(handled(place.emulator.requests()))).toEqual(["create A"]);
});
