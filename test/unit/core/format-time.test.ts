import { expect, it } from "vitest";
import { formatClock, formatDuration, formatElapsed } from "../../../src/core/format-time.ts";

it.each([
  [0, "0.0 s"],
  [340, "0.3 s"],
  [3100, "3.1 s"],
  [9960, "10 s"],
  [69_000, "69 s"],
  [119_700, "2 min"],
  [245_000, "4 min 5 s"],
  [3_599_900, "1 h"],
  [7_800_000, "2 h 10 min"],
  [273_600_000, "3 d 4 h"],
])("%i ms is %s", (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text);
});

it.each([
  [41_900, "0:41"],
  [725_000, "12:05"],
  [3_723_000, "1:02:03"],
])("%i ms on a clock is %s", (milliseconds, text) => {
  expect(formatElapsed(milliseconds)).toBe(text);
});

it("shows the time of day in UTC, and gives back what is no time", () => {
  expect(formatClock("2026-11-21T12:31:02.500+02:00")).toBe("10:31:02");
  expect(formatClock("soon")).toBe("soon");
});
