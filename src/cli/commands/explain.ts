import { diagnosticCodes, type DiagnosticCode } from "../../core/diagnostic-codes.ts";
import { UsageError } from "../../core/errors.ts";
import { findField, type Field } from "../../core/field.ts";
import { nearest } from "../../core/nearest.ts";
import { codeView, fieldView, kindsView, kindView } from "../../views/human/explain.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { kindGroups, kindNamed, rootField } from "../kinds.ts";
import { styleOf } from "../screen.ts";

/** Says what a kind, a field or an error code means; without a word, what there is to ask about. */
export function explain([what]: readonly string[], options: { readonly color?: boolean }, io: Io): Promise<ExitCode> {
  const style = styleOf(io.stdout, io, options);
  io.stdout.write(what === undefined ? kindsView(kindGroups(), style) : explained(what, style));
  return Promise.resolve(exitCodes.done);
}

function explained(what: string, style: ReturnType<typeof styleOf>): string {
  const code = codeNamed(what);
  if (code !== undefined) return codeView(code, style);
  const [kind = "", ...steps] = what.split(".").map((step) => step.replace(/\[\d*\]$/, ""));
  const root = rootField(kindNamed(kind, Object.keys(diagnosticCodes)));
  const wanted = steps.filter((step) => step !== "");
  const field = wanted.length === 0 ? root : found(root, wanted);
  return field === root ? kindView(root, style) : fieldView(root, field, style);
}

function found(root: Field, steps: readonly string[]): Field {
  const field = findField(root, steps);
  if (!("at" in field)) return field;
  const { at, step } = field;
  const names = at.fields.map(({ name }) => name);
  const place = [root.name, ...at.path].join(".");
  const meant = nearest(step, names);
  if (names.length === 0) throw new UsageError(`there are no fields below ${place}`);
  throw new UsageError(`there is no field ${JSON.stringify(step)} in ${place}`, {
    hint: meant === undefined ? `known are ${names.join(", ")}` : `did you mean ${JSON.stringify(meant)}?`,
  });
}

function codeNamed(word: string): DiagnosticCode | undefined {
  const code = word.toUpperCase();
  return Object.hasOwn(diagnosticCodes, code) ? (code as DiagnosticCode) : undefined;
}
