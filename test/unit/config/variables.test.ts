import { describe, expect, it } from "vitest";
import { withDotenv } from "../../../src/config/dotenv.ts";
import { readVariables } from "../../../src/config/variables.ts";
import { formatPlace } from "../../../src/core/source.ts";
import { inFolder } from "./folder.ts";

describe("variables of the command line", () => {
  const read = (text: string, given: readonly string[] = []) =>
    inFolder({ "v.yaml": text }, async (cwd) => {
      const { variables, diagnostics } = await readVariables(given, ["v.yaml"], cwd);
      const problems = diagnostics.map(
        ({ source, code }) => `${source === undefined ? "" : formatPlace(source)} ${code}`,
      );
      return problems.length > 0 ? problems : Object.fromEntries(variables);
    });

  it("have names and whatever follows the first =", async () => {
    const { variables } = await readVariables(["a=1", "b=x=y", "c=", "a=2"], [], "/");
    expect(Object.fromEntries(variables)).toEqual({ a: "2", b: "x=y", c: "" });
  });

  it.each(["a", "", "=x", "1a=x", "a b=x"])("refuse %j", async (text) => {
    await expect(readVariables([text], [], "/")).rejects.toMatchObject({ name: "UsageError" });
    // What stands after the = may be anything.
    await expect(readVariables(["1=hunter2"], [], "/")).rejects.not.toThrow(/hunter2/);
  });

  it("come from files, the later ones and --var first", async () => {
    await inFolder({ "a.yaml": "a: 1\nb: 1\nc: 1\n", "b.yaml": "b: 2\nc: 2\n" }, async (cwd) => {
      const { variables } = await readVariables(["c=3"], ["a.yaml", "b.yaml"], cwd);
      expect(Object.fromEntries(variables)).toEqual({ a: "1", b: "2", c: "3" });
    });
  });

  it("are spelled as in the file", async () => {
    const text = 'a: 1.10\nb: True\nc: "0x1F"\nd: 0x1F\ne: &x 1.0\nf: *x\ng: ${env:HOME}\nh: ""\n';
    const spelled = { a: "1.10", b: "True", c: "0x1F", d: "0x1F", e: "1.0", f: "1", g: "${env:HOME}", h: "" };
    expect(await read(text)).toEqual(spelled);
    expect(await read("# nothing yet\n")).toEqual({});
  });

  it.each([
    ["a: { b: 1 }\nc: [1]\n", ["v.yaml:1:4 MF034", "v.yaml:2:4 MF034"]],
    ["a:\n", ["v.yaml:1:1 MF034"]],
    ["1a: x\n", ["v.yaml:1:1 MF034"]],
    ["- a\n", ["v.yaml:1:1 MF034"]],
    ["a: 1\n---\nb: 1\n", ["v.yaml:1:1 MF034"]],
    ["a: 'b\n", ["v.yaml:2:1 MF003"]],
    ["a: 1\na: 2\n", ["v.yaml:2:1 MF004"]],
    ["a: 12345678901234567890\n", ["v.yaml:1:4 MF006"]],
  ])("%j is refused", async (text, problems) => {
    expect(await read(text)).toEqual(problems);
  });

  it("say which file is missing", async () => {
    const { diagnostics } = await readVariables([], ["nowhere.yaml"], "/tmp");
    expect(diagnostics).toMatchObject([{ code: "MF001", message: "the variable file does not exist" }]);
  });
});

describe("--dotenv", () => {
  it("adds what the environment does not have; of several files the last wins", async () => {
    const files = { "a.env": 'A=file\nB="two # words"\n# C=1\nD=a\n', "b.env": "D=b\nE=\n" };
    await inFolder(files, async (cwd) => {
      const { env, diagnostics } = await withDotenv({ A: "", F: "x" }, ["a.env", "b.env"], cwd);
      expect(diagnostics).toEqual([]);
      expect(env).toEqual({ A: "", B: "two # words", D: "b", E: "", F: "x" });
    });
  });

  it("says which file cannot be read", async () => {
    const { env, diagnostics } = await withDotenv({ A: "1" }, ["no.env"], "/tmp");
    expect(env).toEqual({ A: "1" });
    expect(diagnostics).toMatchObject([
      { code: "MF001", message: "the .env file does not exist", source: { file: "no.env" } },
    ]);
  });
});
