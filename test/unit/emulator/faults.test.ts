import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Emulator, FaultRule } from "../../../src/emulator/index.ts";
import { invoices, sender, start, type Answer, type Send } from "./tenant.ts";

let emulator: Emulator;
let send: Send;

beforeEach(async () => {
  emulator = await start({ edition: "2023.4" });
  send = sender(emulator);
});

afterEach(async () => emulator.close());

const bulkPath = "/odata/Queues/UiPathODataSvc.BulkAddQueueItems";
const startPath = "/odata/Jobs/UiPath.Server.Configuration.OData.StartJobs";
const bulk = { method: "POST", path: "*.BulkAddQueueItems" };
const smoke = "11111111-1111-4111-8111-111111111111";

async function add(queue: string, added: readonly string[], commitType = "ProcessAllIndependently"): Promise<Answer> {
  const queueItems = added.map((Reference) => ({ Reference, SpecificContent: { Amount: 1 } }));
  return send("POST", bulkPath, { queueName: queue, commitType, queueItems });
}

async function references(queue = 31): Promise<readonly unknown[]> {
  const { body } = await send("GET", `/odata/QueueItems?$filter=QueueDefinitionId eq ${queue}&$orderby=Id`);
  return body.value.map((row) => row["Reference"]);
}

/** What is in the queue Plain at the start. */
const before = ["failed", "waiting", "busy"];

async function failure(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => "answered",
    (error: unknown) => (error instanceof Error ? error.name : "thrown"),
  );
}

function logged(): readonly unknown[] {
  return emulator
    .requests()
    .filter(({ method }) => method !== "GET")
    .map(({ status, fault }) => [status, fault?.handled ?? null]);
}

describe("a call that is not handled", () => {
  test("is answered another status, and changes nothing", async () => {
    emulator.faults.set([{ match: bulk, times: 1, handle: "no", answer: { status: 503 } }]);
    expect((await add("Plain", ["a"])).status).toBe(503);
    expect(await references()).toEqual(before);
    expect((await add("Plain", ["a"])).status).toBe(200);
    expect(logged()).toEqual([
      [503, []],
      [200, null],
    ]);
  });

  test.each<[string, FaultRule["answer"], string | null]>([
    ["as seconds", { status: 429, retryAfter: 7 }, "7"],
    ["as a date, by the emulator's clock", { status: 429, retryAfter: { date: 90 } }, "Thu, 01 Jan 2026 00:01:30 GMT"],
    ["not at all", { status: 429 }, null],
  ])("may be asked back, %s", async (_name, answer, header) => {
    emulator.faults.set([{ handle: "no", answer: answer as { status: number } }]);
    const { status, headers } = await send("GET", "/odata/Jobs");
    expect([status, headers.get("retry-after")]).toEqual([429, header]);
  });

  test("may find its connection closed", async () => {
    emulator.faults.set([{ match: bulk, handle: "no", answer: "close" }]);
    expect(await failure(add("Plain", ["a"]))).toBe("TypeError");
    expect(await references()).toEqual(before);
    expect(logged()).toEqual([[0, []]]);
  });
});

describe("a call that is handled, and whose client does not learn it", () => {
  test.each([500, 502, 503, 504, 408])("is answered %i", async (status) => {
    emulator.faults.set([{ match: bulk, handle: "once", answer: { status } }]);
    expect((await add("Plain", ["a"])).status).toBe(status);
    expect(await references()).toEqual([...before, "a"]);
    expect(logged()).toEqual([[status, [200]]]);
  });

  test("finds its connection closed", async () => {
    emulator.faults.set([{ match: bulk, handle: "once", answer: "close" }]);
    expect(await failure(add("Plain", ["a"]))).toBe("TypeError");
    expect(await references()).toEqual([...before, "a"]);
    expect(logged()).toEqual([[0, [200]]]);
  });

  test("gets half of the answer", async () => {
    emulator.faults.set([{ match: bulk, answer: "cut" }]);
    const response = await fetch(emulator.url + bulkPath, {
      method: "POST",
      headers: { authorization: `Bearer ${emulator.token}`, "content-type": "application/json", ...invoices },
      body: JSON.stringify({ queueName: "Plain", commitType: "AllOrNothing", queueItems: [{ Reference: "a" }] }),
    });
    expect(response.status).toBe(200);
    expect(await failure(response.text())).toBe("TypeError");
    expect(await references()).toEqual([...before, "a"]);
    expect(logged()).toEqual([[200, [200]]]);
  });

  test("an answer without a body cannot be cut, and does not come", async () => {
    emulator.faults.set([{ match: { method: "DELETE" }, answer: "cut" }]);
    expect(await failure(send("DELETE", "/odata/QueueItems(102)"))).toBe("TypeError");
    expect((await send("GET", "/odata/QueueItems(102)")).body["Status"]).toBe("Deleted");
  });

  test("gets a page with 200 (quirk 27: absent endpoints may answer 200 text/html)", async () => {
    emulator.faults.set([{ match: bulk, handle: "once", answer: "html" }]);
    const { status, headers, text } = await add("Plain", ["a"]);
    expect([status, headers.get("content-type")]).toEqual([200, "text/html"]);
    expect(text).toMatch(/^<!doctype html>/);
    expect(await references()).toEqual([...before, "a"]);
  });

  test("gets no answer, until it gives up", async () => {
    emulator.faults.set([{ match: bulk, handle: "once", answer: "never" }]);
    const giveUp = new AbortController();
    const call = failure(
      fetch(emulator.url + bulkPath, { method: "POST", body: "{}", signal: giveUp.signal }).then(() => "answered"),
    );
    await vi.waitFor(() => expect(logged()).toEqual([[0, [401]]]));
    giveUp.abort();
    expect(await call).toBe("AbortError");
  });
});

