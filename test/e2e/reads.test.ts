import { describe, expect, it } from "vitest";
import { manifests, tenant, workplace } from "../support/server.ts";
import { inProcess } from "../support/in-process.ts";

const queue = { name: "Invoices", folder: "Finance", uniqueReferences: true } as const;
const items = (prefix: string, count: number): string =>
  Array.from({ length: count }, (_, n) => `{ reference: ${prefix}${String(n).padStart(4, "0")} }`).join(", ");

describe("plan --explain", () => {
  it("prints the chosen reads after the plan, with what others would have cost and every call", async () => {
    const { run, emulator } = await workplace({
      edition: "cloud",
      tenant: tenant({
        queues: [queue],
        items: [{ queue: "Invoices", count: 50, reference: "INV-2025-{n}" }],
      }),
      files: {
        "manifests/march.yaml": manifests.items(`{ queue: Invoices, items: [${items("INV-2026-03-", 300)}] }`),
        "manifests/april.yaml": manifests.items(`{ queue: Invoices, items: [${items("INV-2026-04-", 100)}] }`, "april"),
      },
      target: "timing: { listCallsPerMinute: 90 }",
    });
    const { code, stdout } = await run(["plan", "--explain"]);
    expect(code).toBe(0);
    expect(stdout).toContain(`
Plan: 400 to create.
Read with 4 calls (1 list call of 90 a minute). Applying takes at least 2 calls.

queue Invoices, 400 references wanted, about 50 live
  one read for QueueItems/april, QueueItems/march
  chosen   by prefix  startswith(Reference,'INV-2026-0') and Id gt …  1 call
  instead  by lookup  Reference in (…), 91 a call                     5 calls
  instead  by scan    QueueDefinitionId eq 1 and Id gt …              2 calls  (estimated)

every call of this plan
  1  /odata/Folders
  1  /odata/QueueDefinitions
  1  /odata/QueueItems
  1  /odata/QueueProcessingRecords/UiPathODataSvc.RetrieveQueuesProcessingStatus
`);
    expect(emulator.requests()).toHaveLength(4);
  });

  it("gives the same as JSON", async () => {
    const { inProcess: run } = await workplace({
      tenant: tenant({ queues: [queue] }),
      files: { "manifests/march.yaml": manifests.items(`{ queue: Invoices, items: [${items("INV-", 2)}] }`) },
    });
    const { stdout } = await run(["plan", "--explain", "-o", "json"]);
    expect(JSON.parse(stdout)).toMatchObject({
      price: { read: { calls: 3, listCalls: 1 } },
      reads: {
        queues: [
          {
            queue: "Invoices",
            folder: "Finance",
            wantedBy: [{ kind: "QueueItems", name: "march" }],
            references: 2,
            lines: [{ role: "chosen", way: "lookup", query: "Reference in (…)", perCall: 2, calls: 1, rows: 0 }],
          },
        ],
        calls: [{ calls: 1 }, { calls: 1 }, { calls: 1 }],
      },
    });
    expect(JSON.parse((await run(["plan", "-o", "json"])).stdout)).not.toHaveProperty("reads");
  });

  it("is named by the help, and unknown to apply", async () => {
    expect((await inProcess(["plan", "--help"])).stdout).toContain("--explain");
    expect((await inProcess(["apply", "--explain"])).code).toBe(64);
  });
});

describe("a wait", () => {
  it("of a plan is shown in a log, and hidden by --quiet", async () => {
    const options = {
      tenant: tenant({ queues: [queue] }),
      files: { "manifests/march.yaml": manifests.items("{ queue: Invoices, items: [{ reference: A }] }") },
      faults: [
        {
          match: { path: "/odata/QueueItems" },
          times: 1,
          handle: "no" as const,
          answer: { status: 429, retryAfter: 1 },
        },
      ],
    };
    const [shown, quiet] = await Promise.all([
      workplace(options).then(({ run }) => run(["plan"])),
      workplace(options).then(({ run }) => run(["plan", "--quiet"])),
    ]);
    expect(shown.code).toBe(0);
    expect(shown.stderr).toMatch(/^\d\d:\d\d:\d\d the server asks to wait 1 s \(429\)\n$/);
    expect(quiet).toMatchObject({ code: 0, stderr: "" });
  });

  it("of an apply ends at the first Ctrl-C when the server has refused what it was to send again", async () => {
    const { run, emulator } = await workplace({
      tenant: tenant({ queues: [queue] }),
      files: { "manifests/march.yaml": manifests.items("{ queue: Invoices, items: [{ reference: A }] }") },
      faults: [{ match: { path: "*.AddQueueItem" }, handle: "no", answer: { status: 429, retryAfter: 100 } }],
    });
    const { code, stdout, stderr } = await run(["apply", "--auto-approve"], {
      onStart: (child) => {
        let seen = "";
        child.stderr?.on("data", (text: string) => {
          if (!seen.includes("asks to wait") && (seen += text).includes("asks to wait")) child.kill("SIGINT");
        });
      },
    });
    expect(code).toBe(130);
    expect(stderr).toContain("the server asks to wait 100 s (429)");
    expect(stdout).toContain("the run ended before it was sent");
    expect(stdout).toContain("Applied 0, already done 0, failed 0, skipped 1, unknown 0.");
    expect(emulator.requests().filter(({ path }) => path.endsWith("AddQueueItem"))).toHaveLength(1);
  });
});

describe("a manifest that needs more than the server has", () => {
  it("is blocked with the version that has it, where it is written", async () => {
    const { inProcess: run } = await workplace({
      edition: "2022.10",
      tenant: tenant({ processes: [{ name: "Smoke", folder: "Finance" }] }),
      files: { "manifests/smoke.yaml": manifests.job("{ process: Smoke, runtimeType: PerformanceTest }") },
    });
    const { code, stdout } = await run(["plan"]);
    expect(code).toBe(4);
    expect(stdout).toContain("runtimeType PerformanceTest needs API 20 or later, and this server speaks API 15");
    expect(stdout).toContain("manifests/smoke.yaml:4");
  });
});
