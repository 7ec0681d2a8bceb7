import * as fc from "fast-check";
import { expect, it } from "vitest";
import { cleanLine, cleanLog, shorten } from "../../../src/core/text.ts";
import { textWidth, wrapColumns } from "../../../src/core/text-width.ts";

/** Text with a good share of what must not get through. */
const hostile = fc
  .array(
    fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom(
        "\u001b[31m",
        "\n",
        "\r",
        "::",
        "##vso[",
        "##[",
        "#",
        "[",
        ":",
        " ",
        "\u202E",
        "\u2066",
        "\u200B",
      ),
      fc.constantFrom("\u061C", "\u009B", "\uD800", "\uDC00", "\u2028", "\u{E0041}", "日本", "e\u0301", "::set-env"),
    ),
  )
  .map((parts) => parts.join(""));

const forbidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const command = /^\s*::|##\w*\[/m;

it("a clean line holds nothing that cannot be seen and no CI command", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const clean = cleanLine(text);
      expect(clean).not.toMatch(forbidden);
      expect(clean).not.toMatch(command);
    }),
  );
});

it("cleaning a clean line changes nothing", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      expect(cleanLine(cleanLine(text))).toBe(cleanLine(text));
    }),
  );
});

it("every line of a clean log is clean", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const clean = cleanLog(text);
      expect(clean.replaceAll("\n", "")).not.toMatch(forbidden);
      expect(clean).not.toMatch(command);
      expect(cleanLog(clean)).toBe(clean);
    }),
  );
});

it("shortened text never takes more code points than asked for", () => {
  fc.assert(
    fc.property(hostile, fc.integer({ min: 1, max: 50 }), (text, max) => {
      expect(Array.from(shorten(text, max)).length).toBeLessThanOrEqual(max);
    }),
  );
});

it("wrapped lines keep every word and fit", () => {
  fc.assert(
    fc.property(
      hostile.map(cleanLine),
      fc.nat(90),
      fc.nat(12),
      fc.integer({ min: 20, max: 80 }),
      (said, own, indent, columns) => {
        const text = " ".repeat(own) + said;
        const lines = wrapColumns(text, columns, " ".repeat(indent));
        expect(lines.join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
        for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(columns);
      },
    ),
  );
});
