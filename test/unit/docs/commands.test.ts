import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CommanderError } from "commander";
import { describe, expect, it } from "vitest";
import { buildProgram } from "../../../src/cli/program.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const pages = ["*.md", "docs/**/*.md", "examples/**/*.md"].flatMap((pattern) => globSync(pattern, { cwd: root }));

/** Every command line that a page shows: in blocks of code, after a prompt or at the start of a line, and in running text. */
function commandsOf(page: string): { readonly line: number; readonly words: string[] }[] {
  const markdown = readFileSync(join(root, page), "utf8");
  const found: { line: number; words: string[] }[] = [];
  let fence = "";
  for (const [index, text] of markdown.split("\n").entries()) {
    const mark = /^ *```(\w*)/.exec(text);
    if (mark !== null) fence = fence === "" ? `\`${mark[1] ?? ""}` : "";
    const shown =
      fence === ""
        ? [...text.matchAll(/`(?:npx )?orch-sync ([^`]+)`/g)].map((match) => match[1] ?? "")
        : [/^ *(?:\$ )?(?:npx )?orch-sync (.+)$/.exec(text)?.[1] ?? ""];
    // `…`, `[x]`, `<x>` and `SHELL` stand for what the reader puts there, and `|` in them for a choice.
    for (const command of shown) {
      if (command !== "" && !/[…[<]|\bSHELL\b/.test(command)) found.push({ line: index + 1, words: wordsOf(command) });
    }
  }
  return found;
}

/** As a shell splits them, up to what ends a command. */
function wordsOf(command: string): string[] {
  const words: string[] = [];
  for (const [word] of command.matchAll(/\s*(?:"[^"]*"|'[^']*'|[^\s"'])+/g)) {
    const bare = word.trim().replaceAll(/["']/g, "");
    if (/^(?:[|&;>#\\)]|2>)/.test(bare)) break;
    words.push(bare.replace(/[;,.)]$/, ""));
    if (/[;,)]$/.test(bare)) break;
  }
  return words;
}

/** What the command line has against it; nothing where it would be carried out. */
async function complaint(words: readonly string[]): Promise<string | undefined> {
  let said = "";
  const io = { stdout: { write: () => true }, stderr: { write: (text: string) => ((said += text), true) } };
  const program = buildProgram(io as never, (command) => command.action(() => undefined));
  try {
    await program.parseAsync(words, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) return said.trim();
  }
  return undefined;
}

describe("every command that a page shows has the flags that it shows", () => {
  it.each(pages.filter((page) => commandsOf(page).length > 0))("%s", async (page) => {
    const wrong: string[] = [];
    for (const { line, words } of commandsOf(page)) {
      const said = await complaint(words);
      if (said !== undefined) wrong.push(`${page}:${line}: orch-sync ${words.join(" ")}: ${said}`);
    }
    expect(wrong).toEqual([]);
  });

  it("tells a flag that does not exist", async () => {
    expect(await complaint(["plan", "--no-such-flag"])).toContain("--no-such-flag");
    expect(wordsOf("plan --select 'kind=Job,name=smoke-*' | head # so")).toEqual([
      "plan",
      "--select",
      "kind=Job,name=smoke-*",
    ]);
  });
});
