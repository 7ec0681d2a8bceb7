import { describe, expect, test } from "vitest";
import type { Change } from "../../../../src/core/change.ts";
import type { Ending } from "../../../../src/core/outcome.ts";
import type { QueueItemsSettings } from "../../../../src/kinds/queue-items/payload.ts";
import { gateways } from "../../../../src/orchestrator/index.ts";
import type { Verified } from "../../../../src/orchestrator/gateways/port.ts";
import { applyRun, planned, readerFor, serve, signal } from "../support.ts";

const settings: QueueItemsSettings = {
  queueId: 188,
  queueName: "DocQueue",
  unique: false,
  commit: "ProcessAllIndependently",
  order: "manifest",
  typeHints: false,
};
const change: Change = {
  key: { kind: "QueueItems", folder: "Finance/Invoices", name: "r", entry: "A" },
  label: "A",
  summary: "",
  action: "create",
  after: { reference: "A", priority: "Normal" },
  precondition: { type: "absent" },
};
const ours = "orch-sync/20261121T120000Z-00ff00ff00ff/1";

function row(Id: number, members: object = {}): object {
  const base = { Reference: "A", Status: "New", RetryNumber: 0, AncestorId: null, ParentOperationId: ours };
  return { Id, Key: `key-${Id}`, RowVersion: `v${Id}`, ...base, ...members };
}

async function verify(
  rows: readonly object[],
): Promise<{ readonly ending: Ending | undefined; readonly removed: readonly number[]; readonly verified: Verified }> {
  await using server = await serve(({ query }) =>
    query["$orderby"] === "Id desc" ? { json: { value: [{ Id: 0 }] } } : { json: { value: rows } },
  );
  const run = { ...applyRun(readerFor(server.url)), applyId: "20261121T120000Z-00ff00ff00ff" };
  const resource = planned("QueueItems", settings, [change]);
  const endings = new Map([[change, { status: "applied", note: "added" } as const]]);
  const verified = await gateways.QueueItems.verify?.(resource, endings, run, signal);
  if (verified === undefined) throw new Error("no verify");
  const removed = (verified.removal?.operation.changes ?? []).map(
    (each) => (each as { before: { id: number } }).before.id,
  );
  return { ending: verified.endings.get(change), removed, verified };
}

describe("a look at what was added", () => {
  test("says nothing of what is there once, retries counted as one", async () => {
    expect(await verify([row(7)])).toMatchObject({ ending: undefined, removed: [] });
    expect(await verify([row(7, { Status: "Retried" }), row(9, { Key: "key-7", RetryNumber: 1 })])).toMatchObject({
      ending: undefined,
      removed: [],
    });
  });

  test("removes a second copy only with proof, and the lowest Id stays", async () => {
    const { ending, removed, verified } = await verify([row(9), row(7), row(8)]);
    expect(removed).toEqual([8, 9]);
    expect(ending).toMatchObject({ status: "applied", ids: [7] });
    expect([...(verified.removal?.of.values() ?? [])]).toEqual([change, change]);
    expect(verified.removal?.operation.name).toBe("DeleteBulk");
  });

  test.each([
    ["carries no mark", [row(7), row(8, { ParentOperationId: null })]],
    [
      "carries another apply's mark",
      [row(7), row(8, { ParentOperationId: "orch-sync/20261121T120000Z-00ff00ff00fe/1" })],
    ],
    ["is in progress", [row(7), row(8, { Status: "InProgress" })]],
    ["was attempted", [row(7), row(8, { RetryNumber: 1 })]],
    ["stays and carries no mark", [row(7, { ParentOperationId: null }), row(8)]],
  ])("only reports it, with the ids, where the copy %s", async (_why, rows) => {
    const { ending, removed } = await verify(rows);
    expect(removed).toEqual([]);
    expect(ending).toMatchObject({
      status: "failed",
      ids: [7, 8],
      note: expect.stringContaining("ids 7, 8") as string,
    });
  });

  test("removes nothing where no mark was sent", async () => {
    await using server = await serve(() => ({ json: { value: [row(7), row(8)] } }));
    const resource = planned("QueueItems", settings, [change]);
    const endings = new Map([[change, { status: "applied", note: "added" } as const]]);
    const verified = await gateways.QueueItems.verify?.(resource, endings, applyRun(readerFor(server.url)), signal);
    expect(verified?.removal).toBeUndefined();
  });

  test("calls what was deleted since no loss", async () => {
    expect((await verify([row(7, { Status: "Deleted" })])).ending).toMatchObject({
      status: "applied",
      note: "added; deleted since, or not to be seen now",
    });
    expect((await verify([row(7, { Status: "Deleted" }), row(8)])).ending).toBeUndefined();
  });
});
