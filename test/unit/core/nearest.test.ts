import { expect, it } from "vitest";
import { nearest } from "../../../src/core/nearest.ts";

it.each([
  ["refrence", ["priority", "reference", "references"], "reference"],
  ["Invocies", ["Invoices", "Orders"], "Invoices"],
  ["QUEUE", ["queue"], "queue"],
  ["ab", ["ba"], "ba"],
  ["a", ["b"], "b"],
  ["priority", ["reference", "content", ""], undefined],
  ["", ["x"], "x"],
  ["x", [], undefined],
])("%j among %j is %j", (word, candidates, meant) => {
  expect(nearest(word, candidates)).toBe(meant);
});
