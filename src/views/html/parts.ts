import { formatClock } from "../../core/format-time.ts";
import { markup, type Html } from "./markup.ts";

/** Nothing at all. */
export const nothing: Html = markup``;

/** A number that the reader came for, and what it counts. */
export interface Tile {
  readonly number: string;
  readonly words: string;
  readonly tone: string;
  readonly sign: Html;
}

export function tiles(shown: readonly Tile[]): Html {
  const drawn = shown.map(
    ({ number, words, tone, sign }) =>
      markup`<li class="tile ${tone}"><span class="number">${sign} ${number}</span> <span class="words">${words}</span></li>\n`,
  );
  return drawn.length === 0 ? nothing : markup`<ul class="tiles">\n${drawn}</ul>\n`;
}

/** What is small and belongs to the end of a page: terms and what they are; those without a text are left out. */
export function factList(rows: readonly (readonly [term: string, text: string])[]): Html {
  const said = rows.filter(([, text]) => text !== "");
  return markup`<dl class="facts">
${said.map(([term, text]) => markup`<div><dt>${term}</dt><dd>${text}</dd></div>\n`)}</dl>`;
}

/** `2026-11-21 10:31:02 UTC`; a text that is no instant is given back. */
export function moment(iso: string): string {
  const time = Date.parse(iso);
  if (Number.isNaN(time)) return iso;
  return `${new Date(time).toISOString().slice(0, 10)} ${formatClock(iso)} UTC`;
}
