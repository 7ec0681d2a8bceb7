import { describe, expect, test } from "vitest";
import {
  countedSweep,
  isSweepCheaper,
  isWorthProbing,
  lookupSize,
  lowerBound,
  probesAllowed,
  uncountedSweep,
} from "../../../../src/orchestrator/read/cost.ts";

describe("the price of a sweep", () => {
  test.each([
    [0, 1, 1],
    [1, 1, 2],
    [99, 1, 2],
    [100, 2, 2],
    [950, 10, 11],
    [1000, 11, 11],
  ])("%i rows in pages of 100: %i calls when counted, %i when not", (rows, counted, uncounted) => {
    expect(countedSweep(rows, 100)).toBe(counted);
    expect(uncountedSweep(rows, 100)).toBe(uncounted);
  });
});

describe("going on with a sweep", () => {
  const state = { pages: 1, rows: 100, page: 100, instead: 11 };

  test("follows the count, and prefers the sweep at the same price", () => {
    expect(isSweepCheaper({ ...state, count: 1199 })).toBe(true);
    expect(isSweepCheaper({ ...state, count: 1200 })).toBe(false);
  });

  test("believes a count more than statistics", () => {
    expect(isSweepCheaper({ ...state, count: 48_000, estimate: 100 })).toBe(false);
    expect(isSweepCheaper({ ...state, count: 300, estimate: 48_000 })).toBe(true);
  });

  test("without a count: a short page is nearly the end, statistics come next", () => {
    expect(isSweepCheaper({ ...state, rows: 99, instead: 0 })).toBe(true);
    expect(isSweepCheaper({ ...state, pages: 11, estimate: 1100 })).toBe(true);
  });

  test("where nothing is known, a sweep gets as many calls as the other way would take", () => {
    expect(isSweepCheaper({ ...state, pages: 10 })).toBe(true);
    expect(isSweepCheaper({ ...state, pages: 11 })).toBe(false);
  });
});

test("nothing is tried that cannot save more than the trial, and trials are limited", () => {
  expect([1, 2, 3].map(isWorthProbing)).toEqual([false, false, true]);
  expect(probesAllowed(11, true)).toBe(2);
  expect(probesAllowed(1099, true)).toBe(12);
  expect(probesAllowed(1099, false), "a part that differs in one letter").toBe(2);
});

test.each([
  ["look-ups", { references: 1000, rows: 100_000, prefixRows: 100_000 }, 11],
  ["a scan", { references: 100_000, rows: 1000, prefixRows: 1000 }, 11],
  ["a prefix that nothing is under", { references: 100_000, rows: 100_000, prefixRows: 0 }, 1],
])("the least that reading can cost, by %s", (_, facts, calls) => {
  expect(lowerBound({ ...facts, perLookup: 91, page: 100 })).toBe(calls);
});

test("look-ups become shorter where retries make them overflow a page, up to two rows a reference", () => {
  expect(lookupSize({ references: 0, rows: 0 }, 100)).toBe(100);
  expect(lookupSize({ references: 91, rows: 91 }, 100)).toBe(100);
  expect(lookupSize({ references: 91, rows: 120 }, 100)).toBe(73);
  expect(lookupSize({ references: 91, rows: 200 }, 100), "pages fill up anyway").toBe(100);
});
