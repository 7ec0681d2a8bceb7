import type { Change, FieldChange } from "../../core/change.ts";
import { isRecord, type JsonValue } from "../../core/json.ts";
import { holdsHidden, isHidden } from "../../core/hidden.ts";
import { unifiedLines } from "./content-diff.ts";
import type { Line } from "./lines.ts";
import { fromFirstDifference, sensitiveMark, valueText } from "./value.ts";
import { amount, name } from "./words.ts";

export interface FieldOptions {
  /** True: every line, in full. */
  readonly verbose: boolean;
  /** Columns that a line may take. */
  readonly room: number;
}

export const contentPrefix = "content.";
/** More lines than this for one entry hide the other entries. */
export const mostLines = 40;
/** Even in full, a value is not a file. */
export const longestLine = 2000;

/** What differs, field by field: content as a unified diff, everything else as `priority  Normal → High`. */
export function fieldLines(change: Change, { verbose, room }: FieldOptions): Line[] {
  if (change.action === "create") return verbose ? created(change) : [];
  const fields = changedFields(change);
  const content = fields.filter((field) => field.path.startsWith(contentPrefix));
  const others = fields.filter((field) => !field.path.startsWith(contentPrefix));
  const longest = verbose ? longestLine : room - 3;
  const lines: Line[] = [
    ...others.map((field) => ({ text: arrow(field) })),
    ...(content.length > 0 ? ["content"] : []),
    ...content.flatMap((field) => hunk(field, longest)),
  ];
  if (verbose || lines.length <= mostLines) return lines;
  const left = lines.length - mostLines;
  return [...lines.slice(0, mostLines), `… ${amount(left)} more lines (--verbose shows them)`];
}

/** What differs, without the values that no view shows. */
export function changedFields(change: Change): FieldChange[] {
  if (!("fields" in change)) return [];
  const hides = (path: string): boolean => isHidden(path, change.sensitive) || holdsHidden(path, change.sensitive);
  return change.fields.map(({ path, ...sides }) =>
    sides.sensitive === true || hides(path) ? { path, sensitive: true as const } : { path, ...sides },
  );
}

/** What an item will hold, in full: `Amount  12.5`. */
function created(change: Extract<Change, { readonly action: "create" }>): Line[] {
  const content = isRecord(change.after) ? change.after["content"] : undefined;
  if (!isRecord(content)) return [];
  return Object.entries(content).map(([member, value]) => {
    const hidden = isHidden(contentPrefix + member, change.sensitive);
    return { text: `${name(member)}  ${hidden ? sensitiveMark : valueText(value as JsonValue)}`, hang: "  " };
  });
}

function arrow(field: FieldChange): string {
  const path = name(field.path);
  if (field.sensitive === true) return `${path}  ${sensitiveMark} → ${sensitiveMark}`;
  const { before, after } = field;
  // A missing value and null are both "none" to people, unless it is this that changed.
  if ((before ?? null) === null && (after ?? null) === null) {
    return `${path}  ${before === undefined ? "none" : "null"} → ${after === undefined ? "none" : "null"}`;
  }
  if (typeof before === "string" && typeof after === "string") {
    const [was, is] = fromFirstDifference(before, after);
    return `${path}  ${valueText(was)} → ${valueText(is)}`;
  }
  return `${path}  ${valueText(before ?? undefined)} → ${valueText(after ?? undefined)}`;
}

function hunk(field: FieldChange, longest: number): Line[] {
  const heading = { text: `@@ ${name(field.path.slice(contentPrefix.length))} @@`, tone: "start" } as const;
  if (field.sensitive === true) return [heading, `   ${sensitiveMark} → ${sensitiveMark}`];
  return [heading, ...unifiedLines(field.before, field.after, longest)];
}
