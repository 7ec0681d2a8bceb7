import { breakCiCommands, markupText, markdownFence } from "../../core/text.ts";

/** A Markdown document: blocks with a blank line between them, a line feed at its end, and no CI command in it. */
export function documentOf(blocks: readonly string[]): string {
  return `${breakCiCommands(blocks.filter((block) => block !== "").join("\n\n"))}\n`;
}

/** A collapsed part. Its summary is HTML: foreign text in it stands in `<code>`. */
export function details(summary: string, blocks: readonly string[]): string {
  return [`<details><summary>${summary}</summary>`, ...blocks, "</details>"].join("\n\n");
}

/** As `markdownCode`, where the place is HTML. */
export function htmlCode(text: string): string {
  return text === "" ? "" : `<code>${markupText(text)}</code>`;
}

/** Lines in a fence; none at all for no lines. In a diff, GitHub colours lines by their first character. */
export function fence(lines: readonly string[], language: "diff" | "text" = "diff"): string {
  return lines.length === 0 ? "" : markdownFence(lines, language);
}

/** As many whole entries, of some lines each, as fit into so many characters. */
export function atMost(
  entries: readonly (readonly string[])[],
  room: number,
): { readonly lines: string[]; readonly left: number } {
  const lines: string[] = [];
  let taken = 0;
  for (const [index, entry] of entries.entries()) {
    taken += entry.reduce((sum, line) => sum + line.length + 1, 0);
    if (taken > room) return { lines, left: entries.length - index };
    for (const line of entry) lines.push(line);
  }
  return { lines, left: 0 };
}
