import type { Diagnostic } from "../../core/diagnostic.ts";
import { nearest } from "../../core/nearest.ts";
import type { SourceSpan } from "../../core/source.ts";
import { quoted } from "../../document/phrases.ts";
import type { JsonPrimitive } from "../../core/json.ts";
import { contentKeyFlaw } from "../../kinds/queue-items/normalize.ts";
import type { Content, QueueItemEntry } from "../../kinds/queue-items/spec.ts";
import { readCell, type ColumnType } from "./cells.ts";
import { csvRecords, type CsvRecord } from "./csv.ts";
import { placesInCsv } from "./csv-places.ts";
import {
  makeEntry,
  readFields,
  refused,
  rowDiagnostic,
  type BoundField,
  type EntryRules,
  type RowProblem,
} from "./fields.ts";
import type { Findings } from "./findings.ts";
import { namedColumns, templateFields, unknownColumn, uploadHeaders, type Recipe } from "./recipe.ts";
import type { Claim, SourceRequest } from "./request.ts";
import type { Reading } from "./reading.ts";
import { isRefusal } from "./refusal.ts";
import { spanIn } from "./row-text.ts";
import type { SourceFile } from "./source-file.ts";

type Problem = RowProblem<number>;

/** A column of content. */
interface Column {
  readonly key: string;
  readonly slot: number;
  readonly type: ColumnType;
  readonly subject: string;
  readonly isPrivate: boolean;
}

/** The entries of a CSV file, a batch at a time; rows with problems may be missing or mended. */
export async function* readCsv(file: SourceFile, reading: Reading): AsyncGenerator<readonly QueueItemEntry[]> {
  let reader: CsvRows | undefined;
  for await (const records of csvRecords(file, reading.recipe.delimiter)) {
    let first = 0;
    if (reader === undefined) {
      const [header] = records;
      if (header === undefined) continue;
      reader = CsvRows.under(header, file, reading);
      if (reader === undefined) return;
      first = 1;
    }
    yield reader.read(records, first);
  }
  if (reader !== undefined) return;
  const source = { file: file.name, line: 1, column: 1 };
  const hint = "the first line names the columns";
  reading.findings.add({ code: "QI014", severity: "error", message: `${file.name} has no header`, hint, source });
}

/** The columns under one header, bound to what the manifest says about them. */
class CsvRows {
  readonly #file: SourceFile;
  readonly #recipe: Recipe;
  readonly #request: SourceRequest;
  readonly #findings: Findings;
  readonly #claim: Claim;
  readonly #width: number;
  readonly #fields: readonly BoundField<number>[];
  readonly #columns: readonly Column[];
  readonly #rules: EntryRules<number>;
  /** What keys add to the size of a content, and how often it may hold one cell. */
  readonly #keysSize: number;
  readonly #copies: number;
  readonly #hasContent: boolean;
  /** False where a line holds what nobody may see. */
  readonly #excerpts: boolean;

  /** Undefined where the header is of no use: the findings say why. */
  static under(header: CsvRecord, file: SourceFile, reading: Reading): CsvRows | undefined {
    const rows = new CsvRows(header, file, reading);
    const problems = [...rows.#headerProblems(header), ...rows.#columnProblems(header)];
    reading.findings.add(...problems);
    return problems.length === 0 ? rows : undefined;
  }

  private constructor(header: CsvRecord, file: SourceFile, { recipe, request, findings, claim }: Reading) {
    this.#file = file;
    this.#recipe = recipe;
    this.#request = request;
    this.#findings = findings;
    this.#claim = claim;
    this.#width = header.cells.length;
    this.#columns = columnsOf(header.cells, recipe, request.sensitive);
    const hidden = new Set(this.#columns.filter(({ isPrivate }) => isPrivate).map(({ slot }) => slot));
    this.#fields = fieldsOf(header.cells, recipe, hidden);
    const reference = this.#fields.find(({ field }) => field === "reference");
    this.#rules = {
      fromContent: request.fromContent,
      referenceSlot: reference?.slots[0],
      noReferenceHint: "fill the cell, or set references: fromContent",
    };
    this.#keysSize = this.#columns.reduce((sum, { key }) => sum + key.length + 6, 0);
    this.#copies = Math.max(
      1,
      ...Map.groupBy(this.#columns, ({ slot }) => slot)
        .values()
        .map(({ length }) => length),
    );
    this.#hasContent = recipe.content !== undefined || this.#columns.length > 0;
    this.#excerpts = hidden.size === 0;
  }

  read(records: readonly CsvRecord[], first: number): readonly QueueItemEntry[] {
    const entries: QueueItemEntry[] = [];
    for (let index = first; index < records.length; index++) {
      const record = records[index];
      const entry = record === undefined ? undefined : this.#row(record);
      if (entry !== undefined) entries.push(entry);
    }
    this.#findings.rows += records.length - first;
    return entries;
  }

  #row(record: CsvRecord): QueueItemEntry | undefined {
    const problems: Problem[] = [];
    const entry = this.#entry(record, problems);
    if (problems.length > 0) this.#findings.addRow(record.line, () => this.#located(record, problems));
    return entry;
  }

