import type { Diagnostic } from "../../core/diagnostic.ts";
import type { Locate, Path } from "../../core/locate.ts";
import { nearest } from "../../core/nearest.ts";
import { quoted } from "../../document/phrases.ts";
import type { SourceOfItems } from "../../kinds/generated/queue-items.ts";
import { contentKeyFlaw } from "../../kinds/queue-items/normalize.ts";
import type { ColumnType } from "./cells.ts";
import { DateReader } from "./dates.ts";
import { parseTemplate, type Template } from "./template.ts";
import { Zone } from "./zone.ts";

/** Fields of an item that a template, or a header of the upload, can give. */
export const templateFields = ["reference", "priority", "deferDate", "dueDate", "riskSlaDate"] as const;
export type TemplateField = (typeof templateFields)[number];

/** A content key, and the column that it is read from. */
interface MappedColumn {
  readonly key: string;
  readonly column: string;
  readonly type: ColumnType;
}

/** How `spec.source` makes items of rows. */
export interface Recipe {
  readonly templates: Partial<Readonly<Record<TemplateField, Template>>>;
  /** Undefined: all columns, with the headers of Orchestrator's own upload special. */
  readonly content: readonly MappedColumn[] | undefined;
  readonly dates: DateReader;
  readonly delimiter: string;
}

/** Headers that Orchestrator's own upload takes for a field: exactly so spelled, and only without a mapping. */
export const uploadHeaders: ReadonlyMap<string, TemplateField> = new Map([
  ["Reference", "reference"],
  ["Priority", "priority"],
  ["Deadline", "dueDate"],
  ["Postpone", "deferDate"],
]);

const root: Path = ["spec", "source"];

/** What a source says, with everything that is wrong with it whatever its file holds. */
export function readRecipe(
  source: SourceOfItems,
  at: Locate,
): { readonly recipe: Recipe; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const templates: Partial<Record<TemplateField, Template>> = {};
  for (const field of templateFields) {
    const text = source[field];
    if (text === undefined) continue;
    const parsed = parseTemplate(text);
    if (parsed.type === "template") templates[field] = parsed.template;
    else {
      const message = `source.${field} is no template: ${parsed.message}`;
      diagnostics.push({ code: "QI012", severity: "error", message, hint: parsed.hint, source: at([...root, field]) });
    }
  }
  const content = source.content === undefined ? undefined : Object.entries(source.content);
  for (const [key] of content ?? []) {
    const flaw = contentKeyFlaw(key);
    const place = [...root, "content", key];
    if (flaw !== undefined) diagnostics.push({ code: "QI005", severity: "error", ...flaw, source: at(place, "key") });
  }
  const zone = source.timeZone === undefined ? undefined : Zone.named(source.timeZone);
  if (source.timeZone !== undefined && zone === undefined) diagnostics.push(unknownZone(source.timeZone, at));
  const recipe = {
    templates,
    content: content?.map(([key, { column, type = "text" }]) => ({ key, column, type })),
    dates: new DateReader(zone),
    delimiter: source.delimiter ?? ",",
  };
  return { recipe, diagnostics };
}

/** Where in the manifest each column is named. */
export function namedColumns(recipe: Recipe): readonly { readonly column: string; readonly place: Path }[] {
  const inTemplates = templateFields.flatMap((field) =>
    (recipe.templates[field]?.columns ?? []).map((column) => ({ column, place: [...root, field] })),
  );
  const mapped = (recipe.content ?? []).map(({ key, column }) => ({
    column,
    place: [...root, "content", key, "column"],
  }));
  return [...inTemplates, ...mapped];
}

/** A column that the file does not have; `known` are those that it has. */
export function unknownColumn(
  { column, place }: { readonly column: string; readonly place: Path },
  known: readonly string[],
  file: string,
  at: Locate,
): Diagnostic {
  const meant = nearest(column, known);
  const [only = ""] = known;
  const other = known.length === 1 ? [";", "\t", "|", ","].find((delimiter) => only.includes(delimiter)) : undefined;
  const shown = known.slice(0, 20).map(quoted).join(", ");
  const list = `it has ${shown}${known.length > 20 ? ` and ${known.length - 20} more` : ""}`;
  const hint = meant !== undefined ? `did you mean ${quoted(meant)}?` : list;
  return {
    code: "QI013",
    severity: "error",
    message: `${file} has no column ${quoted(column)}`,
    hint: other === undefined ? hint : `the header is one column: set delimiter: ${JSON.stringify(other)}`,
    source: at(place),
  };
}

function unknownZone(name: string, at: Locate): Diagnostic {
  const meant = nearest(name, Intl.supportedValuesOf("timeZone"));
  return {
    code: "QI018",
    severity: "error",
    message: `source.timeZone ${quoted(name)} is no time zone`,
    hint:
      meant === undefined ? "write an IANA name such as Europe/Bucharest, or UTC" : `did you mean ${quoted(meant)}?`,
    source: at([...root, "timeZone"]),
  };
}
