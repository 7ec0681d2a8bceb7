import { describe, expect, test } from "vitest";
import { gateways } from "../../../src/orchestrator/index.ts";
import { folderOf } from "../../../src/orchestrator/gateways/place.ts";
import { applyRun, signal } from "./support.ts";
import { apply, desired, lines, losingAnswers, open, plan, told, world, type World } from "./tenant.ts";

const source = { file: "m.yaml", line: 1, column: 1 };
const item = (reference: string, rest: object = {}): object => ({ reference, source, ...rest });
const itemsSpec = (queue: string, items: readonly object[], rest: object = {}): object => ({
  queue,
  items,
  commit: "ProcessAllIndependently",
  order: "manifest",
  typeHints: false,
  onDrift: "update",
  recreateDeleted: false,
  sensitive: [],
  ...rest,
});
const jobSpec = (process: string, rest: object = {}): object => ({
  process: { name: process },
  strategy: { type: "Dynamic", count: 1 },
  run: "onChange",
  rerunOn: { processVersion: true, values: {} },
  onPreviousFailure: "fail",
  wait: { until: "completed", timeout: 60_000, success: ["Successful"] },
  ...rest,
});
const reviewSpec = (rest: object = {}): object => ({
  queue: "Unique",
  select: { status: ["Failed", "Abandoned"], reviewStatus: ["None"] },
  reviewers: ["ana@corp.example"],
  unassign: false,
  override: false,
  ...rest,
});

