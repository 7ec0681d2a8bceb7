import { describe, expect, it } from "vitest";
import { sentEffects } from "../checker/writes.ts";
import { manifests, tenant, workplace, type Workplace } from "../support/server.ts";

const queues = [{ name: "DocQueue", folder: "Finance", uniqueReferences: true }];
const spec = {
  queues,
  processes: [
    { name: "Smoke", folder: "Finance" },
    { name: "Legacy", folder: "Finance", run: { duration: "10h" } },
  ],
  items: [
    { queue: "DocQueue", reference: "INV-1", content: { a: 1 } },
    { queue: "DocQueue", reference: "INV-8" },
    { queue: "DocQueue", reference: "INV-9" },
    { queue: "DocQueue", reference: "F-1", status: "Failed" as const },
  ],
  jobs: [{ process: "Legacy", folder: "Finance", state: "Running" as const }],
  users: [{ userName: "ana", reviewer: true }],
};
/** One of each: create, update, two deletes, a start, a stop, an assignment. */
const files = {
  "manifests/items.yaml": manifests.items(
    "{ queue: DocQueue, prune: { referencePrefix: INV- }, items: [{ reference: INV-1, content: { a: 2 } }, { reference: INV-2 }] }",
  ),
  "manifests/smoke.yaml": manifests.job("{ process: Smoke, run: once }"),
  "manifests/stopped.yaml": manifests.stopped("{ select: { process: Legacy } }"),
  "manifests/review.yaml": manifests.review("{ queue: DocQueue, reviewers: [ana] }"),
};
const guarded = (guards: string): Promise<Workplace> =>
  workplace({ tenant: tenant(spec), files, target: `guards: { ${guards} }` });
const names = ["maxCreates", "maxUpdates", "maxStarts", "maxDeletes", "maxStops", "maxAssignments"];
const force = (some: readonly string[]): string[] => some.flatMap((name) => ["--force", name]);

describe("guards", () => {
  it("refuse what exceeds them, each by its name; --force lifts the one that it names", async () => {
    const { run, inProcess, emulator } = await guarded(names.map((name) => `${name}: 0`).join(", "));
    const { code, stdout } = await run(["plan"]);
    expect(code).toBe(4);
    for (const line of [
      "1 to create, maxCreates allows 0",
      "1 to update, maxUpdates allows 0",
      "1 to start, maxStarts allows 0",
      "2 to delete, maxDeletes allows 0",
      "1 to stop, maxStops allows 0",
      "1 to assign, maxAssignments allows 0",
    ]) {
      expect(stdout).toContain(`! ${line}`);
    }
    for (const name of names) {
      const others = names.filter((other) => other !== name);
      const all = await inProcess(["plan", ...force(others)]);
      expect(all.code).toBe(4);
      expect(all.stdout.match(/If that is what you want: .*/g)).toEqual([`If that is what you want: --force ${name}`]);
    }
    expect((await inProcess(["plan", ...force(names)])).code).toBe(0);
    const applied = await run(["apply", "--auto-approve", ...force(names.slice(1))]);
    expect([applied.code, sentEffects(emulator.requests())]).toEqual([4, []]);
  });

  it("of a target that names none allow no deletions and no stops, and the rest up to their defaults", async () => {
    const { inProcess: run } = await workplace({
      tenant: tenant(spec),
      files: {
        ...files,
        ...Object.fromEntries(
          Array.from({ length: 10 }, (_, index) => [
            `manifests/more-${index}.yaml`,
            manifests.job("{ process: Smoke, run: once }", `more-${index}`),
          ]),
        ),
      },
    });
    const { code, stdout } = await run(["plan"]);
    expect(code).toBe(4);
    expect(stdout.match(/! .* allows .*/g)).toEqual([
      "! 11 to start, maxStarts allows 10",
      "! 2 to delete, maxDeletes allows 0",
      "! 1 to stop, maxStops allows 0",
    ]);
  });

  it("as shares are of the entries; for deletions and stops of the live ones that are selected", async () => {
    // Entries: two items, one job, one selection of jobs, one failed item. Of three items under the prefix two go.
    const shares =
      "maxCreates: 20%, maxUpdates: 19%, maxStarts: 20%, maxDeletes: 66%, maxStops: 100%, maxAssignments: 20%";
    const { stdout } = await (await guarded(shares)).inProcess(["plan"]);
    expect(stdout.match(/! .* allows .*/g)).toEqual([
      "! 1 to update, maxUpdates allows 19% (0)",
      "! 2 to delete, maxDeletes allows 66% (1)",
    ]);
    const enough = "maxUpdates: 20%, maxDeletes: 67%, maxStops: 100%";
    expect((await (await guarded(enough)).inProcess(["plan"])).code).toBe(0);
  });

  it("let a set without entries prune nothing, at no target, unless emptySet is forced", async () => {
    const { inProcess: run, emulator } = await workplace({
      tenant: tenant(spec),
      files: {
        "manifests/items.yaml": manifests.items("{ queue: DocQueue, prune: { referencePrefix: INV- }, items: [] }"),
      },
      target: "guards: { maxDeletes: 10 }",
    });
    const { code, stdout } = await run(["plan"]);
    expect(code).toBe(4);
    expect(stdout.replaceAll(/\s+/g, " ")).toContain(
      "the manifest names no items, and prune would delete all 3 under INV-",
    );
    expect(stdout).toContain("--force emptySet");
    expect((await run(["plan", "--force", "maxDeletes"])).code, "another guard").toBe(4);
    expect((await run(["plan", "--force", "emptySet"])).stdout).toContain("Plan: 3 to delete.");
    expect((await run(["apply", "--auto-approve"])).code).toBe(4);
    expect(sentEffects(emulator.requests())).toEqual([]);
  });
});
