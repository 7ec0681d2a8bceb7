import { describe, expect, it } from "vitest";
import { isOwn, queueItemName, reviewedItemName, shardOf } from "../../../src/core/shard-of.ts";
import { listCallsOf, overlap, readShard, shardName } from "../../../src/core/shard.ts";

describe("a shard", () => {
  it("is written I/N, counted from 1", () => {
    expect(readShard("2/4")).toEqual({ index: 2, count: 4 });
    expect(shardName({ index: 2, count: 4 })).toBe("2/4");
    for (const text of ["0/4", "5/4", "1", "1/", "/4", "-1/4", "1/4/8", " 1/4", "1.5/4", "", "1/10000000"]) {
      expect([text, readShard(text)]).toEqual([text, undefined]);
    }
  });

  it("has work in common with itself, with all of it, and with parts of another division", () => {
    const [second, third] = [2, 3].map((index) => ({ index, count: 4 }));
    const others = [undefined, second, third, { index: 1, count: 3 }];
    expect(others.map((other) => overlap(second, other))).toEqual([true, true, false, true]);
    expect(others.map((other) => overlap(other, second))).toEqual([true, true, false, true]);
  });

  it("has an even share of the list calls, one at least", () => {
    expect(listCallsOf(undefined, 90)).toBe(90);
    expect(listCallsOf({ index: 1, count: 4 }, 90)).toBe(22);
    expect(listCallsOf({ index: 1, count: 100 }, 90)).toBe(1);
  });
});

/** Made by another program (Python's hashlib and json). They never change: see docs/formats.md. */
const golden: readonly { readonly name: readonly string[]; readonly shards: readonly number[] }[] = [
  { name: ["QueueItem", "docqueue", "inv-001"], shards: [2, 2, 2, 6, 534] },
  { name: ["QueueItem", "docqueue", "inv-002"], shards: [2, 2, 7, 22, 278] },
  { name: ["QueueItem", "rechnungen ü", 'größe "1"'], shards: [1, 3, 2, 31, 519] },
  { name: ["Review", "1234"], shards: [2, 2, 6, 42, 642] },
  { name: ["Job", "finance/invoices", "smoke-test"], shards: [2, 2, 1, 2, 674] },
  { name: ["StoppedJobs", "finance/invoices", "retire-legacy"], shards: [2, 2, 6, 46, 918] },
];
const counts = [2, 4, 7, 64, 1000];

describe("what a shard has", () => {
  it.each(golden)("$name is in the shards that it was in from the beginning", ({ name, shards }) => {
    expect(counts.map((count) => shardOf(name, count))).toEqual(shards);
  });

  it("goes by what the server takes for the same: case, trailing blanks and Unicode forms say nothing", () => {
    expect(queueItemName("DocQueue", "INV-001  ")).toEqual(["QueueItem", "docqueue", "inv-001"]);
    expect(queueItemName("DocQueue", "u\u0308")).toEqual(queueItemName("docqueue ", "Ü"));
    expect(reviewedItemName(1234)).toEqual(["Review", "1234"]);
  });

  it("is everything where there are no shards, and else in one alone", () => {
    const name = queueItemName("DocQueue", "INV-001");
    expect(isOwn(undefined, name)).toBe(true);
    const owners = [1, 2, 3, 4].filter((index) => isOwn({ index, count: 4 }, name));
    expect(owners).toEqual([shardOf(name, 4)]);
  });

  it("is about as much as what the others have", () => {
    for (const count of [2, 3, 4, 8, 16]) {
      const sizes = Array.from({ length: count }, () => 0);
      for (let n = 0; n < 20_000; n++) sizes[shardOf(queueItemName("Q", `INV-${n}`), count) - 1]! += 1;
      const even = 20_000 / count;
      for (const size of sizes) expect(Math.abs(size - even) / even).toBeLessThan(0.1);
    }
  });
});
