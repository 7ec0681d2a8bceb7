import { describe, expect, it } from "vitest";
import type { Diagnostic } from "../../../src/core/diagnostic.ts";
import type { SourceSpan } from "../../../src/core/source.ts";
import { diagnosticsView } from "../../../src/views/human/diagnostics.ts";

const plain = { color: false, width: 80 } as const;

const misspelled: Diagnostic = {
  code: "MF010",
  severity: "error",
  message: 'unknown key "refrence" in items[2]',
  hint: 'did you mean "reference"?',
  source: {
    file: "manifests/march.yaml",
    line: 14,
    column: 7,
    length: 8,
    text: "    - refrence: INV-003",
  },
};

const twice: Diagnostic = {
  code: "QI002",
  severity: "error",
  message: "reference INV-001 occurs twice in queue DocQueue",
  remark: "first at manifests/march.yaml:9; the server ignores case",
  source: { file: "manifests/march.yaml", line: 22, column: 7, length: 18, text: "    - reference: inv-001" },
};

const warning: Diagnostic = { code: "MF020", severity: "warning", message: "Job/x is not among the manifests" };

function at(text: string, column: number, length: number): Diagnostic {
  const source: SourceSpan = { file: "a.yaml", line: 3, column, length, text };
  return { code: "MF012", severity: "error", message: "wrong", source };
}

describe("diagnosticsView", () => {
  it("shows each problem in its place, in the order of the files, and sums up", () => {
    expect(diagnosticsView([twice, misspelled], { color: false, width: 100, files: 3, manifests: 4 })).toBe(
      `manifests/march.yaml:14:7 error MF010: unknown key "refrence" in items[2]
  14 │     - refrence: INV-003
     │       ^^^^^^^^
  did you mean "reference"?

manifests/march.yaml:22:7 error QI002: reference INV-001 occurs twice in queue DocQueue
  22 │     - reference: inv-001
     │       ^^^^^^^^^^^^^^^^^^ first at manifests/march.yaml:9; the server ignores case

2 errors in 1 of 3 files. Nothing was called.        orch-sync explain QI002
`,
    );
  });

  it("puts a remark on its own line where it does not fit", () => {
    expect(diagnosticsView([twice], { ...plain, files: 1 })).toBe(
      `manifests/march.yaml:22:7 error QI002: reference INV-001 occurs twice in queue
  DocQueue
  22 │     - reference: inv-001
     │       ^^^^^^^^^^^^^^^^^^
  first at manifests/march.yaml:9; the server ignores case

1 error in 1 file. Nothing was called.        orch-sync explain QI002
`,
    );
  });

  it("cuts a long line around the caret", () => {
    const text = `x: ${"a".repeat(200)} "BB" ${"c".repeat(300)}`;
    expect(
      diagnosticsView([at(text, 205, 4)], { ...plain, files: 1 })
        .split("\n")
        .slice(1, 3),
    ).toEqual([`  3 │ …${"a".repeat(35)} "BB" ${"c".repeat(31)}…`, `    │ ${" ".repeat(37)}^^^^`]);
  });

  it("puts the caret right behind tabs, wide characters and what is spelled out", () => {
    expect(
      diagnosticsView([at("\t名: \u001bx", 6, 1)], { ...plain, files: 1 })
        .split("\n")
        .slice(1, 3),
    ).toEqual([String.raw`  3 │   名: \u001bx`, `    │             ^`]);
  });

  it("has a caret also behind the end of a line", () => {
    expect(diagnosticsView([at("key:", 5, 1)], { ...plain, files: 1 }).split("\n")[2]).toBe("    │     ^");
  });

  it("keeps to what is known when there is no place or no text", () => {
    const placeless = { ...twice, source: { file: "-", line: 2, column: 1 } };
    expect(diagnosticsView([warning, placeless], { ...plain, files: 2, manifests: 2 })).toBe(
      `warning MF020: Job/x is not among the manifests

-:2:1 error QI002: reference INV-001 occurs twice in queue DocQueue
  first at manifests/march.yaml:9; the server ignores case

1 error and 1 warning in 1 of 2 files. Nothing was called.
orch-sync explain QI002
`,
    );
  });

  it.each([
    [[], 2, 3, "3 manifests in 2 files are valid.\n"],
    [[], 1, 1, "1 manifest in 1 file is valid.\n"],
    [[], 2, undefined, "2 files are valid.\n"],
    [
      [warning],
      1,
      2,
      `warning MF020: Job/x is not among the manifests\n\n2 manifests in 1 file are valid, with 1 warning.\n`,
    ],
  ])("says what is valid: %j in %i files, %j manifests", (diagnostics, files, manifests, text) => {
    expect(diagnosticsView(diagnostics, { ...plain, files, ...(manifests === undefined ? {} : { manifests }) })).toBe(
      text,
    );
  });
});
