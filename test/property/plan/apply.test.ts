import * as fc from "fast-check";
import { expect, it } from "vitest";
import { isPending, type Change } from "../../../src/core/change.ts";
import type { Outcome } from "../../../src/core/outcome.ts";
import { hasPendingChanges, isRefused, type PlannedResource } from "../../../src/core/plan.ts";
import { fullKey, keyIdentity } from "../../../src/core/resource.ts";
import type { ManifestDocument } from "../../../src/manifest/loaded.ts";
import { writeManifests } from "../../../src/manifest/write.ts";
import { exportedKinds, exportTenant } from "../../../src/workflow/export/export.ts";
import { load, loadText, openDesk } from "./desk.ts";
import { documentsOf, tenantOf, world } from "./world.ts";

it("after an apply the plan is empty, and the report says of what it cannot be", { timeout: 60_000 }, async () => {
  const proved = { changes: 0, purged: 0 };
  await fc.assert(
    fc.asyncProperty(world, async (made) => {
      const resources = await load({ "all.yaml": documentsOf(made) });
      await using desk = await openDesk(tenantOf(made, resources));
      const plan = await desk.plan(resources);
      fc.pre(!isRefused(plan));
      const { outcomes } = await desk.apply(plan);
      const again = await desk.plan(resources);
      for (const planned of plan.resources) {
        const own = outcomes.filter(
          ({ key: { entry: _entry, ...key } }) => keyIdentity(key) === keyIdentity(planned.key),
        );
        if (!own.every(({ status }) => status === "applied" || status === "already-done")) continue;
        const left = again.resources.filter(({ key }) => keyIdentity(key) === keyIdentity(planned.key));
        const purged = new Set(own.filter(isPurged).map(({ key }) => fullKey(key)));
        proved.changes += own.length;
        proved.purged += purged.size;
        expect(left.flatMap(pendingOf).filter((change) => !isExempt(change, purged, planned))).toEqual([]);
      }
    }),
    { numRuns: 60 },
  );
  expect(proved.changes).toBeGreaterThan(60);
  expect(proved.purged).toBeGreaterThan(0);
});

function pendingOf({ changes }: PlannedResource): Change[] {
  return [...changes].filter(isPending);
}

/** Its add found the reference taken, and nothing of it is there to be seen. */
function isPurged({ key, action, status, ids }: Outcome): boolean {
  return key.kind === "QueueItems" && action === "create" && status === "already-done" && ids === undefined;
}

function isExempt(change: Change, purged: ReadonlySet<string>, { settings }: PlannedResource): boolean {
  if (change.action === "start" && change.always === true) return true;
  // A run that was left while it went on may have ended badly since.
  const { until } = (settings["wait"] ?? {}) as { readonly until?: string };
  if (change.key.kind === "Job" && until !== "completed") return true;
  return change.action === "create" && purged.has(fullKey(change.key));
}

it("the plan of a state against itself is empty", { timeout: 60_000 }, async () => {
  let entries = 0;
  await fc.assert(
    fc.asyncProperty(world, async (made) => {
      const known = await load({ "all.yaml": documentsOf(made) });
      await using desk = await openDesk(tenantOf(made, known));
      const documents: ManifestDocument[] = [];
      await exportTenant({
        reader: desk.reader,
        folder: undefined,
        kinds: exportedKinds,
        known: [],
        sink: { document: (document) => void documents.push(document), note: () => undefined },
        signal: new AbortController().signal,
      });
      fc.pre(documents.length > 0);
      const plan = await desk.plan(await loadText({ "all.yaml": writeManifests(documents) }));
      expect(plan.resources.flatMap(pendingOf)).toEqual([]);
      expect([plan.summary.blocked, hasPendingChanges(plan.summary)]).toEqual([0, false]);
      entries += plan.summary["no-op"];
    }),
    { numRuns: 30 },
  );
  expect(entries).toBeGreaterThan(30);
});
