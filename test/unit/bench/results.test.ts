import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { expect, it } from "vitest";
import { budgetOf, overBudget } from "../../../bench/suite/budget.ts";
import type { Results } from "../../../bench/suite/results.ts";
import type { ScenarioResult } from "../../../bench/suite/run.ts";
import { exponent, spread } from "../../../bench/suite/statistics.ts";
import { limitsOf, ratioOf } from "../../../bench/suite/words.ts";

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../bench/${name}`, import.meta.url), "utf8"));

it("keeps the last run as its schema says", () => {
  const ajv = new Ajv2020({ strict: true });
  addFormats.default(ajv);
  const validate = ajv.compile(read("results.schema.json") as object);
  validate(read("results.json"));
  expect(validate.errors).toBeNull();
});

it("has a budget for every ratio of the last run", () => {
  const { scenarios } = read("results.json") as Results;
  expect(read("budget.json")).toMatchObject(
    Object.fromEntries(
      scenarios
        .filter(({ ratios }) => ratios.length > 0)
        .map(({ name, ratios }) => [
          name,
          Object.fromEntries(ratios.map(({ against }) => [against, expect.any(Number)])),
        ]),
    ),
  );
});

/** A scenario of one round, orch-sync so many times as slow as the bare client. */
function scenario(name: string, ratio: number): ScenarioResult {
  const at = (seconds: number) => ({ min: seconds, median: seconds, max: seconds });
  return {
    name,
    title: name,
    items: 1,
    rounds: 1,
    sides: [
      { name: "orch-sync", seconds: at(ratio), peak: 1 },
      { name: "bare client", seconds: at(1), peak: 1 },
    ],
    ratios: [{ against: "bare client", ...at(ratio), more: ratio - 1 }],
  };
}

it("tells what got worse by more than a quarter, and nothing that has no budget", () => {
  const budget = budgetOf([scenario("plan", 2), scenario("apply", 2)]);
  const now = [scenario("plan", 2.5), scenario("apply", 2.51), scenario("export", 9)];
  expect(overBudget(now, budget)).toEqual(["worse than the budget: apply against bare client: 2.51, was 2.00"]);
});

it("says which limits are missed", () => {
  const met = { ...scenario("plan", 1), peakAim: 1, bound: 100 };
  const sides = met.sides.map((side) => Object.assign({ calls: 105 }, side));
  expect(limitsOf({ ...met, sides })).toEqual(["memory 1 MB (aim 1 MB)", "105 calls (aim 105)"]);
  expect(limitsOf({ ...met, sides, peakAim: 0.5, bound: 99 })).toEqual([
    "memory 1 MB (aim 1 MB, missed)",
    "105 calls (aim 103, missed)",
  ]);
});

it.each([
  [{ aim: 2.2 }, "2.50 (aim 2.20, missed)"],
  [{ aim: 2.5 }, "2.50 (aim 2.50)"],
  [{ moreAim: 0.25 }, "2.50 (1.50 s more, aim 0.25 s, missed)"],
  [{}, "2.50"],
])("says of a ratio with %o %s", (aims, text) => {
  expect(ratioOf({ against: "bare client", min: 2, median: 2.5, max: 3, more: 1.5, ...aims })).toBe(text);
});

it("takes the middle of its rounds", () => {
  expect(spread([3, 1, 2])).toEqual({ min: 1, median: 2, max: 3 });
  expect(spread([4, 1])).toEqual({ min: 1, median: 2.5, max: 4 });
  expect(() => spread([])).toThrow(RangeError);
});

it.each([1, 2])("finds the power %i with which something grows", (power) => {
  const points = [10, 100, 1000].map((size) => ({ size, figure: 7 * size ** power }));
  expect(exponent(points)).toBeCloseTo(power, 10);
});
