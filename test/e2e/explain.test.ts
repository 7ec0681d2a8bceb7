import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { diagnosticCodes } from "../../src/core/diagnostic-codes.ts";
import { schemaFileName, schemaNames } from "../../src/document/schema-files.ts";
import { orchSync, root, temporaryFolder } from "../support/cli.ts";
import { manifests, writeFiles } from "../support/server.ts";
import { inProcess } from "../support/in-process.ts";

describe("explain", () => {
  it("lists what there is", async () => {
    const { code, stdout, stderr } = await orchSync(["explain"]);
    expect([code, stderr]).toEqual([0, ""]);
    for (const kind of schemaNames()) expect(stdout).toMatch(new RegExp(`^ {2}${kind} +\\S`, "m"));
  });

  it("shows the fields of a kind", async () => {
    const { code, stdout } = await inProcess(["explain", "queueitems"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {2}FIELD +TYPE +DEFAULT +MEANING$/m);
    expect(stdout).toMatch(/^ {2}queue +text +\(required\) +Name of the queue in the folder\.$/m);
    expect(stdout).toMatch(/^ {2}typeHints +true or false +false +True sends/m);
  });

  it.each(["QueueItems.items.reference", "QueueItems.spec.items[].reference", "queueitems.ITEMS.reference"])(
    "explains a field: %s",
    async (what) => {
      const { code, stdout } = await inProcess(["explain", what]);
      expect([code, stdout]).toEqual([0, expect.stringContaining("QueueItems.spec.items.reference")]);
      expect(stdout).toMatch(/^ {2}type +text$/m);
      expect(stdout).toMatch(/^ {2}limits +not empty; at most 128 characters$/m);
      expect(stdout).toMatch(/^ {2}example +INV-001$/m);
    },
  );

  it("explains the forms of a mapping as one", async () => {
    const { stdout } = await inProcess(["explain", "Job.strategy"]);
    expect(stdout).toMatch(/^ {2}default +\{ type: Dynamic, count: 1 \}$/m);
    expect(stdout).toMatch(
      /^ {2}robots +list of texts +\(required\) +Names of the robots, or user names of their accounts\. Only with type Specific\.$/m,
    );
  });

  it.each(["MF010", "qi007"])("explains the code %s", async (code) => {
    const { stdout } = await inProcess(["explain", code]);
    const { title, fix } = diagnosticCodes[code.toUpperCase() as "MF010" | "QI007"];
    expect(stdout).toContain(`${code.toUpperCase()}  ${title}\n`);
    expect(stdout).toContain(fix);
  });

  it.each([
    ["Jbo", "did you mean Job?"],
    ["MF0100", "did you mean MF0"],
    ["Job.strtegy", 'did you mean "strategy"?'],
    ["Job.strategy.nothing", "known are type, count, robots"],
    ["QueueItems.queue.name", "there are no fields below QueueItems.spec.queue"],
  ])("does not know %s, and says what was meant", async (what, hint) => {
    const { code, stdout, stderr } = await inProcess(["explain", what]);
    expect([code, stdout]).toEqual([64, ""]);
    expect(stderr).toContain(hint);
  });

  it("is what validate points to", async () => {
    const cwd = temporaryFolder();
    writeFiles(cwd, { "m.yaml": manifests.items("{ queue: Q, items: [{ reference: A }, { refrence: B }] }") });
    const { code, stdout } = await inProcess(["validate", "m.yaml"], { cwd });
    expect(code).toBe(3);
    const [, command = ""] = /Nothing was called\. {8}orch-sync (explain \w+)$/m.exec(stdout) ?? [];
    expect(await inProcess(command.split(" "))).toMatchObject({ code: 0, stderr: "" });
  });
});

describe("schema", () => {
  it.each(schemaNames())("prints %s as it lies in the package", async (kind) => {
    const { code, stdout, stderr } = await inProcess(["schema", kind.toUpperCase()]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toBe(readFileSync(join(root, "schemas", schemaFileName(kind)), "utf8"));
  });

  it("prints one that takes any manifest", async () => {
    const { stdout } = await inProcess(["schema"]);
    expect(stdout).toBe(readFileSync(join(root, "schemas/manifest.schema.json"), "utf8"));
  });

  it("does not know another kind, and says what was meant", async () => {
    const { code, stderr } = await inProcess(["schema", "QueueItem"]);
    expect([code, stderr]).toEqual([64, expect.stringContaining("did you mean QueueItems?")]);
  });
});

describe("help", () => {
  it("groups the commands, and names what explains more", async () => {
    const { code, stdout } = await inProcess(["--help"]);
    expect(code).toBe(0);
    expect(stdout.match(/^(?:Your project|Your tenant|Help at hand):$/gm)).toHaveLength(3);
    for (const text of ["orch-sync init", "orch-sync explain KIND", "orch-sync explain CODE", "130 interrupted"])
      expect(stdout).toContain(text);
    expect(stdout).not.toMatch(/^ {2}complete /m);
    expect((await inProcess(["help"])).stdout).toBe(stdout);
  });

  it.each(["init", "plan", "completion"])("help %s is what its --help is", async (command) => {
    const { code, stdout } = await inProcess(["help", command]);
    expect([code, stdout]).toEqual([0, (await inProcess([command, "--help"])).stdout]);
  });

  it("does not know another command, and says what was meant", async () => {
    const { code, stderr } = await inProcess(["help", "plna"]);
    expect([code, stderr]).toEqual([64, expect.stringContaining("did you mean plan?")]);
  });
});
