import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import type { FaultRule } from "../../src/emulator/index.ts";
import { handled, sentEffects } from "../checker/writes.ts";
import { manifests, tenant, workplace, type Workplace } from "../support/server.ts";

/** One write of each kind that can stay open, each in a queue of its own so that all are under way at once. */
const set = tenant({
  queues: [
    { name: "Unique", folder: "Finance", uniqueReferences: true },
    { name: "Plain", folder: "Finance" },
    { name: "Stock", folder: "Finance", uniqueReferences: true },
    { name: "Failures", folder: "Finance" },
    { name: "Notes", folder: "Finance" },
    { name: "Shrinking", folder: "Finance", uniqueReferences: true },
  ],
  items: [
    { queue: "Stock", folder: "Finance", reference: "U", content: { N: 1, Pass: "old" } },
    { queue: "Failures", folder: "Finance", reference: "R", status: "Failed" },
    { queue: "Notes", folder: "Finance", reference: "N", status: "Failed" },
    { queue: "Shrinking", folder: "Finance", reference: "S-1" },
    { queue: "Shrinking", folder: "Finance", reference: "S-2" },
  ],
  processes: [
    { name: "P", folder: "Finance", run: { pending: "1ms", duration: "20ms", state: "Successful" } },
    { name: "Legacy", folder: "Finance", run: { duration: "1h" } }, // it must not end by itself before it is stopped
  ],
  jobs: [{ process: "Legacy", folder: "Finance", state: "Running" }],
});
const target = "guards: { maxDeletes: 1, maxStops: 1 }, timing: { request: 2s, settle: 300ms, poll: 20ms }";
const files = {
  "manifests/unique.yaml": manifests.items("{ queue: Unique, items: [{ reference: A }, { reference: B }] }", "unique"),
  "manifests/plain.yaml": manifests.items(
    "{ queue: Plain, seedUntil: never, items: [{ reference: C, content: { Secret: hush } }, { reference: D }] }",
    "plain",
  ),
  "manifests/stock.yaml": manifests.items(
    "{ queue: Stock, items: [{ reference: U, content: { N: 2, Pass: '${secret:PASS}' } }] }",
    "stock",
  ),
  "manifests/job.yaml": manifests.job("{ process: P, run: once }"),
  "manifests/after.yaml": manifests.items("{ queue: Unique, items: [{ reference: Z }] }\n", "after"),
  "manifests/review.yaml": manifests.review(
    "{ queue: Failures, select: { status: [Failed] }, reviewStatus: InReview }",
  ),
  "manifests/notes.yaml": manifests.review("{ queue: Notes, select: { status: [Failed] }, comment: Look }", "notes"),
  "manifests/prune.yaml": manifests.items(
    "{ queue: Shrinking, items: [{ reference: S-1 }], prune: { referencePrefix: S- } }",
    "prune",
  ),
  "manifests/stop.yaml": manifests.stopped("{ select: { process: Legacy }, strategy: SoftStop }"),
};
const held = [
  "*.BulkAddQueueItems",
  "/odata/QueueItems(*)",
  "*.StartJobs",
  "*.SetItemReviewStatus",
  "/odata/QueueItemComments",
  "*.DeleteBulk",
  "*.StopJobs",
];

/** The first write to each of those is handled as told, and never answered. */
function silent(handle: "once" | "no"): FaultRule[] {
  return held.map((path) => ({
    match: { method: ["POST", "PUT"], path },
    times: path.includes("BulkAdd") ? 2 : 1,
    handle,
    answer: "never",
  }));
}

async function open(options: Parameters<typeof workplace>[0]): Promise<Workplace> {
  const place = await workplace(options);
  return { ...place, run: (args, extra) => place.run(args, { ...extra, env: { PASS: "new" } }) };
}

/** Applies, and is killed as soon as every write is on its way. */
async function cutOff({ run, emulator }: Workplace, ...args: readonly string[]): Promise<void> {
  const result = await run(["apply", ...args, "--auto-approve", "--parallelism", "12"], {
    onStart: (child) =>
      void vi
        .waitFor(() => expect(emulator.faults.counts().map(({ hits }) => hits)).toEqual([2, 1, 1, 1, 1, 1, 1]), {
          timeout: 20_000,
        })
        .finally(() => child.kill("SIGKILL")),
  });
  expect(result.code).toBeNull();
}

/** Comments that the server wrote down. */
function comments({ emulator }: Workplace): number {
  return handled(emulator.requests()).filter(
    ({ method, path }) => method === "POST" && path.endsWith("/QueueItemComments"),
  ).length;
}

const journals = ({ folder }: Workplace): string => join(folder, ".orch-sync/journal/test");
const everything = ["create A", "create B", "create C", "create D", "create Z", "review status", "start smoke@once"];

