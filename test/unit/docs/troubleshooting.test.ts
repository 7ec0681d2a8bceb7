import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { exitCodes } from "../../../src/cli/exit-codes.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const page = readFileSync(join(root, "docs/troubleshooting.md"), "utf8");

it("quotes messages that orch-sync has", () => {
  const source = globSync("src/**/*.ts", { cwd: root })
    .map((file) => readFileSync(join(root, file), "utf8"))
    .join("\n");
  const quoted = [...page.matchAll(/^\| `([^`]+)`/gm)].map(([, text = ""]) => text);
  expect(quoted.length).toBeGreaterThan(15);
  expect(quoted.filter((text) => !source.includes(text))).toEqual([]);
});

it("has a section for each exit code that something is wrong with", () => {
  const sections = [...page.matchAll(/^## (\d+): /gm)].map(([, code]) => Number(code));
  const { done, changes, interrupted, ...wrong } = exitCodes;
  expect([done, changes, interrupted, ...sections].toSorted((a, b) => a - b)).toEqual(
    [done, changes, interrupted, ...Object.values(wrong)].toSorted((a, b) => a - b),
  );
});
