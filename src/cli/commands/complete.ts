import type { Command } from "commander";
import { cleanLine } from "../../core/text.ts";
import { candidatesFor, type Candidates } from "../completion/candidates.ts";
import { readLine } from "../completion/line.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import type { Io } from "../io.ts";

/** What the shells' scripts do, as bits: https://github.com/spf13/cobra/blob/main/site/content/completions/_index.md */
const directives = { noSpace: 2, noFiles: 4 } as const;

/**
 * Names come from files of anybody's, and shells expand what they are given: what is more than letters, digits and a
 * few signs is not suggested.
 */
const harmless = /^[\p{L}\p{N}_@%+=:,./-]+$/u;

/**
 * Answers a completion script: a candidate a line, its description behind a tab, then the directives. Whatever goes
 * wrong, nobody who presses the tab key wants to read it: then there are no suggestions.
 */
export async function complete(
  words: readonly string[],
  _options: unknown,
  io: Io,
  program: Command,
): Promise<ExitCode> {
  try {
    const line = readLine(program, words);
    io.stdout.write(answer(await candidatesFor({ line, cwd: io.cwd, program })));
  } catch {
    io.stdout.write(answer({ candidates: [] }));
  }
  return exitCodes.done;
}

function answer({ candidates, files = false, goesOn = false }: Candidates): string {
  const lines = new Map(
    candidates
      .filter(({ value }) => harmless.test(value))
      .map(({ value, about }) => [value, about === undefined ? value : `${value}\t${cleanLine(about)}`]),
  );
  const directive = (goesOn ? directives.noSpace : 0) | (files ? 0 : directives.noFiles);
  return [...lines.values(), `:${directive}`].map((line) => `${line}\n`).join("");
}