describe("against the emulator", () => {
  test("names are found by the server's rule, with the nearest for a miss", async () => {
    await using here = await world();
    const folder = await here.reader.folder("finance/INVOICES", signal);
    expect(folder).toMatchObject({ path: "Finance/Invoices", type: "modern" });
    expect(await here.reader.folder("Finance/Invoice", signal)).toEqual({
      missing: "Finance/Invoice",
      nearest: "Finance/Invoices",
    });
    if ("missing" in folder) return;
    expect(await here.reader.queue(folder, "unique", signal)).toMatchObject({
      name: "Unique",
      enforceUniqueReference: true,
      triggerProcess: "Smoke",
    });
    expect(await here.reader.queue(folder, "Uniqe", signal)).toEqual({ missing: "Uniqe", nearest: "Unique" });
    const process = await here.reader.process(folder, { name: "smoke" }, signal);
    expect(process).toMatchObject({ name: "Smoke", version: "1.0.3" });
    expect(
      await here.reader.process(folder, { key: "key" in process ? process.key.toUpperCase() : "" }, signal),
    ).toEqual(process);
    expect(await here.reader.robot(folder, "docbot", signal)).toMatchObject({ name: "DocBot" });
    expect(await here.reader.reviewer(folder, "ANA@corp.example", signal)).toMatchObject({ userName: "ana" });
    expect(await here.reader.reviewer(folder, "Ion Rus", signal)).toMatchObject({ candidates: ["ion", "ion2"] });
    expect(await here.reader.reviewer(folder, "anna", signal)).toEqual({ missing: "anna", nearest: "ana" });
    const classic = await here.reader.folder("Legacy", signal);
    expect(classic).toMatchObject({ type: "classic" });
    expect("missing" in classic ? undefined : await here.reader.robot(classic, "DocBot", signal)).toMatchObject({
      name: "DocBot",
    });
  });

  test("items are added, updated and pruned, and the next plan is empty", async () => {
    await using here = await world();
    const spec = itemsSpec(
      "Unique",
      [
        item("NEW-1", {
          content: { Name: "O'Brian", Amount: 12.5, Ok: true, None: null },
          dueDate: "2026-12-05T17:00:00Z",
        }),
        item("NEW-2", { priority: "High" }),
        item("OLD-1", { priority: "High", content: { Amount: 2 } }),
        item("OLD-2"),
      ],
      { prune: { referencePrefix: "OLD-" } },
    );
    const planned = await plan(desired("QueueItems", spec), here);
    expect(lines(planned)).toEqual(["create NEW-1", "create NEW-2", "update OLD-1", "delete OLD-1", "delete OLD-3"]);
    const wanted = {
      ...planned,
      changes: [...planned.changes].filter(({ action, key }) => action !== "delete" || key.entry === "OLD-3"),
    };
    const price = gateways.QueueItems.price(wanted);
    const before = here.reader.spent().calls;
    expect(told(await apply(wanted, here))).toEqual([
      "OLD-3 applied: deleted",
      "NEW-1 applied: added",
      "NEW-2 applied: added",
      "OLD-1 applied: updated",
    ]);
    expect(here.reader.spent().calls - before).toBe(price.calls);
    const again = await plan(desired("QueueItems", { ...spec, prune: undefined }), open(here.emulator));
    expect(lines(again)).toEqual([]);
    const kept = await here.reader.items.byId(folderOf(planned).id, idOf(planned, "OLD-1"), signal);
    expect(kept).toMatchObject({ Progress: "half", Priority: "High", SpecificContent: { Amount: 2 } });
  });

  test("a second writer's items are done already, where the server refuses them and where it does not", async () => {
    await using here = await world();
    for (const queue of ["Unique", "Loose"]) {
      const resource = desired(
        "QueueItems",
        itemsSpec(queue, [item("A"), item("B"), item("C")], { seedUntil: "never" }),
      );
      const first = await plan(resource, here);
      const other = open(here.emulator);
      const partly = itemsSpec(queue, [item("B")], { seedUntil: "never" });
      await apply(await plan(desired("QueueItems", partly), other), other);
      const results = await apply(first, here);
      expect(told(results).toSorted()).toEqual([
        "A applied: added",
        "B already-done: already there",
        "C applied: added",
      ]);
      expect([...results.values()].find(({ status }) => status === "already-done")?.ids).toHaveLength(1);
      // A saved plan, applied by a run that has read nothing yet.
      expect(told(await apply(first, open(here.emulator)))).toEqual(
        ["A", "B", "C"].map((name) => `${name} already-done: already there`),
      );
    }
  });

  test("an AllOrNothing batch leaves out what is there and adds the rest", async () => {
    await using here = await world();
    const all = itemsSpec("Unique", [item("A"), item("B"), item("C")], { commit: "AllOrNothing" });
    const planned = await plan(desired("QueueItems", all), here);
    await apply(await plan(desired("QueueItems", itemsSpec("Unique", [item("B"), item("C")])), here), here);
    expect(told(await apply(planned, here)).toSorted()).toEqual([
      "A applied: added",
      "B already-done: already there",
      "C already-done: already there",
    ]);
  });

  test("many references are looked up in few calls, and all of them are found", async () => {
    await using here = await world();
    const spec = itemsSpec(
      "Unique",
      Array.from({ length: 450 }, (_, index) => item(`Réf '${index}'`)),
    );
    await apply(await plan(desired("QueueItems", spec), here), here);
    const fresh = open(here.emulator);
    const again = await plan(desired("QueueItems", spec), fresh);
    expect(lines(again)).toEqual([]);
    expect(fresh.reader.spent().listCalls).toBeLessThanOrEqual(25);
  });

  test("an item that changed since the plan is left alone", async () => {
    await using here = await world();
    const spec = (amount: number): object => itemsSpec("Unique", [item("OLD-1", { content: { Amount: amount } })]);
    const planned = await plan(desired("QueueItems", spec(2)), here);
    await apply(await plan(desired("QueueItems", spec(9)), here), here);
    expect(told(await apply(planned, here))).toEqual(["OLD-1 skipped: changed since the plan: content is another"]);
    expect(told(await apply(await plan(desired("QueueItems", spec(2)), here), here))).toEqual([
      "OLD-1 applied: updated",
    ]);
    expect(told(await apply(planned, here))).toEqual(["OLD-1 already-done: already as wanted"]);
  });

  test("a stale delete is skipped, a second one is done already", async () => {
    await using here = await world();
    const prune = desired("QueueItems", itemsSpec("Unique", [item("X")], { prune: { referencePrefix: "OLD-" } }));
    const planned = await plan(prune, here);
    await apply(
      await plan(desired("QueueItems", itemsSpec("Unique", [item("OLD-1", { priority: "High" })])), here),
      here,
    );
    expect(told(await apply(planned, here))).toEqual([
      "OLD-1 skipped: changed since the plan: priority is another",
      "OLD-3 applied: deleted",
      "X applied: added",
    ]);
    expect(told(await apply(planned, here)).slice(1, 2)).toEqual(["OLD-3 already-done: already deleted"]);
  });

  test("a job is started once for its inputs, followed to its end, and found again", async () => {
    await using here = await world();
    const resource = desired("Job", jobSpec("Smoke", { inputArguments: { age: 33 } }));
    const planned = await plan(resource, here);
    expect(lines(planned)).toEqual(["start r"]);
    const endings = await apply(planned, here);
    expect(told(endings)).toEqual([expect.stringMatching(/^r applied: started job 1 \(r@[0-9a-f]{12}\)$/)]);
    expect(told(await apply(planned, open(here.emulator)))).toEqual(["r already-done: already started"]);
    expect(await looks(here, planned, endings)).toEqual([
      "running",
      "running",
      expect.stringMatching(/^applied: job \d+ Successful$/),
    ]);
    const fresh = open(here.emulator);
    expect(lines(await plan(resource, fresh))).toEqual([]);
    expect(fresh.reader.spent().listCalls).toBeLessThanOrEqual(2);
    const changed = await plan(desired("Job", jobSpec("Smoke", { inputArguments: { age: 34 } })), fresh);
    expect(changed.changes).toMatchObject([{ action: "start", run: "again", reason: { code: "inputs-changed" } }]);
  });

  test("run: always makes one run of one plan and two of two", async () => {
    await using here = await world();
    const planned = await plan(desired("Job", jobSpec("Smoke", { run: "always" })), here);
    const start = async (planSha256: string): Promise<string[]> => {
      const [operation] = gateways.Job.operations(planned, applyRun(open(here.emulator).reader, planSha256));
      const checked = await operation?.check?.(operation.changes, signal);
      if (checked !== undefined && checked.size > 0) return told(checked);
      const answer = await operation?.send(operation.changes, signal);
      return answer?.ending === "answered" ? told(answer.endings) : [];
    };
    expect(await start("a".repeat(64))).toEqual(["r applied: started job 1 (r@aaaaaaaaaaaa)"]);
    expect(await start("a".repeat(64))).toEqual(["r already-done: already started"]);
    expect(await start("b".repeat(64))).toEqual(["r applied: started job 2 (r@bbbbbbbbbbbb)"]);
  });

  test("a run that fails is reported with what the job says, and a later plan knows it", async () => {
    await using here = await world();
    const resource = desired("Job", jobSpec("Broken"));
    const planned = await plan(resource, here);
    const endings = await apply(planned, here);
    here.emulator.clock.advance(60_000);
    const [change] = planned.changes;
    const run = applyRun(here.reader);
    const look = async () => change && gateways.Job.follow?.(planned, change, endings.get(change), run)?.look(signal);
    expect(await look()).toMatchObject({ type: "ended", ending: { status: "failed", fault: { message: "boom" } } });
    const next = await plan(resource, open(here.emulator));
    expect(next.changes).toMatchObject([{ action: "wait", reason: { code: "previous-run-failed" } }]);
    const [wait] = next.changes;
    expect(await (wait && gateways.Job.follow?.(next, wait, undefined, run)?.look(signal))).toMatchObject({
      ending: { status: "failed" },
    });
    const rerun = desired("Job", jobSpec("Broken", { onPreviousFailure: "rerun" }));
    const second = await plan(rerun, open(here.emulator));
    expect(second.changes).toMatchObject([{ action: "start", run: "again" }]);
    await apply(second, here);
    here.emulator.clock.advance(60_000);
    const third = await plan(rerun, open(here.emulator));
    expect(third.changes).toMatchObject([{ after: { runKey: expect.stringMatching(/#3$/) } }]);
  });

  test("jobs are stopped; one that has ended does not keep the others alive", async () => {
    await using here = await world();
    for (const name of ["a", "b"]) {
      await apply(
        await plan(
          desired("Job", jobSpec("Endless", { wait: { until: "none", timeout: 1, success: [] } }), undefined, name),
          here,
        ),
        here,
      );
    }
    here.emulator.clock.advance(2000);
    const stop = (strategy: string): object => ({
      select: { process: "Endless", states: ["Pending", "Running"] },
      strategy,
    });
    const planned = await plan(desired("StoppedJobs", stop("Kill")), here);
    expect(lines(planned)).toHaveLength(2);
    const one = { ...planned, changes: [...planned.changes].slice(0, 1) };
    expect(told(await apply(one, here))).toEqual([expect.stringMatching(/applied: is (Terminating|Stopped)/)]);
    here.emulator.clock.advance(60_000);
    expect([...(await apply(planned, here)).values()].map(({ status }) => status)).toEqual(["already-done", "applied"]);
    here.emulator.clock.advance(60_000);
    expect(lines(await plan(desired("StoppedJobs", stop("Kill")), open(here.emulator)))).toEqual([]);
  });

  test("reviewer and status are set one after the other, each on a fresh RowVersion", async () => {
    await using here = await world();
    const resource = desired("Review", reviewSpec({ reviewStatus: "InReview" }));
    const planned = await plan(resource, here);
    expect([...planned.changes].map(({ summary }) => summary)).toEqual([
      "none → ana, None → InReview",
      "none → ana, None → InReview",
    ]);
    const price = gateways.Review.price(planned);
    const before = here.reader.spent().calls;
    const endings = await apply(planned, here);
    expect([...endings.values()].map(({ status, note }) => `${status} ${note}`)).toEqual([
      "applied review status set",
      "applied review status set",
    ]);
    expect(here.reader.spent().calls - before).toBe(price.calls);
    expect([...(await apply(planned, open(here.emulator))).values()].map(({ status }) => status)).toEqual([
      "already-done",
      "already-done",
    ]);
    const undo = reviewSpec({
      reviewers: [],
      unassign: true,
      select: { status: ["Failed"], reviewStatus: ["InReview"], reviewer: "any" },
    });
    const removal = await plan(desired("Review", undo), here);
    expect([...(await apply(removal, here)).values()].map(({ note }) => note)).toEqual([
      "reviewer removed",
      "reviewer removed",
    ]);
  });

  test("a review that somebody else changed is left alone, one that only moved its RowVersion is not", async () => {
    await using here = await world();
    const planned = await plan(desired("Review", reviewSpec()), here);
    const other = open(here.emulator);
    const first = reviewSpec({
      reviewers: ["ion"],
      select: { status: ["Failed"], reviewStatus: ["None"], references: ["F-1"] },
    });
    await apply(await plan(desired("Review", first), other), other);
    const second = reviewSpec({
      reviewers: [],
      reviewStatus: "Verified",
      select: { status: ["Failed"], reviewStatus: ["None"], references: ["F-2"] },
    });
    await apply(await plan(desired("Review", second), other), other);
    const endings = await apply(planned, here);
    expect([...endings.values()].map(({ status, note }) => `${status}: ${note}`)).toEqual([
      "skipped: changed since the plan: it has another reviewer",
      "applied: reviewer set",
    ]);
  });
});

describe("when the answer to a write is lost", () => {
  test.each<[string, "QueueItems" | "Job" | "StoppedJobs" | "Review", object]>([
    ["adds to a queue with unique references", "QueueItems", itemsSpec("Unique", [item("A"), item("B")])],
    ["one add", "QueueItems", itemsSpec("Unique", [item("A")])],
    ["adds to another queue", "QueueItems", itemsSpec("Loose", [item("A"), item("B")], { seedUntil: "never" })],
    ["an update", "QueueItems", itemsSpec("Unique", [item("OLD-1", { priority: "High" })])],
    ["deletes", "QueueItems", itemsSpec("Unique", [item("OLD-2")], { prune: { referencePrefix: "OLD-" } })],
    ["a start", "Job", jobSpec("Smoke")],
    ["a start of two", "Job", jobSpec("Smoke", { strategy: { type: "Dynamic", count: 2 } })],
    ["stops", "StoppedJobs", { select: { process: "Endless", states: ["Pending", "Running"] }, strategy: "Kill" }],
    ["reviewers", "Review", reviewSpec()],
    ["review statuses", "Review", reviewSpec({ reviewers: [], reviewStatus: "Verified" })],
  ])("%s: it is open, found by key, and not there twice", async (_, kind, spec) => {
    await using here = await world();
    if (kind === "StoppedJobs") {
      await apply(await plan(desired("Job", jobSpec("Endless"), undefined, "endless"), here), here);
    }
    const lossy = open(here.emulator, losingAnswers);
    const planned = await plan(desired(kind, spec), lossy);
    expect(lines(planned)).not.toEqual([]);
    const run = applyRun(lossy.reader, "0".repeat(64));
    for (const operation of gateways[kind].operations(planned, run)) {
      await operation.check?.(operation.changes, signal);
      expect(await operation.send(operation.changes, signal)).toMatchObject({
        ending: "open",
        fault: { kind: "network", message: "the connection was reset (ECONNRESET)" },
      });
      const found = await operation.find(operation.changes, signal);
      expect(operation.changes.map((change) => found.get(change)?.status)).toEqual(
        operation.changes.map(() => "applied"),
      );
      // A second apply of the same plan finds everything done.
      const again = await apply(planned, open(here.emulator));
      expect(new Set([...again.values()].map(({ status }) => status))).toEqual(new Set(["already-done"]));
    }
    expect(
      lines(await plan(desired(kind, spec), open(here.emulator))).filter((line) => !line.startsWith("wait")),
    ).toEqual([]);
  });
});

function idOf(planned: Awaited<ReturnType<typeof plan>>, entry: string): number {
  const change = [...planned.changes].find(({ key, action }) => key.entry === entry && action === "update");
  return change !== undefined && "precondition" in change && "id" in change.precondition ? change.precondition.id : 0;
}

/** Looks at a run until it has ended, a few seconds apart. */
async function looks(
  here: World,
  planned: Awaited<ReturnType<typeof plan>>,
  endings: Awaited<ReturnType<typeof apply>>,
): Promise<string[]> {
  const [change] = planned.changes;
  const run = applyRun(here.reader);
  const follow = change && gateways.Job.follow?.(planned, change, endings.get(change), run);
  const seen: string[] = [];
  for (let look = 0; look < 10; look++) {
    const progress = await follow?.look(signal);
    seen.push(progress?.type === "ended" ? `${progress.ending.status}: ${progress.ending.note}` : "running");
    if (progress?.type === "ended") break;
    here.emulator.clock.advance(4000);
  }
  return seen;
}
