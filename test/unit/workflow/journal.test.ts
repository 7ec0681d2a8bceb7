import { describe, expect, it } from "vitest";
import type { Change } from "../../../src/core/change.ts";
import type { Fault } from "../../../src/core/fault.ts";
import type { Ending } from "../../../src/core/outcome.ts";
import type { PlannedResource } from "../../../src/core/plan.ts";
import type { Answer, Operation, Repeat } from "../../../src/orchestrator/gateways/port.ts";
import {
  beginJournal,
  journalsIn,
  newApplyId,
  readJournal,
  resumeJournal,
  type Journal,
} from "../../../src/workflow/apply/journal.ts";
import { applyToResume } from "../../../src/workflow/apply/journals.ts";
import { carryOut } from "../../../src/workflow/apply/protocol.ts";
import { SkippingClock } from "../../support/clock.ts";
import { MemoryFolder } from "../../support/durable.ts";

const key = { kind: "QueueItems", folder: "Finance", name: "march" } as const;
const settle = 240_000;
const lost: Fault = { kind: "timeout", call: "POST /odata/Queues", message: "the server quotes S3CRET" };
const applyId = "20261121T120000Z-00ff00ff00ff";
const plan = {
  id: "1".repeat(64),
  sha256: "2".repeat(64),
  target: { name: "test", url: "https://o.example", apiVersion: 20 },
  resources: [{ key, observed: { watermark: 41 } } as unknown as PlannedResource],
};

function change(reference: string): Change {
  return {
    action: "create",
    key: { ...key, entry: reference },
    label: reference,
    summary: "",
    after: { reference, content: { Email: "S3CRET" } },
    precondition: { type: "absent" },
  };
}
const abc = ["A", "B", "C"].map(change);

/** Never answers: the process is gone before it does. */
class Killed extends Error {}

/** A tenant and the runs that write to it; the folder is all that a crash leaves of a run. */
class World {
  readonly folder = new MemoryFolder();
  readonly clock = new SkippingClock();
  readonly #begun = this.clock.now().getTime();
  /** What was sent, by what and when. */
  readonly log: string[] = [];
  /** From when on references are seen, in milliseconds since the beginning. */
  readonly there = new Map<string, number>();

  async begin(): Promise<Journal> {
    const { folder, clock } = this;
    return beginJournal({ folder, clock, plan, settle, toolVersion: "1", applyId });
  }

  async resume(): Promise<Journal> {
    const { folder, clock } = this;
    const state = await readJournal(folder, applyId);
    const journal = state && (await resumeJournal({ folder, clock, plan, applyId }, state));
    if (journal === undefined) throw new Error("nothing to resume");
    return journal;
  }

  elapsed(): number {
    return this.clock.now().getTime() - this.#begun;
  }

  operation(repeat: Repeat, answer: (changes: readonly Change[]) => Answer | Error): Operation {
    return {
      name: "BulkAddQueueItems",
      changes: abc,
      repeat,
      divisible: true,
      send: async (changes, _signal, sending) => {
        const held = await sending?.before();
        if (held !== undefined) {
          return { ending: "refused", fault: { ...lost, kind: "cancelled", message: held }, tooLarge: false };
        }
        this.log.push(`send ${labels(changes)} at ${this.elapsed()}`);
        const result = answer(changes);
        if (!(result instanceof Killed)) return result instanceof Error ? Promise.reject(result) : result;
        this.folder.crash();
        return new Promise<never>(() => undefined);
      },
      find: (changes) => {
        this.log.push(`find ${labels(changes)} at ${this.elapsed()}`);
        const seen = changes.filter(({ label }) => (this.there.get(label) ?? Infinity) <= this.elapsed());
        return Promise.resolve(new Map(seen.map((each): [Change, Ending] => [each, { status: "applied", ids: [9] }])));
      },
    };
  }

  async run(journal: Journal, operation: Operation, changes: readonly Change[] = abc): Promise<string> {
    const never = new AbortController().signal;
    const world = { clock: this.clock, settle, emit: () => undefined, draining: never, signal: never, log: journal };
    const endings = await carryOut(operation, changes, key, world);
    return changes.map((each) => `${each.label} ${endings.get(each)?.status ?? "MISSING"}`).join(", ");
  }

  /** Runs until the process is gone. */
  async killed(journal: Journal, operation: Operation, changes: readonly Change[] = abc): Promise<void> {
    const sends = this.log.length;
    void this.run(journal, operation, changes);
    while (this.log.length === sends) await Promise.resolve();
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  }
}

const labels = (changes: readonly Change[]): string => changes.map(({ label }) => label).join(" ");
const killed = (): Error => new Killed("gone");
const answered = (changes: readonly Change[]): Answer => ({
  ending: "answered",
  endings: new Map(changes.map((each): [Change, Ending] => [each, { status: "applied", note: "added" }])),
});

