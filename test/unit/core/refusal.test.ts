import { expect, it } from "vitest";
import type { Change } from "../../../src/core/change.ts";
import type { PlannedResource } from "../../../src/core/plan.ts";
import { wayAround } from "../../../src/core/refusal.ts";
import type { Kind, ResourceKey } from "../../../src/core/resource.ts";

const keyOf = (kind: Kind, name: string, folder = "Finance"): ResourceKey => ({ kind, name, folder });

function planned(
  key: ResourceKey,
  action: "blocked" | "no-op",
  dependsOn: readonly ResourceKey[] = [],
): PlannedResource {
  const changes = [{ action, key, label: "", summary: "" } as unknown as Change];
  const rest = { level: 0, title: "", settings: {}, observed: {}, notes: [], source: { file: "", line: 1, column: 1 } };
  return { key, changes, dependsOn, ...rest };
}

const [a, b, c] = [keyOf("QueueItems", "a"), keyOf("Job", "b"), keyOf("Job", "c")];

it("leaves out what is blocked", () => {
  expect(wayAround({ resources: [planned(a, "blocked"), planned(b, "no-op")] })).toEqual({
    words: "leave it out",
    flags: "--exclude 'kind=QueueItems,name=a'",
  });
});

it("leaves out what depends on it, too: it would take it for done", () => {
  const resources = [
    planned(a, "blocked"),
    planned(b, "no-op", [a]),
    planned(c, "no-op", [b]),
    planned(keyOf("Job", "d"), "no-op"),
  ];
  expect(wayAround({ resources })).toEqual({
    words: "leave it out and what depends on it",
    flags: "--exclude 'kind=QueueItems,name=a' --exclude 'kind=Job,name=b' --exclude 'kind=Job,name=c'",
  });
});

it("names the folder where the name alone would leave out more, in a shell's quotes", () => {
  const twin = keyOf("QueueItems", "a", "O'Brian, Ltd");
  expect(wayAround({ resources: [planned(a, "no-op"), planned(twin, "blocked")] })?.flags).toBe(
    String.raw`--exclude 'kind=QueueItems,name=a,folder=O'\''Brian? Ltd'`,
  );
});

it("has nothing to say where nothing is blocked, nothing would be left, or it would take many flags", () => {
  const many = Array.from({ length: 6 }, (_, index) => planned(keyOf("Job", `j${index}`), "blocked"));
  expect(wayAround({ resources: [planned(a, "no-op")] })).toBeUndefined();
  expect(wayAround({ resources: [planned(a, "blocked")] })).toBeUndefined();
  expect(wayAround({ resources: [planned(a, "no-op"), ...many] })).toBeUndefined();
});
