import { expect, it } from "vitest";
import { isRelative, isTooFar, resolveRelative } from "../../../src/core/relative-time.ts";

const plannedAt = new Date("2026-12-31T22:00:00.750Z");

it.each([
  ["+2d", "2027-01-02T22:00:00Z"],
  ["+90m", "2026-12-31T23:30:00Z"],
  ["+2h", "2027-01-01T00:00:00Z"],
  ["+1s", "2026-12-31T22:00:01Z"],
  ["+36500d", "2126-12-07T22:00:00Z"],
])("counts %s from when the plan was made", (text, instant) => {
  expect(isRelative(text)).toBe(true);
  expect(resolveRelative(text, plannedAt)).toBe(instant);
});

it.each(["2026-12-05T17:00:00Z", "2d", "-2d", "+0d", "+1w", "+1d12h", "+36501d", "+", ""])(
  "takes %j for no relative time, and leaves it as it is",
  (text) => {
    expect(isRelative(text)).toBe(false);
    expect(resolveRelative(text, plannedAt)).toBe(text);
  },
);

it("knows what is a relative time but for its length", () => {
  expect(["+36501d", "+36500d", "+0d", "36501d", "+9999999999h"].map(isTooFar)).toEqual([
    true,
    false,
    false,
    false,
    true,
  ]);
});
