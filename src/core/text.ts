/**
 * Cleaning of foreign text: what servers, manifests and tables hold is shown, never obeyed. Control, format and
 * direction characters become visible escapes; what a CI system would take for a command is broken up.
 */

/** Control, format (bidi, zero-width, tags), lone surrogates, line and paragraph separators, and blank Hangul fillers. */
const invisible: RegExp = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u{115F}\u{1160}\u{3164}\u{FFA0}]/gu;

const named: Readonly<Record<string, string>> = { "\n": String.raw`\n`, "\r": String.raw`\r`, "\t": String.raw`\t` };

/** One line of text for people: every character in it is one they can see, and none of it commands a CI system. */
export function cleanLine(text: string): string {
  return breakCiCommands(escapeInvisible(text));
}

/** Text of several lines for people: line breaks stay, each line is clean. */
export function cleanLog(text: string): string {
  return text.split(/\r?\n/).map(cleanLine).join("\n");
}

/** Spells out what cannot be seen: `\n`, `\u001b`, `\u{e0041}`. */
export function escapeInvisible(text: string): string {
  return text.replace(invisible, (character) => named[character] ?? escaped(character));
}

/**
 * Breaks up what runners take for commands: `::` where a line begins (GitHub trims blanks first), `##vso[`,
 * `##teamcity[` and `##[` wherever they stand.
 */
export function breakCiCommands(text: string): string {
  return text.replace(/^(\s*):(?=:)/gm, "$1: ").replace(/##(?=\w*\[)/g, "# #");
}

/** At most `max` code points; what is cut off leaves `…` and, where there is room, how many there were. */
export function shorten(text: string, max: number): string {
  if (text.length <= max) return text;
  const points = Array.from(text);
  if (points.length <= max) return text;
  const count = `… (${points.length.toLocaleString("en-US")} characters)`;
  const mark = count.length * 2 <= max ? count : "…";
  return points.slice(0, Math.max(0, max - mark.length)).join("") + mark;
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16).padStart(4, "0");
  return code > 0xffff ? `\\u{${hex}}` : `\\u${hex}`;
}
