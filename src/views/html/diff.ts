import { diffWordsWithSpace } from "diff";
import type { Change, FieldChange } from "../../core/change.ts";
import { cleanLine, shorten } from "../../core/text.ts";
import { signedLines, type SignedLine } from "../human/content-diff.ts";
import { saysItself } from "../human/entry.ts";
import { changedFields, contentPrefix, longestLine, mostLines } from "../human/fields.ts";
import { sensitiveMark, valueText } from "../human/value.ts";
import { amount, name } from "../human/words.ts";
import { markup, type Html } from "./markup.ts";
import { nothing } from "./parts.ts";

/** What differs, the tenant's side beside ours; nothing where the line itself says it. */
export function sideBySide(change: Change, verbose: boolean): Html {
  const fields = saysItself(change, verbose) ? [] : changedFields(change);
  if (fields.length === 0) return nothing;
  const rows = [...fields.filter((field) => !isContent(field)), ...fields.filter(isContent)].flatMap(fieldRows);
  const shown = verbose ? rows : rows.slice(0, mostLines);
  const left = rows.length - shown.length;
  const more =
    left === 0
      ? nothing
      : markup`<tr><td class="apart" colspan="2">… ${amount(left)} more lines (--verbose shows them)</td></tr>\n`;
  return markup`<details class="more" open><summary class="note">what differs</summary>
<table class="diff">
<thead><tr><th>in the tenant</th><th>after the apply</th></tr></thead>
<tbody>
${shown}${more}</tbody>
</table>
</details>
`;
}

function isContent({ path }: FieldChange): boolean {
  return path.startsWith(contentPrefix);
}

/** Its name, then its lines. */
function fieldRows(field: FieldChange): Html[] {
  const path = markup`<tr><th class="path" colspan="2">${name(field.path)}</th></tr>\n`;
  if (field.sensitive === true) return [path, pair(sensitiveMark, sensitiveMark)];
  const { before, after } = field;
  if (isContent(field)) return [path, ...lineRows(signedLines(before, after))];
  // A missing value and null are both "none" to people, unless it is this that changed.
  const both = (before ?? null) === null && (after ?? null) === null;
  const text = (value: FieldChange["before"]): string =>
    both && value === null ? "null" : valueText(value ?? undefined);
  return [path, pair(text(before), text(after))];
}

/** Lines that were removed stand beside those that were added in their place. */
function lineRows(lines: readonly SignedLine[]): Html[] {
  const rows: Html[] = [];
  let removed: string[] = [];
  let added: string[] = [];
  const flush = (): void => {
    for (let at = 0; at < Math.max(removed.length, added.length); at++) rows.push(pair(removed[at], added[at]));
    [removed, added] = [[], []];
  };
  for (const [sign, line] of lines) {
    if (sign === "-" && added.length > 0) flush();
    if (sign === "-") removed.push(line);
    else if (sign === "+") added.push(line);
    else {
      flush();
      rows.push(sign === "…" ? apart(line) : same(line));
    }
  }
  flush();
  return rows;
}

function apart(text: string): Html {
  return markup`<tr><td class="apart" colspan="2">… ${text}</td></tr>\n`;
}

function same(line: string): Html {
  const text = shorten(cleanLine(line), longestLine);
  return markup`<tr><td class="same">${text}</td><td class="same again">${text}</td></tr>\n`;
}

function pair(before: string | undefined, after: string | undefined): Html {
  const [was, is] = [before, after].map((line) => line && shorten(cleanLine(line), longestLine));
  const [old, now] = was === undefined || is === undefined ? [was ?? "", is ?? ""] : marked(was, is);
  const left = before === undefined ? markup`<td class="gone"></td>` : markup`<td class="old">${old}</td>`;
  const right = after === undefined ? markup`<td class="gone"></td>` : markup`<td class="new">${now}</td>`;
  return markup`<tr>${left}${right}</tr>\n`;
}

/** More edits than this within a line say no more than that it is another line. */
const mostEdits = 60;

/** Both lines with the words marked in which they differ; as they are where they have little in common. */
function marked(was: string, is: string): readonly [string | Html, string | Html] {
  const parts = diffWordsWithSpace(was, is, { maxEditLength: mostEdits });
  const common = (parts ?? []).filter(({ added, removed }) => !added && !removed);
  const shared = common.reduce((sum, { value }) => sum + value.trim().length, 0);
  if (parts === undefined || shared * 4 < Math.min(was.length, is.length)) return [was, is];
  const old = parts
    .filter(({ added }) => !added)
    .map((part) => (part.removed ? markup`<del>${part.value}</del>` : markup`${part.value}`));
  const now = parts
    .filter(({ removed }) => !removed)
    .map((part) => (part.added ? markup`<ins>${part.value}</ins>` : markup`${part.value}`));
  return [markup`${old}`, markup`${now}`];
}
