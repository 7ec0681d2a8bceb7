import { describe, expect, it } from "vitest";
import type { Change } from "../../../src/core/change.ts";
import type { Clock } from "../../../src/core/clock.ts";
import type { EventBody } from "../../../src/core/events.ts";
import type { Ending } from "../../../src/core/outcome.ts";
import type { PlannedResource } from "../../../src/core/plan.ts";
import type { Answer, Follow, Gateway, Operation, RunProgress } from "../../../src/orchestrator/gateways/port.ts";
import { chargeCall, noteTrace } from "../../../src/orchestrator/http/account.ts";
import { stamped } from "../../../src/workflow/emit.ts";
import { haltOn } from "../../../src/workflow/apply/halt.ts";
import { Lanes, Pool } from "../../../src/workflow/pool.ts";
import { runResource, type ResourceResult, type ResourceWorld } from "../../../src/workflow/apply/run-resource.ts";
import { SkippingClock } from "../../support/clock.ts";
import { folder, source } from "../../support/desired.ts";

const key = { kind: "QueueItems", folder: "Finance", name: "march" } as const;
function change(label: string, action: "create" | "wait" = "create"): Change {
  const base = { key: { ...key, entry: label }, label, summary: "" };
  return action === "wait" ? { ...base, action } : { ...base, action, after: {}, precondition: { type: "absent" } };
}

function resource(changes: readonly Change[]): PlannedResource {
  return {
    key,
    level: 0,
    dependsOn: [],
    folder,
    title: "queue Q",
    settings: {},
    observed: {},
    changes,
    notes: [],
    source,
  };
}

function operation(
  changes: readonly Change[],
  ending: Ending | ((each: Change) => Ending),
  fields: Partial<Operation> = {},
): Operation {
  return {
    name: "Add",
    changes,
    repeat: "never",
    divisible: true,
    send: (some) => {
      const of = (each: Change): Ending => (typeof ending === "function" ? ending(each) : ending);
      return Promise.resolve<Answer>({ ending: "answered", endings: new Map(some.map((each) => [each, of(each)])) });
    },
    find: () => Promise.resolve(new Map()),
    ...fields,
  };
}

interface Run {
  readonly result: ResourceResult;
  readonly told: string[];
  readonly events: EventBody[];
}

async function run(
  changes: readonly Change[],
  operations: readonly Operation[] | Error,
  options: Partial<ResourceWorld> & { follow?: Follow | Error; newcomers?: () => Promise<string> } = {},
): Promise<Run> {
  const events: EventBody[] = [];
  const { follow, newcomers, ...rest } = options;
  const gateway = {
    kind: "QueueItems",
    operations: () => {
      if (operations instanceof Error) throw operations;
      return operations;
    },
    follow: () => {
      if (follow instanceof Error) throw follow;
      return follow;
    },
    ...(newcomers === undefined ? {} : { newcomers }),
  } as unknown as Gateway<never, never>;
  const never = new AbortController().signal;
  const world: ResourceWorld = {
    clock: new SkippingClock(),
    settle: 240_000,
    poll: 5000,
    emit: (event) => events.push(event),
    draining: never,
    signal: never,
    run: {} as ResourceWorld["run"],
    pool: new Pool(4),
    lanes: new Lanes(),
    parallelism: 2,
    halt: haltOn("continue", () => undefined),
    ...rest,
  };
  const result = await runResource(resource(changes), gateway, world);
  return {
    result,
    told: changes.map((each) => `${each.label} ${result.outcomes.get(each)?.status ?? "MISSING"}`),
    events,
  };
}

const applied: Ending = { status: "applied" };

describe("carrying out a resource", () => {
  it("gives a change to a later operation only when the earlier ones applied it, and adds up what they say", async () => {
    const [a, b] = [change("A"), change("B")];
    const first = operation([a, b], (each) =>
      each === a ? { status: "applied", ids: [1] } : { status: "failed", note: "no" },
    );
    const second = operation([a, b], { status: "already-done", ids: [2], note: "as wanted" });
    const { result, told } = await run([a, b], [first, second]);
    expect(told).toEqual(["A applied", "B failed"]);
    expect(result.outcomes.get(a)).toMatchObject({ status: "applied", ids: [1, 2], note: "as wanted" });
  });

  it.each<Ending>([
    { status: "failed", note: "no" },
    { status: "skipped", note: "changed" },
  ])("sends nothing after %o where a failure stops the rest", async (ending) => {
    const [a, b] = [change("A"), change("B")];
    const { told } = await run(
      [a, b],
      [operation([a], ending, { stopsOnFailure: true }), operation([b], applied, { stopsOnFailure: true })],
    );
    expect(told).toEqual([`A ${ending.status}`, "B skipped"]);
  });

  it("sends nothing after an unknown ending either", async () => {
    const [a, b] = [change("A"), change("B")];
    const lost = operation([a], applied, {
      stopsOnFailure: true,
      send: () => Promise.resolve({ ending: "open", fault: { kind: "timeout", call: "c", message: "" } }),
    });
    const { told } = await run([a, b], [lost, operation([b], applied, { stopsOnFailure: true })]);
    expect(told).toEqual(["A unknown", "B skipped"]);
  });

  it("lets operations go side by side only when they say so, and never more than the parallelism", async () => {
    let under = 0;
    let most = 0;
    const changes = ["A", "B", "C", "D", "E"].map((label) => change(label));
    const operations = changes.map((each) =>
      operation([each], applied, {
        sideBySide: true,
        send: async () => {
          most = Math.max(most, ++under);
          await Promise.resolve();
          await Promise.resolve();
          under--;
          return { ending: "answered", endings: new Map([[each, applied]]) };
        },
      }),
    );
    await run(changes, operations);
    expect(most).toBe(2);
    most = 0;
    await run(
      changes,
      operations.map((each) => operation(each.changes, applied, { send: each.send })),
    );
    expect(most).toBe(1);
  });

  it("claims nothing, and loses no report, when a gateway throws", async () => {
    const [a, b] = [change("A"), change("B")];
    expect((await run([a, b], new TypeError("defect"))).told).toEqual(["A unknown", "B unknown"]);
  });
});

