import { expect, it } from "vitest";
import { readDuration } from "../../../src/core/duration.ts";

it.each([
  ["500ms", 500],
  ["60s", 60_000],
  ["4m", 240_000],
  ["2h", 7_200_000],
  ["1d", 86_400_000],
])("reads %s as %i ms", (text, milliseconds) => {
  expect(readDuration(text)).toBe(milliseconds);
});

it.each(["", "0s", "5", "m", "1.5h", "-1s", " 1s", "1 s", "1S", "1w", "1h30m", "999999999999d"])(
  "refuses %j",
  (text) => {
    expect(readDuration(text)).toBeUndefined();
  },
);
