import { describe, expect, it } from "vitest";
import type { Change } from "../../../src/core/change.ts";
import { ApiError } from "../../../src/core/errors.ts";
import type { EventBody } from "../../../src/core/events.ts";
import type { Fault } from "../../../src/core/fault.ts";
import type { Ending } from "../../../src/core/outcome.ts";
import type { Answer, Operation, Repeat } from "../../../src/orchestrator/gateways/port.ts";
import { carryOut, type ProtocolWorld } from "../../../src/workflow/apply/protocol.ts";
import { SkippingClock } from "../../support/clock.ts";

const key = { kind: "QueueItems", folder: "Finance", name: "march" } as const;
const settle = 240_000;
const lost: Fault = { kind: "timeout", call: "POST /odata/Queues", message: "no answer" };
const refused: Fault = { kind: "http", call: "POST /odata/Queues", message: "no", status: 400, errorCode: 1000 };

function change(reference: string): Change {
  const after = { reference };
  return {
    action: "create",
    key: { ...key, entry: reference },
    label: reference,
    summary: "",
    after,
    precondition: { type: "absent" },
  };
}

const names = (changes: readonly Change[]): string => changes.map((each) => each.label).join(" ");

type Scripted = Answer | Error | ((changes: readonly Change[]) => Answer);

/** A server as the protocol sees it: scripted answers, and what look-ups find at which time. */
class Script {
  readonly log: string[] = [];
  readonly clock = new SkippingClock();
  readonly events: EventBody[] = [];
  readonly notes: string[] = [];
  readonly draining = new AbortController();
  readonly stopping = new AbortController();
  readonly #answers: readonly Scripted[];
  /** References that are found from this many milliseconds on. */
  readonly #appears: ReadonlyMap<string, number>;
  readonly #start = this.clock.now().getTime();
  findFails = false;

  constructor(answers: readonly Scripted[], appears: Readonly<Record<string, number>> = {}) {
    this.#answers = answers;
    this.#appears = new Map(Object.entries(appears));
  }

