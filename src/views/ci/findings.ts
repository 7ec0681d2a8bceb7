import { sortDiagnostics, type Diagnostic } from "../../core/diagnostic.ts";
import { only } from "../../core/change-spool.ts";
import type { Outcome } from "../../core/outcome.ts";
import type { Plan } from "../../core/plan.ts";
import { shortKey } from "../../core/resource.ts";
import type { SourceSpan } from "../../core/source.ts";
import { whatHappened } from "../human/report.ts";
import { name, sentence } from "../human/words.ts";

/** Something that a CI system can show beside a line of a manifest. Its texts are clean. */
export interface Finding {
  readonly severity: "error" | "warning";
  /** What it is, for machines: a diagnostic's code, `blocked`, a guard's name, `failed`, `unknown`. */
  readonly code: string;
  readonly message: string;
  readonly source?: Pick<SourceSpan, "file" | "line" | "column"> | undefined;
}

export function diagnosticFindings(diagnostics: readonly Diagnostic[]): Finding[] {
  return sortDiagnostics(diagnostics).map(({ code, severity, message, hint, source }) => ({
    severity,
    code: name(code),
    message: sentence(hint === undefined ? message : `${message}: ${hint}`),
    source,
  }));
}

/** The warnings of a plan, its blocked lines, and the guards that it exceeds. */
export function planFindings(plan: Plan): Finding[] {
  const blocked = plan.resources.flatMap(({ key, changes }) =>
    only(changes, (action) => action === "blocked")
      .flatMap((change): Finding[] => {
        if (change.action !== "blocked") return [];
        const { reason, hint, label, source } = change;
        const text = `${shortKey(key)}${label === "" ? "" : ` ${label}`} is blocked: ${reason.text}`;
        const message = sentence(hint === undefined ? text : `${text}: ${hint}`);
        return [{ severity: "error", code: "blocked", message, source }];
      })
      .toArray(),
  );
  const guards = plan.guards
    .filter(({ forced }) => !forced)
    .map(({ guard, message }): Finding => ({ severity: "error", code: guard, message: sentence(message) }));
  return [...guards, ...blocked, ...diagnosticFindings(plan.diagnostics)];
}

/** What an apply did not do, or does not know. */
export function outcomeFindings(outcomes: readonly Outcome[]): Finding[] {
  return outcomes.flatMap((outcome): Finding[] => {
    const { status } = outcome;
    if (status !== "failed" && status !== "unknown") return []; // of nearly all, nothing more is read
    const { key, label, source } = outcome;
    const what = `${shortKey(key)}${label === "" ? "" : ` ${label}`} ${status === "failed" ? "failed" : "is unknown"}`;
    return [{ severity: "error", code: status, message: sentence(`${what}: ${whatHappened(outcome)}`), source }];
  });
}