describe("a journal", () => {
  it("says before a send what is sent, on the disk, and after it what came of it: never content, never words", async () => {
    const world = new World();
    const journal = await world.begin();
    const operation = world.operation("free", (changes) => {
      const [intent] = lines(world).slice(1);
      expect(intent).toMatchObject({ type: "intent", batch: 1, attempt: 1, watermark: 41, repeat: "free" });
      expect(intent?.["changes"]).toEqual(["create A", "create B", "create C"]);
      world.folder.crash(); // a power cut right here keeps the intent
      expect(lines(world)).toHaveLength(2);
      const fault = { ...lost, status: 400, errorCode: 1000 };
      const [a, b] = changes as [Change, Change];
      return {
        ending: "answered",
        endings: new Map<Change, Ending>([
          [a, { status: "applied", ids: [7] }],
          [b, { status: "failed", note: "refused by the server", fault }],
        ]),
      };
    });
    world.there.set("C", 0);
    expect(await world.run(journal, operation)).toBe("A applied, B failed, C applied");
    await journal.end({ applied: 2, "already-done": 0, failed: 1, skipped: 0, unknown: 0 });
    expect(lines(world).map(({ type }) => type)).toEqual(["journal", "intent", "result", "known", "end"]);
    expect(lines(world)[2]).toMatchObject({
      known: [
        { status: "applied", changes: ["create A"], ids: [[7]] },
        { status: "failed", fault: { status: 400, errorCode: 1000 }, changes: ["create B"] },
      ],
    });
    expect(world.folder.text(`${applyId}.ndjson`)).not.toContain("S3CRET");
    const state = await readJournal(world.folder, applyId);
    expect(state?.end?.counts).toMatchObject({ applied: 2 });
  });

  it("that cannot be written keeps every write from being sent", async () => {
    const world = new World();
    const journal = await world.begin();
    world.folder.failure = "ENOSPC";
    expect(await world.run(journal, world.operation("free", answered))).toBe("A skipped, B skipped, C skipped");
    expect(world.log).toEqual([]);
    await expect(new World().folder.create("x")).resolves.toBeDefined();
    const full = new World();
    full.folder.failure = "EROFS";
    await expect(full.begin()).rejects.toMatchObject({ code: "EROFS" });
  });

  it("keeps what is written after a disk was full in the middle of a line", async () => {
    const world = new World();
    const journal = await world.begin();
    Object.assign(world.folder, { failure: "ENOSPC", torn: 20 });
    expect(await world.run(journal, world.operation("never", answered), abc.slice(0, 1))).toBe("A skipped");
    Object.assign(world.folder, { failure: undefined });
    await world.killed(journal, world.operation("never", killed), abc.slice(1, 2));
    expect(await world.run(await world.resume(), world.operation("never", answered), abc.slice(1, 2))).toBe(
      "B unknown",
    );
    expect(world.log.filter((line) => line.startsWith("send"))).toEqual(["send B at 0"]);
  });

  it("is held by its process, and by nobody once that is gone", async () => {
    const world = new World();
    await world.begin();
    await expect(world.resume()).rejects.toThrow("nothing to resume");
    world.folder.crash();
    await expect(world.resume()).resolves.toBeDefined();
  });

  it("sorts by time", async () => {
    expect(newApplyId(new Date("2026-11-21T12:00:00.123Z"), "00ff00ff00ff")).toBe(applyId);
    const world = new World();
    await world.begin();
    await (await world.folder.create("20261122T000000Z-aaaaaaaaaaaa.ndjson")).append("{}");
    expect(await journalsIn(world.folder)).toEqual(["20261122T000000Z-aaaaaaaaaaaa", applyId]);
  });

  it("may end in the middle of a line, and is carried on behind it", async () => {
    const world = new World();
    await world.killed(await world.begin(), world.operation("free", killed));
    await (await world.folder.open(`${applyId}.ndjson`)).append('{"type":"resu');
    world.there.set("A", 0);
    const journal = await world.resume();
    expect(await world.run(journal, world.operation("free", answered))).toBe("A applied, B applied, C applied");
    await journal.end({ applied: 3, "already-done": 0, failed: 0, skipped: 0, unknown: 0 });
    expect((await readJournal(world.folder, applyId))?.end).toBeDefined();
  });
});

describe("--resume", () => {
  it("never carries on an apply that a later one has overtaken", async () => {
    const { folder, clock } = new World();
    const begun = async (name: string): Promise<Journal> =>
      beginJournal({ folder, clock, plan, settle, toolVersion: "1", applyId: name, planFile: ["{}"] });
    const [first, second] = [`20261121T120000Z-${"f".repeat(12)}`, `20261121T120000Z-${"0".repeat(12)}`];
    await begun(first);
    folder.kill();
    expect(await applyToResume(folder, "there")).toMatchObject({ applyId: first });
    clock.advance(1); // in the same second, and before it by name
    const later = await begun(second);
    await later.end({ applied: 0, "already-done": 0, failed: 0, skipped: 0, unknown: 0 });
    await expect(applyToResume(folder, "there")).rejects.toThrow("no apply of this target to resume");
  });
});

