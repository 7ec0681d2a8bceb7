import { Writable } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { closingCheckName, type EventBody } from "../../../src/core/events.ts";
import type { OutcomeCounts } from "../../../src/core/outcome.ts";
import type { ResourceKey } from "../../../src/core/resource.ts";
import { terminalProgress } from "../../../src/views/progress/load-terminal.ts";
import { logProgress, waitsProgress } from "../../../src/views/progress/log.ts";
import { pendingResources, quietProgress, type Progress, type Schedule } from "../../../src/views/progress/progress.ts";
import { folder, job, planOf, queueItems, resource } from "./sample.ts";

const items: ResourceKey = { kind: "QueueItems", folder, name: "invoices-march" };
const smoke: ResourceKey = { kind: "Job", folder, name: "smoke-test" };
const reviewed: ResourceKey = { kind: "Review", folder, name: "failed-invoices" };
const none: OutcomeCounts = { applied: 0, "already-done": 0, failed: 0, skipped: 0, unknown: 0 };

/** A clock and timers that only move when a test says so. */
class Time {
  now: number = Date.parse("2026-11-21T10:31:02Z");
  #timers: { at: number; callback: () => void }[] = [];

  readonly schedule: Schedule = (milliseconds, callback) => {
    const timer = { at: this.now + milliseconds, callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer);
    };
  };

  get pending(): number {
    return this.#timers.length;
  }

  pass(milliseconds: number): void {
    const end = this.now + milliseconds;
    for (;;) {
      const [next] = this.#timers.toSorted((a, b) => a.at - b.at);
      if (next === undefined || next.at > end) break;
      this.#timers = this.#timers.filter((each) => each !== next);
      this.now = next.at;
      next.callback();
    }
    this.now = end;
  }
}

function emitter(progress: Progress, time: Time): (event: EventBody) => void {
  return (event) => progress.show({ at: new Date(time.now).toISOString(), ...event });
}

