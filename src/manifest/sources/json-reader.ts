import type { Diagnostic } from "../../core/diagnostic.ts";
import { isRecord, type JsonPrimitive } from "../../core/json.ts";
import type { Locate } from "../../core/locate.ts";
import { readySchema } from "../../document/ready-schema.ts";
import { quoted } from "../../document/phrases.ts";
import type { QueueItem } from "../../kinds/generated/queue-items.ts";
import { contentKeyFlaw, itemProblems, normalizeItem } from "../../kinds/queue-items/normalize.ts";
import type { Content, QueueItemEntry } from "../../kinds/queue-items/spec.ts";
import { rowCodeRules } from "../schemas.ts";
import { readCell, type ColumnType } from "./cells.ts";
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
import { JsonRow } from "./json-row.ts";
import type { JsonText } from "./json-rows.ts";
import { namedColumns, templateFields, unknownColumn, uploadHeaders, type Recipe } from "./recipe.ts";
import type { Reading } from "./reading.ts";
import { isRefusal, type Refusal } from "./refusal.ts";
import type { Claim, SourceRequest } from "./request.ts";

type Problem = RowProblem<readonly string[]>;

/** Names that rows have, kept for "did you mean". */
const keptNames = 1000;

/** Makes entries of rows of NDJSON or JSON. */
export class JsonRows {
  readonly #file: string;
  readonly #recipe: Recipe;
  readonly #request: SourceRequest;
  readonly #findings: Findings;
  readonly #claim: Claim;
  readonly #fields: readonly BoundField<readonly string[]>[];
  readonly #rules: EntryRules<readonly string[]>;
  /** True where rows of the form of `items` are read as such. */
  readonly #takesEntries: boolean;
  /** Columns that feed sensitive keys; without a mapping the keys themselves. */
  readonly #private: ReadonlySet<string>;
  readonly #copies: number;
  /** Columns that the manifest names and no row has had so far, and names that rows have. */
  readonly #unseen: Set<string>;
  readonly #names = new Set<string>();
  readonly #goodKeys = new Set<string>();

