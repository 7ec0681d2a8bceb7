import { expect, it } from "vitest";
import { TextIndex } from "../../../src/core/text-index.ts";

it("texts have the numbers in which they came, however many there are", () => {
  const index = new TextIndex();
  expect(index.numberOf("INV-0")).toBeUndefined();
  const texts = Array.from({ length: 2000 }, (_, n) => `INV-${n}`);
  expect(texts.map((text) => index.add(text))).toEqual(texts.map((_, n) => n));
  expect(texts.map((text) => index.add(text))).toEqual(texts.map((_, n) => n));
  expect(texts.map((text) => index.numberOf(text))).toEqual(texts.map((_, n) => n));
  expect([index.numberOf("INV-2000"), index.numberOf("inv-0"), index.size]).toEqual([undefined, undefined, 2000]);
});