describe("staying with a run", () => {
  const looking: Follow = { timeout: 12_000, look: () => Promise.resolve({ type: "running", text: "job 7 Running" }) };

  it("looks round only with a place in the pool: what failed before would end the process (seed 74002)", async () => {
    const pool = new Pool(1);
    const place = Promise.withResolvers<void>();
    let looks = 0;
    const running = run([change("A")], [operation([change("A")], applied)], {
      pool,
      newcomers: async () => {
        looks++;
        throw new Error("401");
      },
      clock: new SkippingClock(),
      emit: (event) => void (event.type === "outcome" ? pool.run(() => place.promise) : undefined),
    });
    for (let turns = 0; turns < 50; turns++) await Promise.resolve();
    expect(looks).toBe(0);
    place.resolve();
    expect((await running).result.note).toBeUndefined();
    expect(looks).toBe(1);
  });

  it("leaves a start that outlasts the wait applied, and a run that was attached to already done", async () => {
    const [started, attached] = [change("A"), change("B", "wait")];
    const start = operation([started], { status: "applied", ids: [7], note: "started job 7 (nightly@once)" });
    const { result, told, events } = await run([started, attached], [start], { follow: looking });
    expect(told).toEqual(["A applied", "B already-done"]);
    expect(events.find(({ type }) => type === "step")).toMatchObject({ text: "started job 7 (nightly@once)" });
    expect([...result.outcomes.values()].map(({ leftRunning }) => leftRunning)).toEqual(["timeout", "timeout"]);
    expect(result.outcomes.get(started)).toMatchObject({
      note: "job 7 Running; the wait ran out of time, the run goes on and the next apply attaches to it",
    });
  });

  it("says of a run that each plan starts anew that the next one does not attach to it", async () => {
    const fields = { action: "start", run: "again", always: true, fields: [] } as const;
    const started = { ...change("A"), ...fields } as Change;
    const start = operation([started], { status: "applied", ids: [7] });
    const { result } = await run([started], [start], { follow: looking });
    expect(result.outcomes.get(started)).toMatchObject({
      note: "job 7 Running; the wait ran out of time, the run goes on and a new plan starts another one",
    });
  });

  it("says why it left: interrupted, or --timeout", async () => {
    for (const [reason, words] of [
      ["signal", "interrupted"],
      ["timeout", "--timeout ran out"],
    ] as const) {
      const draining = new AbortController();
      const attached = change("A", "wait");
      const follow: Follow = {
        timeout: 60_000,
        look: () => (draining.abort(reason), Promise.resolve({ type: "running", text: "job 7 Running" })),
      };
      const { result } = await run([attached], [], { follow, draining: draining.signal });
      expect(result.outcomes.get(attached)).toMatchObject({ note: expect.stringContaining(`; ${words},`) as string });
    }
  });
});

describe("places", () => {
  /** A clock whose sleeps last until the test ends them. */
  function held(): { readonly clock: Clock; readonly wake: () => void } {
    const slept = Promise.withResolvers<void>();
    return {
      clock: { now: () => new Date(0), sleep: () => slept.promise },
      wake: () => slept.resolve(),
    };
  }

  it("are given away while a write settles: other resources go on meanwhile", async () => {
    const { clock, wake } = held();
    const pool = new Pool(1);
    const [lost, other] = [change("A"), change("B")];
    const open = operation([lost], applied, {
      send: () => Promise.resolve({ ending: "open", fault: { kind: "timeout", call: "c", message: "" } }),
    });
    const first = run([lost], [open], { clock, pool });
    expect((await run([other], [operation([other], applied)], { pool })).told).toEqual(["B applied"]);
    wake();
    expect((await first).told).toEqual(["A unknown"]);
  });

  it("are shared by looks at runs, which hold none in between", async () => {
    let [under, most] = [0, 0];
    const look = async (): Promise<RunProgress> => {
      most = Math.max(most, ++under);
      await Promise.resolve();
      under--;
      return { type: "ended", ending: applied };
    };
    const waits = ["A", "B", "C"].map((label) => change(label, "wait"));
    await run(waits, [], { follow: { timeout: 1000, look }, pool: new Pool(2) });
    expect(most).toBe(2);
  });
});

