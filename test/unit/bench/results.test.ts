import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { expect, it } from "vitest";
import { budgetOf } from "../../../bench/suite/budget.ts";
import type { Results } from "../../../bench/suite/results.ts";
import { exponent, spread } from "../../../bench/suite/statistics.ts";

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../bench/${name}`, import.meta.url), "utf8"));

it("keeps the last run as its schema says", () => {
  const ajv = new Ajv2020({ strict: true });
  addFormats.default(ajv);
  const validate = ajv.compile(read("results.schema.json") as object);
  validate(read("results.json"));
  expect(validate.errors).toBeNull();
});

it("has a budget for every ratio of the last run, and for nothing else", () => {
  const { scenarios } = read("results.json") as Results;
  expect(Object.keys(read("budget.json") as object).toSorted()).toEqual(Object.keys(budgetOf(scenarios)).toSorted());
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
