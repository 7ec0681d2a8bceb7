import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect, it } from "vitest";
import { manifests, tenant, workplace, type Workplace } from "../support/server.ts";

const queue = { name: "Q", folder: "Finance", uniqueReferences: true };
const live = (reference: string) =>
  ({ queue: "Q", folder: "Finance", reference, priority: "Normal", content: { n: 0 } }) as const;
const apply = ["apply", "--plan", "p.plan", "--auto-approve", "-o", "json", "--quiet"];

type Row = Readonly<Record<string, unknown>>;

/** Somebody else at the same tenant. */
function somebody({ emulator }: Workplace) {
  const call = async (method: string, path: string, body?: object): Promise<{ readonly value: readonly Row[] }> => {
    const headers = {
      authorization: `Bearer ${emulator.token}`,
      "content-type": "application/json",
      "X-UIPATH-FolderPath": "Finance",
    };
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const response = await fetch(`${emulator.url}/odata/${path}`, init);
    const text = await response.text();
    expect([path, response.ok, text]).toEqual([path, true, text]);
    return text === "" ? { value: [] } : (JSON.parse(text) as { value: Row[] });
  };
  const rows = async (): Promise<readonly Row[]> => (await call("GET", "QueueItems?$orderby=Id")).value;
  const idOf = async (reference: string): Promise<number> =>
    Number((await rows()).find((row) => row["Reference"] === reference)?.["Id"]);
  return {
    call,
    rows,
    idOf,
    change: async (reference: string, content: object, priority: string) =>
      call("PUT", `QueueItems(${await idOf(reference)})`, {
        Name: "Q",
        Reference: reference,
        Priority: priority,
        SpecificContent: content,
      }),
  };
}

/** The calls of a range of the request log, without those for tokens and versions. */
function callsOf({ emulator }: Workplace, from: number): { readonly reads: string[]; readonly writes: string[] } {
  const calls = emulator.requests().filter(({ seq, path }) => seq > from && path.includes("/odata/"));
  const names = (wanted: boolean): string[] =>
    calls.filter(({ method }) => (method === "GET") === wanted).map(({ path }) => path.replace(/^.*\/odata/, ""));
  return { reads: names(true), writes: names(false) };
}

const mark = ({ emulator }: Workplace): number => emulator.requests().at(-1)?.seq ?? 0;

it("is planned in a pull request and applied after the merge: what is left of it, and once", async () => {
  const spec =
    '{ queue: Q, prune: { referencePrefix: U- }, items: [{ reference: N, content: { n: 1, Key: "${secret:S}" } }, { reference: U-done, priority: High, content: { n: 1 } }, { reference: U-robot, content: { n: 1 } }, { reference: U-gone, content: { n: 1 } }, { reference: U-left, content: { n: 1 } }] }';
  const here = await workplace({
    tenant: tenant({
      queues: [queue],
      processes: [{ name: "P", folder: "Finance", run: { pending: "1ms", duration: "1ms" } }],
      items: ["U-robot", "U-done", "U-gone", "U-left", "U-old"].map(live),
    }),
    files: {
      "manifests/a.yaml": manifests.items(spec),
      "manifests/b.yaml": manifests.job("{ process: P, run: always }"),
    },
    target:
      "guards: { maxDeletes: 2, maxUpdates: 4, maxCreates: 1 }, timing: { request: 5s, settle: 300ms, poll: 20ms }",
  });
  const { run, folder } = here;
  const file = join(folder, "p.plan");
  const planned = await run(["plan", "--out", "p.plan"], { env: { S: "first-value" } });
  expect([planned.code, statSync(file).mode & 0o777]).toEqual([0, 0o600]);
  const readsOfPlan = callsOf(here, 0);
  const bytes = readFileSync(file);
  expect([bytes.includes("first-value"), readsOfPlan.writes]).toEqual([false, []]);
  const { id } = JSON.parse(bytes.toString().trimEnd().split("\n").at(-1) ?? "") as { id: string };

  const they = somebody(here);
  await they.call("POST", "Queues/UiPathODataSvc.StartTransaction", { transactionData: { Name: "Q" } });
  expect((await they.rows())[0]).toMatchObject({ Reference: "U-robot", Status: "InProgress" });
  await they.call("DELETE", `QueueItems(${await they.idOf("U-gone")})`);
  await they.change("U-done", { n: 1 }, "High");
  rmSync(join(folder, "manifests"), { recursive: true }); // nobody looks at them any more

  here.emulator.clock.advance(3_600_000);
  const before = mark(here);
  const refusals: [readonly string[], string][] = [
    [["--expect", `${id.slice(0, 11)}${id[11] === "0" ? "1" : "0"}`], "and --expect says"],
    [["--max-age", "30m"], "and --max-age allows"],
  ];
  for (const [more, words] of refusals) {
    const { code, stderr } = await run([...apply, ...more], { env: { S: "second-value" } });
    expect([more, code, stderr]).toEqual([more, 4, expect.stringContaining(words)]);
  }
  const at = bytes.indexOf('"n":1') + 4;
  writeFileSync(
    file,
    bytes.map((byte, index) => (index === at ? byte + 1 : byte)),
  );
  const changed = await run(apply, { env: { S: "second-value" } });
  expect([changed.code, changed.stderr]).toEqual([4, expect.stringContaining("it was changed after it was saved")]);
  writeFileSync(file, bytes);
  expect([(await run(apply)).code, callsOf(here, before).writes]).toEqual([3, []]); // the secret is not set

  const from = mark(here);
  const applied = await run([...apply, "--expect", id, "--max-age", "2h"], { env: { S: "second-value" } });
  const done = ["N", "U-left", "U-old"];
  const settled = ["U-done", "U-gone", "U-robot"];
  const report = JSON.parse(applied.stdout) as { outcomes: { key: { entry?: string }; status: string }[] };
  const of = (status: string): Set<string | undefined> =>
    new Set(report.outcomes.filter((each) => each.status === status).map(({ key }) => key.entry));
  expect([applied.code, of("applied"), of("already-done")]).toEqual([
    0,
    new Set([...done, undefined]),
    new Set(settled),
  ]);
  expect((await they.rows()).find((row) => row["Reference"] === "N")).toMatchObject({
    SpecificContent: { n: 1, Key: "second-value" },
  });
  const { writes } = callsOf(here, from);
  expect(writes.length).toBe(4); // an add, a change, a deletion, a start

  const again = mark(here);
  const twice = await run(apply, { env: { S: "second-value" } });
  expect([twice.code, JSON.parse(twice.stdout)]).toMatchObject([0, { counts: { applied: 0, "already-done": 7 } }]);
  expect([callsOf(here, again).writes, (await they.call("GET", "Jobs")).value.length]).toEqual([[], 1]);
});