describe("an apply that is killed", () => {
  it("after its writes were handled is resumed without sending one of them again", { timeout: 60_000 }, async () => {
    const place = await open({ tenant: set, files, target, faults: silent("once") });
    await cutOff(place);
    const names = readdirSync(journals(place)).filter((name) => !name.endsWith(".lock"));
    expect(names.map((name) => name.replace(/^.*\./, ".")).toSorted()).toEqual([".ndjson", ".plan"]);
    for (const name of names) expect(statSync(join(journals(place), name)).mode & 0o777).toBe(0o600);
    const journal = names.find((name) => name.endsWith(".ndjson")) ?? "";
    expect(readFileSync(join(journals(place), journal), "utf8")).not.toContain("hush");
    expect((await place.run(["show", join(journals(place), journal)])).stdout).toContain("open");

    const { code, stdout, stderr } = await place.run(["apply", "--resume", "--auto-approve"]);
    expect([code, stdout, stderr]).toEqual([
      0,
      expect.stringContaining("Applied 11, already done 0, failed 0, skipped 0, unknown 0."),
      expect.stringContaining("open and looked at first"),
    ]);
    const effects = sentEffects(handled(place.emulator.requests()));
    expect(
      effects.filter((effect) => !effect.startsWith("update")).map((effect) => effect.replace(/ \d+$/, "")),
    ).toEqual(expect.arrayContaining(everything));
    expect(effects).toEqual([...new Set(effects)]);
    expect(effects.filter((effect) => /^(delete|stop) /.test(effect))).toHaveLength(2);
    expect(comments(place)).toBe(1);
    expect((await place.run(["plan", "--detailed-exitcode"])).code).toBe(0);
    expect(existsSync(join(journals(place), journal.replace(".ndjson", ".plan")))).toBe(false);
    const again = await place.run(["apply", "--resume", "--auto-approve"]);
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining("no apply of this target to resume")]);
  });

  it("before its writes arrived is resumed and sends them, but never the start", { timeout: 60_000 }, async () => {
    const place = await open({ tenant: set, files, target, faults: silent("no") });
    expect((await place.run(["plan", "--out", "p.plan"])).code).toBe(0);
    await cutOff(place, "--plan", "p.plan"); // what is kept beside the journal is another file than that
    const { code, stdout, stderr } = await place.run(["apply", "--resume", "--auto-approve"]);
    expect([code, stdout, stderr]).toEqual([
      5,
      expect.stringContaining("Applied 10, already done 0, failed 0, skipped 0, unknown 1."),
      expect.stringContaining("open and looked at first"),
    ]);
    const effects = sentEffects(handled(place.emulator.requests()));
    expect(effects).toEqual([...new Set(effects)]);
    expect(effects.filter((effect) => /^(delete|stop) /.test(effect))).toHaveLength(2);
    expect(comments(place)).toBe(1);
    expect(effects.filter((effect) => effect.startsWith("start"))).toEqual([]);
    // The next apply looks first, and nothing can commit any more: now it may start.
    const next = await place.run(["apply", "--auto-approve"]);
    expect([next.code, next.stderr]).toEqual([0, expect.stringContaining("did not see what became of")]);
    expect(sentEffects(handled(place.emulator.requests())).filter((effect) => effect.startsWith("start"))).toEqual([
      "start smoke@once",
    ]);
    expect((await place.run(["apply", "--auto-approve"])).stderr).not.toContain("did not see");
  });

  it(
    "is waited for by the next plain apply: a start on its way must not be planned again",
    { timeout: 60_000 },
    async () => {
      const late: FaultRule = {
        match: { method: "POST", path: "*.StartJobs" },
        times: 1,
        handle: { late: "2s" },
        answer: "never",
      };
      const place = await open({
        tenant: set,
        files: { "manifests/job.yaml": files["manifests/job.yaml"] },
        faults: [late],
        target: "timing: { request: 2s, settle: 4s, poll: 20ms }",
      });
      await place.run(["apply", "--auto-approve"], {
        onStart: (child) =>
          void vi
            .waitFor(() => expect(place.emulator.faults.counts()).toMatchObject([{ hits: 1 }]), { timeout: 20_000 })
            .finally(() => child.kill("SIGKILL")),
      });
      const { code, stderr } = await place.run(["apply", "--auto-approve"]);
      expect([code, stderr]).toEqual([
        0,
        expect.stringMatching(/did not see what became of StartJobs .*looks at them at/),
      ]);
      expect(sentEffects(handled(place.emulator.requests()))).toEqual(["start smoke@once"]);
      // It found nothing to do, and has closed what the other one left.
      const third = await place.run(["apply", "--auto-approve"]);
      expect([third.code, third.stderr]).toEqual([0, ""]);
      expect((await place.run(["apply", "--resume", "--auto-approve"])).stderr).toContain("no apply of this target");
    },
  );
});

it("where no journal can be written nothing is sent", async () => {
  const place = await open({ tenant: set, files });
  writeFileSync(join(place.folder, ".orch-sync"), "taken");
  const { code, stderr } = await place.run(["apply", "--auto-approve"]);
  expect([code, stderr]).toEqual([1, expect.stringContaining("nothing was sent")]);
  expect(handled(place.emulator.requests()).filter(({ method }) => method !== "GET")).toEqual([]);
});
