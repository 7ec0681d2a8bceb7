import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { startEmulator } from "../../src/emulator/index.ts";
import { judgeWrites, sentEffects, type PlanDocument } from "../checker/writes.ts";
import { exampleCopy, orchSync, root, temporaryFolder } from "../support/cli.ts";
import { inProcess } from "../support/in-process.ts";

describe("the quickstart", () => {
  it("plans changes, applies them, and then has nothing to do", async () => {
    const folder = exampleCopy("quickstart");
    // As the README of a user would have it: from elsewhere, with the folder and its config named.
    const args = [folder, "--config", join(folder, "orch-sync.yaml")];
    const cwd = temporaryFolder();

    const before = await orchSync(["plan", ...args, "--detailed-exitcode"], { cwd });
    expect(before).toMatchObject({ code: 2, stderr: "" });
    expect(before.stdout).toContain("Plan: 1 to delete, 1 to stop, 1 to start, 4 to create, 1 to update, 2 to assign.");

    const applied = await orchSync(["apply", ...args, "--auto-approve"], { cwd });
    expect(applied.code).toBe(0);
    expect(applied.stdout).toContain("Applied 10, already done 0, failed 0, skipped 0, unknown 0.");

    const after = await orchSync(["plan", ...args, "--detailed-exitcode"], { cwd });
    expect(after).toMatchObject({ code: 0, stderr: "" });
    expect(after.stdout).toContain("Nothing to do: 8 entries in line.");

    const again = await orchSync(["apply", ...args, "--auto-approve", "-o", "json"], { cwd });
    expect(again.code).toBe(0);
    expect(JSON.parse(again.stdout)).toMatchObject({ counts: { applied: 0 }, outcomes: [] });
  });

  it("sends what its plan says, all of it, once each", async () => {
    const folder = exampleCopy("quickstart");
    // A plan does not show sensitive values, and what it does not show cannot be compared.
    const invoices = join(folder, "manifests/invoices.yaml");
    writeFileSync(invoices, readFileSync(invoices, "utf8").replace("  sensitive: [Email]\n", ""));
    await using emulator = await startEmulator({ tenant: join(folder, "tenant.yaml") });
    const env = { ORCH_SYNC_URL: emulator.url, ORCH_SYNC_TOKEN: emulator.token };
    const options = { cwd: temporaryFolder(), env };
    const manifests = join(folder, "manifests");
    const force = ["--force", "maxDeletes", "--force", "maxStops"]; // this target has guards, the example's has none
    const planned = await inProcess(["plan", manifests, "-o", "json", ...force], options);
    expect(planned.code).toBe(0);
    const before = emulator.requests();
    expect(sentEffects(before)).toEqual([]);
    expect((await inProcess(["apply", manifests, "--auto-approve", ...force], options)).code).toBe(0);
    expect(judgeWrites(JSON.parse(planned.stdout) as PlanDocument, emulator.requests().slice(before.length))).toEqual(
      [],
    );
    expect((await inProcess(["plan", manifests, "--detailed-exitcode"], options)).code).toBe(0);
  });

  it("shows every line of its plan, deletions, stops and starts first", async () => {
    const { stdout } = await inProcess(["plan"], { cwd: exampleCopy("quickstart") });
    const lines = stdout.replace(/Running since [-0-9 :]+Z/, "Running since NOW");
    expect(lines).toBe(readFileSync(join(root, "test/fixtures/quickstart.plan.txt"), "utf8"));
  });

  it.each(["invoices", "reports", "smoke-test", "retire-legacy", "review"])(
    "has a manifest %s that validates alone",
    async (name) => {
      const file = join(root, "examples/quickstart/manifests", `${name}.yaml`);
      const { code, stdout } = await inProcess(["validate", file], { cwd: temporaryFolder() });
      expect([code, stdout.split("\n").at(-2)]).toEqual([0, expect.stringMatching(/^1 manifest in 1 file is valid/)]);
    },
  );

  it("gives the same plan id whenever the same state is planned, from any port", async () => {
    const folder = exampleCopy("quickstart");
    const ids = [];
    for (let run = 0; run < 2; run++) {
      const { stdout } = await inProcess(["plan", "-o", "json"], { cwd: folder });
      ids.push((JSON.parse(stdout) as { id: string }).id);
    }
    expect(ids[1]).toBe(ids[0]);
  });
});
