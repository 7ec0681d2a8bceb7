import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, test, vi } from "vitest";
import { CancelledError } from "../../../../src/core/errors.ts";
import { ahead } from "../../../../src/orchestrator/read/ahead.ts";
import { Pager, type Page } from "../../../../src/orchestrator/read/pages.ts";
import { SkippingClock } from "../../../support/clock.ts";
import { clientFor, serve, signal, type Reaction, type Seen } from "../support.ts";

/** A clock on which nothing but an end wakes whoever sleeps. */
class StandingClock extends SkippingClock {
  override async sleep(ms: number, until?: AbortSignal): Promise<void> {
    this.slept.push(ms);
    const { promise, resolve } = Promise.withResolvers<void>();
    if (until?.aborted === true) resolve();
    until?.addEventListener("abort", () => resolve(), { once: true });
    await promise;
  }
}

const listing = { path: "/odata/QueueItems", size: 1, counted: "each" } as const;

/** Row after row, one a page, as many as `count` says. */
function rows(count: number): (call: Seen) => Reaction {
  return ({ query }) => {
    const after = Number(/Id gt (\d+)/.exec(query["$filter"] ?? "")?.[1] ?? 0);
    return { json: { value: after < count ? [{ Id: after + 1 }] : [] } };
  };
}

const ids = ({ rows: page }: Page): number[] => page.map(({ Id }) => Id);

describe("reading ahead", () => {
  test("the call for the next page has left before a page is looked at, and never two", async () => {
    await using server = await serve(rows(3));
    const pager = new Pager(clientFor(server.url));
    const met: [number[], number][] = [];
    for await (const page of ahead((until) => pager.pages({ ...listing, signal: until }), signal)) {
      const [known] = ids(page);
      await vi.waitUntil(() => server.seen.length > (known ?? 0));
      for (let turns = 0; turns < 20; turns++) await turn();
      met.push([ids(page), server.seen.length]);
    }
    expect(met).toEqual([
      [[1], 2],
      [[2], 3],
      [[3], 4],
    ]);
    expect(server.seen).toHaveLength(4); // as without it: the last one is empty
  });

  test("one value at a time is asked for, and an error comes after what was before it", async () => {
    let [running, most] = [0, 0];
    const seen: number[] = [];
    async function* values(): AsyncGenerator<number, void, undefined> {
      for (let value = 1; ; value++) {
        most = Math.max(most, ++running);
        await turn();
        running--;
        if (value === 3) throw new Error("gone");
        yield value;
      }
    }
    const all = async (): Promise<void> => {
      for await (const value of ahead(values, signal)) seen.push(value);
    };
    await expect(all()).rejects.toThrow("gone");
    expect([seen, most]).toEqual([[1, 2], 1]);
  });

  test("whoever leaves early gives up the call that is under way", async () => {
    await using server = await serve((call, index) => (index === 0 ? rows(9)(call) : "hang"));
    const pager = new Pager(clientFor(server.url));
    let given: AbortSignal | undefined;
    const pages = ahead((until) => pager.pages({ ...listing, signal: (given = until) }), signal);
    const fail = async (): Promise<void> => {
      for await (const page of pages) {
        await vi.waitUntil(() => server.seen.length === 2);
        throw new Error(`row ${ids(page).join()} is odd`);
      }
    };
    await expect(fail()).rejects.toThrow("row 1 is odd");
    expect([given?.aborted, server.seen.length]).toEqual([true, 2]);
  });

  test("an interruption ends the call that is under way, and the reading", async () => {
    await using server = await serve((call, index) => (index === 0 ? rows(9)(call) : "hang"));
    const pager = new Pager(clientFor(server.url));
    const interrupt = new AbortController();
    const seen: number[] = [];
    const all = async (): Promise<void> => {
      for await (const page of ahead((until) => pager.pages({ ...listing, signal: until }), interrupt.signal)) {
        seen.push(...ids(page));
        await vi.waitUntil(() => server.seen.length === 2);
        interrupt.abort();
      }
    };
    await expect(all()).rejects.toBeInstanceOf(CancelledError);
    expect([seen, server.seen.length]).toEqual([[1], 2]);
  });

  test("what is asked for ahead waits for its quota like any call", async () => {
    await using server = await serve(rows(3));
    const clock = new SkippingClock();
    const pager = new Pager(clientFor(server.url, { clock, timing: { listCallsPerMinute: 2 } }));
    const seen: number[] = [];
    for await (const page of ahead((until) => pager.pages({ ...listing, signal: until }), signal)) {
      seen.push(...ids(page));
    }
    expect([seen, server.seen.length]).toEqual([[1, 2, 3], 4]);
    expect(clock.slept).toEqual([60_000]);
  });

  test("an interruption while it waits for its quota: nothing is sent any more", async () => {
    await using server = await serve(rows(3));
    const clock = new StandingClock();
    const pager = new Pager(clientFor(server.url, { clock, timing: { listCallsPerMinute: 1 } }));
    const interrupt = new AbortController();
    const all = async (): Promise<void> => {
      for await (const _ of ahead((until) => pager.pages({ ...listing, signal: until }), interrupt.signal)) {
        await vi.waitUntil(() => clock.slept.length === 1);
        interrupt.abort();
      }
    };
    await expect(all()).rejects.toBeInstanceOf(CancelledError);
    expect([clock.slept, server.seen.length]).toEqual([[60_000], 1]);
  });

  test("whoever leaves early while it waits for its quota is not kept", async () => {
    await using server = await serve(rows(3));
    const clock = new StandingClock();
    const pager = new Pager(clientFor(server.url, { clock, timing: { listCallsPerMinute: 1 } }));
    for await (const page of ahead((until) => pager.pages({ ...listing, signal: until }), signal)) {
      expect(ids(page)).toEqual([1]);
      await vi.waitUntil(() => clock.slept.length === 1);
      break;
    }
    expect(server.seen).toHaveLength(1);
  });
});