describe("a call that is handled otherwise", () => {
  test("twice, as by a proxy that tries again: the second answer counts", async () => {
    emulator.faults.set([{ match: bulk, handle: "twice" }]);
    expect((await add("Plain", ["a"])).body["Success"]).toBe(true);
    expect((await add("Unique", ["u"])).body["FailedItems"]).toMatchObject([{ ErrorCode: "DuplicateReference" }]);
    expect(await references()).toEqual([...before, "a", "a"]);
    expect(await references(32)).toEqual(["u"]);
    expect(logged()).toEqual([
      [200, [200, 200]],
      [200, [200, 200]],
    ]);
  });

  test.each([
    ["ProcessAllIndependently", ["a", "b"]],
    ["StopOnFirstFailure", ["a", "b"]],
    ["AllOrNothing", []],
  ])("in part: rows of a bulk add with %s", async (commit, added) => {
    emulator.faults.set([{ match: bulk, handle: { part: 2 }, answer: { status: 504 } }]);
    expect((await add("Plain", ["a", "b", "c"], commit)).status).toBe(504);
    expect(await references()).toEqual([...before, ...added]);
  });

  test("in part: jobs of a start", async () => {
    emulator.faults.set([{ match: { path: "*.StartJobs" }, handle: { part: 2 }, answer: "close" }]);
    const startInfo = { ReleaseKey: smoke, Strategy: "ModernJobsCount", JobsCount: 5, Reference: "r" };
    expect(await failure(send("POST", startPath, { startInfo }))).toBe("TypeError");
    expect((await send("GET", "/odata/Jobs?$filter=Reference eq 'r'")).body.value).toHaveLength(2);
  });

  test("in part: items of a bulk delete", async () => {
    emulator.faults.set([{ match: { path: "*.DeleteBulk" }, handle: { part: 1 }, answer: { status: 502 } }]);
    const { value } = (await send("GET", "/odata/QueueItems?$filter=Id in (101,102)")).body;
    const queueItems = value.map((row) => ({ Id: row["Id"], RowVersion: row["RowVersion"] }));
    expect((await send("POST", "/odata/QueueItems/UiPathODataSvc.DeleteBulk", { queueItems })).status).toBe(502);
    expect((await send("GET", "/odata/QueueItems?$filter=Status eq 'Deleted'")).body.value).toHaveLength(1);
  });

  test("late, after the client has got an answer, by the clock", async () => {
    emulator.faults.set([{ match: bulk, handle: { late: "30s" }, answer: { status: 504 } }]);
    expect((await add("Plain", ["a"])).status).toBe(504);
    emulator.clock.advance(29_999);
    expect(await references()).toEqual(before);
    expect(logged()).toEqual([[504, []]]);
    emulator.clock.advance(60_000);
    const { value } = (await send("GET", "/odata/QueueItems?$filter=Reference eq 'a'")).body;
    expect(value).toMatchObject([{ CreationTime: "2026-01-01T00:00:30Z" }]); // when it was due, not when the clock stood still again
    expect(logged()).toEqual([[504, [200]]]);
  });

  test("late, after the client has given up, up to a time that the seed decides", async () => {
    emulator.faults.set([{ match: bulk, handle: { late: { upTo: "10s" } } }]);
    const giveUp = new AbortController();
    const headers = { authorization: `Bearer ${emulator.token}`, "content-type": "application/json", ...invoices };
    const body = JSON.stringify({ queueName: "Plain", commitType: "AllOrNothing", queueItems: [{ Reference: "a" }] });
    const call = failure(fetch(emulator.url + bulkPath, { method: "POST", headers, body, signal: giveUp.signal }));
    await vi.waitFor(() => expect(logged()).toEqual([[0, []]]));
    emulator.clock.advance(3_600_000); // nobody has given up yet
    expect(await references()).toEqual(before);
    giveUp.abort();
    expect(await call).toBe("AbortError");
    await vi.waitFor(() => {
      emulator.clock.advance(10_000);
      expect(logged()).toEqual([[0, [200]]]);
    });
    expect(await references()).toEqual([...before, "a"]);
  });

  test("after a delay, by the clock", async () => {
    emulator.faults.set([{ match: { path: "/odata/Folders" }, delay: "5s" }]);
    let status = 0;
    const call = send("GET", "/odata/Folders").then((answer) => (status = answer.status));
    await vi.waitFor(() => expect(emulator.requests()).toHaveLength(1));
    expect((await send("POST", "/__emulator/clock", { advance: 4999 })).status).toBe(200);
    expect(status).toBe(0);
    await send("POST", "/__emulator/clock", { advance: 1 });
    expect(await call).toBe(200);
  });

  test("after a delay, in real time where the clock runs", async () => {
    await using real = await start({ clock: "real", faults: [{ delay: "30ms" }] });
    const begun = performance.now();
    expect((await sender(real)("GET", "/odata/Folders")).status).toBe(200);
    expect(performance.now() - begun).toBeGreaterThan(25);
    const held = sender(real)("GET", "/odata/Folders");
    real.faults.set([{ delay: "1h" }]);
    const moved = sender(real)("GET", "/odata/Jobs");
    await vi.waitFor(() => expect(real.requests()).toHaveLength(3));
    real.clock.advance(3_600_000);
    expect([(await held).status, (await moved).status]).toEqual([200, 200]);
  });

  test("and never any more once the emulator is closed", async () => {
    const rules: FaultRule[] = [{ match: bulk, handle: { late: "1ms" }, answer: { status: 504 } }, { delay: "1h" }];
    const real = await start({ clock: "real", faults: rules });
    const open = failure(sender(real)("GET", "/odata/Folders"));
    await vi.waitFor(() => expect(real.requests()).toHaveLength(1));
    const body = { queueName: "Plain", commitType: "AllOrNothing", queueItems: [{ Reference: "a" }] };
    await sender(real)("POST", bulkPath, body);
    await real.close(); // a write that came later would find the database closed, and throw where nobody catches it
    expect(await open).toBe("TypeError");
    expect(real.requests().map(({ status }) => status)).toEqual([0, 504]);
  });
});