it("gives way to somebody who has changed an item since: before the first write, and right before that write", async () => {
  const here = await workplace({
    tenant: tenant({ queues: [queue], items: ["A", "B"].map(live) }),
    files: {
      "manifests/a.yaml": manifests.items(
        "{ queue: Q, items: [{ reference: A, content: { n: 1 } }, { reference: B, content: { n: 1 } }] }",
      ),
    },
  });
  const { inProcess: run } = here;
  const they = somebody(here);
  await run(["plan", "--out", "p.plan"]);
  await they.change("B", { n: 5 }, "Normal");
  const from = mark(here);
  const refused = await run(apply);
  expect([refused.code, refused.stderr]).toEqual([
    4,
    expect.stringContaining(
      "conflict QueueItems/march@Finance#B: it has changed since it was planned (now: content.n)",
    ),
  ]);
  expect(callsOf(here, from).writes).toEqual([]);

  await run(["plan", "--out", "p.plan"]);
  const path = { regex: `QueueItems\\(${await they.idOf("B")}\\)$` };
  here.emulator.faults.set([{ match: { method: "GET", path }, times: 1, delay: "2s" }]);
  const applying = run(apply);
  while (here.emulator.faults.counts()[0]?.hits !== 1) await setTimeout(10);
  await they.change("B", { n: 6 }, "Normal");
  const late = await applying;
  const { outcomes } = JSON.parse(late.stdout) as { outcomes: { status: string; note: string }[] };
  expect([late.code, outcomes]).toMatchObject([5, [{ status: "applied" }, { status: "skipped" }]]);
  expect((await they.rows()).map((row) => row["SpecificContent"])).toEqual([{ n: 1 }, { n: 6 }]);
});

it("of a source is applied without the source, with the few reads of a plan", async () => {
  const csv = ["Reference,Amount", ...Array.from({ length: 3000 }, (_, n) => `INV-${n},${n}`)].join("\n");
  const here = await workplace({
    tenant: tenant({ queues: [queue], items: [live("INV-7"), live("OTHER")] }),
    files: {
      "manifests/a.yaml": manifests.items(
        "{ queue: Q, source: { file: rows.csv, reference: '{Reference}', content: { Amount: { column: Amount, type: number } } } }",
      ),
      "manifests/rows.csv": csv,
    },
    target: "guards: { maxCreates: 3000 }, timing: { request: 10s, settle: 300ms, poll: 20ms }",
  });
  const planned = await here.inProcess(["plan", "--out", "p.plan"]);
  expect([planned.code, planned.stdout]).toEqual([0, expect.stringContaining("Plan: 2,999 to create, 1 to update")]);
  const reads = callsOf(here, 0).reads;
  rmSync(join(here.folder, "manifests"), { recursive: true });
  const from = mark(here);
  const applied = await here.inProcess(apply);
  expect([applied.code, JSON.parse(applied.stdout)]).toMatchObject([0, { counts: { applied: 3000 } }]);
  const calls = callsOf(here, from);
  // The reads of a plan, and of the one update the read before it and the one after it: an add needs none.
  const own = calls.reads.filter((path) => path.startsWith("/QueueItems("));
  expect([own.length, calls.reads.filter((path) => !own.includes(path))]).toEqual([2, reads]);
  expect(calls.writes.filter((path) => !path.startsWith("/QueueItems(")).length).toBeLessThanOrEqual(3);
  const twice = await here.inProcess(apply);
  expect(JSON.parse(twice.stdout)).toMatchObject({ counts: { applied: 0, "already-done": 3000 } });
});
