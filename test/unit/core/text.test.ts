import { describe, expect, it } from "vitest";
import {
  breakCiCommands,
  cleanLine,
  cleanLog,
  markdownCode,
  markdownFence,
  markupText,
  shorten,
} from "../../../src/core/text.ts";

describe("cleanLine", () => {
  it.each([
    ["plain text, ümlauts, 日本語 and 🚀 stay", "plain text, ümlauts, 日本語 and 🚀 stay"],
    ["one\ntwo\r\nthree\tfour", String.raw`one\ntwo\r\nthree\tfour`],
    ["\u001b[31mred\u001b[0m", String.raw`\u001b[31mred\u001b[0m`],
    ["\u009b31m", String.raw`\u009b31m`],
    ["user\u202Egpj.exe", String.raw`user\u202egpj.exe`],
    ["a\u2066b\u2069c\u200Ed\u200Fe\u061Cf", String.raw`a\u2066b\u2069c\u200ed\u200fe\u061cf`],
    ["zero\u200Bwidth\uFEFF", String.raw`zero\u200bwidth\ufeff`],
    ["line\u2028paragraph\u2029", String.raw`line\u2028paragraph\u2029`],
    ["lone \uD83D surrogate", String.raw`lone \ud83d surrogate`],
    ["tag \u{E0041}", String.raw`tag \u{e0041}`],
    ["::set-env name=PATH::x", ": :set-env name=PATH::x"],
    ["  ::error::x", "  : :error::x"],
    ["##vso[task.setvariable]", "# #vso[task.setvariable]"],
    ["said ##[error] here", "said # #[error] here"],
    ["##teamcity[message]", "# #teamcity[message]"],
    ["issue ## 5 and a::b", "issue ## 5 and a::b"],
  ])("%j becomes %j", (text, clean) => {
    expect(cleanLine(text)).toBe(clean);
  });
});

it("cleanLog keeps line breaks and cleans every line", () => {
  expect(cleanLog("one\r\n::error::two\n\u001b[2J")).toBe("one\n: :error::two\n\\u001b[2J");
});

it("breakCiCommands looks at the beginning of each line", () => {
  expect(breakCiCommands("a::b\n  ::add-mask::x")).toBe("a::b\n  : :add-mask::x");
});

describe("markdownCode", () => {
  it.each([
    ["INV-001", "`INV-001`"],
    ["", ""],
    ["a `b` c", "``a `b` c``"],
    ["a ``b`` c", "`a ``b`` c`"],
    ["`a", "`` `a ``"],
    [" a", "`  a `"],
    ["one\n# two", "`one\\n# two`"],
    ["| @team <b> | [l](u)", "`| @team <b> | [l](u)`"],
  ])("%j becomes %j", (text, code) => {
    expect(markdownCode(text)).toBe(code);
  });
});

it("markdownFence is longer than any run of backticks within", () => {
  expect(markdownFence(["+ a", "``` ````"], "diff")).toBe("`````diff\n+ a\n``` ````\n`````");
  expect(markdownFence(["a\n```"], "text")).toBe("````text\na\\n```\n````");
});

it("markupText leaves nothing that HTML or XML takes for markup", () => {
  expect(markupText('<a href="x">\'&amp;\uFFFE\u0000')).toBe(
    String.raw`&#60;a href=&#34;x&#34;&#62;&#39;&#38;amp;\ufffe\u0000`,
  );
});

describe("shorten", () => {
  it("leaves what fits", () => {
    expect(shorten("🚀🚀", 2)).toBe("🚀🚀");
  });

  it("says how much there was, and never takes more than asked for", () => {
    const short = shorten("x".repeat(10_000), 60);
    expect(short).toBe(`${"x".repeat(39)}… (10,000 characters)`);
    expect(Array.from(short)).toHaveLength(60);
  });

  it("leaves the count out where it would take most of the room", () => {
    expect(shorten("abcdefghij", 5)).toBe("abcd…");
  });
});