describe("a write that lists show late", () => {
  const rule: FaultRule = { match: { method: ["POST", "PUT", "DELETE"] }, showLate: "10s" };

  test("has its answer, is there by its Id, and is missing from lists until its time", async () => {
    emulator.faults.set([rule]);
    const added = await send("POST", "/odata/Queues/UiPathODataSvc.AddQueueItem", {
      itemData: { Name: "Plain", Reference: "a" },
    });
    const id = Number(added.body["Id"]);
    expect(added.body).toMatchObject({ Reference: "a" });
    expect((await send("GET", `/odata/QueueItems(${id})`)).body["Reference"]).toBe("a");
    expect(await references()).toEqual(before);
    expect((await send("GET", `/odata/QueueItems?$filter=Id eq ${id}`)).body["@odata.count"]).toBe(0);
    expect((await send("GET", `/odata/QueueItemEvents?$filter=QueueItemId eq ${id}`)).body.value).toEqual([]);
    emulator.clock.advance(9999);
    expect(await references()).toEqual(before);
    emulator.clock.advance(1);
    expect(await references()).toEqual([...before, "a"]);
  });

  test("leaves other writes to be seen", async () => {
    emulator.faults.set([{ ...rule, times: 1 }]);
    await add("Plain", ["late"]);
    await add("Plain", ["seen"]);
    expect(await references()).toEqual([...before, "seen"]);
    emulator.clock.advance(10_000);
    expect(await references()).toEqual([...before, "late", "seen"]);
  });

  test("shows what it was before where it changes something", async () => {
    emulator.faults.set([rule]);
    await send("DELETE", "/odata/QueueItems(102)");
    const shown = async (): Promise<unknown> =>
      (await send("GET", "/odata/QueueItems?$filter=Id eq 102")).body.value[0]?.["Status"];
    expect(await shown()).toBe("New");
    expect((await send("GET", "/odata/QueueItems(102)")).body["Status"]).toBe("Deleted");
    emulator.clock.advance(10_000);
    expect(await shown()).toBe("Deleted");
  });

  test("hides jobs too, and nothing that was rolled back comes back", async () => {
    emulator.faults.set([rule]);
    await add("Unique", ["x", "x"], "AllOrNothing"); // takes an Id, and gives it back
    const startInfo = { ReleaseKey: smoke, Strategy: "ModernJobsCount", JobsCount: 2 };
    expect((await send("POST", startPath, { startInfo })).body.value).toHaveLength(2);
    const jobs = async (): Promise<number> => (await send("GET", "/odata/Jobs")).body.value.length;
    expect(await jobs()).toBe(1);
    expect((await send("GET", "/odata/Jobs")).body["@odata.count"]).toBe(1);
    expect(await references(32)).toEqual([]);
    emulator.faults.clear();
    expect(await jobs()).toBe(3);
    expect((await send("GET", "/odata/Jobs")).body["@odata.count"]).toBe(3);
    await add("Unique", ["y"]);
    expect(await references(32)).toEqual(["y"]);
  });
});

