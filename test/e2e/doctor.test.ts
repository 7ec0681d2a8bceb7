import { describe, expect, it, onTestFinished } from "vitest";
import { startEmulator, type EditionName, type TenantSpec } from "../../src/emulator/index.ts";
import { authority } from "../support/certificates.ts";
import { orchSync, temporaryFolder, type CliResult } from "../support/cli.ts";
import { tenant, writeFiles } from "../support/server.ts";

const ca = authority("Corp Root");
const permissions =
  "SubFolders.View Queues.View Queues.Edit Processes.View Jobs.View Jobs.Create Jobs.Edit " +
  "Transactions.View Transactions.Create Transactions.Edit Transactions.Delete";

/** What the built command says of a server that speaks https, all of which is right but what is broken. */
async function doctor(
  edition: EditionName,
  broken: { readonly permission?: string; readonly authority?: true; readonly spec?: Partial<TenantSpec> },
): Promise<CliResult> {
  const names = permissions.split(" ").filter((name) => name !== broken.permission);
  const emulator = await startEmulator({
    tenant: tenant({
      queues: ["Q", "lock"].map((name) => ({ name, folder: "Finance", uniqueReferences: true })),
      users: [{ userName: "ci", tokens: ["sesame"], permissions: [{ folder: "Finance", names }] }],
      ...broken.spec,
    }),
    edition,
    tls: ca.issue(),
  });
  onTestFinished(() => emulator.close());
  const folder = temporaryFolder();
  const trust = broken.authority === true ? "" : "caFile: ca.pem, ";
  const target = `url: "${emulator.url}", folder: Finance, ${trust}auth: { type: token, token: "\${secret:TOKEN}" }`;
  writeFiles(folder, {
    "ca.pem": ca.cert,
    "orch-sync.yaml": `apiVersion: orch-sync/v1\nkind: Config\ndefaultTarget: ci\ntargets:\n  ci: { ${target}, lease: { queue: lock } }\n`,
  });
  const result = await orchSync(["doctor"], { cwd: folder, env: { TOKEN: "sesame" } });
  expect(result.stdout + result.stderr).not.toContain("sesame");
  return result;
}

describe.each(["2022.10", "2023.4", "cloud"] as const)("doctor, of %s", (edition) => {
  it("names what is broken: a permission, the authority, the clock; and nothing where nothing is", async () => {
    const [right, permission, unknown, clock] = await Promise.all([
      doctor(edition, {}),
      doctor(edition, { permission: "Transactions.Create" }),
      doctor(edition, { authority: true }),
      doctor(edition, { spec: { clock: { start: "2031-01-01T00:00:00Z" } } }),
    ]);
    expect(right).toMatchObject({ code: 0, stdout: expect.stringContaining("14 fine, 0 problems.") as string });
    expect(permission.code).toBe(6);
    expect(permission.stdout).toContain("QueueItems: may not add items (Transactions.Create)");
    expect(permission.stdout).toContain("→ give the account's role in that folder Transactions.Create");
    expect(unknown.code).toBe(1);
    expect(unknown.stdout).toContain("it is issued by Corp Root");
    expect(unknown.stdout).toContain("caFile");
    expect(clock.code).toBe(1);
    expect(clock.stdout).toMatch(/problem {2}clock +the server's is .* ahead of this machine's/);
  });
});
