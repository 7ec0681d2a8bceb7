import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../support/cli.ts";
import { inProcess } from "../../support/in-process.ts";
import { startEmulator } from "../../../src/emulator/index.ts";
import { tenant, writeFiles } from "../../support/server.ts";

const manifest = `apiVersion: orch-sync/v1
kind: QueueItems
metadata: { name: march }
spec: { queue: Q, items: [{ reference: R-1, content: { Email: ana@corp.example } }] }
`;

interface Place {
  readonly folder: string;
  readonly calls: () => number;
  readonly run: (...args: string[]) => Promise<{ readonly code: number; readonly output: string }>;
}

async function at(use: (place: Place) => Promise<void>): Promise<void> {
  const log = join(temporaryFolder(), "calls.ndjson");
  await using emulator = await startEmulator({
    tenant: tenant({ queues: [{ name: "Q", folder: "Finance", uniqueReferences: true }] }),
    log,
  });
  const folder = temporaryFolder();
  const auth = { type: "token", token: "${secret:TOKEN}" };
  writeFiles(folder, {
    "orch-sync.yaml": JSON.stringify({
      apiVersion: "orch-sync/v1",
      kind: "Config",
      manifests: ["manifests/"],
      defaultTarget: "test",
      targets: { test: { url: emulator.url, folder: "Finance", auth } },
    }),
    "manifests/a.yaml": manifest,
  });
  const env = { TOKEN: emulator.token };
  await use({
    folder,
    calls: () => readFileSync(log, "utf8").split("\n").length - 1,
    run: (...args) => inProcess([...args, "--debug-http", "http.ndjson"], { cwd: folder, env }),
  });
}

test("every command that calls a server writes its calls down, for the owner alone", async () => {
  await at(async ({ folder, run, calls }) => {
    const file = join(folder, "http.ndjson");
    writeFileSync(join(folder, "target.txt"), "kept");
    symlinkSync(join(folder, "target.txt"), file);
    let before = 0;
    for (const args of [
      ["plan"],
      ["apply", "--auto-approve"],
      ["status"],
      ["items"],
      ["jobs"],
      ["export"],
      ["doctor"],
    ]) {
      const { output } = await run(...args);
      const lines = readFileSync(file, "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as { type: string });
      expect([args[0], lines[0]?.type, output]).toEqual([args[0], "begin", expect.any(String)]);
      const made = calls() - before;
      before += made;
      expect([args[0], lines.filter(({ type }) => type === "request").length]).toEqual([args[0], made]);
      expect(lines.length).toBe(1 + 2 * made);
      expect(readFileSync(file, "utf8")).not.toContain("ana@corp.example");
    }
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder, "target.txt"), "utf8")).toBe("kept");
  });
});

test("a file that cannot be written ends the run before anything is sent", async () => {
  await at(async ({ folder, run, calls }) => {
    mkdirSync(join(folder, "http.ndjson"));
    const { code, output } = await run("apply", "--auto-approve");
    expect([code, calls()]).toEqual([1, 0]);
    expect(output).toContain("--debug-http http.ndjson cannot be written: EISDIR; nothing was sent");
  });
});

test("it is no report", async () => {
  await at(async ({ run, calls }) => {
    const { code, output } = await run("plan", "--report", "./http.ndjson", "--report", "http.json");
    expect([code, calls()]).toEqual([64, 0]);
    expect(output).toContain("http.ndjson");
  });
});
