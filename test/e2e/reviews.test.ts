import { expect, test } from "vitest";
import type { FaultRule } from "../../src/emulator/index.ts";
import { exampleCopy } from "../support/cli.ts";
import { manifests, tenant, workplace } from "../support/server.ts";
import { inProcess } from "../support/in-process.ts";

interface Line {
  readonly action: string;
  readonly label: string;
  readonly after?: { readonly reviewer?: { readonly name: string }; readonly comment?: string };
}

const lines = (stdout: string): Line[] =>
  (JSON.parse(stdout) as { resources: { changes: Line[] }[] }).resources.flatMap(({ changes }) => changes);

test("the rota of the examples: shared, commented once, and in line afterwards", async () => {
  const cwd = exampleCopy("review-rota");
  const first = await inProcess(["plan", "-o", "json"], { cwd });
  const shares = lines(first.stdout).flatMap(({ label, after }) =>
    after === undefined ? [] : [[label, after.reviewer?.name]],
  );
  expect(shares).toEqual([
    ["INV-201 (1)", "ana"],
    ["INV-203 (3)", "ion"],
    ["INV-204 (4)", "ana"],
    ["INV-205 (5)", "dan"],
  ]);
  expect(await inProcess(["apply", "--auto-approve"], { cwd })).toMatchObject({ code: 0 });
  const again = await inProcess(["plan", "--explain", "--detailed-exitcode"], { cwd });
  expect(again).toMatchObject({ code: 0 });
  expect(again.stdout).toContain("exceptionText is matched here");
});

const items = ["A", "B"].map((reference) => ({
  queue: "DocQueue",
  folder: "Finance",
  reference,
  status: "Failed" as const,
  exception: { type: "BusinessException" as const, reason: "no" },
}));

test("a comment whose answer was lost hangs there once", async () => {
  const faults: FaultRule[] = [
    { match: { method: "POST", path: "*QueueItemComments" }, times: 1, handle: "once", answer: "close" },
  ];
  const { inProcess: run, emulator } = await workplace({
    tenant: tenant({ queues: [{ name: "DocQueue", folder: "Finance" }], items }),
    faults,
    files: { "manifests/a.yaml": manifests.review("{ queue: DocQueue, comment: Look at it }") },
  });
  const applied = await run(["apply", "--auto-approve", "-o", "json"]);
  expect(applied).toMatchObject({ code: 0 });
  expect(await run(["plan", "--detailed-exitcode"])).toMatchObject({ code: 0 });
  const posted = emulator
    .requests()
    .filter(({ method, path }) => method === "POST" && path.endsWith("QueueItemComments"));
  expect(posted).toHaveLength(2);
});

test("two reviews that would take turns are both blocked, also the one that has nothing to do", async () => {
  const rota = (name: string, spec: string): string =>
    `apiVersion: orch-sync/v1\nkind: Review\nmetadata: { name: ${name}, folder: Finance }\nspec: ${spec}\n`;
  const { inProcess: run } = await workplace({
    tenant: tenant({
      queues: [{ name: "DocQueue", folder: "Finance" }],
      items: items.map((each) => Object.assign(each.reference === "A" ? { reviewer: "ana" } : {}, each)),
      users: ["ana", "ion"].map((userName) => ({ userName, reviewer: true })),
    }),
    files: {
      "manifests/a.yaml": rota(
        "a",
        "{ queue: DocQueue, select: { references: [A] }, reviewers: [ana], override: true }",
      ),
      "manifests/b.yaml": rota("b", "{ queue: docqueue, reviewers: [ion], override: true }"),
    },
  });
  const refused = await run(["plan"]);
  expect(refused.code).toBe(4);
  const text = refused.stdout.replaceAll(/\s+/g, " ");
  const end = "each apply would undo the one before";
  expect(text).toContain(`blocked: Review/b sets reviewer ion, this one sets reviewer ana: ${end} manifests/a.yaml`);
  expect(text).toContain(`blocked: this one sets reviewer ion, Review/a sets reviewer ana: ${end} manifests/b.yaml`);
  expect(text).toContain("1 to assign, 2 blocked");
  expect(await run(["apply", "--auto-approve", "--exclude", "name=b"])).toMatchObject({ code: 0 });
});
