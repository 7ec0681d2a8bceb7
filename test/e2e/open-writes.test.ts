import { describe, expect, it, vi } from "vitest";
import { handled, sentEffects } from "../checker/writes.ts";
import type { Emulator, FaultRule } from "../../src/emulator/index.ts";
import { manifests, tenant, workplace } from "../support/server.ts";

const queues = [
  { name: "Unique", folder: "Finance", uniqueReferences: true },
  { name: "Plain", folder: "Finance" },
];
const processes = [
  { name: "P", folder: "Finance", run: { pending: "1ms", duration: "20ms", state: "Successful" as const } },
];

/** The server handles the call, and nobody hears its answer. */
const loseAnswer: FaultRule = { handle: "once", answer: "close" };
/** The connection breaks before the server does anything. */
const loseRequest: FaultRule = { handle: "no", answer: "close" };

/** What happens to the first write to a path; everything else passes. */
function first(path: string, fault: FaultRule): { readonly faults: readonly FaultRule[] } {
  return { faults: [{ match: { method: "POST", path: `*.${path}` }, times: 1, ...fault }] };
}

const unique = {
  "manifests/a.yaml": manifests.items("{ queue: Unique, items: [{ reference: A }, { reference: B }] }"),
};
const plain = {
  "manifests/a.yaml": manifests.items(
    "{ queue: Plain, seedUntil: never, items: [{ reference: A }, { reference: B }] }",
  ),
};
const job = { "manifests/a.yaml": manifests.job("{ process: P, run: once }") };
const set = tenant({ queues, processes });

describe("a write whose answer is lost", () => {
  it.each<[string, Readonly<Record<string, string>>, string, FaultRule]>([
    ["bulk add, connection broken after it", unique, "BulkAddQueueItems", loseAnswer],
    ["bulk add, 504 after it", unique, "BulkAddQueueItems", { handle: "once", answer: { status: 504, shape: "page" } }],
    [
      "bulk add, 408 after it",
      unique,
      "BulkAddQueueItems",
      { handle: "once", answer: { status: 408, errorCode: 1009 } },
    ],
    ["bulk add, never answered", unique, "BulkAddQueueItems", { handle: "once", answer: "never" }],
    ["bulk add, answer cut in the middle", unique, "BulkAddQueueItems", { answer: "cut" }],
    ["bulk add, a page with 200 for it", unique, "BulkAddQueueItems", { handle: "once", answer: "html" }],
    ["bulk add to a queue without unique references", plain, "BulkAddQueueItems", loseAnswer],
    ["the same, seen in lists only after a while", plain, "BulkAddQueueItems", { ...loseAnswer, showLate: "150ms" }],
    ["start, connection broken after it", job, "StartJobs", loseAnswer],
    ["start, 502 after it", job, "StartJobs", { handle: "once", answer: { status: 502, shape: "empty" } }],
    ["start, answer cut in the middle", job, "StartJobs", { answer: "cut" }],
    ["start, seen in lists only after a while", job, "StartJobs", { ...loseAnswer, showLate: "150ms" }],
  ])("is found again and never repeated: %s", async (_name, files, path, fault) => {
    const { inProcess: run, emulator } = await workplace({ tenant: set, files, ...first(path, fault) });
    const { code, stdout } = await run(["apply", "--auto-approve"]);
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/Applied [12], already done 0, failed 0, skipped 0, unknown 0/),
    ]);
    const effects = sentEffects(emulator.requests());
    expect(effects).toEqual([...new Set(effects)]);
    expect(effects.length).toBeGreaterThan(0);
    expect(emulator.faults.counts()).toMatchObject([{ hits: 1 }]);
    expect((await run(["plan", "--detailed-exitcode"])).code).toBe(0);
  });

  it.each<[string, Readonly<Record<string, string>>, string]>([
    ["to a queue with unique references, at once", unique, "BulkAddQueueItems"],
    ["to another queue, after settle", plain, "BulkAddQueueItems"],
  ])("that never arrived is sent again %s", async (_name, files, path) => {
    const { inProcess: run, emulator } = await workplace({ tenant: set, files, ...first(path, loseRequest) });
    expect((await run(["apply", "--auto-approve"])).code).toBe(0);
    expect(sentEffects(handled(emulator.requests()))).toEqual(["create A", "create B"]);
  });

  it("of a start that never arrived is unknown and never sent again; the next apply looks first, and starts it", async () => {
    const { run, emulator } = await workplace({ tenant: set, files: job, ...first("StartJobs", loseRequest) });
    const { code, stdout, stderr } = await run(["apply", "--auto-approve"]);
    expect(code).toBe(5);
    expect(stdout).toContain("unknown  Job/smoke");
    expect(stdout).toMatch(/Apply again, not before \d\d:\d\d:\d\d UTC: it looks first\./);
    expect(stdout).toContain("Applied 0, already done 0, failed 0, skipped 0, unknown 1.");
    expect(stderr).toContain("no answer to StartJobs");
    expect(sentEffects(emulator.requests())).toEqual(["start smoke@once"]);
    expect(sentEffects(handled(emulator.requests()))).toEqual([]);
    expect((await run(["apply", "--auto-approve"])).code).toBe(0);
    expect(sentEffects(handled(emulator.requests()))).toEqual(["start smoke@once"]);
  });

  it("is no reason to wait for its siblings", async () => {
    const { inProcess: run } = await workplace({
      tenant: set,
      files: { ...job, "manifests/b.yaml": manifests.items("{ queue: Unique, items: [{ reference: A }] }", "april") },
      ...first("StartJobs", loseRequest),
    });
    const { code, stdout } = await run(["apply", "--auto-approve", "-o", "json"]);
    expect(code).toBe(5);
    expect(JSON.parse(stdout)).toMatchObject({ counts: { applied: 1, unknown: 1 } });
  });
});

