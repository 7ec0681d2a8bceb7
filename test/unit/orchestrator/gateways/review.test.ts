import { describe, expect, test } from "vitest";
import type { Change } from "../../../../src/core/change.ts";
import type { ReviewState, ReviewTarget } from "../../../../src/kinds/review/payload.ts";
import { gateways } from "../../../../src/orchestrator/index.ts";
import type { Operation } from "../../../../src/orchestrator/gateways/port.ts";
import { applyRun, folder, planned, readerFor, refused, serve, signal, type Reaction, type Seen } from "../support.ts";

const ana = { id: 583, name: "ana" };
const ion = { id: 584, name: "ion" };

const assign = (id: number, after: ReviewTarget, before: Partial<ReviewState> = {}): Change => ({
  key: { kind: "Review", folder: folder.path, name: "r", entry: String(id) },
  label: String(id),
  summary: "",
  action: "assign",
  before: { id, reference: null, reviewer: null, reviewStatus: "None", rowVersion: "AAE=", ...before },
  after,
  fields: [],
  precondition: { type: "version", id, rowVersion: "AAE=" },
});
const row = (Id: number, rest: object = {}): object => ({
  Id,
  Reference: null,
  Status: "Failed",
  ReviewStatus: "None",
  ReviewerUserId: null,
  RowVersion: "AAI=",
  ...rest,
});
const done: Reaction = { json: { Success: true, Message: null, FailedItems: [] } };
const stale = (...ids: readonly number[]): Reaction => ({ json: { Success: false, Message: "no", FailedItems: ids } });

/** Answers the posts in turn and shows these rows. */
function items(answers: readonly Reaction[], rows: readonly object[]): (call: Seen) => Reaction {
  let posts = 0;
  return ({ method, query }) => {
    if (method === "POST") return answers[posts++] ?? done;
    return { json: { value: (query["$filter"] ?? "").includes("Id gt") ? [] : rows } };
  };
}
function operations(url: string, changes: readonly Change[]): readonly Operation[] {
  const resource = planned("Review", { queueId: 188, queueName: "DocQueue" }, changes);
  return gateways.Review.operations(resource, applyRun(readerFor(url)));
}
async function carry(url: string, changes: readonly Change[]): Promise<string[]> {
  const told: string[] = [];
  for (const operation of operations(url, changes)) {
    const answer = await operation.send(operation.changes, signal);
    if (answer.ending !== "answered") told.push(answer.ending);
    else for (const [{ key }, { status, note }] of answer.endings) told.push(`${key.entry} ${status}: ${note}`);
  }
  return told;
}
const posts = (seen: readonly Seen[]): object[] =>
  seen.filter(({ method }) => method === "POST").map(({ path, body }) => ({ [path.split(".").at(-1) ?? ""]: body }));

