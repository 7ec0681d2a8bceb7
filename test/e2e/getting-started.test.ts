import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { startEmulator, type Emulator } from "../../src/emulator/index.ts";
import { orchSync, root, temporaryFolder } from "../support/cli.ts";
import { inProcess } from "../support/in-process.ts";
import { fencesOf, shell } from "../support/page.ts";
import { writeFiles } from "../support/server.ts";

const page = "docs/getting-started.md";
const fences = fencesOf(page);

/** What the page says of a tenant of the reader's own, from its heading on. */
const real = fences.findIndex(({ section }) => section === "The target");

/** Times differ from run to run; what they are written like does not. */
const timeless = (text: string) => text.replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?Z/g, "TIME");

describe("docs/getting-started.md", () => {
  it("shows commands that work, and what they print", { timeout: 120_000 }, async () => {
    const mark = "---- block ----";
    const embedded = fences.slice(0, real);
    const script = embedded
      .filter(({ language }) => language === "sh")
      .map(({ text }) => `${text}echo '${mark}'\n`)
      .join("");
    const { code, stdout, stderr } = await shell(script, temporaryFolder());
    expect([code, stderr.match(/error/i)]).toEqual([0, null]);
    const printed = timeless(stdout).split(`${mark}\n`);
    const shown = embedded.flatMap(({ language, text }, index) => {
      const commands = embedded.slice(0, index).filter((fence) => fence.language === "sh").length;
      return language === "text" ? [{ text: timeless(text), block: commands - 1 }] : [];
    });
    expect(shown.filter(({ text, block }) => printed[block]?.includes(text) !== true)).toEqual([]);
    expect(shown.length).toBeGreaterThan(3);
  });

  it("shows the manifest that init writes", async () => {
    const folder = temporaryFolder();
    await inProcess(["init", "my-project"], { cwd: folder });
    const written = readFileSync(join(folder, "my-project/manifests/orders.yaml"), "utf8");
    const shown = fences.find(({ language }) => language === "yaml");
    const items = (text = "") => text.slice(text.indexOf("  items:"));
    expect(items(shown?.text)).toBe(items(written));
  });

  it("names the permissions that each kind needs, and no plan or apply needs another", async () => {
    const template = readFileSync(join(root, "templates/project/tenant.yaml"), "utf8");
    const kinds = { QueueItems: "orders", Job: "check-orders", StoppedJobs: "old-import", Review: "failed-orders" };
    for (const [kind, name] of Object.entries(kinds)) {
      const emulator = await cloud(template, [...permissionsOf("every kind"), ...permissionsOf(`\`${kind}\``)]);
      const folder = temporaryFolder();
      const manifest = readFileSync(join(root, `templates/project/manifests/${name}.yaml`), "utf8");
      writeFiles(folder, {
        "orch-sync.yaml": config(emulator),
        "manifests/one.yaml": manifest.replace(/ {2}dependsOn.*\n/, ""),
      });
      const result = await inProcess(["apply", "--auto-approve", "--force", "maxStops"], { cwd: folder, env: secrets });
      expect([kind, result.code, result.stderr.match(/error.*/i)?.[0]]).toEqual([kind, 0, undefined]);
    }
  });

  it("takes a reader to a tenant of his own", async () => {
    const template = readFileSync(join(root, "templates/project/tenant.yaml"), "utf8");
    const emulator = await cloud(template);
    const folder = temporaryFolder();
    await orchSync(["init", "."], { cwd: folder });
    writeFileSync(join(folder, "orch-sync.yaml"), config(emulator));
    rmSync(join(folder, "manifests/old-import.yaml")); // the guards of a real target allow no stop
    const script = fences.slice(real).filter(({ language }) => language === "sh");
    const { code, stdout } = await shell(script.map(({ text }) => text).join(""), folder, secrets);
    expect([code, stdout]).toEqual([0, expect.stringContaining("Plan: 1 to start, 2 to create, 1 to assign")]);
  });
});

const secrets = { ORCH_CLIENT_ID: "ci", ORCH_CLIENT_SECRET: "s3cret" };

/** The template's tenant in the cloud, with an external application that may do what is named; everything when left out. */
async function cloud(template: string, names?: readonly string[]): Promise<Emulator> {
  const folder = temporaryFolder();
  const may = names === undefined ? "" : `, permissions: [{ folder: Shared, names: [${names.join(", ")}] }]`;
  const file = join(folder, "tenant.yaml");
  writeFileSync(file, `${template}  applications:\n    - { clientId: ci, clientSecret: s3cret${may} }\n`);
  const emulator = await startEmulator({ tenant: file, edition: "cloud" });
  onTestFinished(() => emulator.close());
  return emulator;
}

/** The page's config, at the emulator's place. */
function config(emulator: Emulator): string {
  const shown = fences[real]?.text.replace(/url: .*/, `url: "${emulator.url}"\n    timing: { poll: 20ms }`) ?? "";
  return `${shown}defaultTarget: prod\n`;
}

/** What the page's table names in the row of `kind`. */
function permissionsOf(kind: string): string[] {
  const row = readFileSync(join(root, page), "utf8")
    .split("\n")
    .find((line) => line.trim().startsWith(`| ${kind} `));
  return [...(row ?? "").matchAll(/`(\w+\.\w+)`/g)].map(([, name = ""]) => name);
}
