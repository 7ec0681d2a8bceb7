import * as fc from "fast-check";
import { expect, it } from "vitest";
import { hasPendingChanges, isRefused, type Plan } from "../../../src/core/plan.ts";
import type { TenantDocument } from "../../../src/emulator/index.ts";
import { load, openDesk } from "./desk.ts";
import type { Document } from "./world.ts";

const people = ["ana", "ion", "eva"];
const statuses = ["None", "InReview", "Verified"];

const optional = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(values, { nil: undefined });
const some = (values: readonly string[]): fc.Arbitrary<string[]> => fc.subarray([...values], { minLength: 1 });

const review = fc
  .record(
    {
      select: fc.record(
        {
          reviewer: fc.constantFrom("none", "any", ...people),
          reviewStatus: some(statuses),
          references: some(["A", "B", "C"]),
        },
        { requiredKeys: [], noNullPrototype: true },
      ),
      reviewers: some(people),
      override: fc.boolean(),
      reviewStatus: fc.constantFrom(...statuses),
    },
    { requiredKeys: [], noNullPrototype: true },
  )
  .map((spec) =>
    Object.assign(spec.reviewers === undefined && spec.reviewStatus === undefined ? { unassign: true } : {}, spec),
  );

const item = fc.record({ reviewer: optional(fc.constantFrom(...people)), reviewStatus: fc.constantFrom(...statuses) });

/** Each item can be as it was only so often without a state of it coming back: three people and nobody, three statuses. */
const states = 12;

it("reviews of one queue come to rest, or are refused: they never take turns", { timeout: 120_000 }, async () => {
  const seen = { rested: 0, refused: 0, inTurns: 0 };
  const reviews = fc.array(review, { minLength: 2, maxLength: 3 });
  const items = fc.array(item, { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(reviews, items, async (specs, live) => {
      const resources = await load({ "all.yaml": specs.map(documentOf) });
      await using desk = await openDesk(tenantOf(live));
      let plan = await desk.plan(resources);
      for (let round = 0; round < states && isApplicable(plan); round++) {
        const { outcomes } = await desk.apply(plan);
        expect(outcomes.map(({ status }) => status)).not.toContain("failed");
        plan = await desk.plan(resources);
      }
      expect(isApplicable(plan)).toBe(false);
      expect((await desk.plan(resources)).id).toBe(plan.id);
      seen[isRefused(plan) ? "refused" : "rested"]++;
      if (JSON.stringify(plan.resources).includes("taken-in-turns")) seen.inTurns++;
    }),
    { numRuns: 150 },
  );
  expect(Math.min(seen.rested, seen.refused, seen.inTurns)).toBeGreaterThan(5);
});

function isApplicable(plan: Plan): boolean {
  return !isRefused(plan) && hasPendingChanges(plan.summary);
}

function documentOf(spec: object, index: number): Document {
  const metadata = { name: `review-${index}`, folder: "Finance" };
  return { apiVersion: "orch-sync/v1", kind: "Review", metadata, spec: { queue: "Reviewed", ...spec } };
}

function tenantOf(live: readonly object[]): TenantDocument {
  const folder = "Finance";
  const spec = {
    edition: "cloud",
    listCallsPerMinute: null,
    clock: { start: "2026-11-21T10:00:00Z", mode: "manual" },
    folders: [{ path: folder, type: "modern" }],
    users: people.map((userName) => ({ userName, reviewer: true })),
    queues: [{ name: "Reviewed", folder }],
    items: live.map((fields, index) => ({
      ...(JSON.parse(JSON.stringify(fields)) as object),
      queue: "Reviewed",
      folder,
      reference: ["A", "B", "C"][index],
      status: "Failed",
      created: "-2h",
      exception: { type: "BusinessException", reason: "No price." },
    })),
  };
  return { apiVersion: "orch-sync/v1", kind: "Tenant", metadata: { name: "acme" }, spec } as TenantDocument;
}