describe("a review", () => {
  test("goes by reviewer, then by status, one call each", async () => {
    await using server = await serve(items([], []));
    const changes = [
      assign(1, { reviewer: ana }),
      assign(2, { reviewer: ion }),
      assign(3, { reviewer: ana }),
      assign(4, { reviewer: null }, { reviewer: ana }),
      assign(5, { reviewStatus: "Verified" }),
    ];
    await carry(server.url, changes);
    const version = (...ids: number[]) => ids.map((Id) => ({ Id, RowVersion: "AAE=" }));
    expect(posts(server.seen)).toEqual([
      { SetItemReviewer: { queueItems: version(1, 3), userId: 583 } },
      { SetItemReviewer: { queueItems: version(2), userId: 584 } },
      { UnsetItemReviewer: { queueItems: version(4) } },
      { SetItemReviewStatus: { queueItems: version(5), status: "Verified" } },
    ]);
  });

  test("goes by comment, reviewer and status, and reads the RowVersion again after each", async () => {
    let posted = 0;
    await using server = await serve(({ method, path }) => {
      if (path.endsWith("QueueItemComments")) {
        return method === "GET" ? { json: { "@odata.count": 0, value: [] } } : { status: 201, json: { Id: 7 } };
      }
      if (method === "POST") posted++;
      return method === "POST" ? done : { json: { value: [row(1, posted === 0 ? {} : { ReviewerUserId: 583 })] } };
    });
    const told = await carry(server.url, [assign(1, { comment: "Look", reviewer: ana, reviewStatus: "InReview" })]);
    expect(told).toEqual(["1 applied: commented", "1 applied: reviewer set", "1 applied: review status set"]);
    expect(server.seen.map(({ method, path }) => `${method} ${path.split(/[./]/).at(-1)}`)).toEqual([
      "POST QueueItemComments",
      "GET QueueItems",
      "POST SetItemReviewer",
      "GET QueueItems",
      "POST SetItemReviewStatus",
    ]);
    expect(server.seen[0]?.body).toEqual({ QueueItemId: 1, Text: "Look" });
  });

  test("looks for the comments of many items at once, right before the first is posted", async () => {
    const hanging = { Id: 1, QueueItemId: 2, Text: "Look" };
    await using server = await serve(() => ({ json: { "@odata.count": 1, value: [hanging] } }));
    const checked: string[] = [];
    for (const { changes, check, repeat } of operations(
      server.url,
      [1, 2, 3].map((id) => assign(id, { comment: "Look" })),
    )) {
      expect(repeat).toBe("afterSettle");
      const endings = (await check?.(changes, signal)) ?? new Map();
      for (const [{ key }, { status }] of endings) checked.push(`${key.entry} ${status}`);
    }
    expect(checked).toEqual(["2 already-done"]);
    expect(server.seen.map(({ query }) => query["$filter"])).toEqual(["QueueItemId in (1,2,3)"]);
  });

  test("is looked at once more for comments alone, and tells of a second one with its id", async () => {
    const hanging = [7, 9].map((Id) => ({ Id, QueueItemId: 2, Text: "Look" }));
    const once = { Id: 8, QueueItemId: 1, Text: "Look" };
    await using server = await serve(() => ({ json: { "@odata.count": 3, value: [...hanging, once] } }));
    const changes = [1, 2].map((id) => assign(id, { comment: "Look" }));
    const verify = async (some: readonly Change[]) => {
      const resource = planned("Review", { queueId: 188, queueName: "DocQueue" }, some);
      const endings = new Map(some.map((change) => [change, { status: "applied" } as const]));
      return gateways.Review.verify?.(resource, endings, applyRun(readerFor(server.url)), signal);
    };
    const verified = await verify([...changes, assign(3, { reviewer: ana })]);
    const note = "the comment hangs there 2 times: comments 7, 9; none was deleted";
    expect([...(verified?.endings ?? [])]).toEqual([[changes[1], { status: "failed", ids: [2], note }]]);
    expect(server.seen.map(({ query }) => query["$filter"])).toEqual(["QueueItemId in (1,2)"]);
    await verify([assign(3, { reviewer: ana })]);
    expect(server.seen).toHaveLength(1);
    const resource = planned("Review", { queueId: 188, queueName: "DocQueue" }, changes);
    expect(gateways.Review.verifyPrice?.(resource)).toEqual({ calls: 1, listCalls: 0 });
  });

  test("reads the RowVersion again between reviewer and status", async () => {
    await using server = await serve(items([], [row(1, { ReviewerUserId: 583 })]));
    const told = await carry(server.url, [assign(1, { reviewer: ana, reviewStatus: "InReview" })]);
    expect(told).toEqual(["1 applied: reviewer set", "1 applied: review status set"]);
    expect(posts(server.seen)).toMatchObject([
      { SetItemReviewer: { queueItems: [{ Id: 1, RowVersion: "AAE=" }] } },
      { SetItemReviewStatus: { queueItems: [{ Id: 1, RowVersion: "AAI=" }] } },
    ]);
  });

  test.each<[string, "InReview" | "Verified", number, string]>([
    ["what is wanted", "InReview", 1, "1 applied: already as wanted"],
    ["a step of what is wanted", "Verified", 2, "1 applied: review status set"],
  ])("a server that begins the review itself did %s", async (_, reviewStatus, calls, ending) => {
    await using server = await serve(items([], [row(1, { ReviewerUserId: 583, ReviewStatus: "InReview" })]));
    expect((await carry(server.url, [assign(1, { reviewer: ana, reviewStatus })])).at(-1)).toBe(ending);
    expect(posts(server.seen)).toHaveLength(calls);
  });

  test.each([
    ["in FailedItems", stale(1)],
    ["for the whole call", refused(409, 1020)],
  ])("a stale item that is still as planned is tried once more: %s", async (_, answer) => {
    await using server = await serve(items([answer, done], [row(1)]));
    expect(await carry(server.url, [assign(1, { reviewer: ana })])).toEqual(["1 applied: reviewer set"]);
    expect(posts(server.seen).at(-1)).toMatchObject({
      SetItemReviewer: { queueItems: [{ Id: 1, RowVersion: "AAI=" }] },
    });
  });

  test.each<[string, object | undefined, string]>([
    [
      "has another reviewer",
      row(1, { ReviewerUserId: 584 }),
      "1 skipped: changed since the plan: it has another reviewer",
    ],
    ["has the reviewer", row(1, { ReviewerUserId: 583 }), "1 already-done: already as wanted"],
    ["was retried", row(1, { Status: "Retried" }), "1 skipped: changed since the plan: status is Retried"],
    ["is gone", undefined, "1 skipped: changed since the plan: the item is gone"],
    ["goes on being refused", row(1), "1 failed: refused by the server"],
  ])("a stale item that %s", async (_, now, told) => {
    await using server = await serve(items([stale(1), stale(1)], now === undefined ? [] : [now]));
    expect(await carry(server.url, [assign(1, { reviewer: ana })])).toEqual([told]);
  });

  test("a reviewer who may not review is a refusal, a lost answer is open", async () => {
    for (const [reaction, ending] of [
      [refused(400, 1009), "refused"],
      [{ status: 502 }, "open"],
    ] as const) {
      await using server = await serve(items([reaction], [row(1)]));
      expect(await carry(server.url, [assign(1, { reviewer: ana })])).toEqual([ending]);
    }
  });

  test("what a lost call has done is found", async () => {
    await using server = await serve(items([], [row(1, { ReviewerUserId: 583 }), row(2)]));
    const changes = [assign(1, { reviewer: ana }), assign(2, { reviewer: ana })];
    const [operation] = operations(server.url, changes);
    expect(operation?.repeat).toBe("free");
    expect([...((await operation?.find(changes, signal)) ?? [])].map(([{ key }]) => key.entry)).toEqual(["1"]);
  });

  test("the price counts the reads between the two steps", () => {
    const both = assign(1, { reviewer: ana, reviewStatus: "InReview" });
    const price = (changes: readonly Change[]) => gateways.Review.price(planned("Review", {}, changes));
    expect(price([both])).toEqual({ calls: 3, listCalls: 1 });
    expect(price([assign(1, { reviewer: ana }), assign(2, { reviewStatus: "InReview" })])).toEqual({
      calls: 2,
      listCalls: 0,
    });
  });
});
