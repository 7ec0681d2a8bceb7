import type { DiagnosticCode } from "../../core/diagnostic-codes.ts";

/** Why a cell is not what it should be. Values of cells are never objects, so neither is taken for the other. */
export interface Refusal {
  readonly code: DiagnosticCode;
  /** What follows the name of the cell: `is no number`. */
  readonly predicate: string;
  /** The cell's text, for messages about cells that may be shown. */
  readonly found?: string;
  readonly hint: string;
}

/** True where there is no value. */
export function isRefusal(value: unknown): value is Refusal {
  return typeof value === "object" && value !== null;
}
