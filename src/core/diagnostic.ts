import type { DiagnosticCode } from "./diagnostic-codes.ts";
import type { ResourceKey } from "./resource.ts";
import type { SourceSpan } from "./source.ts";

/** Something wrong with the input. A value: diagnostics are collected, sorted and shown together, never thrown one by one. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: "error" | "warning";
  /** What is wrong, in one line, without a full stop. */
  readonly message: string;
  /** What to do about it: `did you mean "reference"?` */
  readonly hint?: string;
  readonly source?: SourceSpan;
  /** Stands beside the caret: `first at manifests/march.yaml:9; the server ignores case` */
  readonly remark?: string;
  readonly key?: ResourceKey;
  /** How many problems it stands for, where many are alike. Left out: 1. */
  readonly count?: number;
}

/** How many problems there are, those that are only counted included. */
export function countProblems(diagnostics: readonly Diagnostic[], severity: Diagnostic["severity"]): number {
  return diagnostics.reduce((sum, each) => (each.severity === severity ? sum + (each.count ?? 1) : sum), 0);
}

/** By file, line, column, code: the order in which a person works through them. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return diagnostics.toSorted(
    (a, b) =>
      compare(a.source?.file ?? "", b.source?.file ?? "") ||
      (a.source?.line ?? 0) - (b.source?.line ?? 0) ||
      (a.source?.column ?? 0) - (b.source?.column ?? 0) ||
      compare(a.code, b.code) ||
      compare(a.message, b.message),
  );
}

/** Without the line's text, where that may hold what must not be shown. */
export function withoutExcerpt(diagnostic: Diagnostic): Diagnostic {
  if (diagnostic.source === undefined) return diagnostic;
  const { text: _text, ...source } = diagnostic.source;
  return { ...diagnostic, source };
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === "error");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
