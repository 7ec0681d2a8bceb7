import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { inherentCases } from "../../checker/judge.ts";
import { root } from "../../support/cli.ts";

it("names each case that no client can prevent as the chaos campaign counts it", () => {
  const page = readFileSync(join(root, "docs/exactly-once.md"), "utf8");
  const [, table = ""] = /<!-- inherent cases: begin -->(.*)<!-- inherent cases: end -->/s.exec(page) ?? [];
  const names = [...table.matchAll(/^\| (\w.*?) +\|/gm)].map(([, name = ""]) => name).slice(1);
  expect(names.toSorted()).toEqual([...inherentCases].toSorted());
});
