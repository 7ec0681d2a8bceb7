/**
 * Cleaning of foreign text: what servers, manifests and tables hold is shown, never obeyed. Control, format and
 * direction characters become visible escapes; what a CI system would take for a command is broken up.
 */

/**
 * Control, format (bidi, zero-width, tags), lone surrogates, line and paragraph separators, blank Hangul fillers, and
 * what Unicode assigns to no character, of which XML 1.0 (2.2) forbids some.
 */
const invisible: RegExp =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}\u{115F}\u{1160}\u{3164}\u{FFA0}]/gu;

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

/**
 * What JSON allows as it is and a terminal or a log would obey or hide. Line feeds are ours: they stand between
 * members or lines, those within texts are escaped already.
 */
const unsafeInJson: RegExp = /[[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u{115F}\u{1160}\u{3164}\u{FFA0}]--\n]/gv;

const plainJson = /^[\n -~]*$/;

/**
 * JSON text in which hidden and direction characters are written as `\uXXXX`, and so is the `##` of what a CI system
 * would take for a command: the text is harmless where it is printed, the values are exact.
 */
export function harmlessJson(json: string): string {
  if (plainJson.test(json) && !json.includes("##")) return json; // nearly always so
  return json.replace(unsafeInJson, asUnits).replace(/##(?=\w*\[)/g, String.raw`\u0023\u0023`);
}

function asUnits(character: string): string {
  let text = "";
  for (let unit = 0; unit < character.length; unit++) {
    text += `\\u${character.charCodeAt(unit).toString(16).padStart(4, "0")}`;
  }
  return text;
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16).padStart(4, "0");
  return code > 0xffff ? `\\u{${hex}}` : `\\u${hex}`;
}

/**
 * A Markdown code span of one clean line, for any place but a table. In it nothing is markup: no link, image, HTML or
 * emphasis, and GitHub, GitLab and Azure DevOps look for no mention, reference or address there. Empty text has none.
 */
export function markdownCode(text: string): string {
  const clean = cleanLine(text);
  if (clean === "") return "";
  const mark = "`".repeat(unusedRun(clean));
  // A blank at both ends is taken off again (CommonMark 6.1), and keeps our marks from those of the text.
  const pad = /^[` ]|[` ]$/.test(clean) ? " " : "";
  return mark + pad + clean + pad + mark;
}

/** A Markdown fence around clean lines, longer than any run of backticks in them, so that none of them ends it. */
export function markdownFence(lines: readonly string[], language: "diff" | "text"): string {
  const clean = lines.map(cleanLine);
  const mark = "`".repeat(clean.reduce((longest, line) => Math.max(longest, longestRun(line) + 1), 3));
  return [mark + language, ...clean, mark].join("\n");
}

/** One clean line as text of HTML or XML 1.0, or as the value of a quoted attribute. */
export function markupText(text: string): string {
  return cleanLine(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** The length of the shortest run of backticks that the text does not hold. */
function unusedRun(text: string): number {
  const runs = new Set(text.match(/`+/g)?.map(({ length }) => length));
  let length = 1;
  while (runs.has(length)) length++;
  return length;
}

function longestRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((longest, { length }) => Math.max(longest, length), 0);
}
