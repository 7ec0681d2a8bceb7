import { describe, expect, it } from "vitest";
import type { Change } from "../../../../src/core/change.ts";
import type { JsonObject } from "../../../../src/core/json.ts";
import type { Plan, PlannedResource } from "../../../../src/core/plan.ts";
import { assumedStarts } from "../../../../src/kinds/lease/ledger.ts";
import { compare } from "../../../../src/workflow/saved/compare.ts";

const assumed = { item: 7, reference: "run/f/smoke@once" };

function create(name: string): Change {
  const key = { kind: "QueueItems", folder: "Finance", name, entry: "A" } as const;
  return { action: "create", key, label: "A", summary: "", after: {}, precondition: { type: "absent" } };
}

function plan(...parts: readonly (readonly [name: string, changes: readonly Change[], observed: JsonObject])[]): Plan {
  const resources = parts.map(([name, changes, observed]): Partial<PlannedResource> => ({
    key: { kind: "QueueItems", folder: "Finance", name },
    level: 0,
    settings: {},
    observed,
    changes,
  }));
  return { resources } as unknown as Plan;
}

describe("a saved plan beside the tenant as it is now", () => {
  it("keeps what the plan said of the ledger, which whoever plans again does not ask", () => {
    const now = plan(["items", [create("items")], { watermark: 3 }]);
    const both = compare(plan(["items", [create("items")], {}], ["smoke", [], { assumed }]), now).resources;
    expect(both.map(({ key, observed, changes }) => [key.name, observed, changes.length])).toEqual([
      ["items", { watermark: 3 }, 1],
      ["smoke", { assumed }, 0],
    ]);
    const one = compare(plan(["items", [create("items")], { assumed }]), now).resources;
    expect(one.map(({ observed }) => observed)).toEqual([{ watermark: 3, assumed }]);
    expect(assumedStarts(one)).toEqual([assumed]);
  });
});
