import { describe, expect, it } from "vitest";
import { diffFields, sameInstant, sameValue } from "../../../src/core/field-diff.ts";
import { fold, sameName } from "../../../src/core/fold.ts";
import { shortInstant } from "../../../src/core/instant.ts";
import { canonicalJson, isRecord } from "../../../src/core/json.ts";
import { nearest } from "../../../src/core/nearest.ts";
import { SecretValue } from "../../../src/core/secret.ts";
import { fullKey, keyIdentity, shortKey } from "../../../src/core/resource.ts";
import { formatPlace } from "../../../src/core/source.ts";
import { sortDiagnostics, hasErrors, type Diagnostic } from "../../../src/core/diagnostic.ts";
import { countOutcomes, isSuccess } from "../../../src/core/outcome.ts";
import { AuthError, ManifestError, OrchSyncError } from "../../../src/core/errors.ts";

describe("canonical JSON", () => {
  it("sorts members at every depth, keeps arrays, drops undefined", () => {
    expect(canonicalJson({ b: [{ d: 1, c: null }], a: undefined, A: "x" })).toBe('{"A":"x","b":[{"c":null,"d":1}]}');
  });

  it("keeps members that are called as the prototype is, and asks values how they are written", () => {
    const foreign: unknown = JSON.parse('{"b":1,"__proto__":{"d":1,"c":2}}');
    expect(canonicalJson(foreign)).toBe('{"__proto__":{"c":2,"d":1},"b":1}');
    expect(canonicalJson({ at: new Date(0), all: [{ b: 1, a: 2 }] })).toBe(
      '{"all":[{"a":2,"b":1}],"at":"1970-01-01T00:00:00.000Z"}',
    );
  });

  it("knows records from arrays and null", () => {
    expect([isRecord({}), isRecord([]), isRecord(null), isRecord("x")]).toEqual([true, false, false, false]);
  });
});

describe("the server's folding rule", () => {
  it.each([
    ["INV-1", "inv-1", true],
    ["INV-1", "INV-1  ", true],
    ["é", "e\u0301", true],
    ["INV-1", " INV-1", false],
    ["INV-1", "INV-1\t", false],
    ["e", "é", false],
  ])("%j and %j: %s", (a, b, same) => {
    expect(sameName(a, b)).toBe(same);
    expect(fold(a) === fold(b)).toBe(same);
  });
});

describe("did you mean", () => {
  it.each([
    ["refrence", ["reference", "priority"], "reference"],
    ["Hihg", ["High", "Low"], "High"],
    ["QUEUE", ["queue"], "queue"],
    ["x", ["reference"], undefined],
    ["process", [], undefined],
    ["abc", ["xyz"], undefined],
    ["DocQueu", ["DocQueues", "DocQueue"], "DocQueue"],
  ])("%s of %j: %s", (word, candidates, best) => {
    expect(nearest(word, candidates)).toBe(best);
  });
});

describe("field changes", () => {
  it("come in the order of after, then what only before has, and mark what is sensitive", () => {
    const fields = diffFields(
      { gone: 1, same: "x", n: 1 },
      { n: 2, fresh: null, same: "x" },
      { prefix: "content.", sensitive: new Set(["n"]) },
    );
    expect(fields).toEqual([
      { path: "content.n", before: 1, after: 2, sensitive: true },
      { path: "content.fresh", after: null },
      { path: "content.gone", before: 1 },
    ]);
  });

  it("say of a secret that it changed, and compare it by what it is", () => {
    const secret = (value: string): SecretValue => new SecretValue(value, "${secret:A}", [value]);
    const before = { a: "old", b: "same", c: secret("x"), d: { e: "old" }, f: 1 };
    const after = { a: secret("new"), b: secret("same"), c: secret("x"), d: { e: secret("new") }, f: 2 };
    expect(diffFields(before, after)).toEqual([
      { path: "a", sensitive: true },
      { path: "d", sensitive: true },
      { path: "f", before: 1, after: 2 },
    ]);
  });

  it("take a member that is named like one of Object's own as what it is", () => {
    expect(diffFields({}, { constructor: "x" })).toEqual([{ path: "constructor", after: "x" }]);
  });

  it.each([
    [1, 1, true],
    [1, "1", false],
    ["2026-01-01T00:00:00Z", "2026-01-01T01:00:00+01:00", true],
    ["2026-01-01", "2026-01-01T00:00:00Z", false],
    [{ a: [1] }, { a: [1] }, true],
    [[1, 2], [2, 1], false],
    [null, null, true],
  ])("%j equals %j: %s", (a, b, same) => {
    expect(sameValue(a, b)).toBe(same);
  });

  it.each([
    ["2026-01-01T00:00:00.1Z", "2026-01-01T00:00:00.1000000Z", true],
    ["2026-01-01T00:00:00.1000001Z", "2026-01-01T00:00:00.1Z", false],
    ["2026-01-01T00:00:00", "2026-01-01T00:00:00Z", false],
    ["x", "2026-01-01T00:00:00Z", false],
  ])("instants %s and %s: %s", (a, b, same) => {
    expect(sameInstant(a, b)).toBe(same);
  });
});

