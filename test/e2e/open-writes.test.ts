import { describe, expect, it } from "vitest";
import { sentEffects } from "../checker/writes.ts";
import type { Fate } from "../support/fault-proxy.ts";
import { manifests, tenant, workplace } from "../support/server.ts";

const queues = [
  { name: "Unique", folder: "Finance", uniqueReferences: true },
  { name: "Plain", folder: "Finance" },
];
const processes = [
  { name: "P", folder: "Finance", run: { pending: "1ms", duration: "20ms", state: "Successful" as const } },
];

/** The fates of the first writes to a path, in order; everything else passes. */
function fates(path: string, ...list: Fate[]): (method: string, path: string) => Fate {
  const left = [...list];
  return (method, seen) => (method !== "GET" && seen.includes(path) ? (left.shift() ?? "pass") : "pass");
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
  it.each<[string, Readonly<Record<string, string>>, string, Fate]>([
    ["bulk add, connection broken after it", unique, "BulkAddQueueItems", "lose-answer"],
    ["bulk add, 504 after it", unique, "BulkAddQueueItems", { answer: 504 }],
    ["bulk add to a queue without unique references", plain, "BulkAddQueueItems", "lose-answer"],
    ["start, connection broken after it", job, "StartJobs", "lose-answer"],
    ["start, 502 after it", job, "StartJobs", { answer: 502 }],
  ])("is found again and never repeated: %s", async (_name, files, path, fate) => {
    const { run, emulator } = await workplace({ tenant: set, files, fate: fates(path, fate) });
    const { code, stdout } = await run(["apply", "--auto-approve"]);
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/Applied [12], already done 0, failed 0, skipped 0, unknown 0/),
    ]);
    const effects = sentEffects(emulator.requests());
    expect(effects).toEqual([...new Set(effects)]);
    expect(effects.length).toBeGreaterThan(0);
    expect((await run(["plan", "--detailed-exitcode"])).code).toBe(0);
  });

  it.each<[string, Readonly<Record<string, string>>, string]>([
    ["to a queue with unique references, at once", unique, "BulkAddQueueItems"],
    ["to another queue, after settle", plain, "BulkAddQueueItems"],
  ])("that never arrived is sent again %s", async (_name, files, path) => {
    const { run, emulator } = await workplace({ tenant: set, files, fate: fates(path, "lose-request") });
    expect((await run(["apply", "--auto-approve"])).code).toBe(0);
    expect(sentEffects(emulator.requests())).toEqual(["create A", "create B"]);
  });

  it("of a start that never arrived is unknown and never sent again; the next apply looks first, and starts it", async () => {
    const { run, emulator } = await workplace({ tenant: set, files: job, fate: fates("StartJobs", "lose-request") });
    const { code, stdout, stderr } = await run(["apply", "--auto-approve"]);
    expect(code).toBe(5);
    expect(stdout).toContain("unknown  Job/smoke");
    expect(stdout).toMatch(/Apply again, not before \d\d:\d\d:\d\d UTC: it looks first\./);
    expect(stdout).toContain("Applied 0, already done 0, failed 0, skipped 0, unknown 1.");
    expect(stderr).toContain("no answer to StartJobs");
    expect(sentEffects(emulator.requests())).toEqual([]);
    expect((await run(["apply", "--auto-approve"])).code).toBe(0);
    expect(sentEffects(emulator.requests())).toEqual(["start smoke@once"]);
  });

  it("is no reason to wait for its siblings", async () => {
    const { run } = await workplace({
      tenant: set,
      files: { ...job, "manifests/b.yaml": manifests.items("{ queue: Unique, items: [{ reference: A }] }", "april") },
      fate: fates("StartJobs", "lose-request"),
    });
    const { code, stdout } = await run(["apply", "--auto-approve", "-o", "json"]);
    expect(code).toBe(5);
    expect(JSON.parse(stdout)).toMatchObject({ counts: { applied: 1, unknown: 1 } });
  });
});