describe("a run that was cut off", () => {
  it("looks first for what it had sent, and sends only what is not there: a unique queue at once", async () => {
    const world = new World();
    await world.killed(await world.begin(), world.operation("free", killed));
    world.there.set("A", 0);
    expect(await world.run(await world.resume(), world.operation("free", answered))).toBe(
      "A applied, B applied, C applied",
    );
    expect(world.log).toEqual(["send A B C at 0", "find A B C at 0", "send B C at 0"]);
  });

  it("waits out settle from the send that was written down: another queue", async () => {
    const world = new World();
    await world.killed(await world.begin(), world.operation("afterSettle", killed));
    world.clock.advance(100_000);
    world.there.set("B", 200_000);
    expect(await world.run(await world.resume(), world.operation("afterSettle", answered))).toBe(
      "A applied, B applied, C applied",
    );
    expect(world.log).toEqual([
      "send A B C at 0",
      "find A B C at 100000",
      "find A B C at 240000",
      "send A C at 240000",
    ]);
  });

  it("never sends a start again that it had sent", async () => {
    const world = new World();
    await world.killed(await world.begin(), world.operation("never", killed), abc.slice(0, 1));
    expect(await world.run(await world.resume(), world.operation("never", answered), abc.slice(0, 1))).toBe(
      "A unknown",
    );
    expect(world.log.filter((line) => line.startsWith("send"))).toEqual(["send A at 0"]);
    world.there.set("A", 0);
    world.folder.crash();
    expect(await world.run(await world.resume(), world.operation("never", answered), abc.slice(0, 1))).toBe(
      "A applied",
    );
    expect(world.log.filter((line) => line.startsWith("send"))).toEqual(["send A at 0"]);
  });

  it("counts sends over all runs: after settle once, and not once a run", async () => {
    const world = new World();
    const start = world.operation("afterSettle", killed);
    await world.killed(await world.begin(), start);
    await world.killed(await world.resume(), start);
    expect(await world.run(await world.resume(), world.operation("afterSettle", answered))).toBe(
      "A unknown, B unknown, C unknown",
    );
    expect(world.log.filter((line) => line.startsWith("send"))).toEqual(["send A B C at 0", "send A B C at 240000"]);
  });

  it("reports what was recorded as it was recorded, and neither looks nor sends", async () => {
    const world = new World();
    const first = await world.begin();
    await world.run(first, world.operation("free", answered), abc.slice(0, 2));
    await world.killed(first, world.operation("free", killed), abc.slice(2));
    world.there.set("C", 0);
    expect(await world.run(await world.resume(), world.operation("free", answered))).toBe(
      "A applied, B applied, C applied",
    );
    expect(world.log).toEqual(["send A B at 0", "send C at 0", "find C at 0"]);
  });

  it("sends what the server had refused as too large, and what was left out by an interruption", async () => {
    const world = new World();
    const first = await world.begin();
    const tooLarge = (changes: readonly Change[]): Answer | Error =>
      changes.length > 1 ? { ending: "refused", fault: { ...lost, status: 413 }, tooLarge: true } : killed();
    await world.killed(first, world.operation("free", tooLarge), abc.slice(0, 2));
    for (let turn = 0; turn < 200; turn++) await Promise.resolve();
    const resumed = await world.resume();
    expect(await world.run(resumed, world.operation("free", answered))).toBe("A applied, B applied, C applied");
    expect(world.log.filter((line) => line.startsWith("send"))).toEqual([
      "send A B at 0",
      "send A at 0",
      "send A at 0",
      "send B C at 0",
    ]);
  });

  it("keeps what a whole batch was told: of AllOrNothing no part is sent later", async () => {
    const world = new World();
    const nothing = (changes: readonly Change[]): Answer => ({
      ending: "answered",
      endings: new Map(
        changes.map((each, index): [Change, Ending] => [
          each,
          index === 0
            ? { status: "failed", note: "no" }
            : { status: "skipped", note: "nothing of the batch was added" },
        ]),
      ),
    });
    const first = await world.begin();
    await world.run(first, world.operation("free", nothing));
    world.folder.kill();
    const operation = { ...world.operation("free", answered), divisible: false };
    expect(await world.run(await world.resume(), operation)).toBe("A failed, B skipped, C skipped");
    expect(world.log).toEqual(["send A B C at 0"]);
  });
});

function lines(world: World): Record<string, unknown>[] {
  const text = world.folder.text(`${applyId}.ndjson`) ?? "";
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
