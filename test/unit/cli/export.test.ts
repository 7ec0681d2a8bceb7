import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { TenantSpec } from "../../../src/emulator/index.ts";
import { desk } from "../../support/desk.ts";
import { manifests, tenant } from "../../support/server.ts";

const base: Partial<TenantSpec> = {
  queues: [
    { name: "Invoices", folder: "Finance", uniqueReferences: true },
    { name: "Loose Ends", folder: "Finance" },
  ],
  processes: [{ name: "Import", folder: "Finance", arguments: { input: [{ name: "month", type: "System.String" }] } }],
  users: [{ userName: "ana", name: "Ana", surname: "I", email: "ana@corp.example", reviewer: true }],
};
const failed = {
  queue: "Invoices",
  folder: "Finance",
  status: "Failed",
  exception: { type: "BusinessException", reason: "x" },
} as const;
const full = tenant({
  ...base,
  items: [
    {
      queue: "Invoices",
      folder: "Finance",
      reference: "INV-1",
      priority: "High",
      dueDate: "2099-01-01T00:00:00Z",
      content: { Name: "O'Brian ${x} ##vso[y]", Amount: 12.5, Empty: null },
    },
    { queue: "Invoices", folder: "Finance", reference: "INV-2", status: "InProgress" },
    { queue: "Invoices", folder: "Finance", content: { a: 1 } },
    { queue: "Loose Ends", folder: "Finance", reference: "L", content: { "a.b": 1 } },
    { queue: "Loose Ends", folder: "Finance", reference: "L", content: { a: 1 } },
    { ...failed, reference: "F-1", reviewer: "ana", reviewStatus: "InReview" },
    { ...failed, reference: "F-2" },
  ],
  jobs: [
    { process: "Import", folder: "Finance", state: "Successful", inputArguments: { month: "May" } },
    { process: "Import", folder: "Finance", state: "Successful", inputArguments: { month: "June" } },
  ],
});

describe("export", () => {
  it.each(["cloud", "2023.4", "2022.10"] as const)("plans to nothing on the same tenant: %s", async (edition) => {
    const { run, folder } = await desk({ tenant: full, edition });
    const { code, output, stdout } = await run(["export"]);
    expect(code).toBe(0);
    expect(output).toContain("queue Invoices: 1 waiting item, left out 3 in progress or ended, 1 without a reference");
    expect(output).toContain("1 under a reference that another one has");
    expect(output).toContain("warning: queue Invoices has consumers");
    expect(stdout).not.toContain("##vso[");
    writeFileSync(join(folder, "all.yaml"), stdout);
    const planned = await run(["plan", "all.yaml", "--detailed-exitcode"]);
    expect([planned.code, planned.output]).toEqual([0, expect.stringContaining("Nothing to do")]);
    expect(stdout).toContain("month: June\n");
    expect(stdout).toContain("run: never\n");
    expect(stdout).toContain("reviewers:\n    - ana\n  reviewStatus: InReview\n");
    expect(stdout).toContain("seedUntil: never\n");
  });

  it("is applied to another tenant, the waiting items and nothing else", async () => {
    const from = await desk({ tenant: full });
    const to = await desk({ tenant: tenant(base) });
    const { stdout } = await from.run(["export", "queueitems", "job"]);
    writeFileSync(join(to.folder, "all.yaml"), stdout);
    expect((await to.run(["apply", "all.yaml", "--auto-approve"])).code).toBe(0);
    const rows = await to.run(["items", "-o", "ndjson"]);
    const references = [...rows.stdout.matchAll(/"reference":"([^"]*)"/g)].map(([, reference]) => reference);
    expect(references).toHaveLength(2); // of two queues that are filled side by side
    expect(references).toEqual(expect.arrayContaining(["INV-1", "L"]));
    expect((await to.run(["jobs", "-o", "ndjson"])).stdout).toBe("");
    expect((await to.run(["plan", "all.yaml", "--detailed-exitcode"])).code).toBe(0);
  });

  it(
    "writes a large queue as rows beside its manifest, and refuses to on one stream",
    { timeout: 60_000 },
    async () => {
      const large = tenant({
        ...base,
        items: [{ queue: "Invoices", folder: "Finance", count: 20_100, reference: "R-{n}" }],
      });
      const { run, folder } = await desk({ tenant: large });
      expect((await run(["export", "--out", "x"])).code).toBe(0);
      expect(readdirSync(join(folder, "x")).toSorted((a, b) => a.localeCompare(b))).toEqual([
        "queue-items-invoices.ndjson",
        "queue-items-invoices.yaml",
      ]);
      expect(statSync(join(folder, "x/queue-items-invoices.ndjson")).mode % 0o1000).toBe(0o600);
      expect((await run(["plan", "x", "--detailed-exitcode"])).code).toBe(0);
      const { code, output, stdout } = await run(["export"]);
      expect([code, stdout, output]).toEqual([1, "", expect.stringContaining("--out DIR")]);
    },
  );

  it("shows neither what the project's manifests call secret nor what is sensitive", async () => {
    const content = { Password: "hunter2", Email: "a@b.example", Name: "x" };
    const world = tenant({ ...base, items: [{ queue: "Invoices", folder: "Finance", reference: "R", content }] });
    const named = (text: string): string => text.replace("name: march", "name: march, folder: Finance");
    const spec =
      "{ queue: invoices, sensitive: [Email], items: [{ reference: R, content: { Password: '${secret:PW:-hunter2}', Email: a@b.example, Name: x } }] }";
    const { run, folder } = await desk({
      tenant: world,
      manifests: "manifests/",
      files: { "manifests/a.yaml": named(manifests.items(spec)) },
    });
    const { stdout, output } = await run(["export"]);
    expect(stdout).toContain("Password: ${secret:PW:-hunter2}");
    expect(stdout).toContain("Email: (sensitive)");
    expect(output).toContain("--out DIR");
    expect((await run(["export", "--out", "x"])).code).toBe(0);
    const rows = readFileSync(join(folder, "x/queue-items-invoices.ndjson"), "utf8");
    expect(JSON.parse(rows)).toMatchObject({ reference: "R", content: { Email: "a@b.example", Name: "x" } });
    expect(rows).not.toContain("hunter2");
  });

  it("knows no other kinds", async () => {
    const { run } = await desk({ tenant: full });
    expect((await run(["export", "StoppedJobs"])).code).toBe(64);
  });
});
