import { inspect } from "node:util";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { JsonValue } from "../../../src/core/json.ts";
import type { Locate } from "../../../src/core/locate.ts";
import { concealed, revealed, SecretValue } from "../../../src/core/secret.ts";
import {
  resolveValues,
  type ResolvedValues,
  type SecretPolicy,
  type ValueSources,
} from "../../../src/document/values.ts";
import { temporaryFolder } from "../../support/cli.ts";

const at: Locate = () => ({ file: "m.yaml", line: 1, column: 1 });

/** Secrets may stand under `content`. */
const policy: SecretPolicy = {
  allows: ([first]) => first === "content",
  unset: "MF031",
  refused: { code: "MF032", why: "is shown here", hint: (name) => `use \${env:${name}}` },
};

function resolve(value: JsonValue, sources: Partial<ValueSources> = {}): ResolvedValues {
  return resolveValues(value, at, { env: { A: "1", EMPTY: "" }, ...sources }, policy);
}

/** What a text becomes; the messages where it becomes nothing. */
function read(text: string, sources: Partial<ValueSources> = {}): unknown {
  const { value, diagnostics } = resolve({ content: text }, sources);
  if (diagnostics.length > 0) return diagnostics.map(({ code, message }) => `${code} ${message}`);
  return (revealed(value) as { content: string }).content;
}

it("leaves what it was given alone", () => {
  const given = { a: ["${env:A}"], b: null };
  expect(resolve(given).value).toEqual({ a: ["1"], b: null });
  expect(given).toEqual({ a: ["${env:A}"], b: null });
});

describe("a text", () => {
  const variables = new Map([
    ["b", "two"],
    ["a.b-c", "dotted"],
    ["none", ""],
  ]);

  it.each([
    ["${env:A}-${env:A}", "1-1"],
    ["${env:A:-x}", "1"],
    ["${env:B:-x}", "x"],
    ["${env:B:-a:-b}", "a:-b"],
    ["${env:B:-}", ""],
    ["${env:EMPTY}", ""],
    ["${env:EMPTY:-x}", "x"],
    ["$${env:A}", "${env:A}"],
    ["$$${env:A}", "$1"],
    ["$$$${env:A}", "$${env:A}"],
    ["$$$$${env:A}", "$$1"],
    ["$$ $$x", "$$ $$x"],
    ["$", "$"],
    ["$A {} }", "$A {} }"],
    ["${var:b}", "two"],
    ["${var:a.b-c}", "dotted"],
    ["${var:a.b-c:-x}", "dotted"],
    ["${var:none}", ""],
    ["${var:none:-x}", "x"],
    ["${env:B:-${var:b}}", "two"],
    ["${env:B:-<${var:nope:-${env:A}}>}", "<1>"],
    ["${env:A:-${var:nope}}", "1"], // what is not needed need not be there, as in a shell
    ["${env:B:-{x}}", "{x}"],
    ["${env:A:-{x}}", "1}"],
    ["${env:B:-$${x}}", "${x}"],
    ["[${secret:A}]", "[1]"],
    ["${secret:B:-x}", "x"],
  ])("%s becomes %s", (text, expected) => {
    expect(read(text, { variables })).toBe(expected);
  });

  it.each([
    ["${env:B}", ["MF016 environment variable B is not set (content)"]],
    ["${env:B}${env:B}", ["MF016 environment variable B is not set (content)"]],
    [
      "${var:nope} ${env:B}",
      ["MF030 variable nope is not set (content)", "MF016 environment variable B is not set (content)"],
    ],
    ["${env:B:-${var:nope}}", ["MF030 variable nope is not set (content)"]],
    ["${secret:NOPE}", ["MF031 secret NOPE is not set (content)"]],
    ["${env:}", ["MF017 ${env:} is no value source (content)"]],
    ["${env:B C}", ["MF017 ${env:B C} is no value source (content)"]],
    ["${env:A:x}", ["MF017 ${env:A:x} is no value source (content)"]],
    ["${file:x}", ["MF017 ${file:x} is no value source (content)"]],
    ["${}", ["MF017 ${} is no value source (content)"]],
    ["${env:A", ["MF017 ${ is not closed (content)"]],
    ["${env:A:-${var:b}", ["MF017 ${ is not closed (content)"]],
    [`${"${env:A:-".repeat(9)}x${"}".repeat(9)}`, ["MF033 ${…} stands within defaults more than 8 deep (content)"]],
  ])("%s is refused", (text, problems) => {
    expect(read(text, { variables })).toEqual(problems);
    expect(resolve({ content: text }, { variables }).value).toEqual({ content: text });
  });

  it("may nest eight deep", () => {
    expect(read(`${"${env:B:-".repeat(8)}x${"}".repeat(8)}`)).toBe("x");
  });

  it("does not read what a variable holds", () => {
    expect(read("${env:A}", { env: { A: "${env:A}" } })).toBe("${env:A}");
    expect(read("${var:a}", { variables: new Map([["a", "${env:A}"]]) })).toBe("${env:A}");
  });

  it.each([
    ["${var:jbs}", "did you mean ${var:jobs}?"],
    ["${vars:jobs}", "did you mean ${var:NAME}?; write $${ for a literal ${"],
    [
      "${var:other}",
      "give it with --var other=VALUE, --var-file or the target's variables, or write ${var:other:-default}",
    ],
  ])("%s has a hint", (text, hint) => {
    expect(resolve(text, { variables: new Map([["jobs", "3"]]) }).diagnostics[0]?.hint).toBe(hint);
  });

  it("waits for a variable that a target would give", () => {
    const value = ["${var:x}-${env:A}", "${var:x:-d}"];
    const pending = [[0], [1]];
    expect(resolve(value, { pending: new Set(["x"]) })).toMatchObject({ value, diagnostics: [], pending });
  });

  it("is told from one of other parts when it is made of references alone", () => {
    const { referenceOnly } = resolve({
      a: "${env:A}",
      b: ["${env:A}${env:A}"],
      c: " ${env:A}",
      content: "${secret:A}",
    });
    expect(referenceOnly).toEqual([["a"], ["b", 0]]);
  });
});

