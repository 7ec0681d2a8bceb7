import { expect, it } from "vitest";
import { memorySpool } from "../../../src/core/list.ts";
import { EntrySpool, referencesOf } from "../../../src/kinds/queue-items/entry-spool.ts";
import type { QueueItemEntry } from "../../../src/kinds/queue-items/spec.ts";
import { fileSpools } from "../../../src/workflow/files/spool.ts";

const entries = ["INV-1", "inv-1", 'a "b"', ""].map((reference): QueueItemEntry => {
  return { reference, content: { Amount: 1 }, source: { file: "rows.csv", line: 2, column: 1 } };
});

it.each([
  ["in memory", memorySpool, true],
  ["in a file", fileSpools({ held: 0 }), false],
])("entries %s give themselves and their references, in order, again and again", (_where, makeSpool, isArray) => {
  const spool = new EntrySpool(makeSpool);
  for (const entry of entries) spool.push(entry);
  const items = spool.done();
  expect(Array.isArray(items)).toBe(isArray);
  for (let time = 0; time < 2; time++) {
    expect([...items]).toEqual(entries);
    expect([...referencesOf(items)]).toEqual(entries.map(({ reference }) => reference));
  }
  expect([items.length, referencesOf(items).length]).toEqual([4, 4]);
});
