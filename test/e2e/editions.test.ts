import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { withEmulator } from "../support/emulator.ts";
import { exampleCopy, orchSync, temporaryFolder } from "../support/cli.ts";
import { manifests, writeFiles } from "../support/server.ts";
import { inProcess } from "../support/in-process.ts";

/** The base path that each way to start has; none on premises. */
const ways: readonly (readonly [args: readonly string[], base: RegExp])[] = [
  [["--edition", "2022.10"], /^$/],
  [["--edition", "2023.4"], /^$/],
  [["--edition", "2023.4", "--layout", "suite"], /^\/acme\/quickstart\/orchestrator_$/],
  [["--edition", "cloud"], /^\/acme\/quickstart\/orchestrator_$/],
];

describe("the quickstart on a server of each edition", () => {
  it.each(ways)("orch-sync emulator %j: validate, plan, apply, and nothing left to do", async (args, base) => {
    const folder = exampleCopy("quickstart");
    const files = join(folder, "manifests");
    await withEmulator(["--tenant", join(folder, "tenant.yaml"), ...args], async ({ url, token }) => {
      expect(new URL(url).pathname.replace(/^\/$/, "")).toMatch(base);
      const options = { cwd: temporaryFolder(), env: { ORCH_SYNC_URL: url, ORCH_SYNC_TOKEN: token } };
      const force = ["--force", "maxDeletes", "--force", "maxStops"];
      expect((await inProcess(["validate", files], options)).code).toBe(0);
      const before = await inProcess(["plan", files, "--detailed-exitcode", ...force], options);
      expect(before).toMatchObject({ code: 2, stderr: "" });
      expect(before.stdout).toContain(
        "Plan: 1 to delete, 1 to stop, 1 to start, 4 to create, 1 to update, 2 to assign.",
      );
      const applied = await inProcess(["apply", files, "--auto-approve", ...force], options);
      expect(applied.code).toBe(0);
      expect(applied.stdout).toContain("Applied 10, already done 0, failed 0, skipped 0, unknown 0.");
      const after = await inProcess(["plan", files, "--detailed-exitcode"], options);
      expect([after.code, after.stdout]).toEqual([0, expect.stringContaining("Nothing to do: 8 entries in line.")]);
    });
  });

  it("a target signs in with a password, on premises", async () => {
    const folder = temporaryFolder();
    const file = join(folder, "tenant.yaml");
    writeFiles(folder, {
      "tenant.yaml": [
        "apiVersion: orch-sync/v1",
        "kind: Tenant",
        "metadata: { name: Default }",
        "spec:",
        "  folders: [{ path: Finance }]",
        "  users: [{ userName: ana, password: s3cret }]",
        "  queues: [{ name: Q, uniqueReferences: true }]",
      ].join("\n"),
      "manifests/a.yaml": manifests.items("{ queue: Q, items: [{ reference: A }] }"),
    });
    await withEmulator(["--tenant", file, "--edition", "2022.10"], async ({ url }) => {
      const auth = 'auth: { type: password, username: ana, password: "${secret:PASSWORD}" }';
      writeFiles(folder, {
        "orch-sync.yaml": [
          "apiVersion: orch-sync/v1",
          "kind: Config",
          "manifests: [manifests/]",
          "defaultTarget: test",
          `targets: { test: { url: "${url}", tenant: Default, folder: Finance, ${auth} } }`,
        ].join("\n"),
      });
      const run = async (PASSWORD: string): Promise<number | null> =>
        (await orchSync(["apply", "--auto-approve"], { cwd: folder, env: { PASSWORD } })).code;
      expect(await run("wrong")).toBe(6);
      expect(await run("s3cret")).toBe(0);
    });
  });

  it.each([
    [["--edition", "2021.4"], "cloud, 2023.4, 2022.10"],
    [["--layout", "flat"], "suite"],
  ])("refuses %j", async (args, text) => {
    const { code, stderr } = await inProcess(["emulator", ...args]);
    expect([code, stderr]).toEqual([64, expect.stringContaining(text)]);
  });
});
