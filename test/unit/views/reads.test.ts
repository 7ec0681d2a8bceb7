import { expect, it } from "vitest";
import { readsView } from "../../../src/views/human/reads.ts";
import { planOf, queueItems, reads } from "./sample.ts";

it("reads are shown like a database explains a query: what was done, what else there was, and every call", () => {
  expect(readsView(planOf([queueItems], { reads }), { color: false, width: 120 }))
    .toBe(`queue DocQueue, 1,200 references wanted, about 48,000 live
  one read for QueueItems/march, QueueItems/april
  chosen   by prefix  startswith(Reference,'INV-2026-03-') and Id gt …   13 calls
  tried    by prefix  startswith(Reference,'INV-') and Id gt …            1 call  (40,000 rows would have come)
  refused  by lookup  Reference in (…), 91 a call                         1 call
  instead  by scan    QueueDefinitionId eq 188 and Id gt …              481 calls  (estimated, 5 min under the quota)

queue Loose, 1 reference wanted
  chosen   newest Id  the highest Id              1 call
  chosen   by lookup  Reference in (…), 1 a call  1 call

every call of this plan
  17  /odata/QueueItems
   1  /odata/Folders
`);
});

it("foreign names stay within their line, and nothing is said of a plan that says nothing", () => {
  const [queue] = reads.queues;
  if (queue === undefined) throw new Error("no queue");
  const hostile = { ...reads, queues: [{ ...queue, queue: "a\n::error::b" }] };
  expect(readsView(planOf([], { reads: hostile }), { color: false }).split("\n")[0]).toMatch(/^queue a\S*error/);
  expect(readsView(planOf([]), { color: false })).toBe("");
});