describe("a write that is refused", () => {
  it.each<[string, FaultRule["answer"]]>([
    ["the time the server asks for", { status: 429, retryAfter: 0 }],
    ["the date the server names", { status: 429, retryAfter: { date: 0 } }],
  ])("with 429 is sent again after %s", async (_name, answer) => {
    const refusal: FaultRule = { handle: "no", ...(answer === undefined ? {} : { answer }) };
    const { inProcess: run, emulator } = await workplace({
      tenant: set,
      files: unique,
      ...first("BulkAddQueueItems", refusal),
    });
    expect((await run(["apply", "--auto-approve"])).code).toBe(0);
    expect(sentEffects(handled(emulator.requests()))).toEqual(["create A", "create B"]);
  });

  it("with 413 is halved", async () => {
    const refusal: FaultRule = { handle: "no", answer: { status: 413, shape: "page" } };
    const { inProcess: run, emulator } = await workplace({
      tenant: set,
      files: unique,
      ...first("BulkAddQueueItems", refusal),
    });
    expect((await run(["apply", "--auto-approve"])).code).toBe(0);
    expect(sentEffects(handled(emulator.requests()))).toEqual(["create A", "create B"]);
    const sent = emulator.requests().filter(({ method }) => method === "POST");
    const rows = sent.map(({ body }) => (JSON.parse(body ?? "{}") as { queueItems: unknown[] }).queueItems.length);
    expect(rows).toEqual([2, 1, 1]);
  });

  it("with 403 fails, and says so", async () => {
    const refusal: FaultRule = { handle: "no", answer: { status: 403, message: "You are not authorized!" } };
    const { inProcess: run } = await workplace({ tenant: set, files: unique, ...first("BulkAddQueueItems", refusal) });
    const { code, stdout } = await run(["apply", "--auto-approve"]);
    expect([code, stdout]).toEqual([5, expect.stringContaining("failed 2")]);
    expect(stdout).toContain("403");
    expect(stdout).toMatch(/00-[0-9a-f]{32}/);
  });
});

describe("an interrupted apply", () => {
  /** The server takes its time: an hour by its clock, which a test moves on when the call may go on. */
  const hold: FaultRule = { match: { method: "POST", path: "*.BulkAddQueueItems" }, delay: "1h" };
  const release = (emulator: Emulator): void => emulator.clock.advance(3_600_000);
  const arrived = async (emulator: Emulator): Promise<void> =>
    vi.waitFor(() => expect(emulator.faults.counts()).toMatchObject([{ hits: 1 }]), { timeout: 20_000 });
  const files = {
    ...unique,
    "manifests/b.yaml": manifests.job("{ process: P, run: once, dependsOn: [QueueItems/march] }"),
  };

  it("by Ctrl-C once finishes what is in flight, begins nothing more, and reports", async () => {
    const { run, emulator } = await workplace({ tenant: set, files, faults: [hold] });
    const result = await run(["apply", "--auto-approve"], {
      onStart: (child) =>
        void arrived(emulator).then(() => {
          child.stderr?.on("data", (chunk: string) => {
            if (chunk.includes("interrupted")) release(emulator);
          });
          return child.kill("SIGINT");
        }),
    });
    expect(result.code).toBe(130);
    expect(result.stdout).toContain("Applied 2, already done 0, failed 0, skipped 1, unknown 0.");
    expect(sentEffects(handled(emulator.requests()))).toEqual(["create A", "create B"]);
  });

  it("by Ctrl-C twice stops at once, and reports what it does not know", async () => {
    const { run, emulator } = await workplace({ tenant: set, files, faults: [hold] });
    const result = await run(["apply", "--auto-approve"], {
      onStart: (child) =>
        void arrived(emulator).then(() => {
          child.stderr?.once("data", () => child.kill("SIGINT"));
          return child.kill("SIGINT");
        }),
    });
    expect(result.code).toBe(130);
    expect(result.stdout).toMatch(/unknown 2\./);
  });

  it("by SIGTERM is the same", async () => {
    const { run, emulator } = await workplace({ tenant: set, files, faults: [hold] });
    const result = await run(["apply", "--auto-approve"], {
      onStart: (child) =>
        void arrived(emulator)
          .then(() => child.kill("SIGTERM"))
          .then(() => release(emulator)),
    });
    expect(result.code).toBe(130);
  });

  it("while it plans has written nothing", async () => {
    const { run, emulator } = await workplace({ tenant: set, files, faults: [{ times: 1, delay: "1h" }] });
    const { code, stderr } = await run(["apply", "--auto-approve"], {
      onStart: (child) => void arrived(emulator).then(() => child.kill("SIGINT")),
    });
    expect([code, stderr]).toEqual([130, expect.stringContaining("interrupted before anything was written")]);
    expect(handled(emulator.requests())).toEqual([]);
  });
});