describe("logProgress", () => {
  function start(resources?: readonly ResourceKey[]): {
    time: Time;
    lines: string[];
    progress: Progress;
    emit: (event: EventBody) => void;
  } {
    const time = new Time();
    const lines: string[] = [];
    const progress = logProgress((text) => lines.push(text), {
      now: () => time.now,
      schedule: time.schedule,
      ...(resources === undefined ? {} : { resources }),
    });
    return { time, lines, progress, emit: emitter(progress, time) };
  }

  it("says when it looks for copies", () => {
    const { lines, emit } = start();
    emit({ type: "settling", key: items, call: closingCheckName, until: "2026-11-21T10:35:05Z" });
    expect(lines.join("")).toBe(
      "10:31:02 QueueItems/invoices-march  looks for copies at 10:35:05, when nothing that was lost can commit any more\n",
    );
  });

  it("writes a line for each change of state, and a heartbeat", async () => {
    const { time, lines, progress, emit } = start();
    emit({ type: "apply-started", planId: "7c1f9e02aa", pending: 1202 });
    emit({ type: "resource-waiting", key: reviewed, on: [smoke] });
    emit({ type: "resource-started", key: items, text: "adding 1,200 items: queue DocQueue", total: 1200 });
    time.pass(3000);
    emit({ type: "progress", key: items, text: "added 1,000 of 1,200", done: 1000, total: 1200 });
    const counts = { ...none, applied: 1198, "already-done": 1, failed: 1 };
    emit({
      type: "resource-ended",
      key: items,
      text: "added 1,198, failed 1",
      counts,
      left: 0,
      durationMs: 3100,
      calls: 1,
    });
    emit({ type: "resource-started", key: smoke, text: "starting 1 run", total: 1 });
    emit({ type: "settling", key: smoke, call: "POST /odata/Jobs/X.StartJobs", until: "2026-11-21T10:35:05Z" });
    emit({ type: "step", key: smoke, text: "running (job 128211)" });
    time.pass(65_000);
    emit({
      type: "resource-ended",
      key: smoke,
      text: "",
      counts: { ...none, applied: 1 },
      left: 0,
      durationMs: 65_000,
      calls: 1,
    });
    emit({ type: "interrupted", text: "interrupted: what is in flight is finished" });
    await progress.stop();
    time.pass(600_000);
    expect(lines.join("")).toBe(`10:31:02 applying plan 7c1f9e02: 1,202 changes
10:31:02 Review/failed-invoices  waits for Job/smoke-test
10:31:02 QueueItems/invoices-march  adding 1,200 items: queue DocQueue
10:31:05 QueueItems/invoices-march  added 1,198, failed 1   3.1 s
10:31:05 Job/smoke-test  starting 1 run
10:31:05 Job/smoke-test  no answer to StartJobs; looking for what it did at 10:35:05
10:31:05 Job/smoke-test  running (job 128211)
10:31:35 Job/smoke-test  running (job 128211), 30 s
10:32:05 Job/smoke-test  running (job 128211), 60 s
10:32:10 Job/smoke-test  applied 1   65 s
10:32:10 interrupted: what is in flight is finished
`);
    expect(time.pending).toBe(0);
  });

  it("says what the run waits for, and since when nothing does there is nothing to say", async () => {
    const { lines, progress, emit } = start();
    emit({ type: "waiting", reason: "quota", perMinute: 90, until: "2026-11-21T10:31:36Z" });
    emit({ type: "waited" });
    emit({ type: "waiting", reason: "asked", status: 429, until: "2026-11-21T10:31:14Z" });
    emit({ type: "waiting", reason: "retry", status: 503, until: "2026-11-21T10:31:03.200Z" });
    emit({ type: "waiting", reason: "retry", broken: "timeout", until: "2026-11-21T10:31:04Z" });
    emit({ type: "waiting", reason: "retry", broken: "network", until: "2026-11-21T10:31:04Z" });
    await progress.stop();
    expect(lines).toEqual([
      "10:31:02 waiting 34 s for the list quota (90 a minute)\n",
      "10:31:02 the server asks to wait 12 s (429)\n",
      "10:31:02 the server answered 503: trying again in 1 s\n",
      "10:31:02 no answer in time: trying again in 2 s\n",
      "10:31:02 the connection broke: trying again in 2 s\n",
    ]);
  });

  it("is not silent before anything happens, nor when very much happens at once", () => {
    const { time, lines, emit } = start();
    time.pass(30_000);
    emit({ type: "reading", key: items, title: "queue DocQueue" });
    for (const name of ["a", "b", "c", "d", "e"]) {
      emit({ type: "resource-started", key: { ...smoke, name }, text: "starting 1 run", total: 1 });
    }
    time.pass(30_000);
    expect([lines[0], lines[1], ...lines.slice(7)]).toEqual([
      "10:31:32 still at work\n",
      "10:31:32 QueueItems/invoices-march  reads queue DocQueue\n",
      "10:32:02 Job/a  starting 1 run, 30 s\n",
      "10:32:02 Job/b  starting 1 run, 30 s\n",
      "10:32:02 Job/c  starting 1 run, 30 s\n",
      "10:32:02 2 more under way\n",
    ]);
  });

  it("says once that a resource was skipped which never began", () => {
    const { lines, emit } = start();
    const outcome = {
      key: { ...reviewed, entry: "1" },
      action: "assign",
      label: "INV-1",
      durationMs: 0,
      calls: 1,
    } as const;
    emit({ type: "outcome", outcome: { ...outcome, status: "skipped", note: "depends on Job/x" } });
    emit({ type: "outcome", outcome: { ...outcome, status: "skipped", note: "depends on Job/x" } });
    expect(lines).toEqual(["10:31:02 Review/failed-invoices  skipped: depends on Job/x\n"]);
  });

  it("names folders where there are several", () => {
    const { lines, emit } = start([items, { ...smoke, folder: "Sales" }]);
    emit({ type: "step", key: items, text: "x" });
    expect(lines).toEqual(["10:31:02 QueueItems/invoices-march@Finance/Invoices  x\n"]);
  });
});

