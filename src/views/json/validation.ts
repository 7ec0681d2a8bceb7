import { hasErrors, sortDiagnostics, type Diagnostic } from "../../core/diagnostic.ts";
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
}

/** The validation as `schemas/validation.schema.json` describes it. */
export function validationJson({ diagnostics, files, manifests, selected }: Validation): JsonObject {
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === "error").length;
  return {
    format: validationFormat,
    valid: !hasErrors(diagnostics),
    files,
    manifests,
    selected,
    errors,
    warnings: diagnostics.length - errors,
    diagnostics: sortDiagnostics(diagnostics).map(diagnosticJson),
  };
}
