import type { DiagnosticCode } from "../../core/diagnostic-codes.ts";
import type { RowText } from "./row-text.ts";

/** Ends the reading of a source: what follows cannot be understood. Caught where the source is read, it never leaves. */
export class SourceFault extends Error {
  readonly code: DiagnosticCode;
  readonly hint: string | undefined;
  readonly row: RowText;
  /** What of the row is meant. */
  readonly range: readonly [number, number];

  constructor(
    code: DiagnosticCode,
    message: string,
    place: { readonly row: RowText; readonly range?: readonly [number, number]; readonly hint?: string },
  ) {
    super(message);
    this.code = code;
    this.hint = place.hint;
    this.row = place.row;
    this.range = place.range ?? [0, 1];
  }
}
