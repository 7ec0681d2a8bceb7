import { spawnSync } from "node:child_process";
import { copyFileSync, readFileSync } from "node:fs";
import { join, posix, win32 } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { displayPath } from "../../src/document/display.ts";
import { isInside } from "../../src/manifest/inside.ts";
import { exampleCopy, root, temporaryFolder } from "../support/cli.ts";
import { inProcess } from "../support/in-process.ts";
import { writeFiles } from "../support/server.ts";
import { load } from "./manifest/folder.ts";

describe("paths of Windows", () => {
  it("are shown relative to the working folder, with forward slashes", () => {
    const cwd = String.raw`C:\work\project`;
    expect(displayPath(String.raw`C:\work\project\manifests\march.yaml`, cwd, win32)).toBe("manifests/march.yaml");
    expect(displayPath(String.raw`c:\WORK\project\a.csv`, cwd, win32)).toBe("a.csv");
    expect(displayPath(String.raw`C:\work\other\a.csv`, cwd, win32)).toBe("../other/a.csv");
    expect(displayPath(String.raw`D:\data\a.csv`, cwd, win32)).toBe("D:/data/a.csv");
    expect(displayPath(cwd, cwd, win32)).toBe(".");
    // Elsewhere a backslash is a letter like any other.
    expect(displayPath("/work/a\\b.yaml", "/work", posix)).toBe("a\\b.yaml");
  });

  it("lie inside a folder by its rules: another drive, a sibling and a parent do not", () => {
    const inside = (path: string): boolean => isInside(path, [String.raw`C:\work\project`], win32);
    const within = [
      String.raw`C:\work\project`,
      String.raw`C:\work\project\a\b.csv`,
      String.raw`c:\Work\Project\b.csv`,
    ];
    const without = [
      String.raw`C:\work\project-2\b.csv`,
      String.raw`C:\work`,
      String.raw`D:\work\project\b.csv`,
      String.raw`\\server\share\b.csv`,
    ];
    expect(within.filter((path) => !inside(path))).toEqual([]);
    expect(without.filter((path) => inside(path))).toEqual([]);
    expect(isInside(String.raw`C:\work\project\..a\b.csv`, [String.raw`C:\work\project`], win32)).toBe(true);
  });
});

describe("line endings", () => {
  const files = {
    "items.yaml": `apiVersion: orch-sync/v1
kind: QueueItems
metadata: { name: march, folder: Finance }
spec:
  queue: Q
  references: fromContent
  items:
    - content:
        Note: |
          two
          lines
        Folded: >-
          one
          line
  source: { file: rows.csv }
---
apiVersion: orch-sync/v1
kind: Job
metadata: { name: smoke, folder: Finance }
spec:
  process: P
  inputArguments: { text: "a
    b" }
`,
    "rows.csv": "Name,Amount\nAna,1\nIon,2\n",
  };
  const broken = {
    "m.yaml": "apiVersion: orch-sync/v1\nkind: Job\nmetadata: { name: a, folder: F }\nspec:\n  proces: P\n",
  };
  const withCrlf = (given: Readonly<Record<string, string>>): Record<string, string> =>
    Object.fromEntries(Object.entries(given).map(([name, text]) => [name, text.replaceAll("\n", "\r\n")]));
  const said = async (given: Readonly<Record<string, string>>): Promise<string> => {
    const { resources, diagnostics } = await load(given);
    return JSON.stringify([
      resources.map((each) => [each, each.kind === "QueueItems" ? Array.from(each.spec.items) : []]),
      diagnostics,
    ]);
  };

  it("CRLF says the same as LF: manifests, block texts, hashes of contents, rows, and every place", async () => {
    expect(await said(files)).toContain("two\\nlines\\n");
    expect(await said(withCrlf(files))).toBe(await said(files));
    expect(await said(broken)).toContain("MF010");
    expect(await said(withCrlf(broken))).toBe(await said(broken));
  });

  it("the texts that orch-sync writes have LF, whatever it has read", async () => {
    const cwd = exampleCopy("quickstart");
    const manifest = readFileSync(join(cwd, "manifests/invoices.yaml"), "utf8");
    writeFiles(cwd, withCrlf({ "manifests/invoices.yaml": manifest }));
    const { code, output } = await inProcess(["validate", "-o", "yaml"], { cwd, env: {} });
    expect([code, output.includes("\r")]).toEqual([0, false]);
  });
});

describe(".pre-commit-hooks.yaml", () => {
  const hooks = parse(readFileSync(join(root, ".pre-commit-hooks.yaml"), "utf8")) as readonly {
    readonly entry: string;
    readonly files: string;
    readonly language: string;
    readonly pass_filenames: boolean;
  }[];
  const [hook] = hooks;

  it("runs for manifests, their sources and the config, and for nothing else", () => {
    const files = new RegExp(hook?.files ?? "$^");
    const meant = ["orch-sync.yaml", "manifests/a.yaml", "robots/manifests/data/march.csv", "robots/orch-sync.yml"];
    const other = ["README.md", ".github/workflows/ci.yml", "src/manifests.ts", "my-orch-sync.yaml"];
    expect([...meant, ...other].filter((file) => files.test(file))).toEqual(meant);
    expect(hooks).toMatchObject([{ language: "node", pass_filenames: false }]);
  });

  it("is installed by the name that npm pack prints: nothing that prepare prints comes before it", () => {
    const folder = temporaryFolder();
    copyFileSync(join(root, ".npmrc"), join(folder, ".npmrc"));
    const made = { name: "hook", version: "1.0.0", scripts: { prepare: "node --version" } };
    writeFiles(folder, { "package.json": JSON.stringify(made) });
    const { stdout } = spawnSync("npm", ["pack"], { cwd: folder, encoding: "utf8" });
    expect(stdout.trim()).toBe("hook-1.0.0.tgz");
  });

  it("lets a valid project pass, and stops one with a mistake, whichever file was given", async () => {
    const cwd = exampleCopy("quickstart");
    const [program, ...args] = (hook?.entry ?? "").split(" ");
    expect(program).toBe("orch-sync");
    expect(await inProcess(args, { cwd, env: {} })).toMatchObject({ code: 0 });
    // With args of the user's own: these files alone.
    expect(await inProcess([...args, "manifests/invoices.yaml"], { cwd, env: {} })).toMatchObject({ code: 0 });
    writeFiles(cwd, { "manifests/broken.yaml": "apiVersion: orch-sync/v1\nkind: Jobb\n" });
    const { code, output } = await inProcess(args, { cwd, env: {} });
    expect([code, output]).toEqual([3, expect.stringContaining("manifests/broken.yaml:2:7 error MF009")]);
  });
});
