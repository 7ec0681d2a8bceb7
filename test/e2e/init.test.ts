import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { Ajv } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { kinds } from "../../src/core/resource.ts";
import { orchSync, temporaryFolder } from "../support/cli.ts";
import { inProcess } from "../support/in-process.ts";

const filesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();

describe("init", () => {
  it("writes a project that plans, applies and has nothing left to do, without an edit", async () => {
    const cwd = temporaryFolder();
    const made = await inProcess(["init"], { cwd });
    expect(made).toMatchObject({ code: 0, stderr: "" });
    expect(made.stdout).toContain("Wrote a project:");
    for (const next of ["orch-sync validate", "orch-sync plan", "orch-sync apply"]) expect(made.stdout).toContain(next);

    expect(await inProcess(["validate"], { cwd })).toMatchObject({
      code: 0,
      stderr: "",
      stdout: "4 manifests in 4 files are valid.\n",
    });
    const planned = await inProcess(["plan", "--detailed-exitcode"], { cwd });
    expect(planned).toMatchObject({ code: 2, stderr: "" });
    expect(planned.stdout).toContain("Plan: 1 to stop, 1 to start, 2 to create, 1 to assign.");
    const applied = await inProcess(["apply", "--auto-approve"], { cwd });
    expect(applied.code).toBe(0);
    expect(applied.stdout).toContain("Applied 5, already done 0, failed 0, skipped 0, unknown 0.");
    const again = await inProcess(["plan", "--detailed-exitcode"], { cwd });
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining("Nothing to do: 5 entries in line.") });
  });

  it("has a manifest of each kind, and every file begins with the schema that it keeps to", async () => {
    const cwd = temporaryFolder();
    await orchSync(["init"], { cwd });
    const yaml = filesOf(cwd).filter((file) => file.endsWith(".yaml"));
    const found = [];
    for (const file of yaml) {
      const text = readFileSync(file, "utf8");
      const [, named = ""] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text) ?? [];
      const schema = JSON.parse(readFileSync(resolve(dirname(file), named), "utf8")) as { readonly $schema: string };
      const options = { allowUnionTypes: true, strictRequired: false, validateFormats: false } as const;
      const validate = (schema.$schema.includes("draft-07") ? new Ajv(options) : new Ajv2020(options)).compile(schema);
      for (const document of parseAllDocuments(text)) {
        expect([file, validate(document.toJS()), validate.errors]).toEqual([file, true, null]);
        found.push(String(document.get("kind")));
      }
    }
    expect(found.toSorted()).toEqual([...kinds, "Config", "Tenant"].toSorted());
  });

  it("shows how a remote target is written: without the #, the config is valid", async () => {
    const cwd = temporaryFolder();
    await inProcess(["init"], { cwd });
    const file = join(cwd, "orch-sync.yaml");
    const text = readFileSync(file, "utf8").replace(/^ {2}# (prod:| {2}.*)$/gm, "  $1");
    expect(text).toContain("\n  prod:\n    url:");
    writeFileSync(file, text);
    const env = { ORCH_CLIENT_ID: "id", ORCH_CLIENT_SECRET: "s3cret" };
    expect(await inProcess(["validate", "--target", "prod"], { cwd, env })).toMatchObject({ code: 0, stderr: "" });
  });

  it("makes the folder, and says how to get there", async () => {
    const cwd = temporaryFolder();
    const { code, stdout } = await inProcess(["init", "some where/new"], { cwd });
    expect(code).toBe(0);
    expect(stdout).toContain("Wrote a project in some where/new:");
    expect(stdout).toContain("cd 'some where/new'");
    expect(existsSync(join(cwd, "some where/new/orch-sync.yaml"))).toBe(true);
    expect((await inProcess(["validate"], { cwd: join(cwd, "some where/new") })).code).toBe(0);
  });

  it.each(["orch-sync.yaml", "manifests/orders.yaml", "schemas/config.schema.json"])(
    "never overwrites %s: says so, writes nothing, and ends with 64",
    async (path) => {
      const cwd = temporaryFolder();
      mkdirSync(dirname(join(cwd, path)), { recursive: true });
      writeFileSync(join(cwd, path), "mine");
      const { code, stdout, stderr } = await inProcess(["init"], { cwd });
      expect([code, stdout]).toEqual([64, ""]);
      expect(stderr).toContain(`${path} exists: nothing was written`);
      expect(filesOf(cwd)).toEqual([join(cwd, path)]);
      expect(readFileSync(join(cwd, path), "utf8")).toBe("mine");
    },
  );

  it("names all files that are in the way, links that lead nowhere among them", async () => {
    const cwd = temporaryFolder();
    await inProcess(["init"], { cwd });
    expect((await inProcess(["init"], { cwd })).stderr).toMatch(/orch-sync\.yaml, tenant\.yaml, .* exist: nothing/);
    const other = temporaryFolder();
    symlinkSync(join(other, "nowhere"), join(other, "tenant.yaml"));
    expect(await inProcess(["init"], { cwd: other })).toMatchObject({ code: 64 });
    expect(lstatSync(join(other, "tenant.yaml")).isSymbolicLink()).toBe(true);
    expect(existsSync(join(other, "nowhere"))).toBe(false);
  });

  it("takes a file for no folder", async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, "file"), "");
    expect(await inProcess(["init", "file"], { cwd })).toMatchObject({
      code: 64,
      stderr: expect.stringContaining("file is no folder"),
    });
  });

  it.each([
    ["none", undefined, ".orch-sync/\n"],
    ["one without it", "node_modules/\n", "node_modules/\n.orch-sync/\n"],
    ["one without a line feed at its end", "dist", "dist\n.orch-sync/\n"],
    ["one of Windows", "dist\r\n", "dist\r\n.orch-sync/\r\n"],
    ["one that has it", "/.orch-sync\ndist\n", "/.orch-sync\ndist\n"],
  ])("keeps the embedded data out of Git, where .gitignore is %s", async (_what, before, after) => {
    const cwd = temporaryFolder();
    if (before !== undefined) writeFileSync(join(cwd, ".gitignore"), before);
    const { code, stdout } = await inProcess(["init"], { cwd });
    expect(code).toBe(0);
    expect(readFileSync(join(cwd, ".gitignore"), "utf8")).toBe(after);
    expect(stdout.includes(".gitignore")).toBe(before !== after);
  });

  it.each<[string, string[], (cwd: string) => void, string]>([
    ["a file for a folder", [], (cwd) => writeFileSync(join(cwd, "schemas"), ""), "schemas is no folder"],
    ["a file above the folder", ["a/b/c"], (cwd) => writeFileSync(join(cwd, "a"), ""), "a is no folder"],
    ["a folder for .gitignore", [], (cwd) => mkdirSync(join(cwd, ".gitignore")), ".gitignore is no file"],
    ...["schemas", ".gitignore"].map((name): [string, string[], (cwd: string) => void, string] => [
      `a link to nowhere for ${name}`,
      [],
      (cwd) => symlinkSync("nowhere", join(cwd, name)),
      `${name} is a symbolic link that leads nowhere`,
    ]),
    [
      "a link to nowhere for the project's folder",
      ["link"],
      (cwd) => symlinkSync("nowhere", join(cwd, "link")),
      "link is a symbolic link that leads nowhere",
    ],
    [
      "a link to itself",
      ["link/project"],
      (cwd) => symlinkSync("link", join(cwd, "link")),
      "link is a symbolic link to itself",
    ],
  ])("writes nothing where it finds %s", async (_what, args, prepare, message) => {
    const cwd = temporaryFolder();
    prepare(cwd);
    const before = readdirSync(cwd, { recursive: true });
    const { code, stdout, stderr } = await inProcess(["init", ...args], { cwd });
    expect([code, stdout]).toEqual([64, ""]);
    expect(stderr).toContain(`${message}: nothing was written`);
    expect(readdirSync(cwd, { recursive: true })).toEqual(before);
  });

  it("says how to get into a folder that is named like a flag", async () => {
    expect((await inProcess(["init", "--", "-x"], { cwd: temporaryFolder() })).stdout).toContain("cd ./-x\n");
  });

  it.runIf(process.platform === "linux")("says what was written when it could not go on", async () => {
    const cwd = temporaryFolder();
    symlinkSync("/proc/self", join(cwd, "manifests")); // where nobody can write, root neither
    const { code, stdout, stderr } = await inProcess(["init"], { cwd });
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("could not be written");
    expect(stderr).toMatch(/written before that, remove to try again: orch-sync\.yaml, tenant\.yaml/);
  });

  it.skipIf(process.getuid?.() === 0)("says that a folder may not be written to", async () => {
    const cwd = temporaryFolder();
    chmodSync(cwd, 0o500);
    const { code, stderr } = await inProcess(["init"], { cwd });
    expect([code, stderr]).toEqual([1, expect.stringContaining("may not be written to")]);
  });
});
