import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { loadConfig } from "../../../src/config/load.ts";
import type { Diagnostic } from "../../../src/core/diagnostic.ts";
import { isRecord } from "../../../src/core/json.ts";
import { kinds } from "../../../src/core/resource.ts";
import { parseYaml } from "../../../src/document/parse.ts";
import { readSchema } from "../../../src/document/schema-files.ts";
import { loadManifests } from "../../../src/manifest/load.ts";
import { inFolder, type Files } from "../manifest/folder.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const pages = ["*.md", "docs/**/*.md", "examples/**/*.md"].flatMap((pattern) => globSync(pattern, { cwd: root }));

interface Block {
  readonly name: string;
  readonly text: string;
  /** Files that the block names, from other blocks of the page. */
  readonly files: Files;
}

function blocksOf(page: string): Block[] {
  const markdown = readFileSync(join(root, page), "utf8");
  const fences = [...markdown.matchAll(/^( *)```(\w+).*\n([\s\S]*?)^\1```/gm)].map((match) => {
    const [, indent = "", language = "", text = ""] = match;
    const line = markdown.slice(0, match.index).split("\n").length;
    const shownFile = /<!-- file: \S+ -->\s*$/.test(markdown.slice(0, match.index)); // npm run generate put it there
    return { line, language: shownFile ? "" : language, text: text.replaceAll(new RegExp(`^${indent}`, "gm"), "") };
  });
  return fences
    .filter(({ language }) => language === "yaml" || language === "yml")
    .map(({ line, text }) => {
      // What `file: march.csv` means is the page's block of CSV.
      const named = [...text.matchAll(/\bfile: ["']?([\w./-]+\.(\w+))/g)].flatMap(([, file = "", ending]) => {
        const fence = fences.find(({ language }) => language === ending);
        return fence === undefined ? [] : [[file, fence.text] as const];
      });
      return { name: `${page}:${line}`, text, files: Object.fromEntries(named) };
    });
}

/** Every name that a text asks for is set: what an example says of the environment is not what is tested here. */
function environmentOf(text: string): Record<string, string> {
  const names = [...text.matchAll(/\$\{(?:env|secret):(\w+)/g)].map(([, name = ""]) => name);
  return Object.fromEntries(names.map((name) => [name, "text"]));
}

async function problems({ text, files }: Block): Promise<readonly unknown[]> {
  const { documents, diagnostics } = parseYaml(text, "block.yaml");
  if (diagnostics.length > 0) return diagnostics;
  const found = await Promise.all(
    documents.map(({ value }) => documentProblems(isRecord(value) ? value["kind"] : undefined, value, { text, files })),
  );
  return found.flat();
}

async function documentProblems(
  kind: unknown,
  value: unknown,
  block: Omit<Block, "name">,
): Promise<readonly unknown[]> {
  const inBlock = { "block.yaml": block.text, ...block.files };
  const env = environmentOf(block.text);
  if ((kinds as readonly unknown[]).includes(kind)) {
    const options = { paths: ["block.yaml"], env, requireFolder: false, outside: "warning" } as const;
    return errors(await inFolder(inBlock, (cwd) => loadManifests({ ...options, cwd })));
  }
  if (kind === "Config") return errors(await inFolder(inBlock, (cwd) => loadConfig({ file: "block.yaml", cwd, env })));
  if (kind !== "Tenant" && kind !== "Faults") return [`kind ${String(kind)}: no whole document`];
  const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(readSchema(kind));
  return validate(value) ? [] : (validate.errors ?? []);
}

function errors({ diagnostics }: { readonly diagnostics: readonly Diagnostic[] }): Diagnostic[] {
  return diagnostics.filter(({ severity }) => severity === "error");
}

const blocks = pages.flatMap((page) => blocksOf(page));

describe("the YAML blocks of README and docs", () => {
  it("are found", () => {
    expect(pages).toEqual(expect.arrayContaining(["README.md", "docs/emulator.md", "examples/quickstart/README.md"]));
    expect(blocks.length).toBeGreaterThan(8);
  });

  it.each(blocks.map((block) => [block.name, block] as const))(
    "%s is a whole document that validates",
    async (_name, block) => {
      expect(await problems(block)).toEqual([]);
    },
  );

  it("would not pass with a mistake in them", async () => {
    const mistakes = blocks.map(async (block) =>
      problems({ ...block, text: block.text.replace(/^kind: .*$/m, "$&\nmistake: 1") }),
    );
    for (const found of await Promise.all(mistakes)) expect(found).not.toEqual([]);
  });
});