describe("a secret", () => {
  const env = { TOKEN: "hunter2", HOST: "h${x" };

  it("makes a value that shows names only", () => {
    const { value } = resolve({ content: "Bearer ${secret:TOKEN} at ${env:HOST}" }, { env });
    const { content } = value as { content: SecretValue<string> };
    expect(content.reveal()).toBe("Bearer hunter2 at h${x");
    expect(content.pieces()).toEqual(["hunter2"]);
    expect(concealed(value)).toEqual({ content: "Bearer ${secret:TOKEN} at h$${x" });
    expect(JSON.stringify(content)).toBe('{"$secret":"Bearer ${secret:TOKEN} at h$${x"}');
    const shown = `${String(content)}${inspect(value, { depth: 9 })}${inspect(content, { customInspect: false, showHidden: true })}`;
    expect(shown).not.toContain("hunter2");
  });

  it("stays one in the variable that carries it", () => {
    const inner = new SecretValue("hunter2", "${secret:TOKEN}", ["hunter2"]);
    const variables = new Map([["token", inner]]);
    expect(concealed(resolve({ content: "<${var:token}>" }, { variables }).value)).toEqual({
      content: "<${secret:TOKEN}>",
    });
    expect(resolve({ name: "${var:token}" }, { variables }).diagnostics).toMatchObject([
      { code: "MF032", message: "${var:token} holds a secret and is shown here (name)" },
    ]);
  });

  it("is refused elsewhere, also in a default that is not needed now", () => {
    for (const text of ["${secret:TOKEN}", "${env:HOST:-${secret:TOKEN}}", "${secret:NOPE:-x}"]) {
      const { diagnostics, value } = resolve({ name: text }, { env });
      expect(diagnostics.map(({ code }) => code)).toEqual(["MF032"]);
      expect(value).toEqual({ name: text });
    }
  });

  it("hides its default like itself: nobody may see which of the two it is", () => {
    const { value } = resolve({ content: "${secret:NOPE:-fallback}" });
    expect(JSON.stringify(value)).toBe('{"content":{"$secret":"${secret:NOPE}"}}');
  });

  it("comes from the environment, else from the file that NAME_FILE names", () => {
    const folder = temporaryFolder();
    const file = (name: string, text: string | Buffer): string => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const key = file("key", "  two\nlines \n");
    expect(read("${secret:KEY}", { env: { KEY: "one", KEY_FILE: key } })).toBe("one");
    expect(read("${secret:KEY}", { env: { KEY: "", KEY_FILE: key } })).toBe("two\nlines");
    const blank = file("blank", " \n");
    expect(read("${secret:KEY}", { env: { KEY_FILE: blank } })).toEqual([
      "MF031 secret KEY is not set: the file of KEY_FILE is empty (content)",
    ]);
    expect(read("${secret:KEY}", { env: { KEY_FILE: file("bytes", Buffer.from([0xff])) } })).toEqual([
      "MF031 secret KEY is not set: the file of KEY_FILE is not UTF-8 text: save it as UTF-8 (content)",
    ]);
    expect(read("${secret:KEY}", { env: { KEY_FILE: folder } })).toEqual([
      "MF031 secret KEY is not set: the file of KEY_FILE is a folder (content)",
    ]);
    expect(read("${secret:KEY:-d}", { env: { KEY_FILE: blank } })).toBe("d");
  });
});