describe("--on-error halt", () => {
  it("begins nothing more once a change has not succeeded, and says so once", async () => {
    const changes = ["A", "B", "C"].map((label) => change(label));
    const events: EventBody[] = [];
    const halt = haltOn("halt", (event) => events.push(event));
    const operations = changes.map((each) =>
      operation([each], each.label === "B" ? { status: "failed", note: "no" } : applied),
    );
    const { told, result } = await run(changes, operations, { halt });
    expect(told).toEqual(["A applied", "B failed", "C skipped"]);
    expect([...result.outcomes.values()].at(-1)?.note).toContain("--on-error is halt");
    expect(events).toEqual([{ type: "halted", key, text: "QueueItems/march did not succeed: nothing more begins" }]);
  });
});

describe("what is told of a change", () => {
  it("comes as soon as its last operation has ended, with the calls and the time it took", async () => {
    const clock = new SkippingClock();
    const [a, b] = [change("A"), change("B")];
    const calls = operation([a], applied, {
      send: () => {
        chargeCall();
        noteTrace("00-1");
        clock.advance(70);
        return Promise.resolve({ ending: "answered", endings: new Map([[a, applied]]) });
      },
    });
    const { events, result } = await run([a, b], [calls, operation([b], applied)], { clock });
    const told = events.flatMap((event) => (event.type === "outcome" ? [event.outcome.label] : [event.type]));
    expect(told).toEqual(["A", "progress", "B", "progress"]);
    expect(result.outcomes.get(a)).toMatchObject({ calls: 1, traceIds: ["00-1"], durationMs: 70 });
    expect(result.outcomes.get(b)).toMatchObject({ calls: 0, durationMs: 0 });
    expect(result.calls).toBe(1);
  });
});

describe("when a change is told of", () => {
  const tick = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

  /** What had been told when the second of two operations was about to leave, and while it was on its way. */
  async function toldAround(first: Ending, fields: Partial<Operation> = {}, places = 4): Promise<string[]> {
    const pool = new Pool(places);
    const [a, b] = [change("A"), change("B")];
    const told: string[] = [];
    const seen: string[] = [];
    const second = operation([b], applied, {
      ...fields,
      send: async (_some, _signal, sending) => {
        seen.push(`before: ${told.join(" ")}`);
        await sending?.before();
        await tick();
        seen.push(`on its way: ${told.join(" ")}`);
        return { ending: "answered", endings: new Map([[b, applied]]) };
      },
    });
    const emit = (event: EventBody): void => void (event.type === "outcome" && told.push(event.outcome.label));
    const between = Promise.withResolvers<void>();
    const leading = operation([a], first, {
      send: () => {
        const other = pool.run(async () => {
          await tick();
          seen.push(`between: ${told.join(" ")}`);
        });
        between.resolve(other);
        return Promise.resolve({ ending: "answered", endings: new Map([[a, first]]) });
      },
    });
    await run([a, b], [leading, second], { emit, pool });
    await between.promise;
    expect(told).toEqual(["A", "B"]);
    return seen.filter((text) => places === 1 || !text.startsWith("between"));
  }

  it("is while the next request is on its way, when all went well and nothing else comes in between", async () => {
    expect(await toldAround(applied)).toEqual(["before: ", "on its way: A"]);
  });

  it.each<[string, Ending, Partial<Operation>]>([
    ["it failed", { status: "failed", note: "no" }, {}],
    ["the next one looks first", applied, { check: () => Promise.resolve(new Map()) }],
  ])("is at once when %s", async (_why, first, fields) => {
    expect(await toldAround(first, fields)).toEqual(["before: A", "on its way: A"]);
  });

  it("is at once when the next one has to wait for a place", async () => {
    expect(await toldAround(applied, {}, 1)).toEqual(["between: A", "before: A", "on its way: A"]);
  });

  it("comes once for each, also when telling one of them fails while a request is on its way", async () => {
    const changes = ["A", "B", "C"].map((label) => change(label));
    const told: string[] = [];
    const halt = {
      signal: new AbortController().signal,
      see: ({ label }: { readonly label: string }): void => {
        told.push(label);
        if (told.length === 1) throw new Error("a defect");
      },
    };
    const last = operation(changes.slice(2), applied, {
      send: async (some, _signal, sending) => {
        await sending?.before();
        await tick();
        return { ending: "answered", endings: new Map(some.map((each) => [each, applied])) };
      },
    });
    const { told: all } = await run(changes, [operation(changes.slice(0, 2), applied), last], { halt });
    expect(all).toEqual(["A applied", "B applied", "C applied"]);
    expect(told).toEqual(["A", "C", "B"]);
  });
});

describe("whoever watches", () => {
  it("ends nothing by throwing, and is told nothing more", () => {
    let told = 0;
    const emit = stamped(new SkippingClock(), () => {
      told++;
      throw new Error("display");
    });
    emit({ type: "interrupted", text: "x" });
    emit({ type: "interrupted", text: "y" });
    expect(told).toBe(1);
  });
});