describe("quirk 29: error bodies have six shapes, and more", () => {
  const said = { message: "No.", errorCode: 1009 };
  test.each<[NonNullable<Extract<FaultRule["answer"], object>["shape"]>, unknown, string]>([
    [
      "abp",
      { message: "No.", errorCode: 1009, success: false, error: { code: 1009, message: "No." }, __abp: true },
      "application/json; charset=utf-8",
    ],
    ["odata", { error: { code: "1009", message: "No." } }, "application/json; charset=utf-8"],
    ["problem", { title: "Conflict", status: 409, errors: { "": ["No."] } }, "application/problem+json; charset=utf-8"],
    ["pascal", { StatusCode: 409, StatusDescription: "Conflict", Message: "No." }, "application/json; charset=utf-8"],
    ["errorMessage", { errorMessage: "No." }, "application/json; charset=utf-8"],
    ["nested", { result: { errors: [{ code: 1009, message: "No." }] } }, "application/json; charset=utf-8"],
    [
      "plain",
      { message: "No.", errorCode: 1009, traceId: expect.stringMatching(/^00-\w{32}-\w{16}-01$/) as string },
      "application/json; charset=utf-8",
    ],
  ])("%s", async (shape, body, type) => {
    emulator.faults.set([{ handle: "no", answer: { status: 409, shape, ...said } }]);
    const answer = await send("GET", "/odata/Jobs");
    expect([answer.status, answer.headers.get("content-type")]).toEqual([409, type]);
    expect(answer.body).toMatchObject(body as object);
  });

  test("a page, or nothing", async () => {
    emulator.faults.set([
      { match: { calls: 1 }, handle: "no", answer: { status: 502, shape: "page" } },
      { handle: "no", answer: { status: 502, shape: "empty" } },
    ]);
    const page = await send("GET", "/odata/Jobs");
    expect([page.headers.get("content-type"), page.text]).toEqual([
      "text/html",
      expect.stringContaining("502 Bad Gateway"),
    ]);
    const empty = await send("GET", "/odata/Jobs");
    expect([empty.status, empty.text, empty.headers.get("content-type")]).toEqual([502, "", null]);
  });
});

