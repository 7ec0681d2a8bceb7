import { expect, it } from "vitest";
import { losesDigits } from "../../../src/document/numbers.ts";

it.each([
  "0",
  "-0",
  "1",
  "1.10",
  "0.1",
  "1e3",
  "1000",
  "-12.50",
  "9007199254740991",
  "1e21",
  "5e-324",
  ".5",
  "007",
  "0x1F",
  "0o17",
])("keeps %s", (text) => {
  expect(losesDigits(text, Number(text))).toBe(false);
});

it.each(["9007199254740993", "12345678901234567890", "0.1000000000000000055", "1e400", "0x20000000000001", "1e-400"])(
  "loses digits of %s",
  (text) => {
    expect(losesDigits(text, Number(text))).toBe(true);
  },
);
