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
