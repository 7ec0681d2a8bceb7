import type { ViewOptions } from "../style.ts";
import { screen, separated, type Line } from "./lines.ts";
import { tableLines } from "./table.ts";
import { name } from "./words.ts";

interface InitOptions extends ViewOptions {
  /** How messages name the project's folder; `.` for the working folder. */
  readonly folder: string;
}

/** What `init` wrote, and what to type next. */
export function initView(
  files: readonly { readonly path: string; readonly about: string }[],
  { folder, ...options }: InitOptions,
): string {
  const here = folder === ".";
  const wrote: Line[] = [
    { text: here ? "Wrote a project:" : `Wrote a project in ${name(folder)}:`, tone: "strong" },
    ...tableLines(
      files.map(({ path, about }) => [path, about]),
      options,
    ),
  ];
  const commands = [
    ...(here ? [] : [[`cd ${shellWord(name(folder))}`, ""]]),
    ["orch-sync validate", "is it correct? Nothing is called."],
    ["orch-sync plan", "what would change? Nothing is written."],
    ["orch-sync apply", "make it so, after asking; then plan again"],
  ];
  return screen(separated([wrote, [{ text: "Next:", tone: "strong" }, ...tableLines(commands, options)]], ""), options);
}

/** Quoted where a shell would take it apart; a name like a flag is written as the path that it is. */
function shellWord(word: string): string {
  const text = /^[-+]/.test(word) ? `./${word}` : word;
  return /^[\w./@:+-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
