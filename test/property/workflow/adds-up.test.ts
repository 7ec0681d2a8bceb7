import * as fc from "fast-check";
import { expect, it } from "vitest";
import type { Change } from "../../../src/core/change.ts";
import { isPending } from "../../../src/core/change.ts";
import type { Event } from "../../../src/core/events.ts";
import { outcomeStatuses, type Ending, type Outcome } from "../../../src/core/outcome.ts";
import type { Plan, PlannedResource } from "../../../src/core/plan.ts";
import { fullKey, keyIdentity } from "../../../src/core/resource.ts";
import type { Answer, Follow, Operation, RunProgress } from "../../../src/orchestrator/gateways/port.ts";
import type { TenantReader } from "../../../src/orchestrator/read/tenant.ts";
import { applyPlan } from "../../../src/workflow/apply/apply.ts";
import { isDone } from "../../../src/workflow/apply/halt.ts";
import { stamped } from "../../../src/workflow/emit.ts";
import { SkippingClock } from "../../support/clock.ts";
import { keyOf, planOf, resource } from "../../unit/views/sample.ts";

const fault = { kind: "timeout", call: "POST /x", message: "" } as const;
const endings: readonly Ending[] = [
  { status: "applied", ids: [1] },
  { status: "already-done" },
  { status: "failed", note: "no" },
  { status: "skipped", note: "changed" },
];

/** What happens to one operation, drawn at random; everything that a gateway can do, defects included. */
const fate = fc.record({
  repeat: fc.constantFrom("free", "afterSettle", "never"),
  divisible: fc.boolean(),
  stopsOnFailure: fc.boolean(),
  sideBySide: fc.boolean(),
  check: fc.constantFrom("none", "fine", "found", "throws"),
  answers: fc.array(
    fc.constantFrom("answered", "answered in part", "refused", "too large", "open", "throws", "interrupts"),
    { minLength: 1, maxLength: 4 },
  ),
  finds: fc.constantFrom("all", "nothing", "throws"),
  ending: fc.constantFrom(...endings),
});
type Fate = typeof fate extends fc.Arbitrary<infer T> ? T : never;

const plannedResource = fc.record({
  actions: fc.array(fc.constantFrom("create", "wait", "no-op"), { maxLength: 5 }),
  dependsOn: fc.array(fc.nat({ max: 5 }), { maxLength: 2 }),
  fates: fc.array(fate, { minLength: 1, maxLength: 4 }),
  /** Of its last change: in no operation at all. */
  forgets: fc.boolean(),
  operations: fc.constantFrom("fine", "throws"),
  follow: fc.constantFrom("none", "ends", "fails", "goes on", "cannot be read", "throws"),
});
type Sketch = typeof plannedResource extends fc.Arbitrary<infer T> ? T : never;

function changesOf(sketch: Sketch, index: number): Change[] {
  return sketch.actions.map((action, at) => {
    const base = { key: keyOf("QueueItems", `r${index}`, `${at}`), label: `${at}`, summary: "" };
    return action === "create" ? { ...base, action, after: {}, precondition: { type: "absent" } } : { ...base, action };
  });
}

function planFor(sketches: readonly Sketch[]): Plan {
  return planOf(
    sketches.map((sketch, index) =>
      resource("QueueItems", `r${index}`, "queue Q", changesOf(sketch, index), {
        dependsOn: [...new Set(sketch.dependsOn)].filter((on) => on < index).map((on) => keyOf("QueueItems", `r${on}`)),
      }),
    ),
  );
}

function operation(changes: readonly Change[], drawn: Fate, interrupt: () => void): Operation {
  let sends = 0;
  const all = (ending: Ending): ReadonlyMap<Change, Ending> => new Map(changes.map((each) => [each, ending]));
  return {
    name: "Add",
    changes,
    repeat: drawn.repeat,
    divisible: drawn.divisible,
    stopsOnFailure: drawn.stopsOnFailure,
    sideBySide: drawn.sideBySide,
    ...(drawn.check === "none"
      ? {}
      : {
          check: () => {
            if (drawn.check === "throws") return Promise.reject(new TypeError("defect"));
            return Promise.resolve(drawn.check === "found" ? all({ status: "already-done" }) : new Map());
          },
        }),
    send: (some): Promise<Answer> => {
      const answer = drawn.answers[sends++ % drawn.answers.length];
      const told = (ones: readonly Change[]): Answer => ({
        ending: "answered",
        endings: new Map(ones.map((each) => [each, drawn.ending])),
      });
      if (answer === "throws") return Promise.reject(new TypeError("defect"));
      if (answer === "interrupts") interrupt();
      if (answer === "open") return Promise.resolve({ ending: "open", fault });
      if (answer === "refused" || answer === "too large") {
        return Promise.resolve({ ending: "refused", fault, tooLarge: answer === "too large" });
      }
      return Promise.resolve(told(answer === "answered in part" ? some.slice(1) : some));
    },
    find: () => {
      if (drawn.finds === "throws") return Promise.reject(new TypeError("defect"));
      return Promise.resolve(drawn.finds === "all" ? all({ status: "applied" }) : new Map());
    },
  };
}

