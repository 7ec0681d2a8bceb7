import { describe, expect, it } from "vitest";
import { needs, scopes } from "../../../../src/emulator/access/needs.ts";
import type { Kind } from "../../../../src/core/resource.ts";
import { judge, leaseUses, remedy, uses, type Use } from "../../../../src/workflow/doctor/permissions.ts";

/** What is called for each kind, by the names of the emulator's table, which is the contract's. */
const calls: Readonly<Record<Kind | "lease", readonly string[]>> = {
  QueueItems: [
    "GET QueueDefinitions",
    "GET QueueItems",
    "POST Queues/UiPathODataSvc.BulkAddQueueItems",
    "POST Queues/UiPathODataSvc.AddQueueItem",
    "PUT QueueItems(key)",
    "POST QueueItems/UiPathODataSvc.DeleteBulk",
  ],
  Job: [
    "GET Releases",
    "GET Jobs",
    "POST Jobs/UiPath.Server.Configuration.OData.StartJobs",
    "POST Jobs/UiPath.Server.Configuration.OData.StopJobs",
  ],
  StoppedJobs: ["GET Releases", "GET Jobs", "POST Jobs/UiPath.Server.Configuration.OData.StopJobs"],
  Review: [
    "GET QueueDefinitions",
    "GET QueueItems",
    "GET QueueItems/UiPath.Server.Configuration.OData.GetReviewers",
    "POST QueueItems/UiPathODataSvc.SetItemReviewer",
    "POST QueueItemComments",
  ],
  lease: [
    "GET QueueDefinitions",
    "GET QueueItems",
    "POST Queues/UiPathODataSvc.AddQueueItem",
    "PUT QueueItems(key)",
    "POST QueueItems/UiPathODataSvc.DeleteBulk",
  ],
};

describe("what a kind makes use of", () => {
  it.each(Object.entries(calls))("of %s is what its calls need, with their scopes", (kind, made) => {
    const table: readonly Use[] = kind === "lease" ? leaseUses : uses[kind as Kind];
    const permissions = made.flatMap((call) => needs[call]?.split(" and ") ?? ["?"]);
    expect(new Set(table.map(({ permission }) => permission))).toEqual(new Set(permissions));
    const wanted = made.map((call) => `OR.${scopes[/^\w+ (\w+)/.exec(call)?.[1] ?? ""]} ${call.startsWith("GET")}`);
    expect(new Set(table.map(({ scope, writes }) => `${scope} ${writes !== true}`))).toEqual(new Set(wanted));
  });
});

describe("judging", () => {
  const every = (held: boolean | undefined): Map<string, boolean | undefined> =>
    new Map(leaseUses.map(({ permission }) => [permission, held]));

  it("a scope that is missing comes before a permission, and OR.Default leaves it to permissions", () => {
    const wanted = uses.QueueItems.slice(0, 3);
    expect(judge(wanted, every(false), { scopes: ["OR.Queues.Read"] }).missing).toEqual([
      "Queues.View",
      "Transactions.View",
      "OR.Queues.Write",
    ]);
    expect(judge(wanted, every(true), { scopes: ["OR.Default"] }).missing).toEqual([]);
    expect(judge(wanted, every(true), { scopes: ["OR.Queues"] })).toMatchObject({ text: "has all that is needed" });
  });

  it("what only some manifests need is no problem, and what nobody tells is said", () => {
    const access = every(true).set("Transactions.Delete", undefined).set("Queues.Edit", false);
    expect(judge(uses.QueueItems, access, {})).toEqual({
      text: "may not change items (Queues.Edit), which only some manifests need; the server does not tell whether it may prune (Transactions.Delete)",
      missing: [],
    });
  });

  it("says what to do by Orchestrator's names", () => {
    expect(remedy(["Jobs.Edit", "OR.Jobs.Write"])).toBe(
      "give the account's role in that folder Jobs.Edit; give the external application, and auth.scope of the target, OR.Jobs.Write",
    );
  });
});
