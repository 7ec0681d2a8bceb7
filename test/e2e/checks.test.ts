import { describe, expect, it } from "vitest";
import { sentEffects } from "../checker/writes.ts";
import { tenant, workplace, type Workplace } from "../support/server.ts";

/** Plans one manifest against a tenant; the server must not have been written to. */
async function planned(
  spec: Parameters<typeof tenant>[0],
  lines: readonly string[],
  args: readonly string[] = [],
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  const { inProcess: run, emulator } = await place(spec, lines);
  const result = await run(["plan", ...args]);
  expect(sentEffects(emulator.requests())).toEqual([]);
  return result;
}

const place = (spec: Parameters<typeof tenant>[0], lines: readonly string[]): Promise<Workplace> =>
  workplace({ tenant: tenant(spec), files: { "manifests/a.yaml": `${lines.join("\n")}\n` } });

const head = (kind: string): string[] => ["apiVersion: orch-sync/v1", `kind: ${kind}`, "metadata: { name: it }"];

describe("the JSON schema of the queue", () => {
  const queues = [
    {
      name: "DocQueue",
      folder: "Finance",
      uniqueReferences: true,
      jsonSchema: {
        $schema: "http://json-schema.org/draft-07/schema#",
        required: ["Email"],
        additionalProperties: false,
        properties: { Email: { type: "string" }, Amount: { type: "number", minimum: 0 } },
      },
    },
  ];
  const items = [
    ...head("QueueItems"),
    "spec:",
    "  queue: DocQueue",
    "  sensitive: [Amount]",
    "  items:",
    "    - reference: INV-1",
    "      content: { Email: ana@corp.example, Amount: 1 }",
    "    - reference: INV-2",
    "      content:",
    "        Email: ana@corp.example",
    "        Amount: 987s3cret",
    "    - reference: INV-3",
    "      content: { Emial: ana@corp.example }",
    "    - reference: INV-4",
  ];

  it("blocks each item that it refuses, at the value, and never shows a sensitive one", async () => {
    const { code, stdout } = await planned({ queues }, items);
    expect(code).toBe(4);
    expect(stdout).toMatch(/! INV-2 +blocked: content\.Amount must be a number +manifests\/a\.yaml:13\n/);
    expect(stdout).toMatch(/! INV-3 +blocked: content\.Email is required by the queue's schema;/);
    expect(stdout.replaceAll(/\s+/g, " ")).toContain("content.Emial is not a key that the queue's schema knows");
    expect(stdout).toContain('did you mean "Email"?');
    expect(stdout).toMatch(
      /! INV-4 +blocked: content\.Email is required by the queue's schema +manifests\/a\.yaml:16\n/,
    );
    expect(stdout).toContain("Plan: 1 to create, 3 blocked.");
    expect(stdout).not.toContain("987s3cret");
  });

  it("says the same in JSON, with line and column", async () => {
    const { stdout } = await planned({ queues }, items, ["-o", "json"]);
    const [, second] = (JSON.parse(stdout) as { resources: { changes: object[] }[] }).resources[0]?.changes ?? [];
    expect(second).toMatchObject({
      action: "blocked",
      reason: { code: "content-refused" },
      source: { file: "manifests/a.yaml", line: 13, column: 17 },
    });
    expect(stdout).not.toContain("987s3cret");
  });

  it("is what the server says, too: an apply of what passes is not refused there", async () => {
    const { run, emulator } = await place({ queues }, items.slice(0, 9));
    expect(await run(["apply", "--auto-approve"])).toMatchObject({ code: 0 });
    expect(sentEffects(emulator.requests())).toEqual(["create INV-1"]);
  });

  it("that cannot be used is a warning at the queue's line, and nothing is blocked", async () => {
    const jsonSchema = { $schema: "http://json-schema.org/draft-03/schema#" };
    const { code, stdout } = await planned({ queues: [{ ...queues[0], name: "DocQueue", jsonSchema }] }, items);
    expect(code).toBe(0);
    expect(stdout).toContain("manifests/a.yaml:5:10 warning PL001: the JSON schema of queue DocQueue cannot be used");
    expect(stdout).toContain("Plan: 4 to create.");
  });
});

describe("the process of a job", () => {
  const processes = [
    {
      name: "Smoke",
      folder: "Finance",
      arguments: {
        input: [
          { name: "age", type: "System.Int32" },
          { name: "month", required: true },
          { name: "tags", type: "System.String[]" },
          { name: "from", type: "System.DateTime" },
        ],
      },
    },
  ];
  const job = (...lines: string[]): string[] => [...head("Job"), "spec:", "  process: Smoke", ...lines];

  it("takes its input arguments: unknown, mistyped and missing ones are blocked where they stand", async () => {
    const { code, stdout } = await planned(
      { processes },
      job("  inputArguments:", '    age: "33"', "    mont: May", "    tags:", "      - a", "      - 1"),
    );
    const flat = stdout.replaceAll(/\s+/g, " ");
    expect(code).toBe(4);
    expect(flat).toContain(
      "! Job/it blocked: inputArguments.age must be a whole number: Smoke declares age as System.Int32 manifests/a.yaml:7 write the number without quotes",
    );
    expect(flat).toContain("process Smoke has no input argument mont manifests/a.yaml:8 did you mean month?");
    expect(flat).toContain(
      "inputArguments.tags[1] must be text: Smoke declares tags as System.String[] manifests/a.yaml:11 put it in quotes",
    );
    expect(flat).toContain("process Smoke needs the input argument month (System.String) manifests/a.yaml:7");
    expect(stdout).toContain("4 blocked");
  });

  it("that needs an argument blocks a job that gives none, at the job", async () => {
    const { code, stdout } = await planned({ processes }, job());
    expect(code).toBe(4);
    expect(stdout).toMatch(/needs the input argument month \(System\.String\) +manifests\/a\.yaml:1\n/);
  });

  it("and server agree: what passes is started, what the server would refuse is blocked before", async () => {
    const good = job('  inputArguments: { age: 33, month: May, tags: [a], from: "2026-12-01T08:00:00Z" }');
    const { inProcess: run, emulator } = await place({ processes }, [...good, "  wait: { until: none }"]);
    expect(await run(["apply", "--auto-approve"])).toMatchObject({ code: 0 });
    expect(sentEffects(emulator.requests())).toHaveLength(1);
    const bad = await planned({ processes }, job('  inputArguments: { month: May, from: "2026-02-30" }'));
    expect(bad.stdout.replaceAll(/\s+/g, " ")).toContain("inputArguments.from must be a date");
  });

  it("is not asked about a run that is over, nor about run: never", async () => {
    const { code } = await planned({ processes }, job("  run: never", "  inputArguments: { nobody: knows }"));
    expect(code).toBe(0);
  });

  it("that is not there is named where the manifest names it", async () => {
    const { code, stdout } = await planned({ processes }, [...head("Job"), "spec:", "  process: Smoek"]);
    expect(code).toBe(4);
    expect(stdout).toMatch(/there is no process Smoek in folder Finance +manifests\/a\.yaml:5\n +did you mean Smoke\?/);
  });

  it("integers with leading zeros are refused before anything is called", async () => {
    const { code, stderr } = await planned({ processes }, job("  inputArguments: { age: 0065, month: May }"));
    expect(code).toBe(3);
    expect(stderr).toContain("manifests/a.yaml:6:26 error MF041: the number begins with a zero, which would be lost");
  });
});

describe("robots and strategies", () => {
  const processes = [{ name: "Smoke", folder: "Finance" }];
  const job = (...lines: string[]): string[] => [...head("Job"), "spec:", "  process: Smoke", ...lines];

  it("a robot that the folder does not have is blocked where it is named", async () => {
    const robots = [{ name: "DocBot", folders: ["Finance"] }, { name: "Elsewhere" }];
    const { code, stdout } = await planned(
      { processes, robots: robots.slice(0, 1) },
      job("  strategy:", "    type: Specific", "    robots:", "      - DocBot", "      - DocBott"),
    );
    expect(code).toBe(4);
    expect(stdout).toMatch(
      /there is no robot or account DocBott in folder Finance +manifests\/a\.yaml:10\n +did you mean DocBot\?/,
    );
  });

  it("strategy All does not apply to modern folders", async () => {
    const { code, stdout } = await planned({ processes }, job("  strategy: { type: All }"));
    expect(code).toBe(4);
    expect(stdout.replaceAll(/\s+/g, " ")).toContain(
      "strategy All does not apply to modern folders, and Finance is one manifests/a.yaml:6",
    );
  });
});

describe("reviewers", () => {
  const tenantOf = {
    queues: [{ name: "DocQueue", folder: "Finance", uniqueReferences: true }],
    items: [{ queue: "DocQueue", folder: "Finance", reference: "F-1", status: "Failed" as const }],
    users: [
      { userName: "ana", reviewer: true },
      { userName: "eve", reviewer: false },
      { userName: "auditors", type: "DirectoryGroup" as const, reviewer: true },
      { userName: "DocBot", type: "Robot" as const, reviewer: true },
    ],
  };
  const review = (...lines: string[]): string[] => [...head("Review"), "spec:", "  queue: DocQueue", ...lines];

  it("who do not exist, may not review, or are no people are blocked, each where he is named", async () => {
    const { code, stdout } = await planned(
      tenantOf,
      review("  reviewers:", "    - ana", "    - anna", "    - eve", "    - auditors", "    - DocBot"),
    );
    const flat = stdout.replaceAll(/\s+/g, " ");
    expect(code).toBe(4);
    expect(flat).toContain(
      "nobody who may review in folder Finance is called anna manifests/a.yaml:8 did you mean ana?",
    );
    expect(flat).toContain("is called eve manifests/a.yaml:9");
    expect(flat).toContain("auditors is no person (DirectoryGroup): only people review manifests/a.yaml:10");
    expect(flat).toContain("DocBot is no person (Robot): only people review manifests/a.yaml:11");
  });

  it("whose items are selected must be there, too", async () => {
    const { code, stdout } = await planned(
      tenantOf,
      review("  reviewStatus: Verified", "  select:", "    reviewer: nobody-here"),
    );
    expect(code).toBe(4);
    expect(stdout).toMatch(/is called nobody-here +manifests\/a\.yaml:8/);
  });
});

describe("queues", () => {
  const items = (...lines: string[]): string[] => [...head("QueueItems"), "spec:", "  queue: DocQueue", ...lines];

  it("without unique references need seedUntil: the line of the queue says so", async () => {
    const { code, stdout } = await planned(
      { queues: [{ name: "DocQueue", folder: "Finance" }] },
      items("  items: [{ reference: A }]"),
    );
    expect(code).toBe(4);
    expect(stdout.replaceAll(/\s+/g, " ")).toContain(
      "queue DocQueue does not enforce unique references, so spec.seedUntil is needed manifests/a.yaml:5",
    );
    expect(stdout).toContain("seedUntil: an instant");
  });

  it.each([
    ["QI001", "  items: [{ content: { a: 1 } }]", "manifests/a.yaml:6:11"],
    ["QI002", '  items: [{ reference: " " }]', "manifests/a.yaml:6:24"],
  ])("items without a reference are refused before anything is called: %s", async (code, line, at) => {
    const queues = [{ name: "DocQueue", folder: "Finance", uniqueReferences: true }];
    const result = await planned({ queues }, items(line));
    expect(result.code).toBe(3);
    expect(result.stderr).toContain(`${at} error ${code}`);
  });

  it("with a trigger: the plan says whose jobs seeding starts, and only when it seeds", async () => {
    const spec = {
      processes: [{ name: "Importer", folder: "Finance" }],
      queues: [{ name: "DocQueue", folder: "Finance", uniqueReferences: true, trigger: { process: "Importer" } }],
    };
    const { inProcess: run } = await place(spec, items("  items: [{ reference: A }]"));
    expect((await run(["plan"])).stdout).toContain("note: seeding starts jobs of Importer");
    expect((await run(["apply", "--auto-approve"])).code).toBe(0);
    expect((await run(["plan"])).stdout).not.toContain("seeding starts jobs");
  });
});