describe("a write that is refused", () => {
  it("with 429 is sent again after the time the server asks for", async () => {
    const refusal: Fate = { refuse: 429, headers: { "retry-after": "0" } };
    const { run, emulator } = await workplace({
      tenant: set,
      files: unique,
      fate: fates("BulkAddQueueItems", refusal),
    });
    expect((await run(["apply", "--auto-approve"])).code).toBe(0);
    expect(sentEffects(emulator.requests())).toEqual(["create A", "create B"]);
  });

  it("with 413 is halved", async () => {
    const { run, emulator } = await workplace({
      tenant: set,
      files: unique,
      fate: fates("BulkAddQueueItems", { refuse: 413 }),
    });
    expect((await run(["apply", "--auto-approve"])).code).toBe(0);
    expect(sentEffects(emulator.requests())).toEqual(["create A", "create B"]);
  });

  it("with 403 fails, and says so", async () => {
    const body = '{"message":"You are not authorized!","errorCode":0,"traceId":"00-ab"}';
    const { run } = await workplace({
      tenant: set,
      files: unique,
      fate: fates("BulkAddQueueItems", { refuse: 403, body, headers: { "content-type": "application/json" } }),
    });
    const { code, stdout } = await run(["apply", "--auto-approve"]);
    expect([code, stdout]).toEqual([5, expect.stringContaining("failed 2")]);
    expect(stdout).toContain("403");
    expect(stdout).toContain("00-ab");
  });
});

describe("an interrupted apply", () => {
  /** Holds the bulk add until the test lets it go, and tells when it has arrived. */
  function held(): {
    readonly fate: (method: string, path: string) => Fate;
    readonly arrived: Promise<void>;
    readonly release: () => void;
  } {
    const arrived = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    const fate = (_method: string, path: string): Fate => {
      if (!path.includes("BulkAddQueueItems")) return "pass";
      arrived.resolve();
      return { hold: released.promise };
    };
    return { fate, arrived: arrived.promise, release: released.resolve };
  }
  const files = {
    ...unique,
    "manifests/b.yaml": manifests.job("{ process: P, run: once, dependsOn: [QueueItems/march] }"),
  };

  it("by Ctrl-C once finishes what is in flight, begins nothing more, and reports", async () => {
    const { fate, arrived, release } = held();
    const { run, emulator } = await workplace({ tenant: set, files, fate });
    const result = await run(["apply", "--auto-approve"], {
      onStart: (child) =>
        void arrived.then(() => {
          child.stderr?.on("data", (chunk: string) => {
            if (chunk.includes("interrupted")) release();
          });
          return child.kill("SIGINT");
        }),
    });
    expect(result.code).toBe(130);
    expect(result.stdout).toContain("Applied 2, already done 0, failed 0, skipped 1, unknown 0.");
    expect(sentEffects(emulator.requests())).toEqual(["create A", "create B"]);
  });

  it("by Ctrl-C twice stops at once, and reports what it does not know", async () => {
    const { fate, arrived, release } = held();
    const { run } = await workplace({ tenant: set, files, fate });
    const result = await run(["apply", "--auto-approve"], {
      onStart: (child) =>
        void arrived.then(() => {
          child.stderr?.once("data", () => child.kill("SIGINT"));
          return child.kill("SIGINT");
        }),
    });
    release();
    expect(result.code).toBe(130);
    expect(result.stdout).toMatch(/unknown 2\./);
  });

  it("by SIGTERM is the same", async () => {
    const { fate, arrived, release } = held();
    const { run } = await workplace({ tenant: set, files, fate });
    const result = await run(["apply", "--auto-approve"], {
      onStart: (child) => void arrived.then(() => child.kill("SIGTERM")).then(release),
    });
    expect(result.code).toBe(130);
  });

  it("while it plans has written nothing", async () => {
    const arrived = Promise.withResolvers<void>();
    const fate = (): Fate => {
      arrived.resolve();
      return { hold: new Promise(() => undefined) };
    };
    const { run, emulator } = await workplace({ tenant: set, files, fate });
    const { code, stderr } = await run(["apply", "--auto-approve"], {
      onStart: (child) => void arrived.promise.then(() => child.kill("SIGINT")),
    });
    expect([code, stderr]).toEqual([130, expect.stringContaining("interrupted before anything was written")]);
    expect(emulator.requests()).toEqual([]);
  });
});