  constructor(file: string, { recipe, request, findings, claim }: Reading) {
    this.#file = file;
    this.#recipe = recipe;
    this.#request = request;
    this.#findings = findings;
    this.#claim = claim;
    const { content, templates } = recipe;
    const { sensitive } = request;
    this.#private =
      content === undefined
        ? sensitive
        : new Set(content.flatMap((each) => (sensitive.has(each.key) ? each.column : [])));
    this.#fields = fieldsOf(recipe, this.#private);
    this.#rules = {
      fromContent: request.fromContent,
      referenceSlot: this.#fields.find(({ field }) => field === "reference")?.slots[0],
      noReferenceHint:
        content === undefined && templates.reference === undefined
          ? "name it Reference, set source.reference, or references: fromContent"
          : "its columns are empty: fill them, or set references: fromContent",
    };
    this.#takesEntries = content === undefined && Object.keys(templates).length === 0;
    this.#copies = Math.max(1, content?.length ?? 1);
    this.#unseen = new Set(namedColumns(recipe).map(({ column }) => column));
  }

  read(rows: readonly JsonText[]): readonly QueueItemEntry[] {
    const entries: QueueItemEntry[] = [];
    for (const text of rows) {
      const entry = this.#row(text);
      if (entry !== undefined) entries.push(entry);
    }
    this.#findings.rows += rows.length;
    return entries;
  }

  /** Says which columns no row had. */
  end(): void {
    if (this.#unseen.size === 0 || this.#findings.rows === 0 || this.#names.size === 0) return;
    const known = [...this.#names];
    const uses = namedColumns(this.#recipe).filter(({ column }) => this.#unseen.has(column));
    const { at } = this.#request;
    this.#findings.forgetRows();
    this.#findings.add(...uses.map((use) => unknownColumn(use, known, this.#file, at)));
  }

  #row(text: JsonText): QueueItemEntry | undefined {
    const row = JsonRow.parse(text);
    if (row.type === "refused") return this.#refuse(text, row.problems);
    const members = row.members;
    if (this.#unseen.size > 0) this.#see(members);
    if (this.#takesEntries && isRecord(members["content"])) return this.#item(row);
    const problems: Problem[] = [];
    const entry = this.#columns(row, members, problems);
    const remark = entry === undefined ? undefined : this.#claim(entry.reference, this.#file, text.line);
    if (entry !== undefined && remark !== undefined) problems.push(this.#duplicate(entry.reference, remark));
    if (problems.length > 0) {
      const excerpt = !Object.keys(members).some((name) => this.#private.has(name));
      this.#report(row, problems, excerpt);
    }
    return entry;
  }

  /** Members as columns. */
  #columns(row: JsonRow, members: Readonly<Record<string, unknown>>, problems: Problem[]): QueueItemEntry | undefined {
    const fields = readFields(this.#fields, ([name = ""]) => row.textOf(name), this.#recipe.dates, problems);
    const content =
      this.#recipe.content === undefined ? this.#flat(row, members, problems) : this.#mapped(row, problems);
    const { text, line } = row.text;
    const source = { file: this.#file, line, column: 1 };
    const keysSize = this.#recipe.content === undefined ? 0 : Object.keys(content ?? {}).join("").length;
    return makeEntry(fields, content, source, text.length * this.#copies + keysSize, this.#rules, problems);
  }

  #mapped(row: JsonRow, problems: Problem[]): Content {
    const content: Record<string, JsonPrimitive> = {};
    for (const { key, column, type } of this.#recipe.content ?? []) {
      const value = mappedValue(row, column, type, this.#recipe);
      if (isRefusal(value))
        problems.push(refused(`column ${quoted(column)}`, value, this.#private.has(column), [column]));
      else if (value !== undefined) content[key] = value;
    }
    return content;
  }

  /** Everything that is no field, with its JSON type. */
  #flat(row: JsonRow, members: Readonly<Record<string, unknown>>, problems: Problem[]): Content | undefined {
    const content: Record<string, JsonPrimitive> = {};
    let isEmpty = true;
    for (const name of Object.keys(members)) {
      const field = uploadHeaders.get(name);
      if (field !== undefined && this.#recipe.templates[field] === undefined) continue;
      isEmpty = false;
      if (!this.#goodKeys.has(name)) this.#checkKey(name, problems);
      const value = row.valueOf(name);
      if (isRefusal(value)) problems.push(refused(quoted(name), value, this.#private.has(name), [name]));
      else if (value !== undefined) content[name] = value;
    }
    return isEmpty ? undefined : content;
  }

  #checkKey(name: string, problems: Problem[]): void {
    const flaw = contentKeyFlaw(name);
    if (flaw !== undefined) problems.push({ code: "QI005", ...flaw, slot: [name], part: "key" });
    else if (this.#goodKeys.size < keptNames) this.#goodKeys.add(name);
  }

  /** A row of the form of `items`: what other parts of orch-sync write. */
  #item(row: JsonRow): QueueItemEntry | undefined {
    const { line, text } = row.text;
    const { sensitive, fromContent } = this.#request;
    const content = row.members["content"];
    const isHidden = isRecord(content) && Object.keys(content).some((name) => sensitive.has(name));
    const at: Locate = (path, part) => row.place(path.slice(1).map(String), part, !isHidden);
    const isPrivate = (path: readonly (string | number)[]): boolean =>
      path[1] === "content" && sensitive.has(`${path[2]}`);
    // What is no number to JavaScript either, the schema would call no number.
    const problems: Problem[] = row.inexactContent((name) => sensitive.has(name));
    const options = { codes: rowCodeRules, isPrivate };
    const refusals = problems.length > 0 ? [] : readySchema("QueueItemRow")({ row: row.members }, at, options);
    const found: Diagnostic[] = refusals.map(({ diagnostic }) => diagnostic);
    let entry: QueueItemEntry | undefined;
    if (found.length + problems.length === 0) {
      const item = row.members as QueueItem;
      entry = normalizeItem(item, { file: this.#file, line, column: 1 }, fromContent);
      found.push(...itemProblems(item, entry?.reference, ["row"], at, text.length));
    }
    const remark = entry === undefined ? undefined : this.#claim(entry.reference, this.#file, line);
    if (entry !== undefined && remark !== undefined) {
      problems.push({ ...this.#duplicate(entry.reference, remark), slot: ["reference"] });
    }
    if (found.length + problems.length > 0) {
      this.#findings.addRow(line, () => [...found, ...this.#located(row, problems, !isHidden)]);
    }
    return entry;
  }

  #duplicate(reference: string, remark: string): Problem {
    const { referenceSlot: slot } = this.#rules;
    const message = `reference ${reference} occurs twice in queue ${this.#request.queue}`;
    return { code: "QI007", message, remark, ...(slot === undefined ? {} : { slot }) };
  }

  /** What cannot be read may hold anything: nothing of it is shown where anything is sensitive. */
  #refuse(
    text: JsonText,
    problems: readonly (RowProblem<never> & { readonly range: readonly [number, number] })[],
  ): undefined {
    const excerpt = this.#request.sensitive.size === 0;
    this.#findings.addRow(text.line, () =>
      problems.map((problem) => rowDiagnostic(problem, JsonRow.span(text, problem.range, excerpt))),
    );
    return undefined;
  }

  #report(row: JsonRow, problems: readonly Problem[], excerpt: boolean): void {
    this.#findings.addRow(row.text.line, () => this.#located(row, problems, excerpt));
  }

  #located(row: JsonRow, problems: readonly Problem[], excerpt: boolean): Diagnostic[] {
    return problems.map((problem) =>
      rowDiagnostic(problem, row.place(problem.slot ?? [], problem.part ?? "value", excerpt)),
    );
  }

  #see(members: Readonly<Record<string, unknown>>): void {
    for (const name of Object.keys(members)) {
      this.#unseen.delete(name);
      if (this.#names.size < keptNames) this.#names.add(name);
    }
  }
}

/** A member under a mapping. What is missing stays missing; null is null. */
function mappedValue(
  row: JsonRow,
  column: string,
  type: ColumnType,
  recipe: Recipe,
): JsonPrimitive | Refusal | undefined {
  const raw = row.members[column];
  if (!Object.hasOwn(row.members, column)) return undefined;
  if (raw === null) return null;
  if (typeof raw === "object") return row.nested();
  if (type === "text") return row.textOf(column);
  if (typeof raw === "boolean" && type === "boolean") return raw;
  if (typeof raw === "number" && type === "number") return row.valueOf(column);
  if (typeof raw === "number" && type === "integer" && Number.isInteger(raw)) return row.valueOf(column);
  const text = row.textOf(column);
  return isRefusal(text) ? text : readCell(type, text, recipe.dates);
}

/** Templates, and without a mapping the members that are named as the upload's headers. */
function fieldsOf(recipe: Recipe, hidden: ReadonlySet<string>): BoundField<readonly string[]>[] {
  const special = new Map(uploadHeaders.entries().map(([name, field]) => [field, name] as const));
  return templateFields.flatMap((field): BoundField<readonly string[]>[] => {
    const template = recipe.templates[field];
    const name = special.get(field);
    if (template === undefined) {
      if (recipe.content !== undefined || name === undefined) return [];
      return [{ field, literals: ["", ""], slots: [[name]], subject: quoted(name), isPrivate: hidden.has(name) }];
    }
    const [only] = template.columns;
    const isPlain = template.columns.length === 1 && template.literals.every((literal) => literal === "");
    return [
      {
        field,
        literals: template.literals,
        slots: template.columns.map((column) => [column]),
        subject: isPlain && only !== undefined ? `column ${quoted(only)}` : `source.${field}`,
        isPrivate: template.columns.some((column) => hidden.has(column)),
      },
    ];
  });
}
