import { wrapColumns } from "../core/text-width.ts";
import { exitCodeMeanings, exitCodes } from "./exit-codes.ts";

/** The headings under which `--help` lists commands. */
export const groups = {
  project: "Your project:",
  tenant: "Your tenant:",
  help: "Help at hand:",
} as const;

/** What stands below the list of commands, for an output of so many columns. */
export function helpEnd(columns: number): string {
  return `
Start here:
  orch-sync init                  a project that plans at once, without an account
  orch-sync validate              is what I wrote correct? (offline)
  orch-sync plan                  what would change? (nothing is written)
  orch-sync apply                 make it so, after asking

Every field of a manifest:  orch-sync explain KIND      such as QueueItems, or Job.strategy
Every error code:           orch-sync explain CODE      such as MF010
Every flag:                 orch-sync help COMMAND      such as plan

Exit codes:
${exitCodeLines(Math.min(columns, 120)).join("\n")}`;
}

function exitCodeLines(columns: number): string[] {
  const names = Object.keys(exitCodes) as (keyof typeof exitCodes)[];
  const [first = "", ...rest] = names.map((name) => `${exitCodes[name]} ${exitCodeMeanings[name].brief}`);
  // Blanks within one meaning do not break.
  const text = rest.reduce((line, one) => `${line} · ${one.replaceAll(" ", "\u00a0")}`, `  ${first}`);
  return wrapColumns(text, columns, "  ").map((line) => line.replace(/ ·$/, "").replaceAll("\u00a0", " "));
}
