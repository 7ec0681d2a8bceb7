import { describe, expect, it } from "vitest";
import type { Change } from "../../../../src/core/change.ts";
import type { Ending } from "../../../../src/core/outcome.ts";
import type { PlannedResource } from "../../../../src/core/plan.ts";
import { entryContent, readEntry } from "../../../../src/kinds/lease/ledger.ts";
import type { LiveQueueItem } from "../../../../src/kinds/queue-items/live.ts";
import type { Operation } from "../../../../src/orchestrator/gateways/port.ts";
import type { LeaseQueue } from "../../../../src/orchestrator/lease/lease-queue.ts";
import { Ledger, ledgered, type JobGateway } from "../../../../src/workflow/apply/lease/ledger.ts";
import { SkippingClock } from "../../../support/clock.ts";

const signal = new AbortController().signal;
const reference = "run/f/smoke@once";
const key = { kind: "Job", folder: "Finance", name: "smoke" } as const;
const change: Change = {
  action: "start",
  key,
  label: "",
  summary: "",
  run: "first",
  after: { runKey: "smoke@once" },
  fields: [],
  precondition: { type: "absent" },
};
const started: Ending = { status: "already-done", ids: [7, 8], note: "already started" };

/** The queue of a ledger with the entry of an apply that lost the answer, and a start that shows its jobs. */
class World {
  readonly clock = new SkippingClock();
  readonly writes: string[] = [];
  permit: string | undefined;
  item: LiveQueueItem | undefined;

  sent(secondsAgo: number): this {
    const sentAt = new Date(this.clock.now().getTime() - secondsAgo * 1000).toISOString();
    const content = entryContent({ state: "sent", owner: "ana", sentAt, jobs: [] });
    this.item = { id: 1, key: "k", reference, status: "New", content, rowVersion: "v1" } as unknown as LiveQueueItem;
    return this;
  }

  get entry(): string {
    const entry = this.item === undefined ? undefined : readEntry(this.item);
    return entry === undefined ? "none" : `${entry.state} by ${entry.owner}: ${entry.jobs.join(" ")}`;
  }

  operation(fields: Partial<Operation>): Operation {
    const queue: Partial<LeaseQueue> = {
      now: () => this.clock.now(),
      under: async () => (this.item === undefined ? [] : [this.item]),
      byId: async () => this.item,
      replace: async (_, content) => {
        this.writes.push("replace");
        if (this.item !== undefined) this.item = { ...this.item, content };
        return { ending: "done", value: undefined };
      },
    };
    const ledger = new Ledger({
      queue: queue as LeaseQueue,
      lease: { permit: async () => this.permit },
      owner: "ion",
      clock: this.clock,
      settle: 240_000,
      emit: () => undefined,
      plannedAt: this.clock.now(),
    });
    const find: Operation["find"] = async () => new Map();
    const send: Operation["send"] = async () => ({ ending: "answered", endings: new Map() });
    const plain: Operation = { name: "StartJobs", changes: [change], repeat: "never", divisible: false, find, send };
    const gateway = { operations: () => [{ ...plain, ...fields }] } as unknown as JobGateway;
    const folder = { id: 1, key: "F", path: "Finance", type: "modern" } as const;
    const [operation] = ledgered(gateway, ledger).operations({ folder } as PlannedResource, {} as never);
    if (operation === undefined) throw new Error("no operation");
    return operation;
  }
}

const found = async (): Promise<ReadonlyMap<Change, Ending>> => new Map([[change, started]]);

describe("the entry of a start whose answer was lost", () => {
  it("ends as started with the jobs, whoever finds them right before the start", async () => {
    const world = new World().sent(600);
    const endings = await world.operation({ check: found }).check?.([change], signal);
    expect([endings?.get(change), world.entry]).toEqual([started, "started by ana: 7 8"]);
  });

  it("ends as started when the jobs show while it settles", async () => {
    const world = new World().sent(60);
    let looks = 0;
    const check: Operation["check"] = async () => (looks++ === 0 ? new Map() : found());
    const endings = await world.operation({ check }).check?.([change], signal);
    expect([endings?.get(change), world.entry]).toEqual([started, "started by ana: 7 8"]);
  });

  it("ends as started when an apply that is resumed reads the start back", async () => {
    const world = new World().sent(600);
    await world.operation({ find: found }).find([change], signal);
    expect(world.entry).toBe("started by ana: 7 8");
  });

  it("stays as it is where the lease is lost, and what has its jobs already is not written again", async () => {
    const world = new World().sent(600);
    world.permit = "the lease was lost";
    await world.operation({ find: found }).find([change], signal);
    expect([world.entry, world.writes]).toEqual(["sent by ana: ", []]);
    world.permit = undefined;
    for (let times = 0; times < 2; times++) await world.operation({ find: found }).find([change], signal);
    expect(world.writes).toEqual(["replace"]);
  });
});