function followOf({ follow }: Sketch): Follow | undefined {
  const ways: Readonly<Record<string, () => Promise<RunProgress>>> = {
    ends: () => Promise.resolve({ type: "ended", ending: { status: "applied", note: "job 1 Successful" } }),
    fails: () => Promise.resolve({ type: "ended", ending: { status: "failed", note: "job 1 Faulted" } }),
    "goes on": () => Promise.resolve({ type: "running", text: "job 1 Running" }),
    "cannot be read": () => Promise.reject(new TypeError("defect")),
  };
  if (follow === "throws") throw new TypeError("defect");
  const look = ways[follow];
  return look && { timeout: 30_000, look };
}

function gatewayOf(sketches: readonly Sketch[], interrupt: () => void): unknown {
  const sketchOf = ({ key }: PlannedResource): Sketch => sketches[Number(key.name.slice(1))] as Sketch;
  return {
    kind: "QueueItems",
    lane: () => undefined,
    operations: (planned: PlannedResource) => {
      const sketch = sketchOf(planned);
      if (sketch.operations === "throws") throw new TypeError("defect");
      const creates = [...planned.changes].filter(({ action }) => action === "create");
      const sent = sketch.forgets ? creates.slice(0, -1) : creates;
      // Every second operation is about the changes of the one before it once more.
      return sketch.fates.flatMap((drawn, index) => {
        const some = sent.filter((_, at) => at % sketch.fates.length === (index % 2 === 0 ? index : index - 1));
        return some.length === 0 ? [] : [operation(some, drawn, interrupt)];
      });
    },
    follow: (planned: PlannedResource) => followOf(sketchOf(planned)),
  };
}

it("a report adds up to the plan, change by change, whatever happens", async () => {
  const run = fc.record({
    sketches: fc.array(plannedResource, { maxLength: 6 }),
    onError: fc.constantFrom("continue", "halt"),
    parallelism: fc.integer({ min: 1, max: 3 }),
    reason: fc.constantFrom("signal", "timeout"),
  });
  await fc.assert(
    fc.asyncProperty(run, async ({ sketches, onError, parallelism, reason }) => {
      const plan = planFor(sketches);
      const draining = new AbortController();
      const events: Event[] = [];
      const clock = new SkippingClock();
      const reader = {
        client: { onWait: () => ({ [Symbol.dispose]: () => undefined }), leaveBy: () => undefined },
        spent: () => ({ calls: 0, listCalls: 0 }),
      } as unknown as TenantReader;
      const gateway = gatewayOf(sketches, () => draining.abort(reason));
      const report = await applyPlan({
        plan,
        reader,
        clock,
        timing: { settle: 240_000, poll: 5000 },
        parallelism,
        onError,
        gateways: { QueueItems: gateway, Job: gateway, StoppedJobs: gateway, Review: gateway },
        emit: stamped(clock, (event) => events.push(event)),
        draining: draining.signal,
        signal: new AbortController().signal,
      });
      const pending = plan.resources.flatMap(({ changes }) => [...changes].filter(isPending));
      expect(report.outcomes.map(({ key }) => fullKey(key))).toEqual(pending.map(({ key }) => fullKey(key)));
      expect(outcomeStatuses.reduce((sum, status) => sum + report.counts[status], 0)).toBe(pending.length);
      for (const status of outcomeStatuses) {
        expect(report.resources.reduce((sum, { counts }) => sum + counts[status], 0)).toBe(report.counts[status]);
      }
      // What was told on the way is what the report says.
      const told = new Map<string, Outcome>();
      for (const event of events) if (event.type === "outcome") told.set(keyIdentity(event.outcome.key), event.outcome);
      expect([...told.values()].toSorted(byKey)).toEqual([...report.outcomes].toSorted(byKey));
      expectDependantsSkipped(plan, report.outcomes);
      expect(report.halted === true && onError === "continue").toBe(false);
    }),
    { numRuns: 500 },
  );
});

function byKey(a: Outcome, b: Outcome): number {
  return fullKey(a.key) < fullKey(b.key) ? -1 : 1;
}

/** Nothing is begun whose dependency did not succeed. */
function expectDependantsSkipped({ resources }: Plan, outcomes: readonly Outcome[]): void {
  const of = (name: string): readonly Outcome[] => outcomes.filter(({ key }) => key.name === name);
  for (const { key, dependsOn } of resources) {
    if (dependsOn.every((on) => of(on.name).every((outcome) => isDone(outcome)))) continue;
    expect(new Set(of(key.name).map(({ status }) => status)).difference(new Set(["skipped"]))).toEqual(new Set());
  }
}
