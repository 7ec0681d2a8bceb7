import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { complete } from "../../../src/cli/commands/complete.ts";
import type { Io } from "../../../src/cli/io.ts";
import { buildProgram } from "../../../src/cli/program.ts";
import { temporaryFolder } from "../../support/cli.ts";
import { writeFiles } from "../../support/server.ts";

/** What a shell's script is told, without the descriptions: the candidates, then the directives. */
async function completed(words: readonly string[], cwd: string = temporaryFolder()): Promise<string[]> {
  let text = "";
  const stdout = { write: (chunk: string) => void (text += chunk), isTerminal: false, columns: 80 };
  const io = { stdout, stderr: stdout, cwd, env: {} } as unknown as Io;
  expect(
    await complete(
      words,
      {},
      io,
      buildProgram(io, () => undefined),
    ),
  ).toBe(0);
  return text
    .trimEnd()
    .split("\n")
    .map((line) => line.split("\t")[0] ?? "");
}

const project = {
  "orch-sync.yaml":
    "apiVersion: orch-sync/v1\nkind: Config\nmanifests: [manifests/]\ntargets: { local: {}, production: {} }\n",
  "manifests/a.yaml":
    "kind: Job\nmetadata: { name: smoke-test, folder: Finance/Invoices, labels: { team: finance } }\n---\nkind: QueueItems\nmetadata: { name: march }\n",
};

function inProject(files: Readonly<Record<string, string>> = {}): string {
  const folder = temporaryFolder();
  writeFiles(folder, { ...project, ...files });
  return folder;
}

describe("completion", () => {
  it.each<[string, string[], string[]]>([
    ["commands", ["pl"], ["plan", ":4"]],
    ["no hidden command", ["compl"], ["completion", ":4"]],
    ["flags", ["plan", "--tar"], ["--target", ":4"]],
    ["flags of the command alone", ["emulator", "--tar"], [":4"]],
    ["values of flags", ["plan", "--output", ""], ["human", "json", "ndjson", "markdown", "html", ":4"]],
    ["values behind =", ["plan", "--output=j"], ["json", ":4"]],
    ["values of short flags", ["plan", "-o", "h"], ["human", "html", ":4"]],
    ["guards", ["apply", "--force", "maxD"], ["maxDeletes", ":4"]],
    ["editions", ["emulator", "--edition", "2022"], ["2022.10", ":4"]],
    ["a flag that can be given again", ["plan", "--select", "kind=Job", "--sel"], ["--select", ":4"]],
    ["no flag twice", ["plan", "--target", "local", "--tar"], [":4"]],
    ["files, where they fit", ["plan", "manif"], [":0"]],
    ["files for more than one argument", ["plan", "a", "b", ""], [":0"]],
    ["files behind --", ["plan", "--", "--tar"], [":0"]],
    ["files for flags", ["plan", "--config", ""], [":0"]],
    ["shells", ["completion", "f"], ["fish", ":4"]],
    ["kinds", ["schema", "q"], ["QueueItems", ":4"]],
    ["kinds to explain", ["explain", "Sto"], ["StoppedJobs", ":6"]],
    ["codes to explain", ["explain", "qi007"], ["QI007", ":4"]],
    ["fields", ["explain", "Job.stra"], ["Job.strategy", ":6"]],
    [
      "fields of fields",
      ["explain", "Job.strategy."],
      ["Job.strategy.type", "Job.strategy.count", "Job.strategy.robots", ":4"],
    ],
    [
      "fields with spec",
      ["explain", "Job.spec.run"],
      ["Job.spec.run", "Job.spec.runtimeType", "Job.spec.runAsMe", ":4"],
    ],
    ["commands to show the help of", ["help", "ap"], ["apply", ":4"]],
    ["nothing behind an unknown command", ["nonsense", ""], [":4"]],
    ["nothing where nothing is known", ["plan", "--timeout", ""], [":4"]],
    ["nothing beyond the arguments", ["schema", "Job", ""], [":4"]],
  ])("offers %s", async (_what, words, expected) => {
    expect(await completed(words)).toEqual(expected);
  });

  it.each<[string, string[], string[]]>([
    ["targets", ["plan", "--target", ""], ["local", "production", ":4"]],
    ["targets behind =", ["plan", "--target=p"], ["production", ":4"]],
    ["keys to select by", ["plan", "--select", ""], ["kind=", "name=", "folder=", "label.team=", ":6"]],
    ["kinds to select", ["plan", "--select", "kind=J"], ["kind=Job", ":4"]],
    ["names", ["plan", "--exclude", "kind=Job,name=s"], ["kind=Job,name=smoke-test", ":4"]],
    ["folders", ["plan", "--select=folder="], ["folder=Finance/Invoices", ":4"]],
    ["values of labels", ["plan", "--select", "label.team="], ["label.team=finance", ":4"]],
  ])("offers %s of the project", async (_what, words, expected) => {
    expect(await completed(words, inProject())).toEqual(expected);
  });

  it("looks for the config upwards, and where --config says", async () => {
    const folder = inProject();
    mkdirSync(join(folder, "a/b"), { recursive: true });
    expect(await completed(["plan", "--target", "l"], join(folder, "a/b"))).toEqual(["local", ":4"]);
    const config = join(folder, "orch-sync.yaml");
    expect(await completed(["plan", "--config", config, "--target", "l"])).toEqual(["local", ":4"]);
  });

  it("takes names from the paths on the line instead of the config's", async () => {
    const folder = inProject({ "other/b.yaml": "kind: Job\nmetadata: { name: other }\n" });
    expect(await completed(["plan", "other", "--select", "name="], folder)).toEqual(["name=other", ":4"]);
  });

  it.each([
    ["a broken config", { "orch-sync.yaml": "targets: [" }],
    ["a config of another shape", { "orch-sync.yaml": "- 1\n" }],
    ["broken manifests", { "manifests/a.yaml": "metadata: [\n" }],
    ["names that are none", { "manifests/a.yaml": "metadata: { name: 7, labels: 3 }\n" }],
  ])("has fewer suggestions and no complaint for %s", async (_what, files) => {
    const folder = inProject(files);
    expect((await completed(["plan", "--target", ""], folder)).at(-1)).toBe(":4");
    expect((await completed(["plan", "--select", "name="], folder)).at(-1)).toMatch(/^:[46]$/);
  });

  it("never suggests what a shell would take for more than text", async () => {
    const names = ["$(touch pwned)", "`touch pwned`", "a;b", "a b", "~root", "*", "\u001b[2J", "safe"];
    const manifests = names.map((name) => `metadata: { name: ${JSON.stringify(name)} }`).join("\n---\n");
    const folder = inProject({ "manifests/a.yaml": manifests });
    expect(await completed(["plan", "--select", "name="], folder)).toEqual(["name=safe", ":4"]);
  });

  it("passes over files that are too large to read for a suggestion", async () => {
    const folder = inProject();
    writeFileSync(join(folder, "manifests/b.yaml"), `metadata: { name: large }\n${"#".repeat(300_000)}\n`);
    expect(await completed(["plan", "--select", "name="], folder)).toEqual(["name=smoke-test", "name=march", ":4"]);
  });
});