describe("refusals", () => {
  async function tokenOf(): Promise<string> {
    const body = new URLSearchParams({ grant_type: "client_credentials", client_id: "app", client_secret: "s3cret" });
    const answer = await fetch(`${emulator.url}/identity/connect/token`, { method: "POST", body });
    return ((await answer.json()) as { access_token: string }).access_token;
  }
  const jobs = async (token: string): Promise<number> =>
    (await send("GET", "/odata/Jobs", undefined, { authorization: `Bearer ${token}` })).status;

  test("of a token once", async () => {
    emulator.faults.set([{ match: { calls: 2 }, refuseToken: "once" }]);
    expect((await send("GET", "/odata/Jobs")).status).toBe(200);
    const { status, body } = await send("GET", "/odata/Jobs");
    expect([status, body["__abp"], body["unAuthorizedRequest"]]).toEqual([401, true, true]);
    expect((await send("GET", "/odata/Jobs")).status).toBe(200);
  });

  test("of a token from now on: a new one is good", async () => {
    emulator.faults.set([{ times: 1, refuseToken: "revoked" }]);
    const old = await tokenOf();
    expect([await jobs(old), await jobs(old)]).toEqual([401, 401]);
    expect(await jobs(await tokenOf())).toBe(200);
  });

  test("of every token for good: none is good any more, but the emulator's own paths answer", async () => {
    emulator.faults.set([{ match: { path: "/odata/**", calls: 2 }, name: "locked out", refuseToken: "forGood" }]);
    expect(await jobs(await tokenOf())).toBe(200);
    expect(await jobs(await tokenOf())).toBe(401);
    expect([await jobs(await tokenOf()), await jobs(emulator.token)]).toEqual([401, 401]);
    expect(emulator.requests().at(-1)?.fault).toEqual({ name: "locked out", handled: [] });
    expect((await send("DELETE", "/__emulator/faults")).status).toBe(204);
    expect(await jobs(emulator.token)).toBe(200);
  });

  test("of a permission from a call on", async () => {
    emulator.faults.set([{ match: { path: "/odata/QueueItems", calls: 2 }, refusePermission: "Transactions.View" }]);
    expect((await send("GET", "/odata/QueueItems")).status).toBe(200);
    const { status, body } = await send("GET", "/odata/QueueItems");
    expect([status, body["message"]]).toEqual([403, "You are not authorized!"]);
    expect((await send("GET", "/odata/QueueItemComments")).status).toBe(403);
    expect((await send("GET", "/odata/QueueDefinitions")).status).toBe(200);
    expect(emulator.requests().map(({ status: answered, fault }) => [answered, fault?.name])).toEqual([
      [200, undefined],
      [403, "rule 1"],
      [403, "rule 1"],
      [200, undefined],
    ]);
  });
});

test("a RowVersion moves just before the write: the item stands in FailedItems (quirk 7)", async () => {
  emulator.faults.set([{ match: { path: "*.SetItemReviewer" }, times: 1, moveRowVersion: true }]);
  const { body: item } = await send("GET", "/odata/QueueItems(101)");
  const review = async (RowVersion: unknown): Promise<unknown> =>
    (
      await send("POST", "/odata/QueueItems/UiPathODataSvc.SetItemReviewer", {
        queueItems: [{ Id: 101, RowVersion }],
        userId: 11,
      })
    ).body;
  expect(await review(item["RowVersion"])).toMatchObject({ Success: false, FailedItems: [101] });
  const { body: moved } = await send("GET", "/odata/QueueItems(101)");
  expect(moved["RowVersion"]).not.toBe(item["RowVersion"]);
  expect(await review(moved["RowVersion"])).toMatchObject({ Success: true });
});

