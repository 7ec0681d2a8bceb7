import { describe, expect, it } from "vitest";
import { sentEffects } from "../checker/writes.ts";
import { tenant, workplace, type Workplace } from "../support/server.ts";

/** Plans one manifest against a tenant; the server must not have been written to. */
async function planned(
  spec: Parameters<typeof tenant>[0],
  lines: readonly string[],
  args: readonly string[] = [],
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  const { run, emulator } = await place(spec, lines);
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
