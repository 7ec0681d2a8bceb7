import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { actions, isPending, type Change } from "../../../src/core/change.ts";
import { driftOf, summarizeDrift } from "../../../src/core/drift.ts";

const change = (action: (typeof actions)[number], always = false): Change =>
  ({
    action,
    key: { kind: "Job", folder: "Finance", name: "j" },
    label: "",
    summary: "",
    ...(always ? { always } : {}),
  }) as unknown as Change;

describe("the classes of drift", () => {
  it.each([
    ["create", "converges"],
    ["update", "converges"],
    ["delete", "converges"],
    ["assign", "converges"],
    ["stop", "converges"],
    ["start", "waits"],
    ["wait", "waits"],
    ["no-op", undefined],
    ["blocked", undefined],
  ] as const)("%s is %s", (action, expected) => {
    expect(driftOf(change(action))).toBe(expected);
  });

  it("tell a run that every plan starts from one that is due", () => {
    expect(driftOf(change("start", true))).toBe("always");
  });

  it("split what is pending: each pending change is in exactly one of them, and nothing else is in any", () => {
    const some = fc.array(fc.record({ action: fc.constantFrom(...actions), always: fc.boolean() }));
    fc.assert(
      fc.property(some, (drawn) => {
        const changes = drawn.map(({ action, always }) => change(action, always && action === "start"));
        const { converges, waits, always } = summarizeDrift([{ changes }]);
        expect(converges + waits + always).toBe(changes.filter(isPending).length);
      }),
    );
  });
});
