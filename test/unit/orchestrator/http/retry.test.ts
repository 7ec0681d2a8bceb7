import * as fc from "fast-check";
import { expect, test } from "vitest";
import { pause, retryAfter } from "../../../../src/orchestrator/http/retry.ts";

const now = new Date("2026-11-21T10:00:00Z");

test.each([
  ["seconds", "12", 12_000],
  ["zero", "0", 0],
  ["blanks around it", " 3 ", 3000],
  ["a date", "Sat, 21 Nov 2026 10:00:10 GMT", 10_000],
  ["a date that has passed", "Sat, 21 Nov 2026 09:00:00 GMT", 0],
  ["a date in another allowed spelling", "Saturday, 21-Nov-26 10:00:10 GMT", 10_000],
  ["nonsense", "soon", undefined],
  ["nothing", null, undefined],
])("Retry-After: %s", (_, header, milliseconds) => {
  expect(retryAfter(header, now)).toBe(milliseconds);
});

test("the wait before each next try doubles, with a quarter up or down", () => {
  expect([1, 2, 3, 4].map((attempt) => pause(attempt, undefined, () => 0.5))).toEqual([500, 1000, 2000, undefined]);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
      const base = 500 * 2 ** (attempt - 1);
      const wait = pause(attempt, undefined, () => random) ?? 0;
      expect(wait).toBeGreaterThanOrEqual(0.75 * base);
      expect(wait).toBeLessThanOrEqual(1.25 * base);
    }),
  );
});

test("what the server asks for is never cut short, and an hour is not waited for", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 100_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (asked, random) => {
      const wait = pause(1, asked, () => random) ?? 0;
      expect(wait).toBeGreaterThanOrEqual(asked);
      expect(wait).toBeLessThanOrEqual(asked + 250);
    }),
  );
  expect(pause(1, 3_600_000, () => 0)).toBeUndefined();
});
