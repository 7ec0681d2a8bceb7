import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import type { EventBody } from "../../../src/core/events.ts";
import type { Waiting } from "../../../src/core/waiting.ts";
import { eventLines, type EventLines } from "../../../src/views/progress/event-lines.ts";
import { problemsBy } from "../../support/schema.ts";
import { reportOf } from "./reports.ts";
import { keyOf } from "./sample.ts";

/** Every reason to wait that the code has; the compiler wants one of each. */
const waitings: { readonly [Reason in Waiting["reason"]]: Extract<Waiting, { readonly reason: Reason }> } = {
  quota: { reason: "quota", perMinute: 90, until: "2026-11-21T10:31:34Z" },
  asked: { reason: "asked", status: 429, until: "2026-11-21T10:31:34Z" },
  lease: { reason: "lease", holder: "ana (run 5)", until: "2026-11-21T10:32:00Z" },
  retry: { reason: "retry", broken: "timeout", until: "2026-11-21T10:31:35Z" },
};

const schema = (name: string): { readonly $defs: Readonly<Record<string, unknown>> } =>
  JSON.parse(readFileSync(new URL(`../../../schemas/${name}.schema.json`, import.meta.url), "utf8")) as never;

/** A machine whose time the test moves; it calls whoever has waited long enough. */
class Machine {
  now = Date.parse("2026-11-21T10:31:00Z");
  #timers: { readonly at: number; readonly callback: () => void }[] = [];

  readonly schedule = (ms: number, callback: () => void): (() => void) => {
    const timer = { at: this.now + ms, callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer);
    };
  };

  pass(ms: number): void {
    this.now += ms;
    const due = this.#timers.filter(({ at }) => at <= this.now);
    this.#timers = this.#timers.filter(({ at }) => at > this.now);
    for (const { callback } of due) callback();
  }
}

interface Written {
  readonly lines: EventLines;
  readonly machine: Machine;
  readonly writes: string[];
  readonly emit: (event: EventBody) => void;
}

function begin(): Written {
  const machine = new Machine();
  const writes: string[] = [];
  const lines = eventLines((text) => writes.push(text), {
    now: () => machine.now,
    schedule: machine.schedule,
    toolVersion: "0.1.0",
  });
  return { lines, machine, writes, emit: (event) => lines.show({ at: new Date(machine.now).toISOString(), ...event }) };
}

const items = keyOf("QueueItems", "invoices-march");
const job = keyOf("Job", "nightly");
const report = reportOf();

describe("events", () => {
  it("are lines from the first look to the report, each as its schema says", async () => {
    const { lines, machine, writes, emit } = begin();
    const [added, failed, done, lost, skipped] = report.outcomes;
    emit({ type: "reading", key: items, title: "queue DocQueue" });
    emit({ type: "waiting", reason: "quota", perMinute: 90, until: "2026-11-21T10:31:34Z" });
    emit({ type: "waiting", reason: "retry", status: 503, until: "2026-11-21T10:31:35Z" });
    emit({ type: "waited" });
    emit({ type: "waiting", reason: "lease", holder: "ana (run 5)", until: "2026-11-21T10:32:00Z" });
    emit({ type: "waited" });
    emit({ type: "apply-started", planId: report.planId, pending: 5 });
    emit({ type: "lease", text: "took the lease default" });
    emit({ type: "resource-waiting", key: keyOf("Review", "failed-invoices"), on: [job] });
    emit({ type: "resource-started", key: items, text: "adding 3 items: queue DocQueue", total: 3 });
    for (const outcome of [added, failed, done]) if (outcome !== undefined) emit({ type: "outcome", outcome });
    emit({ type: "progress", key: items, text: "3 of 3", done: 3, total: 3 });
    const counts = { applied: 1, "already-done": 1, failed: 1, skipped: 0, unknown: 0 };
    emit({
      type: "resource-ended",
      key: items,
      text: "added 1, already done 1, failed 1",
      counts,
      left: 0,
      durationMs: 120,
      calls: 2,
    });
    emit({ type: "resource-started", key: job, text: "starting 1 run: process Nightly", total: 1 });
    emit({ type: "step", key: job, text: "job 128211 Running" });
    emit({ type: "settling", key: job, call: "POST /odata/Jobs", until: "2026-11-21T10:35:05Z" });
    machine.pass(30_000);
    emit({ type: "halted", key: job, text: "Job/nightly did not succeed: nothing more begins" });
    emit({ type: "interrupted", text: "interrupted: finishing what is in flight" });
    if (lost !== undefined) emit({ type: "outcome", outcome: lost });
    expect(skipped?.status).toBe("skipped"); // is told with the report
    lines.end(report);
    const text = writes.join("");
    await expect(text).toMatchFileSnapshot("../../fixtures/views/events.ndjson");
    const validate = new Ajv2020({ allErrors: true, strictTypes: false }).compile(schema("events"));
    const wrong = text
      .trimEnd()
      .split("\n")
      .filter((line) => !validate(JSON.parse(line)));
    expect(wrong).toEqual([]);
  });

  it.each(Object.values(waitings))("of a wait are as the schema says: $reason", async (waiting) => {
    const { writes, emit } = begin();
    emit({ type: "waiting", ...waiting });
    await Promise.resolve();
    const [, line = ""] = writes.join("").split("\n");
    const { at, type, ...told } = JSON.parse(line) as Record<string, unknown>;
    expect({ type, ...told }).toEqual({ type: "waiting", ...waiting });
    expect(problemsBy("events")({ at, type, ...told })).toEqual([]);
  });

  it("of one turn are one write, and none waits for the next", async () => {
    const { writes, emit } = begin();
    emit({ type: "waited" });
    emit({ type: "waited" });
    expect(writes).toHaveLength(0);
    await Promise.resolve();
    expect(writes.map((text) => text.split("\n").length - 1)).toEqual([3]);
  });

  it("beat every 30 seconds in which nothing else is told, until the last line", async () => {
    const { lines, machine, writes, emit } = begin();
    const told = (): number => writes.join("").split("heartbeat").length - 1;
    emit({ type: "resource-started", key: job, text: "starting 1 run", total: 1 });
    machine.pass(29_999);
    emit({ type: "step", key: job, text: "job 1 Running" });
    machine.pass(29_999);
    await Promise.resolve();
    expect(told()).toBe(0);
    machine.pass(1);
    machine.pass(30_000);
    await Promise.resolve();
    expect(told()).toBe(2);
    lines.fail("the server could not be reached");
    machine.pass(90_000);
    emit({ type: "waited" });
    await Promise.resolve();
    expect(told()).toBe(2);
    expect(writes.at(-1)).toMatch(/"type":"error","message":"the server could not be reached"}\n$/);
  });

  it("describe what is in a report as the report's own schema does", () => {
    const { $defs } = schema("report");
    expect(schema("events").$defs).toMatchObject($defs);
  });
});
