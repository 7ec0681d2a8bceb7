import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root, temporaryFolder } from "../../support/cli.ts";
import { self, startForge, type Forge } from "../../support/pipelines/forge.ts";

const commit = "c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00";
const idOf = (digit: string): string => digit.repeat(64);
const planOf = (about: string, digit: string): string =>
  `<!-- orch-sync plan ${about} id=${idOf(digit)} -->\n\n### Plan\n`;

interface Place {
  readonly forge: Forge;
  readonly folder: string;
  /** What the script printed, and what it said against it. */
  readonly run: (...args: readonly string[]) => Promise<string>;
}

async function place(): Promise<Place> {
  const [forge, folder] = [await startForge(), temporaryFolder()];
  const env = {
    GITHUB_API_URL: forge.url,
    GITHUB_REPOSITORY: "acme/automation",
    GITHUB_SHA: commit,
    GITHUB_REF_NAME: "main",
    GITHUB_TOKEN: forge.token,
    PULL_REQUEST: "7",
  };
  const run = (...args: readonly string[]): Promise<string> =>
    new Promise((resolve, reject) => {
      const script = join(root, "examples/pipelines/comment.mjs");
      const child = spawn(process.execPath, [script, ...args], { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
      let said = "";
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding("utf8").on("data", (text) => (said += text));
      child.on("error", reject).on("close", () => {
        resolve(said.trimEnd());
      });
    });
  return { forge, folder, run };
}

describe("comment.mjs", () => {
  it("keeps a comment for the whole and for each shard, and takes none for another", async () => {
    const { forge, folder, run } = await place();
    const put = async (text: string, ...shard: readonly string[]): Promise<string> => {
      writeFileSync(join(folder, "plan.md"), text);
      return run("put", "prod", "plan.md", ...shard);
    };
    for (const [about, digit, ...shard] of [
      ["target=prod shard=1/2", "1", "1/2"],
      ["target=prod", "a"],
      ["target=prod shard=2/2", "2", "2/2"],
      ["target=prod shard=1/2", "3", "1/2"],
      ["target=prod", "b", "1/1"],
    ] as const)
      expect(await put(planOf(about, digit), ...shard)).toBe("");
    expect(forge.comments.map(({ body }) => body.split("\n")[0])).toEqual([
      `<!-- orch-sync plan target=prod shard=1/2 id=${idOf("3")} -->`,
      `<!-- orch-sync plan target=prod id=${idOf("b")} -->`,
      `<!-- orch-sync plan target=prod shard=2/2 id=${idOf("2")} -->`,
    ]);

    expect(await put(planOf("target=prod shard=1/2", "4")), "a shard is not the whole").toContain(
      "is no plan for prod",
    );
    expect(await put(planOf("target=prod", "4"), "1/2")).toContain("is no plan for prod, shard 1/2");
    expect(await put(planOf("target=production", "4"))).toContain("is no plan for prod");
    expect(await put("", "2/2")).toBe("");
    forge.merged.add(commit);
    expect(await run("id", "prod", "")).toBe(idOf("b"));
    expect(await run("id", "prod", "1/2")).toBe(idOf("3"));
    expect(await run("id", "prod", "2/2")).toBe("comment: the pull request 7 has no plan for prod, shard 2/2");
    expect(await run("id", "prod", "1/4")).toBe("comment: the pull request 7 has no plan for prod, shard 1/4");
  });

  it("takes only what it wrote itself, and a line that is all of the marker", async () => {
    const { forge, run } = await place();
    forge.merged.add(commit);
    const add = (author: string, body: string): void => {
      forge.comments.push({ id: forge.comments.length + 1, author, body, open: true });
    };
    add("somebody", planOf("target=prod", "f"));
    add(self, `A quote:\n${planOf("target=prod", "f")}`);
    add(self, `<!-- orch-sync plan target=prod id=${idOf("f")}${planOf("target=other", "f")}`);
    expect(await run("id", "prod")).toBe("comment: the pull request 7 has no plan for prod");
    add(self, planOf("target=prod", "a"));
    expect(await run("id", "prod")).toBe(idOf("a"));
  });

  it("writes drift that is as large as a comment may be", async () => {
    const { forge, folder, run } = await place();
    const plan = planOf("target=prod", "a");
    writeFileSync(join(folder, "drift.md"), plan.padEnd(65_536, "x"));
    expect(await run("drift", "prod", "drift.md")).toBe("");
    expect(await run("drift", "prod", "drift.md")).toBe("");
    const [issue, ...more] = forge.issues;
    expect(more).toEqual([]);
    expect(issue?.body.startsWith("<!-- orch-sync drift target=prod -->\n\n### Plan\n")).toBe(true);
    expect(issue?.body.length).toBeLessThan(65_536);
    await run("clear", "prod");
    expect(issue?.open).toBe(false);
  });
});