describe("terminalProgress", () => {
  /** A terminal of 80 columns that keeps what is written to it. */
  function terminal(): { stream: NodeJS.WriteStream; written: string[] } {
    const written: string[] = [];
    const stream = new Writable({
      write(chunk: Buffer, _encoding, done) {
        written.push(chunk.toString());
        done();
      },
    });
    return {
      stream: Object.assign(stream, { isTTY: true, columns: 80, rows: 24 }) as unknown as NodeJS.WriteStream,
      written,
    };
  }

  /** The last whole picture: what stays on the terminal. */
  const stays = (written: readonly string[]): string | undefined =>
    written.findLast((text) => text.includes("\n") && !text.includes("\u001b[?2026h"));

  it("leaves a line for each resource with how it ended", async () => {
    const time = new Time();
    const { stream, written } = terminal();
    const resources = [items, smoke, reviewed];
    const options = { now: () => time.now, schedule: time.schedule, color: false, resources };
    const progress = await terminalProgress(stream, options);
    const emit = emitter(progress, time);
    emit({ type: "apply-started", planId: "7c1f", pending: 3 });
    emit({ type: "resource-waiting", key: reviewed, on: [smoke] });
    emit({ type: "resource-started", key: items, text: "adding 1,200 items", total: 1200 });
    emit({ type: "resource-started", key: smoke, text: "starting 1 run", total: 1 });
    while (time.pending === 0) await turn(); // listr2 loads its own helpers first
    time.pass(41_000);
    emit({
      type: "resource-ended",
      key: items,
      text: "added 1,200",
      counts: { ...none, applied: 1200 },
      left: 0,
      durationMs: 3100,
      calls: 1,
    });
    emit({ type: "step", key: smoke, text: "running (job 128211)" });
    emit({ type: "interrupted", text: "interrupted: what is in flight is finished" });
    time.pass(100);
    expect(written.at(-1)).toContain("Job/smoke-test             running (job 128211)   0:41\n");
    await progress.stop();
    expect(stays(written)).toBe(`✔ QueueItems/invoices-march  added 1,200   1 call   3.1 s
⊘ Job/smoke-test             running (job 128211)
◌ Review/failed-invoices     waits for Job/smoke-test
⊘ interrupted: what is in flight is finished
`);
    expect(written.at(-1)).toBe("\u001b[?25h");
    expect(time.pending).toBe(0);
  });

  it("marks what failed and what was skipped, and ends at once when stopped at once", async () => {
    const time = new Time();
    const { stream, written } = terminal();
    const options = { now: () => time.now, schedule: time.schedule, color: false, resources: [smoke, reviewed] };
    const progress = await terminalProgress(stream, options);
    const emit = emitter(progress, time);
    emit({ type: "resource-started", key: smoke, text: "starting 1 run", total: 1 });
    emit({
      type: "resource-ended",
      key: smoke,
      text: "failed 1",
      counts: { ...none, failed: 1 },
      left: 0,
      durationMs: 500,
      calls: 1,
    });
    const outcome = {
      key: { ...reviewed, entry: "1" },
      action: "assign",
      label: "INV-1",
      durationMs: 0,
      calls: 1,
    } as const;
    emit({ type: "outcome", outcome: { ...outcome, status: "skipped", note: "depends on Job/smoke-test" } });
    await progress.stop();
    expect(stays(written)).toBe(`✖ Job/smoke-test          failed 1   1 call   0.5 s
↓ Review/failed-invoices  skipped: depends on Job/smoke-test
`);
  });

  it("has one line for very many resources", async () => {
    const time = new Time();
    const { stream, written } = terminal();
    const resources = Array.from({ length: 400 }, (_, index) => ({ ...smoke, name: `job-${index}` }));
    const progress = await terminalProgress(stream, {
      now: () => time.now,
      schedule: time.schedule,
      color: false,
      resources,
    });
    const emit = emitter(progress, time);
    for (const key of resources) {
      emit({
        type: "resource-ended",
        key,
        text: "",
        counts: { ...none, applied: 1 },
        left: 0,
        durationMs: 10,
        calls: 1,
      });
    }
    await progress.stop();
    expect(stays(written)).toBe("✔ applying  400 of 400 resources ended   0.0 s\n");
  });

  it("counts down below the lines what the run waits for, and takes it away when it goes on", async () => {
    const time = new Time();
    const { stream, written } = terminal();
    const options = { now: () => time.now, schedule: time.schedule, color: false, resources: [smoke] };
    const progress = await terminalProgress(stream, options);
    const emit = emitter(progress, time);
    emit({ type: "resource-started", key: smoke, text: "starting 1 run", total: 1 });
    while (time.pending === 0) await turn();
    emit({ type: "waiting", reason: "quota", perMinute: 90, until: new Date(time.now + 34_000).toISOString() });
    time.pass(4000);
    expect(written.at(-1)).toContain("waiting 30 s for the list quota (90 a minute)");
    emit({ type: "waited" });
    time.pass(200);
    expect(written.at(-1)).toContain("starting 1 run");
    expect(written.at(-1)).not.toContain("quota");
    await progress.stop();
    expect(stays(written)).toBe("⊘ Job/smoke-test  starting 1 run\n");
  });

  it("leaves nothing behind of planning", async () => {
    const time = new Time();
    const { stream, written } = terminal();
    const progress = await terminalProgress(stream, { now: () => time.now, schedule: time.schedule, color: true });
    emitter(progress, time)({ type: "reading", key: items, title: "queue DocQueue" });
    while (time.pending === 0) await turn();
    time.pass(1500);
    expect(written.at(-1)).toContain("comparing  queue DocQueue   0:01");
    await progress.stop();
    expect(stays(written)).toBeUndefined();
  });
});

it("waitsProgress says nothing but what the run waits for", async () => {
  const lines: string[] = [];
  const progress = waitsProgress((text) => lines.push(text));
  const at = "2026-11-21T10:31:02Z";
  progress.show({ at, type: "reading", key: items, title: "queue DocQueue" });
  progress.show({ at, type: "waiting", reason: "quota", perMinute: 90, until: "2026-11-21T10:31:36Z" });
  progress.show({ at, type: "waited" });
  await progress.stop();
  expect(lines).toEqual(["10:31:02 waiting 34 s for the list quota (90 a minute)\n"]);
});

it("quietProgress says nothing and ends", async () => {
  const progress = quietProgress();
  progress.show({ at: "2026-11-21T10:31:02Z", type: "interrupted", text: "x" });
  await expect(progress.stop()).resolves.toBeUndefined();
});

it("pendingResources leaves out what is in line", () => {
  const idle = resource("QueueItems", "idle", "queue DocQueue", []);
  expect(pendingResources(planOf([job, idle, queueItems]))).toEqual([job.key, queueItems.key]);
});