describe("words for keys and places", () => {
  const key = { kind: "Job", folder: "Finance/Invoices", name: "smoke" } as const;

  it("say no more than is needed", () => {
    expect(shortKey(key)).toBe("Job/smoke");
    expect(fullKey(key)).toBe("Job/smoke@Finance/Invoices");
    expect(fullKey({ ...key, entry: "7" })).toBe("Job/smoke@Finance/Invoices#7");
    expect(formatPlace({ file: "a.yaml", line: 3, column: 9 })).toBe("a.yaml:3:9");
    expect(shortInstant("2026-12-05T17:00:00.000Z")).toBe("2026-12-05 17:00Z");
    expect(shortInstant("2026-12-05T17:00:07Z")).toBe("2026-12-05 17:00:07Z");
    expect(shortInstant("2026-12-05T17:00:00Z")).toBe("2026-12-05 17:00Z");
    expect(shortInstant("2026-11-31T17:00:00Z")).toBe(shortInstant("2026-12-01T17:00:00Z"));
    expect(shortInstant("2026-12-05T24:00:00Z")).toBe("2026-12-06 00:00Z");
    expect(shortInstant("2026-13-05T17:00:00Z")).toBe("2026-13-05T17:00:00Z");
    expect(shortInstant("soon")).toBe("soon");
  });

  it("are one key for what the server takes as one, and never the resource for its entry", () => {
    expect(keyIdentity({ ...key, folder: "FINANCE/invoices " })).toBe(keyIdentity(key));
    expect(keyIdentity({ ...key, entry: "A" })).toBe(keyIdentity({ ...key, entry: "a" }));
    expect(keyIdentity({ ...key, entry: "" })).not.toBe(keyIdentity(key));
  });
});

describe("diagnostics", () => {
  const at = (
    file: string,
    line: number,
    column: number,
    code: string,
    severity: "error" | "warning" = "error",
  ): Diagnostic => ({ code, severity, message: code, source: { file, line, column } }) as Diagnostic;

  it("are sorted by place, then code", () => {
    const bare: Diagnostic = { code: "QI007", severity: "error", message: "b" };
    const sorted = sortDiagnostics([
      at("b", 1, 1, "A"),
      at("a", 2, 1, "A"),
      at("a", 1, 2, "A"),
      at("a", 1, 1, "B"),
      at("a", 1, 1, "A"),
      bare,
      { ...bare, message: "a" },
    ]);
    expect(
      sorted.map(({ source, code, message }) => (source === undefined ? message : `${formatPlace(source)} ${code}`)),
    ).toEqual(["a", "b", "a:1:1 A", "a:1:1 B", "a:1:2 A", "a:2:1 A", "b:1:1 A"]);
  });

  it("count as errors only when one is", () => {
    expect(hasErrors([at("a", 1, 1, "A", "warning")])).toBe(false);
    expect(hasErrors([at("a", 1, 1, "A", "warning"), at("a", 1, 1, "A")])).toBe(true);
  });
});

describe("outcomes", () => {
  it("are counted by status, and only applied and already-done may be built upon", () => {
    expect(countOutcomes([{ status: "applied" }, { status: "applied" }, { status: "unknown" }])).toEqual({
      applied: 2,
      "already-done": 0,
      failed: 0,
      skipped: 0,
      unknown: 1,
    });
    expect([
      isSuccess(undefined),
      isSuccess({ status: "already-done" }),
      isSuccess({ status: "skipped", note: "" }),
    ]).toEqual([true, true, false]);
  });
});

describe("errors", () => {
  it("carry their name, cause and hint", () => {
    const cause = new Error("reset");
    const fault = { kind: "http", message: "no", call: "GET /x", status: 401 } as const;
    expect(new AuthError("refused", fault, { hint: "log in", cause })).toMatchObject({
      name: "AuthError",
      fault,
      hint: "log in",
      cause,
    });
    expect(new OrchSyncError("x").hint).toBeUndefined();
    expect(new ManifestError("x", [])).toMatchObject({ name: "ManifestError", diagnostics: [] });
  });
});