  #elapsed(): number {
    return this.clock.now().getTime() - this.#start;
  }

  operation(changes: readonly Change[], fields: Partial<Operation> & { readonly repeat: Repeat }): Operation {
    let sends = 0;
    return {
      name: "BulkAddQueueItems",
      changes,
      divisible: true,
      send: async (batch, _signal, sending) => {
        const held = await sending?.before();
        if (held !== undefined)
          return { ending: "refused", fault: { ...lost, kind: "cancelled", message: held }, tooLarge: false };
        this.log.push(`send ${names(batch)} at ${this.#elapsed()}`);
        const answer = this.#answers[Math.min(sends++, this.#answers.length - 1)];
        if (answer instanceof Error) throw answer;
        if (answer === undefined) throw new Error("no answer scripted");
        return typeof answer === "function" ? answer(batch) : answer;
      },
      find: (batch) => {
        this.log.push(`find ${names(batch)} at ${this.#elapsed()}`);
        if (this.findFails) return Promise.reject(new ApiError("down", lost));
        const there = batch.filter((each) => (this.#appears.get(each.label) ?? Infinity) <= this.#elapsed());
        return Promise.resolve(
          new Map(there.map((each): [Change, Ending] => [each, { status: "applied", note: "found" }])),
        );
      },
      ...fields,
    };
  }

  async run(fields: Partial<Operation> & { readonly repeat: Repeat }, ...references: string[]): Promise<string[]> {
    const changes = references.map((reference) => change(reference));
    const world: ProtocolWorld = {
      clock: this.clock,
      settle,
      emit: (event) => this.events.push(event),
      draining: this.draining.signal,
      signal: this.stopping.signal,
    };
    const endings = await carryOut(this.operation(changes, fields), changes, key, world);
    this.notes.push(...[...endings.values()].flatMap(({ note }) => note ?? []));
    return changes.map((each) => `${each.label} ${endings.get(each)?.status ?? "MISSING"}`);
  }
}

const answered = (changes: readonly Change[]): Answer => ({
  ending: "answered",
  endings: new Map(changes.map((each): [Change, Ending] => [each, { status: "applied" }])),
});
const open: Answer = { ending: "open", fault: lost };

describe("an interruption before the write was sent", () => {
  it("ends the look before it, and is no failure", async () => {
    const script = new Script([answered]);
    const check: Operation["check"] = async (_, signal) => {
      script.draining.abort();
      expect(signal.aborted, "a wait for the quota ends").toBe(true);
      throw new ApiError("given up", { ...lost, kind: "cancelled" });
    };
    expect(await script.run({ repeat: "free", check }, "A")).toEqual(["A skipped"]);
    expect(script.log).toEqual([]);
  });

  it("that ends a wait to send it again is no failure either", async () => {
    const given: Fault = { kind: "cancelled", call: "POST /odata/Queues", message: "given up before it was sent" };
    const script = new Script([{ ending: "refused", fault: given, tooLarge: false }]);
    expect(await script.run({ repeat: "free" }, "A")).toEqual(["A skipped"]);
    expect(script.log).toEqual(["send A at 0"]);
  });

  it("leaves a write open that was open before", async () => {
    const given: Fault = { kind: "cancelled", call: "POST /odata/Queues", message: "given up before it was sent" };
    const leave = (): Answer => {
      script.draining.abort();
      return { ending: "refused", fault: given, tooLarge: false };
    };
    const script: Script = new Script([open, leave]);
    expect(await script.run({ repeat: "free" }, "A")).toEqual(["A unknown"]);
  });
});

describe("a write that is answered", () => {
  it("is sent once and never looked for", async () => {
    const script = new Script([answered]);
    expect(await script.run({ repeat: "free" }, "A", "B")).toEqual(["A applied", "B applied"]);
    expect(script.log).toEqual(["send A B at 0"]);
  });

  it("is open for a row that the answer does not mention", async () => {
    const script = new Script([(changes) => answered(changes.slice(0, 1))], { B: 0 });
    expect(await script.run({ repeat: "never" }, "A", "B")).toEqual(["A applied", "B applied"]);
    expect(script.log).toEqual(["send A B at 0", "find B at 0"]);
  });
});

describe("a write that is refused", () => {
  it("fails, and is not sent again", async () => {
    const script = new Script([{ ending: "refused", fault: refused, tooLarge: false }]);
    expect(await script.run({ repeat: "free" }, "A")).toEqual(["A failed"]);
    expect(script.log).toEqual(["send A at 0"]);
  });

  it("is halved when it was too large, down to one row", async () => {
    const tooLarge = (changes: readonly Change[]): Answer =>
      changes.length > 1 || changes[0]?.label === "C"
        ? { ending: "refused", fault: refused, tooLarge: true }
        : answered(changes);
    const script = new Script([tooLarge]);
    expect(await script.run({ repeat: "never" }, "A", "B", "C")).toEqual(["A applied", "B applied", "C failed"]);
    expect(script.log).toEqual(["send A B C at 0", "send A B at 0", "send A at 0", "send B at 0", "send C at 0"]);
  });

  it("stops between the halves once a failure stops the rest", async () => {
    const answer = (changes: readonly Change[]): Answer =>
      changes.length > 2
        ? { ending: "refused", fault: refused, tooLarge: true }
        : {
            ending: "answered",
            endings: new Map(
              changes.map((each): [Change, Ending] => [
                each,
                each.label === "B" ? { status: "failed", note: "no" } : { status: "applied" },
              ]),
            ),
          };
    const script = new Script([answer]);
    expect(await script.run({ repeat: "free", stopsOnFailure: true }, "A", "B", "C", "D")).toEqual([
      "A applied",
      "B failed",
      "C skipped",
      "D skipped",
    ]);
    expect(script.log).toEqual(["send A B C D at 0", "send A B at 0"]);
  });

  it("is never halved when it is one call by promise", async () => {
    const script = new Script([{ ending: "refused", fault: refused, tooLarge: true }]);
    expect(await script.run({ repeat: "free", divisible: false }, "A", "B")).toEqual(["A failed", "B failed"]);
    expect(script.log).toEqual(["send A B at 0"]);
  });
});

describe("an open write", () => {
  it("is looked for before anything else, and only what is absent goes out again", async () => {
    const script = new Script([open, answered], { A: 0 });
    expect(await script.run({ repeat: "free" }, "A", "B")).toEqual(["A applied", "B applied"]);
    expect(script.log).toEqual(["send A B at 0", "find A B at 0", "send B at 0"]);
  });

  it("that the server makes harmless is sent three times at most, then settled and reported", async () => {
    const script = new Script([open]);
    expect(await script.run({ repeat: "free" }, "A")).toEqual(["A unknown"]);
    expect(script.log).toEqual([
      "send A at 0",
      "find A at 0",
      "send A at 0",
      "find A at 0",
      "send A at 0",
      "find A at 0",
      "find A at 240000",
    ]);
  });

  it("that may commit late is sent again once, only after settle", async () => {
    const script = new Script([open, answered]);
    expect(await script.run({ repeat: "afterSettle" }, "A")).toEqual(["A applied"]);
    expect(script.log).toEqual(["send A at 0", "find A at 0", "find A at 240000", "send A at 240000"]);
    expect(script.events).toMatchObject([
      { type: "settling", call: "POST /odata/Queues", until: "2026-11-21T12:04:00.000Z" },
    ]);
  });

  it("settles from when it left, however long it waited for a quota before", async () => {
    const script = new Script([
      () => {
        script.clock.advance(300_000); // 429, 429, 429: then it went out
        const sentAt = script.clock.now();
        script.clock.advance(60_000); // and was reset
        return { ending: "open", fault: lost, sentAt };
      },
      answered,
    ]);
    expect(await script.run({ repeat: "afterSettle" }, "A")).toEqual(["A applied"]);
    expect(script.log).toEqual(["send A at 0", "find A at 360000", "find A at 540000", "send A at 540000"]);
    expect(script.events).toMatchObject([{ type: "settling", until: "2026-11-21T12:09:00.000Z" }]);
  });

  it("is found when it commits late, and then not sent again", async () => {
    const script = new Script([open], { A: 200_000 });
    expect(await script.run({ repeat: "afterSettle" }, "A")).toEqual(["A applied"]);
    expect(script.log).toEqual(["send A at 0", "find A at 0", "find A at 240000"]);
  });

  it("is unknown when the second send is lost as well", async () => {
    const script = new Script([open]);
    expect(await script.run({ repeat: "afterSettle" }, "A")).toEqual(["A unknown"]);
    expect(script.log.filter((line) => line.startsWith("send"))).toEqual(["send A at 0", "send A at 240000"]);
  });

  it("of a start is never sent again", async () => {
    const script = new Script([open]);
    expect(await script.run({ repeat: "never" }, "A")).toEqual(["A unknown"]);
    expect(script.log).toEqual(["send A at 0", "find A at 0", "find A at 240000"]);
  });

  it("stays open when looking fails: that proves nothing", async () => {
    const script = new Script([open], { A: 0 });
    script.findFails = true;
    expect(await script.run({ repeat: "never" }, "A")).toEqual(["A unknown"]);
  });

  it("is not sent again where the look after settle fails: nobody knows that it is absent", async () => {
    const script = new Script([open], { A: 0 });
    script.findFails = true;
    expect(await script.run({ repeat: "afterSettle" }, "A")).toEqual(["A unknown"]);
    expect(script.log).toEqual(["send A at 0", "find A at 0", "find A at 240000"]);
    expect(script.notes).toEqual(["it could not be looked for afterwards"]);
  });

  it("is what a send that throws has left behind", async () => {
    const script = new Script([new TypeError("defect")], { A: 0 });
    expect(await script.run({ repeat: "never" }, "A")).toEqual(["A applied"]);
    const api = new Script([new ApiError("x", refused)]);
    expect(await api.run({ repeat: "never" }, "A")).toEqual(["A unknown"]);
  });
});

describe("a repeat that is answered while the first write may still show", () => {
  const notDone =
    (status: "failed" | "already-done" | "skipped") =>
    (changes: readonly Change[]): Answer => ({
      ending: "answered",
      endings: new Map(changes.map((each): [Change, Ending] => [each, { status, note: "because of the first" }])),
    });

  it.each(["failed", "already-done", "skipped"] as const)(
    "is not the last word: what it says is %s was done by the first",
    async (status) => {
      const script = new Script([open, notDone(status)], { A: 200_000 });
      expect(await script.run({ repeat: "free" }, "A")).toEqual(["A applied"]);
      expect(script.log).toEqual(["send A at 0", "find A at 0", "send A at 0", "find A at 0", "find A at 240000"]);
    },
  );

  it("is not waited with where the first shows at once, or where it was done by the repeat", async () => {
    const script: Script = new Script(
      [
        open,
        (changes) => {
          script.clock.advance(10);
          return notDone("failed")(changes);
        },
      ],
      { B: 5 },
    );
    expect(await script.run({ repeat: "free" }, "B")).toEqual(["B applied"]);
    expect(script.log).toEqual(["send B at 0", "find B at 0", "send B at 0", "find B at 10"]);
    const done = new Script([open, answered]);
    expect(await done.run({ repeat: "free" }, "A")).toEqual(["A applied"]);
    expect(done.log).toEqual(["send A at 0", "find A at 0", "send A at 0"]);
  });

  it("is believed when settle has passed and nothing shows", async () => {
    const failed = new Script([open, { ending: "refused", fault: refused, tooLarge: false }]);
    expect(await failed.run({ repeat: "free" }, "A")).toEqual(["A failed"]);
    expect(failed.log.at(-1)).toBe("find A at 240000");
    const archived = new Script([open, notDone("already-done")]);
    expect(await archived.run({ repeat: "free" }, "A")).toEqual(["A already-done"]);
  });

  it("is unknown when the run ends before settle, or when nobody can look", async () => {
    const script: Script = new Script([
      open,
      (changes) => {
        script.draining.abort();
        return notDone("failed")(changes);
      },
    ]);
    expect(await script.run({ repeat: "free" }, "A")).toEqual(["A unknown"]);
    const blind = new Script([open, notDone("failed")]);
    blind.findFails = true;
    expect(await blind.run({ repeat: "free" }, "A")).toEqual(["A unknown"]);
  });

  it("after settle needs no second wait: nothing of the first commits any more", async () => {
    const script = new Script([open, notDone("failed")]);
    expect(await script.run({ repeat: "afterSettle" }, "A")).toEqual(["A failed"]);
    expect(script.log).toEqual([
      "send A at 0",
      "find A at 0",
      "find A at 240000",
      "send A at 240000",
      "find A at 240000",
    ]);
  });
});

describe("the check before a write", () => {
  it("takes out what must not be sent any more", async () => {
    const script = new Script([answered]);
    const check: Operation["check"] = (changes) =>
      Promise.resolve(new Map([[changes[0] ?? change("?"), { status: "already-done" } as const]]));
    expect(await script.run({ repeat: "never", check }, "A", "B")).toEqual(["A already-done", "B applied"]);
    expect(script.log).toEqual(["send B at 0"]);
  });

  it("fails the changes unsent when it cannot be made", async () => {
    const script = new Script([answered]);
    const check: Operation["check"] = () => Promise.reject(new ApiError("down", refused));
    expect(await script.run({ repeat: "never", check }, "A")).toEqual(["A failed"]);
    expect(script.log).toEqual([]);
  });

  it("fails the changes unsent for a defect of ours as well: the report of others must not be lost", async () => {
    const check: Operation["check"] = () => Promise.reject(new TypeError("defect"));
    expect(await new Script([answered]).run({ repeat: "never", check }, "A")).toEqual(["A failed"]);
  });
});

describe("an interrupted run", () => {
  it("sends nothing more, and checks nothing more", async () => {
    const script = new Script([answered]);
    script.draining.abort();
    const check: Operation["check"] = () => Promise.reject(new Error("must not be called"));
    expect(await script.run({ repeat: "free", check }, "A")).toEqual(["A skipped"]);
    expect(script.log).toEqual([]);
  });

  it("does not wait for settling and does not repeat, but looks once more and reports", async () => {
    const script = new Script([
      () => {
        script.draining.abort();
        return open;
      },
    ]);
    expect(await script.run({ repeat: "free" }, "A")).toEqual(["A unknown"]);
    expect(script.log).toEqual(["send A at 0", "find A at 0", "find A at 0"]);
  });
});
