import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { PrivateFile } from "../../../../src/workflow/files/private-file.ts";
import { temporaryFolder } from "../../../support/cli.ts";

describe("a private file", () => {
  it("is for its owner alone, and whole when it has its name", () => {
    const folder = temporaryFolder();
    const path = join(folder, "plan.json");
    using file = new PrivateFile(path);
    file.write("one ");
    file.write("two");
    expect(readdirSync(folder)).not.toContain("plan.json");
    file.finish();
    expect(readFileSync(path, "utf8")).toBe("one two");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(["plan.json"]);
  });

  it("leaves the old file, and no trace of its own, unless it is finished", () => {
    const folder = temporaryFolder();
    const path = join(folder, "plan.json");
    writeFileSync(path, "old");
    {
      using file = new PrivateFile(path);
      file.write("new");
    }
    expect(readdirSync(folder)).toEqual(["plan.json"]);
    expect(readFileSync(path, "utf8")).toBe("old");
  });

  it("takes the place of a link and never follows it", () => {
    const folder = temporaryFolder();
    const path = join(folder, "plan.json");
    writeFileSync(join(folder, "victim"), "precious");
    symlinkSync("victim", path);
    using file = new PrivateFile(path);
    file.write("new");
    file.finish();
    expect(readFileSync(join(folder, "victim"), "utf8")).toBe("precious");
    expect(readFileSync(path, "utf8")).toBe("new");
  });

  it("gives a file that others could read the mode of its own", () => {
    const path = join(temporaryFolder(), "plan.json");
    writeFileSync(path, "old", { mode: 0o644 });
    using file = new PrivateFile(path);
    file.finish();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it("says at once when there is no folder, or a folder has its name", () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "taken"));
    expect(() => new PrivateFile(join(folder, "none/plan.json"))).toThrow("ENOENT");
    expect(() => new PrivateFile(join(folder, "taken"))).toThrow("EISDIR");
    expect(readdirSync(folder)).toEqual(["taken"]);
  });

  it("leaves nothing behind when it cannot take its name", () => {
    const folder = temporaryFolder();
    const path = join(folder, "plan.json");
    using file = new PrivateFile(path);
    mkdirSync(path);
    expect(() => file.finish()).toThrow(/^E[A-Z]+: /);
    expect(readdirSync(folder)).toEqual(["plan.json"]);
  });
});
