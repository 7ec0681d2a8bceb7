import type { DiagnosticCode } from "../../core/diagnostic-codes.ts";
import type { Diagnostic } from "../../core/diagnostic.ts";
import type { SourceSpan } from "../../core/source.ts";
import { quoted } from "../../document/phrases.ts";
import { contentFlaw, referenceFlaw, referenceOf } from "../../kinds/queue-items/normalize.ts";
import type { Content, Priority, QueueItemEntry } from "../../kinds/queue-items/spec.ts";
import { readPriority } from "./cells.ts";
import type { DateReader } from "./dates.ts";
import type { TemplateField } from "./recipe.ts";
import { isRefusal, type Refusal } from "./refusal.ts";

/** A field of an item as a template over cells; `Slot` is how the format finds a cell: by index, or by name. */
export interface BoundField<Slot> {
  readonly field: TemplateField;
  /** One more than slots: they alternate. */
  readonly literals: readonly string[];
  readonly slots: readonly Slot[];
  /** How messages call it: its one column, or else the field. */
  readonly subject: string;
  /** True where messages must not quote what comes of it. */
  readonly isPrivate: boolean;
}

/** Something wrong with a row. Where it stands is found only for rows that are shown. */
export interface RowProblem<Slot> {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly hint?: string;
  readonly remark?: string;
  /** The cell; left out: the row. */
  readonly slot?: Slot;
  /** The cell's name rather than its value. */
  readonly part?: "key";
}

type Dates = Partial<Pick<QueueItemEntry, "deferDate" | "dueDate" | "riskSlaDate">>;

/** What the templates make of a row; what they leave empty is missing. */
export type Fields = Dates & { readonly reference?: string; readonly priority?: Priority };

/** Reads the fields of a row; problems are appended. */
export function readFields<Slot>(
  fields: readonly BoundField<Slot>[],
  textOf: (slot: Slot) => string | Refusal,
  dates: DateReader,
  problems: RowProblem<Slot>[],
): Fields {
  const found: { -readonly [Name in keyof Fields]: Fields[Name] } = {};
  for (const bound of fields) {
    const text = fill(bound, textOf, problems);
    if (text === "") continue;
    if (bound.field === "reference") {
      found.reference = text;
      continue;
    }
    const value = bound.field === "priority" ? readPriority(text) : dates.readOrRelative(text);
    if (isRefusal(value)) problems.push(refused(bound.subject, value, bound.isPrivate, bound.slots[0]));
    else if (bound.field === "priority") found.priority = value as Priority;
    else found[bound.field] = value;
  }
  return found;
}

function fill<Slot>(
  { literals, slots, subject }: BoundField<Slot>,
  textOf: (slot: Slot) => string | Refusal,
  problems: RowProblem<Slot>[],
): string {
  let text = literals[0] ?? "";
  for (let index = 0; index < slots.length; index++) {
    const slot = slots[index] as Slot;
    const cell = textOf(slot);
    if (isRefusal(cell)) {
      problems.push(refused(subject, cell, true, slot));
      return "";
    }
    text += cell + (literals[index + 1] ?? "");
  }
  return text;
}

/** A refusal as a sentence about its cell. */
export function refused<Slot>(
  subject: string,
  { code, predicate, found, hint }: Refusal,
  isPrivate: boolean,
  slot: Slot | undefined,
): RowProblem<Slot> {
  const shown = found === undefined || isPrivate ? "" : `: ${quoted(found)}`;
  return { code, message: `${subject} ${predicate}${shown}`, hint, ...(slot === undefined ? {} : { slot }) };
}

/** What rows of a source have in common when they become entries. */
export interface EntryRules<Slot> {
  readonly fromContent: boolean;
  /** The cell that references begin with. */
  readonly referenceSlot: Slot | undefined;
  /** What to do about rows without a reference. */
  readonly noReferenceHint: string;
}

/** The entry of a row; undefined where nothing identifies it. `size` is the row's, in bytes or UTF-16 units. */
export function makeEntry<Slot>(
  fields: Fields,
  content: Content | undefined,
  source: SourceSpan,
  size: number,
  rules: EntryRules<Slot>,
  problems: RowProblem<Slot>[],
): QueueItemEntry | undefined {
  const { reference: own, ...rest } = fields;
  const reference = own ?? (rules.fromContent && content !== undefined ? referenceOf(content) : undefined);
  const { referenceSlot: slot } = rules;
  const place = slot === undefined ? {} : { slot };
  if (reference === undefined) {
    problems.push({ code: "QI001", message: "the row has no reference", hint: rules.noReferenceHint, ...place });
    return undefined;
  }
  const flaw = referenceFlaw(reference);
  if (flaw !== undefined) problems.push({ code: flaw.code, message: `the reference ${flaw.predicate}`, ...place });
  const tooLarge = content === undefined ? undefined : contentFlaw(content, size);
  if (tooLarge !== undefined) problems.push({ code: "QI008", message: `the content ${tooLarge}` });
  return { reference, ...rest, ...(content === undefined ? {} : { content }), source };
}

/** A problem as a diagnostic, once its place is known. */
export function rowDiagnostic<Slot>(problem: RowProblem<Slot>, source: SourceSpan): Diagnostic {
  const { code, message, hint, remark } = problem;
  return {
    code,
    severity: "error",
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(remark === undefined ? {} : { remark }),
    source,
  };
}