  #entry(record: CsvRecord, problems: Problem[]): QueueItemEntry | undefined {
    const { cells, line, from, to } = record;
    if (cells.length !== this.#width) {
      problems.push(wrongWidth(cells.length, this.#width));
      return undefined;
    }
    const fields = readFields(this.#fields, (slot) => cells[slot] ?? "", this.#recipe.dates, problems);
    const content = this.#hasContent ? this.#content(cells, problems) : undefined;
    const source = { file: this.#file.name, line, column: 1 };
    const size = (to - from) * this.#copies + this.#keysSize;
    const entry = makeEntry(fields, content, source, size, this.#rules, problems);
    if (entry === undefined) return undefined;
    const remark = this.#claim(entry.reference, source.file, line);
    if (remark !== undefined) problems.push(this.#duplicate(entry.reference, remark));
    return entry;
  }

  #content(cells: readonly string[], problems: Problem[]): Content {
    const content: Record<string, JsonPrimitive> = {};
    for (const { key, slot, type, subject, isPrivate } of this.#columns) {
      const text = cells[slot] ?? "";
      const value = type === "text" ? text : readCell(type, text, this.#recipe.dates);
      if (isRefusal(value)) problems.push(refused(subject, value, isPrivate, slot));
      else content[key] = value;
    }
    return content;
  }

  #duplicate(reference: string, remark: string): Problem {
    const { referenceSlot: slot } = this.#rules;
    const message = `reference ${reference} occurs twice in queue ${this.#request.queue}`;
    return { code: "QI007", message, remark, ...(slot === undefined ? {} : { slot }) };
  }

  #located(record: CsvRecord, problems: readonly Problem[]): Diagnostic[] {
    const text = this.#file.text(record.from, record.to);
    const { cells } = placesInCsv(text, this.#recipe.delimiter);
    const row = { file: this.#file.name, line: record.line, column: 1, before: "", text };
    return problems.map((problem) => {
      const cell = problem.slot === undefined ? undefined : cells[problem.slot];
      const { from, to } = cell ?? { from: 0, to: problem.code === "QI015" ? text.length : 1 };
      return rowDiagnostic(problem, spanIn(row, from, to, this.#excerpts));
    });
  }

  /** Of headers that are used: a header twice leaves open which is meant. */
  #headerProblems(header: CsvRecord): Diagnostic[] {
    const problems: Problem[] = [];
    const firstOf = new Map<string, number>();
    for (const [slot, name] of header.cells.entries()) {
      if (name.trim() === "") continue;
      const before = firstOf.get(name);
      firstOf.set(name, before ?? slot);
      if (name === "__proto__")
        problems.push({ code: "QI014", message: 'the header "__proto__" is not allowed', slot });
      else if (before !== undefined) {
        const remark = `first in column ${before + 1}`;
        problems.push({ code: "QI014", message: `the header ${quoted(name)} occurs twice`, remark, slot });
      }
    }
    if (firstOf.size === 0) problems.push({ code: "QI014", message: "no column has a header" });
    if (this.#recipe.content === undefined) {
      for (const { key, slot } of this.#columns) {
        const flaw = contentKeyFlaw(key);
        if (flaw !== undefined) problems.push({ code: "QI005", ...flaw, slot });
      }
    }
    return this.#located(header, problems);
  }

  /** Of columns that the manifest names, and of a reference that nothing gives. */
  #columnProblems({ cells }: CsvRecord): Diagnostic[] {
    const { at, fromContent } = this.#request;
    const named = cells.filter((name) => name.trim() !== "");
    const known = new Set(named);
    const unknown = namedColumns(this.#recipe)
      .filter(({ column }) => !known.has(column))
      .map((use) => unknownColumn(use, named, this.#file.name, at));
    const hasReference = fromContent || this.#fields.some(({ field }) => field === "reference");
    if (hasReference || this.#recipe.templates.reference !== undefined) return unknown;
    return [...unknown, noReference(this.#recipe, named, this.#file.name, at(["spec", "source"], "key"))];
  }
}

/** Nothing gives the rows a reference: said once, not for every row. */
export function noReference(recipe: Recipe, headers: readonly string[], file: string, source: SourceSpan): Diagnostic {
  const meant = headers.includes("Reference") ? "Reference" : nearest("Reference", headers);
  const template = meant === undefined ? 'a template such as "INV-{number}"' : JSON.stringify(`{${meant}}`);
  const unspelled =
    recipe.content === undefined && meant !== undefined ? `name the column Reference, not ${meant}, or ` : "";
  const hint = `${unspelled}set source.reference: ${template}, or references: fromContent`;
  return { code: "QI001", severity: "error", message: `the rows of ${file} have no reference`, hint, source };
}

/** Content columns: what the mapping says, else every column that is nothing else, as text. */
function columnsOf(headers: readonly string[], recipe: Recipe, sensitive: ReadonlySet<string>): Column[] {
  const slotOf = new Map(headers.map((name, slot) => [name, slot] as const));
  const column = (key: string, header: string, slot: number, type: ColumnType): Column => ({
    key,
    slot,
    type,
    subject: `column ${quoted(header)}`,
    isPrivate: sensitive.has(key),
  });
  if (recipe.content !== undefined) {
    return recipe.content.map(({ key, column: name, type }) => column(key, name, slotOf.get(name) ?? 0, type));
  }
  return headers.flatMap((name, slot) => {
    const field = uploadHeaders.get(name);
    const isSpecial = field !== undefined && recipe.templates[field] === undefined;
    return isSpecial || name.trim() === "" ? [] : [column(name, name, slot, "text")];
  });
}

/** Templates, and without a mapping the headers of the upload whose field has none. */
function fieldsOf(headers: readonly string[], recipe: Recipe, hidden: ReadonlySet<number>): BoundField<number>[] {
  const bound = templateFields.flatMap((field): BoundField<number>[] => {
    const template = recipe.templates[field];
    if (template === undefined) return [];
    const slots = template.columns.map((column) => Math.max(0, headers.indexOf(column)));
    const [only] = template.columns;
    const isPlain = template.columns.length === 1 && template.literals.every((literal) => literal === "");
    const subject = isPlain && only !== undefined ? `column ${quoted(only)}` : `source.${field}`;
    return [{ field, literals: template.literals, slots, subject, isPrivate: slots.some((slot) => hidden.has(slot)) }];
  });
  if (recipe.content !== undefined) return bound;
  const special = headers.flatMap((name, slot): BoundField<number>[] => {
    const field = uploadHeaders.get(name);
    if (field === undefined || recipe.templates[field] !== undefined) return [];
    return [{ field, literals: ["", ""], slots: [slot], subject: `column ${quoted(name)}`, isPrivate: false }];
  });
  return [...bound, ...special];
}

function wrongWidth(found: number, width: number): Problem {
  const cells = found === 1 ? "1 cell" : `${found} cells`;
  const hint =
    found > width
      ? "a cell that holds the delimiter, a quote or a line break needs double quotes"
      : "cells may be empty, but their delimiters stay";
  return { code: "QI015", message: `the row has ${cells}, the header ${width}`, hint };
}