describe("which calls a rule hits", () => {
  const fail = { handle: "no", answer: { status: 500 } } as const;

  async function statuses(rules: readonly FaultRule[], paths: readonly string[]): Promise<readonly number[]> {
    emulator.faults.set(rules);
    const list: number[] = [];
    for (const path of paths) list.push((await send("GET", path)).status);
    return list;
  }
  const folders = (count: number): readonly string[] => Array.from({ length: count }, () => "/odata/Folders");

  test.each<[string, NonNullable<FaultRule["match"]>, readonly number[]]>([
    ["the nth", { calls: 2 }, [2]],
    ["from", { calls: { from: 4 } }, [4, 5, 6]],
    ["to", { calls: { to: 2 } }, [1, 2]],
    ["every", { calls: { every: 3 } }, [1, 4]],
    ["from, to and every", { calls: { from: 2, to: 5, every: 2 } }, [2, 4]],
    ["another method", { method: "POST" }, []],
    ["one of several methods", { method: ["GET", "POST"], calls: 1 }, [1]],
    ["a share of none", { share: 0 }, []],
    ["a share of all", { share: 1, calls: 6 }, [6]],
  ])("%s", async (_name, match, hit) => {
    const seen = await statuses([{ match, ...fail }], folders(6));
    expect(seen.flatMap((status, index) => (status === 500 ? [index + 1] : []))).toEqual(hit);
  });

  test.each<[NonNullable<NonNullable<FaultRule["match"]>["path"]>, readonly boolean[]]>([
    ["/odata/Jobs", [true, false, false]],
    ["/odata/*", [true, false, true]],
    ["/odata/**", [true, true, true]],
    ["Jobs", [true, false, false]],
    ["*.FindAllAcrossFolders", [false, true, false]],
    [{ regex: "^/odata/(robots|folders)" }, [false, true, true]],
  ])("by the path %j", async (path, hit) => {
    const robots = "/odata/Robots/UiPath.Server.Configuration.OData.FindAllAcrossFolders";
    const seen = await statuses([{ match: { path }, ...fail }], ["/odata/Jobs", robots, "/odata/Folders?$top=1"]);
    expect(seen.map((status) => status === 500)).toEqual(hit);
  });

  test("not more often than its limit; the first rule that a call meets holds", async () => {
    const rules: FaultRule[] = [
      { times: 2, ...fail },
      { handle: "no", answer: { status: 502 }, match: { calls: { to: 3 } } },
    ];
    expect(await statuses(rules, folders(4))).toEqual([500, 500, 502, 200]);
    expect(emulator.faults.counts()).toMatchObject([
      { name: "rule 1", seen: 4, hits: 2 },
      { name: "rule 2", seen: 4, hits: 1 },
    ]);
  });

  test("the same seed and calls: the same faults; another seed: others", async () => {
    async function run(seed: number): Promise<string> {
      const rules = [{ match: { share: 0.4 }, ...fail }];
      await using other = await start({
        faults: { apiVersion: "orch-sync/v1", kind: "Faults", spec: { seed, rules } },
      });
      const sending = sender(other);
      let seen = "";
      for (let call = 0; call < 40; call += 1) seen += (await sending("GET", "/api/health")).status === 500 ? "x" : ".";
      return seen;
    }
    const first = await run(7);
    expect(await run(7)).toBe(first);
    expect(await run(8)).not.toBe(first);
    expect(first.match(/x/g)?.length).toSatisfy((hits: number) => hits > 6 && hits < 28);
  });
});

describe("/__emulator/faults", () => {
  const rules = [{ name: "busy", handle: "no", answer: { status: 503 } }];
  const document = { apiVersion: "orch-sync/v1", kind: "Faults", spec: { rules } };

  test("shows, replaces and clears the rules", async () => {
    expect((await send("GET", "/__emulator/faults")).body.value).toEqual([]);
    for (const method of ["PUT", "POST"]) {
      expect((await send(method, "/__emulator/faults", document)).body.value).toEqual([
        { name: "busy", seen: 0, hits: 0, rule: rules[0] },
      ]);
      expect((await send("GET", "/odata/Jobs")).status).toBe(503);
      expect((await send("GET", "/__emulator/faults")).body.value).toMatchObject([{ seen: 1, hits: 1 }]);
    }
    expect((await send("DELETE", "/__emulator/faults")).status).toBe(204);
    expect((await send("GET", "/odata/Jobs")).status).toBe(200);
    expect((await send("PATCH", "/__emulator/faults")).status).toBe(404);
  });

  test("says what is wrong with rules, and keeps those it has", async () => {
    await send("PUT", "/__emulator/faults", document);
    const wrong = '{"apiVersion":"orch-sync/v1","kind":"Faults","spec":{"rules":[\n {"handle":"sometimes"}]}}';
    const { status, body } = await send("PUT", "/__emulator/faults", wrong);
    expect(status).toBe(400);
    expect(body["problems"]).toMatchObject([{ pointer: "/spec/rules/0/handle", line: 2, column: 12 }]);
    expect((await send("GET", "/odata/Jobs")).status).toBe(503);
  });

  test("a reset drops what was to happen later: it belongs to a tenant that is no more", async () => {
    emulator.faults.set([
      { match: bulk, handle: { late: "1s" }, answer: { status: 504 } },
      { match: { path: "Jobs" }, delay: "1s" },
    ]);
    await add("Plain", ["a"]);
    const held = failure(send("GET", "/odata/Jobs"));
    await vi.waitFor(() => expect(emulator.requests()).toHaveLength(2));
    await send("POST", "/__emulator/reset");
    emulator.clock.advance(5000);
    expect(await held).toBe("TypeError");
    expect(await references()).toEqual(before);
  });

  test("a reset counts from the start again", async () => {
    emulator.faults.set([{ times: 1, handle: "no", answer: { status: 503 } }]);
    expect((await send("GET", "/odata/Jobs")).status).toBe(503);
    await send("POST", "/__emulator/reset");
    expect((await send("GET", "/odata/Jobs")).status).toBe(503);
    expect((await send("GET", "/odata/Jobs")).status).toBe(200);
  });
});
