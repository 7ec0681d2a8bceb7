/** How many columns text takes on a terminal: an approximation that is right for what names and messages hold. */

const zero: RegExp = /^[\p{M}\p{Cc}\p{Cf}]$/u;
const emoji: RegExp = /^\p{Emoji_Presentation}$/u;

/** East Asian Wide and Fullwidth blocks of Unicode's EastAsianWidth.txt, first and last code point. */
const wideBlocks: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x17000, 0x18cff],
  [0x1b000, 0x1b2ff],
  [0x20000, 0x3fffd],
];

/** The columns that a clean text takes: 0 for combining marks, 2 for East Asian wide characters and emoji. */
export function textWidth(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

/** Fills up with blanks to the right. */
export function padColumns(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - textWidth(text)));
}

/** At most `columns` wide, cut at the end with `…`. */
export function fitColumns(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text;
  let kept = "";
  let width = 1;
  for (const character of text) {
    width += characterWidth(character);
    if (width > columns) break;
    kept += character;
  }
  return columns > 0 ? `${kept}…` : "";
}

/**
 * Breaks at blanks so that no line is wider than `columns`; a word that is wider is broken. Later lines are indented.
 * The first keeps the blanks that it begins with, as long as they leave room for a word.
 */
export function wrapColumns(text: string, columns: number, indent: string): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of words(text, columns, textWidth(indent))) {
    const blank = line.trim() === "" ? "" : word.blank;
    if (line.trim() !== "" && textWidth(line) + textWidth(blank + word.text) > columns) {
      lines.push(line);
      line = indent + word.text;
    } else {
      line += blank + word.text;
    }
  }
  return [...lines, line];
}

interface Word {
  readonly blank: string;
  readonly text: string;
}

/** Columns that are left for words, however far a line is indented. */
const leastRoom = 8;

/** Words with the blanks before them, each fit for a later line, and the first, with its own blanks, for the first. */
function words(text: string, columns: number, indent: number): Word[] {
  const widest = Math.max(leastRoom, columns - indent);
  const found: Word[] = [];
  for (const [, blank = "", word = ""] of text.matchAll(/( *)([^ ]+)/g)) {
    const own = found.length === 0 ? blank.slice(0, Math.max(0, columns - leastRoom)) : "";
    const room = Math.max(leastRoom, Math.min(widest, columns - own.length));
    const [first = "", ...rest] = pieces(word, room, widest);
    found.push(found.length === 0 ? { blank: "", text: own + first } : { blank, text: first });
    for (const piece of rest) found.push({ blank: "", text: piece });
  }
  return found;
}

/** A word broken up: the first piece fits in `room`, the others in `widest`. */
function pieces(word: string, room: number, widest: number): string[] {
  if (textWidth(word) <= room) return [word];
  const found: string[] = [];
  let piece = "";
  let width = 0;
  for (const character of word) {
    const columns = characterWidth(character);
    if (width + columns > (found.length === 0 ? room : widest)) {
      found.push(piece);
      piece = "";
      width = 0;
    }
    piece += character;
    width += columns;
  }
  return [...found, piece];
}

function characterWidth(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x300) return zero.test(character) ? 0 : 1;
  if (zero.test(character)) return 0;
  if (emoji.test(character)) return 2;
  return wideBlocks.some(([first, last]) => code >= first && code <= last) ? 2 : 1;
}
