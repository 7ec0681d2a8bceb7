import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Io } from "../../../src/cli/io.ts";
import { Reports } from "../../../src/cli/reports.ts";
import { temporaryFolder } from "../../support/cli.ts";

/** A process with a folder, and what it was told on stderr. */
function processIn(cwd: string): { readonly io: Io; readonly said: string[] } {
  const said: string[] = [];
  const stderr = { write: (text: string) => said.push(text), isTerminal: false, columns: undefined };
  return { io: { cwd, env: {}, stderr } as unknown as Io, said };
}

it("a report that fails at the end is said, keeps no other from being written, and a run with it is not done", () => {
  const folder = temporaryFolder();
  const { io, said } = processIn(folder);
  using reports = new Reports(["a.md", "b.json"], ["json", "markdown"], io);
  reports.open();
  mkdirSync(join(folder, "a.md"));
  reports.write({ markdown: () => "# a", json: () => "{}" });
  expect(said.join("")).toMatch(/^orch-sync: the report a\.md cannot be written: E\w+\n/);
  expect(readFileSync(join(folder, "b.json"), "utf8")).toBe("{}");
  expect([reports.exitCode(0), reports.exitCode(5)]).toEqual([1, 5]);
  expect(readdirSync(folder).toSorted()).toEqual(["a.md", "b.json"]);
});

it("a report whose format the run has nothing for leaves no trace", () => {
  const folder = temporaryFolder();
  const { io } = processIn(folder);
  {
    using reports = new Reports(["a.MD"], ["json", "markdown"], io);
    reports.open();
    reports.write({});
    expect(reports.exitCode(0)).toBe(0);
  }
  expect(readdirSync(folder)).toEqual([]);
});
