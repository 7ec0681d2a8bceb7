import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { orchSync, root, temporaryFolder } from "../support/cli.ts";
import { withEmulator } from "../support/emulator.ts";

describe("orch-sync emulator", () => {
  it("announces itself, is a target, keeps what was written, logs calls, and ends cleanly", async () => {
    const folder = temporaryFolder();
    const args = ["--tenant", join(root, "examples/quickstart/tenant.yaml"), "--data", join(folder, "deep/er/data.db")];
    const manifests = join(root, "examples/quickstart/manifests/reports.yaml");

    const code = await withEmulator([...args, "--log", join(folder, "log.ndjson")], async ({ url, token, pid }) => {
      expect(pid).toBeGreaterThan(0);
      expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
      const health = await fetch(`${url}/api/health`);
      expect(health.status).toBe(200);
      const env = { ORCH_SYNC_URL: url, ORCH_SYNC_TOKEN: token };
      expect(await orchSync(["apply", manifests, "--auto-approve"], { cwd: folder, env })).toMatchObject({ code: 0 });
    });
    expect(code).toBe(0);
    expect(readFileSync(join(folder, "log.ndjson"), "utf8")).toContain("BulkAddQueueItems");

    await withEmulator(args, async ({ url, token }) => {
      const env = { ORCH_SYNC_URL: url, ORCH_SYNC_TOKEN: token };
      const again = await orchSync(["plan", manifests, "--detailed-exitcode"], { cwd: folder, env });
      expect([again.code, again.stdout]).toEqual([0, expect.stringContaining("Nothing to do: 2 entries in line.")]);
    });
  });

  it("says how to use it, for people", async () => {
    const { stdout, code } = await orchSync(["emulator"], {
      onStart: (child) => void child.stdout?.once("data", () => child.kill("SIGINT")),
    });
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/export ORCH_SYNC_URL=http.*\n.*export ORCH_SYNC_TOKEN=/),
    ]);
  });

  it.each([
    ["a tenant file that does not exist", ["--tenant", "nowhere.yaml"], "nowhere.yaml"],
    ["a port that is taken by nobody but forbidden", ["--port", "70000"], "65535"],
  ])("refuses %s, without a stack trace", async (_name, args, text) => {
    const { code, stderr } = await orchSync(["emulator", ...args]);
    expect(code).not.toBe(0);
    expect(code).not.toBe(70);
    expect(stderr).toContain(text);
    expect(stderr).not.toContain("    at ");
  });
});
