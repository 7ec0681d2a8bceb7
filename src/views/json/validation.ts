import { countProblems, hasErrors, sortDiagnostics, type Diagnostic } from "../../core/diagnostic.ts";
import { validationFormat } from "../../core/formats.ts";
import type { JsonObject } from "../../core/json.ts";
import { diagnosticJson } from "./parts.ts";

/** What a validation found, and in how much. */
interface Validation {
  readonly diagnostics: readonly Diagnostic[];
  /** How many files were read. */
  readonly files: number;
  /** How many manifests were found in them. */
  readonly manifests: number;
  /** How many of them --select and --exclude keep. */
  readonly selected: number;
  /** How many data files they name, and how many rows those have together. */
  readonly sources: number;
  readonly rows: number;
}

/** The validation as `schemas/validation.schema.json` describes it. */
export function validationJson(validation: Validation): JsonObject {
  const { diagnostics, files, manifests, selected, sources, rows } = validation;
  return {
    format: validationFormat,
    valid: !hasErrors(diagnostics),
    files,
    manifests,
    selected,
    sources,
    rows,
    errors: countProblems(diagnostics, "error"),
    warnings: countProblems(diagnostics, "warning"),
    diagnostics: sortDiagnostics(diagnostics).map(diagnosticJson),
  };
}
