import { describe, expect, it } from "vitest";
import type { Change } from "../../../src/core/change.ts";
import { isPending } from "../../../src/core/change.ts";
import { checkGuards } from "../../../src/core/guard.ts";
import { compareResources, levels } from "../../../src/core/order.ts";
import { hasPendingChanges, isRefused, summarize, type Plan, type PlannedResource } from "../../../src/core/plan.ts";
import { seal } from "../../../src/core/plan-file.ts";
import { keyIdentity, shortKey, type ResourceKey } from "../../../src/core/resource.ts";
import { folder, source } from "../../support/desired.ts";

const key = (name: string, kind: ResourceKey["kind"] = "Job"): ResourceKey => ({ kind, folder: "Finance", name });
const start = (run: "first" | "again"): Change => ({
  action: "start",
  run,
  key: key("a"),
  label: "",
  summary: "start",
  after: {},
  fields: [],
  precondition: { type: "absent" },
});
const blocked: Change = {
  action: "blocked",
  key: key("a"),
  label: "",
  summary: "",
  reason: { code: "missing", text: "x" },
};
const noOp: Change = { action: "no-op", key: key("a"), label: "", summary: "" };

function resource(changes: readonly Change[]): PlannedResource {
  return {
    key: key("a"),
    level: 0,
    dependsOn: [],
    folder,
    title: "process P",
    settings: {},
    observed: {},
    changes,
    notes: [],
    source,
  };
}

function plan(changes: readonly Change[], fields: Partial<Plan> = {}): Plan {
  const resources = [resource(changes)];
  return seal({
    target: { name: "local", url: "embedded:tenant.yaml", apiVersion: 16 },
    createdAt: "2026-11-21T12:00:00Z",
    toolVersion: "0.1.0",
    resources,
    summary: summarize(resources),
    price: { read: { calls: 1, listCalls: 0 }, apply: { calls: 1, listCalls: 0 } },
    guards: [],
    diagnostics: [],
    ...fields,
  });
}

describe("a plan", () => {
  it("counts its lines", () => {
    const summary = summarize([resource([start("first"), start("again"), noOp])]);
    expect(summary).toMatchObject({ start: 2, startAgain: 1, "no-op": 1, blocked: 0 });
    expect([hasPendingChanges(summary), hasPendingChanges(summarize([resource([noOp, blocked])]))]).toEqual([
      true,
      false,
    ]);
    expect([start("first"), noOp, blocked].map((change) => isPending(change))).toEqual([true, false, false]);
  });

  it("has the same id whenever the same state is planned, and another digest", () => {
    const monday = plan([start("first")]);
    const later = plan([{ ...start("first"), label: "x", summary: "y", source, warnings: ["w"] }], {
      createdAt: "2026-11-22T12:00:00Z",
      toolVersion: "9",
      price: { read: { calls: 9, listCalls: 9 }, apply: { calls: 9, listCalls: 9 } },
    });
    expect(later.id).toBe(monday.id);
    expect(later.sha256).not.toBe(monday.sha256);
    expect(monday.id).toMatch(/^[0-9a-f]{64}$/);
  });

  it("has another id for another change, target or folder", () => {
    const ids = new Set([
      plan([start("first")]).id,
      plan([start("again")]).id,
      plan([start("first")], { target: { name: "local", url: "embedded:other.yaml", apiVersion: 16 } }).id,
      plan([], { resources: [{ ...resource([start("first")]), folder: { ...folder, key: "other" } }] }).id,
      plan([], { resources: [{ ...resource([start("first")]), folder: { ...folder, id: 99 } }] }).id, // Ids change, Keys stay
    ]);
    expect(ids.size).toBe(4);
  });

  it("is refused for a blocked line or a guard that was not forced", () => {
    const guard = { guard: "maxStarts", count: 1, limit: 0, message: "", forced: false } as const;
    expect([
      isRefused(plan([start("first")])),
      isRefused(plan([blocked])),
      isRefused(plan([start("first")], { guards: [guard] })),
      isRefused(plan([start("first")], { guards: [{ ...guard, forced: true }] })),
    ]).toEqual([false, true, true, false]);
  });
});

describe("guards", () => {
  const summary = { ...summarize([resource([start("first"), start("first"), start("again")])]), delete: 3 };
  const base = { entries: 10, delete: 20, stop: 1, jobs: 3 };

  it("hold nowhere unless the target has them, and then with defaults for what it leaves out", () => {
    expect(checkGuards(summary, undefined, base, [])).toEqual([]);
    expect(checkGuards(summary, {}, base, []).map(({ message }) => message)).toEqual([
      "3 to delete, maxDeletes allows 0",
    ]);
  });

  it("allow a share of the entries, and for deletes of the live ones selected", () => {
    expect(checkGuards(summary, { maxStarts: "30%", maxDeletes: "15%" }, base, [])).toEqual([]);
    expect(
      checkGuards(summary, { maxStarts: "29%", maxDeletes: "14%" }, base, []).map(({ message }) => message),
    ).toEqual(["3 to start, maxStarts allows 29% (2)", "3 to delete, maxDeletes allows 14% (2)"]);
  });

  it("count the jobs of starts, not the starts", () => {
    const [violation, ...others] = checkGuards(summary, { maxDeletes: 3 }, { ...base, jobs: 500 }, []);
    expect([violation?.message, violation?.count, others]).toEqual(["500 jobs to start, maxStarts allows 10", 500, []]);
  });

  it("are lifted one by one", () => {
    const violations = checkGuards(summary, { maxStarts: 2 }, base, ["maxDeletes"]);
    expect(violations.map(({ guard, forced }) => [guard, forced])).toEqual([
      ["maxStarts", false],
      ["maxDeletes", true],
    ]);
  });
});

describe("order", () => {
  const node = (name: string, ...dependsOn: string[]): { key: ResourceKey; dependsOn: ResourceKey[] } => ({
    key: key(name),
    dependsOn: dependsOn.map((each) => key(each)),
  });

  it("gives each resource the length of its longest chain", () => {
    const { level, cycles } = levels([node("c", "b", "a"), node("b", "a"), node("a"), node("d", "elsewhere")]);
    expect(["a", "b", "c", "d"].map((name) => level.get(keyIdentity(key(name))))).toEqual([0, 1, 2, 0]);
    expect(cycles).toEqual([]);
  });

  it("names each cycle once, in the order of its arrows", () => {
    const { cycles } = levels([node("a", "b"), node("b", "c"), node("c", "a"), node("d", "d")]);
    expect(cycles.map((cycle) => cycle.map((member) => shortKey(member)).join(" → "))).toEqual([
      "Job/a → Job/b → Job/c → Job/a",
      "Job/d → Job/d",
    ]);
  });

  it("sorts by level, kind, folder, name", () => {
    const at = (level: number, name: string, kind: ResourceKey["kind"] = "Job", path = "Finance") => ({
      level,
      key: { ...key(name, kind), folder: path },
    });
    const sorted = [at(1, "a"), at(0, "b"), at(0, "a"), at(0, "z", "QueueItems"), at(0, "a", "Job", "Alpha")].toSorted(
      compareResources,
    );
    expect(sorted.map((each) => `${each.level} ${each.key.kind} ${each.key.folder} ${each.key.name}`)).toEqual([
      "0 QueueItems Finance z",
      "0 Job Alpha a",
      "0 Job Finance a",
      "0 Job Finance b",
      "1 Job Finance a",
    ]);
  });
});
