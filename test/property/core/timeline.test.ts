import * as fc from "fast-check";
import { expect, it } from "vitest";
import { outcomeStatuses, type Outcome } from "../../../src/core/outcome.ts";
import { TimelineRecorder } from "../../../src/core/timeline.ts";

const key = { kind: "QueueItems", folder: "F", name: "march" } as const;
const ends = fc.record({ after: fc.nat(40_000), status: fc.constantFrom(...outcomeStatuses) });
const settles = fc.record({ after: fc.nat(40_000), lasts: fc.nat(90_000) });

it("is small however long a run is, and loses none of its changes, nor any time that a write was open", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(ends, settles), { maxLength: 400 }), (events) => {
      const recorder = new TimelineRecorder(new Date(0));
      const opened: number[] = [];
      let now = 0;
      for (const event of events) {
        now += event.after;
        if ("status" in event) {
          const outcome = { key, action: "create", label: "", durationMs: 0, calls: 0, note: "", status: event.status };
          recorder.take({ type: "outcome", outcome: outcome as Outcome }, new Date(now));
        } else {
          opened.push(now);
          const until = new Date(now + event.lasts).toISOString();
          recorder.take({ type: "settling", key, call: "POST x", until }, new Date(now));
        }
      }
      const { lanes, slotMs } = recorder.made(new Date(now));
      const slots = lanes.flatMap((lane) => lane.ends);
      expect(slots.every(({ slot }) => slot < 120 && slot * slotMs <= now)).toBe(true);
      const counted = slots.map(({ done, failed, skipped, unknown }) => done + failed + skipped + unknown);
      expect(counted.reduce((sum, each) => sum + each, 0)).toBe(events.length - opened.length);
      const open = lanes.flatMap((lane) => lane.open);
      expect(open.length).toBeLessThanOrEqual(60);
      expect(open.reduce((sum, { times }) => sum + times, 0)).toBe(opened.length);
      expect(opened.every((at) => open.some(({ fromMs, toMs }) => fromMs <= at && at <= toMs))).toBe(true);
    }),
    { numRuns: 60 },
  );
});
