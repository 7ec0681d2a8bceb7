import { describe, expect, it } from "vitest";
import type { EventBody } from "../../../src/core/events.ts";
import type { Outcome, OutcomeStatus } from "../../../src/core/outcome.ts";
import { TimelineRecorder, type Timeline } from "../../../src/core/timeline.ts";

const start = Date.parse("2026-11-21T10:31:02Z");
const at = (ms: number): Date => new Date(start + ms);
const job = { kind: "Job", folder: "F", name: "smoke" } as const;
const items = { kind: "QueueItems", folder: "F", name: "march" } as const;

function outcome(status: OutcomeStatus): EventBody {
  const about = { key: { ...items, entry: "R" }, action: "create", label: "R", durationMs: 1, calls: 1 } as const;
  return { type: "outcome", outcome: { ...about, status, note: "" } as Outcome };
}

function timelineOf(events: readonly (readonly [number, EventBody])[], end: number): Timeline {
  const recorder = new TimelineRecorder(at(0));
  for (const [ms, event] of events) recorder.take(event, at(ms));
  return recorder.made(at(end));
}

const ended = { text: "", counts: { applied: 0, "already-done": 0, failed: 0, skipped: 0, unknown: 0 } };

describe("a timeline", () => {
  it("has a lane for each resource, from its wait to its end, with what happened on the way", () => {
    const timeline = timelineOf(
      [
        [0, { type: "resource-waiting", key: job, on: [items] }],
        [1, { type: "resource-started", key: items, text: "adding", total: 3 }],
        [150, outcome("applied")],
        [150, outcome("already-done")],
        [420, outcome("failed")],
        [430, { type: "resource-ended", key: items, ...ended, left: 0, durationMs: 429, calls: 2 }],
        [440, { type: "resource-started", key: job, text: "starting", total: 1 }],
        [500, { type: "step", key: job, text: "started job 7" }],
        [600, { type: "settling", key: job, call: "POST StartJobs", until: at(90_000).toISOString() }],
        [700, { type: "resource-ended", key: job, ...ended, left: 0, durationMs: 260, calls: 1 }],
      ],
      700,
    );
    expect(timeline).toEqual({
      slotMs: 100,
      pauses: [],
      lanes: [
        {
          key: job,
          waitedMs: 0,
          beganMs: 440,
          endedMs: 700,
          open: [{ fromMs: 600, toMs: 700, times: 1 }], // what ended sooner was not looked for any longer
          ends: [],
          steps: [{ atMs: 500, text: "started job 7" }],
        },
        {
          key: items,
          beganMs: 1,
          endedMs: 430,
          open: [],
          ends: [
            { slot: 1, done: 2, failed: 0, skipped: 0, unknown: 0 },
            { slot: 4, done: 0, failed: 1, skipped: 0, unknown: 0 },
          ],
          steps: [],
        },
      ],
    });
  });

  it("knows when and why the run stood still: the wait for a lease is over before it begins", () => {
    const until = at(99_000).toISOString();
    const timeline = timelineOf(
      [
        [10, { type: "waiting", reason: "quota", perMinute: 90, until }],
        [500, { type: "waiting", reason: "retry", status: 503, until }],
        [900, { type: "waited" }],
        [950, { type: "waiting", reason: "lease", holder: "x", until }],
        [1000, { type: "waiting", reason: "asked", status: 429, until }],
      ],
      1500,
    );
    expect(timeline.pauses).toEqual([
      { reason: "quota", fromMs: 10, toMs: 500, times: 1 },
      { reason: "retry", fromMs: 500, toMs: 900, times: 1 },
      { reason: "asked", fromMs: 1000, toMs: 1500, times: 1 },
    ]);
  });

  it("keeps the first states of runs and counts the others", () => {
    const steps = Array.from({ length: 25 }, (_, index) => [index, { type: "step", key: job, text: "x" }] as const);
    const [lane] = timelineOf(steps, 100).lanes;
    expect([lane?.steps.length, lane?.stepsLeft]).toEqual([20, 5]);
  });

  it("takes no lane from what is about the whole run", () => {
    const whole: readonly EventBody[] = [
      { type: "apply-started", planId: "5f989682", pending: 3 },
      { type: "lease", text: "taken" },
      { type: "reading", key: job, title: "process Smoke" },
      { type: "halted", key: job, text: "one failed" },
      { type: "interrupted", text: "Ctrl-C" },
      { type: "waited" },
    ];
    const events = whole.map((event, index) => [index, event] as const);
    expect(timelineOf(events, 10)).toEqual({ slotMs: 100, pauses: [], lanes: [] });
  });
});
