import { describe, expect, it } from "vitest";
import { manifests, tenant, workplace, writeFiles, type Workplace } from "../support/server.ts";

const drift = ["plan", "--drift", "--detailed-exitcode"];
const files = {
  "manifests/items.yaml": manifests.items(
    "{ queue: DocQueue, prune: { referencePrefix: INV- }, items: [{ reference: INV-1, content: { a: 1 } }] }",
  ),
  "manifests/nightly.yaml": manifests.job("{ process: Smoke, run: always }", "nightly"),
  "manifests/review.yaml": manifests.review("{ queue: DocQueue, reviewers: [ana] }"),
};
const spec = {
  queues: [{ name: "DocQueue", folder: "Finance", uniqueReferences: true }],
  processes: [{ name: "Smoke", folder: "Finance", run: { pending: "1ms", duration: "1ms" } }],
  users: [{ userName: "ana", reviewer: true }],
};
const guards = "guards: { maxDeletes: 10, maxStops: 10 }, timing: { request: 2s, settle: 300ms, poll: 20ms }";

/** A project that was applied: what differs from now on is the tenant's doing. */
async function applied(): Promise<Workplace> {
  const made = await workplace({ tenant: tenant(spec), files, target: guards });
  expect((await made.inProcess(["apply", "--auto-approve"])).code).toBe(0);
  return made;
}

async function add(emulator: Workplace["emulator"], queueItems: readonly object[]): Promise<void> {
  const response = await fetch(`${emulator.url}/odata/Queues/UiPathODataSvc.BulkAddQueueItems`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${emulator.token}`,
      "content-type": "application/json",
      "X-UIPATH-FolderPath": "Finance",
    },
    body: JSON.stringify({ queueName: "DocQueue", commitType: "AllOrNothing", queueItems }),
  });
  expect(response.status).toBe(200);
}

describe("plan --drift", () => {
  it("after an apply finds none, whatever always runs, and ends with 0", async () => {
    const { run } = await applied();
    const { code, stdout } = await run(drift);
    expect(code).toBe(0);
    expect(stdout).toContain("Always runs\n\n>> Job/nightly");
    expect(stdout).toContain("No drift. 1 run due with every plan.");
    expect(stdout).not.toContain("Drift:");
    expect((await run(["plan", "--detailed-exitcode"])).code, "a plan counts them").toBe(2);
  });

  it("finds what somebody did to the tenant, and ends with 2", async () => {
    const { inProcess: run, emulator } = await applied();
    await add(emulator, [{ Reference: "INV-9", SpecificContent: { a: 9 } }]);
    const { code, stdout } = await run(drift);
    expect(code).toBe(2);
    expect(stdout).toMatch(/Drift: the tenant differs from the manifests\n\nQueueItems\/march .*\n {2}- INV-9/);
    expect(stdout).toContain("Drift: 1 to delete. 1 run due with every plan.");
    expect((await run(["plan", "--drift"])).code, "without --detailed-exitcode").toBe(0);
  });

  it("takes a run that is due for no drift: a first run, or one with other inputs", async () => {
    const { inProcess: run, folder } = await applied();
    writeFiles(folder, { "manifests/smoke.yaml": manifests.job("{ process: Smoke, run: once }") });
    const { code, stdout } = await run(drift);
    expect(code).toBe(0);
    expect(stdout).toContain("Waits to run\n\n> Job/smoke");
    expect(stdout).toContain("No drift. 1 run due or under way, 1 run due with every plan.");
  });

  it("takes an item that differs, one that is missing and one that nobody reviews for drift", async () => {
    const { inProcess: run } = await workplace({
      tenant: tenant({
        ...spec,
        items: [
          { queue: "DocQueue", reference: "INV-1", content: { a: 2 } },
          { queue: "DocQueue", reference: "F-1", status: "Failed" as const },
        ],
      }),
      files: {
        ...files,
        "manifests/more.yaml": manifests.items("{ queue: DocQueue, items: [{ reference: B-1 }] }", "more"),
      },
      target: guards,
    });
    const { code, stdout } = await run(drift);
    expect(code).toBe(2);
    expect(stdout).toContain("Drift: 1 to create, 1 to update, 1 to assign.");
  });

  it("does not take for drift what the manifest tells to leave alone, nor what a robot has touched", async () => {
    const { inProcess: run } = await workplace({
      tenant: tenant({
        ...spec,
        items: [
          { queue: "DocQueue", reference: "INV-1", content: { a: 2 } },
          { queue: "DocQueue", reference: "INV-2", content: { a: 2 }, status: "Successful" as const },
        ],
      }),
      files: {
        "manifests/items.yaml": manifests.items(
          "{ queue: DocQueue, onDrift: ignore, items: [{ reference: INV-1, content: { a: 1 } }, { reference: INV-2, content: { a: 1 } }] }",
        ),
      },
    });
    const { code, stdout } = await run(drift);
    expect(code).toBe(0);
    expect(stdout).toContain("No drift.");
  });

  it("refuses with 4 what the manifest says must not drift", async () => {
    const { inProcess: run } = await workplace({
      tenant: tenant({ ...spec, items: [{ queue: "DocQueue", reference: "INV-1", content: { a: 2 } }] }),
      files: {
        "manifests/items.yaml": manifests.items(
          "{ queue: DocQueue, onDrift: fail, items: [{ reference: INV-1, content: { a: 1 } }] }",
        ),
      },
    });
    const { code, stdout } = await run(drift);
    expect(code).toBe(4);
    expect(stdout).toContain("Blocked\n\nQueueItems/march");
  });

  it("has a class for each pending change in JSON, with or without the flag", async () => {
    const { inProcess: run, emulator } = await applied();
    await add(emulator, [{ Reference: "INV-9" }]);
    for (const args of [["plan"], ["plan", "--drift"]]) {
      const { drift: counts, resources } = JSON.parse((await run([...args, "-o", "json"])).stdout) as {
        drift: object;
        resources: { changes: { action: string; drift?: string }[] }[];
      };
      expect(counts).toEqual({ converges: 1, waits: 0, always: 1 });
      const classes = resources.flatMap(({ changes }) => changes.map(({ action, drift: found }) => [action, found]));
      expect(classes).toContainEqual(["delete", "converges"]);
      expect(classes).toContainEqual(["start", "always"]);
      expect(classes).toContainEqual(["no-op", undefined]);
    }
  });
});
