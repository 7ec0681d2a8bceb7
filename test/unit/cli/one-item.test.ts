import { describe, expect, it } from "vitest";
import { desk, type Desk } from "../../support/desk.ts";
import { tenant } from "../../support/server.ts";

const documented = { tenant: "documented", place: "Default" } as const;
const linesOf = (ndjson: string): Record<string, unknown>[] =>
  ndjson
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe("history", () => {
  it("lists the events of an item, the oldest first", async () => {
    const { run, emulator } = await desk(documented);
    const { code, stdout } = await run(["history", "1050203"]);
    expect(code).toBe(0);
    expect(stdout).toBe(`at                    item     action  status      reviewer  by
2018-03-07 16:02:59Z  1050203  Create  New                   DocBot
2018-03-07 18:15:04Z  1050203  Status  InProgress            DocBot
2018-03-07 18:15:05Z  1050203  Edit    InProgress            DocBot
2018-03-07 18:15:05Z  1050203  Edit    Failed                DocBot
2018-03-08 10:47:40Z  1050203  Edit    Failed      admin     admin

5 events.
`);
    const { path, query } = emulator.requests().at(-1) ?? { path: "", query: "" };
    expect([path, query]).toEqual([
      "/odata/QueueItemEvents/UiPath.Server.Configuration.OData.GetQueueItemEventsHistory(queueItemId=1050203)",
      "$orderby=Timestamp&$top=100",
    ]);
  });

  it("has the events of all attempts, each with its item", async () => {
    const place = { queue: "A", folder: "Finance", reference: "7", key: "11111111-1111-4111-8111-111111111111" };
    const created = (time: string) => [{ time, action: "Create" as const }];
    const items = [
      { ...place, id: 1, status: "Retried" as const, events: created("-2h") },
      { ...place, id: 2, ancestor: 1, retryNumber: 1, events: created("-1h") },
    ];
    const { run } = await desk({ tenant: tenant({ queues: [{ name: "A", folder: "Finance" }], items }) });
    expect(linesOf((await run(["history", "7", "-o", "ndjson"])).stdout)).toMatchObject([{ item: 1 }, { item: 2 }]);
    expect(linesOf((await run(["history", "1", "-o", "ndjson"])).stdout)).toMatchObject([{ item: 1 }, { item: 2 }]);
  });

  it("takes the newest attempt of a reference, and asks which queue where there are two", async () => {
    const items = ["A", "B"].map((queue) => ({ queue, folder: "Finance", reference: "7" }));
    const { run } = await desk({
      tenant: tenant({ queues: ["A", "B"].map((name) => ({ name, folder: "Finance" })), items }),
    });
    expect(await run(["history", "7"])).toMatchObject({
      code: 64,
      output: expect.stringContaining("say which: --queue"),
    });
    expect((await run(["history", "7", "--queue", "B", "-o", "ndjson"])).code).toBe(0);
    expect((await run(["history", "8"])).code).toBe(1);
  });
});

describe("comments", () => {
  it("lists what was written, the oldest first", async () => {
    const { run } = await desk(documented);
    const { stdout } = await run(["comments", "1050204", "-o", "ndjson"]);
    expect(linesOf(stdout).map(({ user, text }) => [user, text])).toEqual([
      ["admin", "needs review asap"],
      ["dragomirmir", "fixed. excel hiccup."],
    ]);
  });

  it("adds a comment once, however often it is asked to", async () => {
    const { run, emulator } = await desk(documented);
    const add = ["comments", "1050204", "--add", "seen ##vso[x]", "--auto-approve", "-o", "ndjson"];
    expect(await run(["comments", "1050204", "--add", "seen"])).toMatchObject({ code: 64, stdout: "" });
    expect(await run([...add.slice(0, 3), "x".repeat(513), "--auto-approve"])).toMatchObject({ code: 64 });
    const first = await run(add);
    expect([first.code, first.output]).toEqual([0, expect.stringContaining("outside any plan")]);
    expect(linesOf(first.stdout)).toHaveLength(3);
    const again = await run(add);
    expect([again.code, again.output]).toEqual([0, expect.stringContaining("hangs on item")]);
    expect(posts(emulator)).toBe(1);
  });

  it.each([
    ["carried out", "once", 0],
    ["not carried out", "no", 5],
  ] as const)(
    "never sends a call again that was left without an answer, whether it was %s",
    async (_what, handle, code) => {
      const { run, emulator } = await desk({
        ...documented,
        faults: [{ match: { method: "POST" }, handle, answer: "close" }],
      });
      const result = await run(["comments", "1050204", "--add", "seen", "--auto-approve"]);
      expect(result.code).toBe(code);
      expect(posts(emulator)).toBe(1);
      expect(result.output.includes("nobody knows")).toBe(code === 5);
    },
  );

  it("ends with 6 where the account may not", async () => {
    const { run } = await desk({
      ...documented,
      faults: [{ match: { method: "POST" }, handle: "no", answer: { status: 403, message: "no" } }],
    });
    expect((await run(["comments", "1050204", "--add", "seen", "--auto-approve"])).code).toBe(6);
  });
});

function posts(emulator: Desk["emulator"]): number {
  return emulator.requests().filter(({ method }) => method === "POST").length;
}

describe("wait", () => {
  const running = tenant({
    processes: ["Successful", "Faulted"].map((state) => ({
      name: state,
      folder: "Finance",
      run: { pending: "1ms", duration: "150ms", state: state as "Successful" },
    })),
    jobs: ["Successful", "Faulted"].flatMap((process) =>
      [1, 2].map(() => ({ process, folder: "Finance", state: "Running" as const, reference: `${process}@1` })),
    ),
    queues: [{ name: "Q", folder: "Finance" }],
    items: [
      { queue: "Q", folder: "Finance", reference: "waits" },
      { queue: "Q", folder: "Finance", reference: "done", status: "Successful" },
      {
        queue: "Q",
        folder: "Finance",
        reference: "bad",
        status: "Failed",
        exception: { type: "BusinessException", reason: "x" },
      },
    ],
  });

  it.each([
    ["--job", "Successful@1", 0, ["Successful", "Successful"]],
    ["--job", "Faulted@1", 5, ["Faulted", "Faulted"]],
    ["--job", "1", 0, ["Successful"]],
  ])("%s %s ends with %i, looking at jobs by id", async (flag, what, code, states) => {
    const { run, emulator } = await desk({ tenant: running, clock: "manual" });
    const waiting = run(["wait", flag, what, "-o", "ndjson"]);
    await expect.poll(() => emulator.requests().some(({ path }) => path.startsWith("/odata/Jobs("))).toBe(true);
    emulator.clock.advance(1000);
    const result = await waiting;
    expect([result.code, linesOf(result.stdout).map(({ state }) => state)]).toEqual([code, states]);
    expect(emulator.requests().filter(({ path }) => path === "/odata/Jobs").length).toBeLessThanOrEqual(1);
    expect(result.output).toContain("Running");
  });

  it.each([
    ["done", 0],
    ["bad", 5],
    ["waits", 7],
    ["nothing", 1],
  ])("--queue-item %s ends with %i", async (item, code) => {
    const { run } = await desk({ tenant: running });
    expect((await run(["wait", "--queue-item", item, "--timeout", "500ms"])).code).toBe(code);
  });

  it("wants one thing to wait for", async () => {
    const { run } = await desk({ tenant: running });
    expect((await run(["wait"])).code).toBe(64);
    expect((await run(["wait", "--job", "1", "--queue-item", "2"])).code).toBe(64);
    expect((await run(["wait", "--job", "lost@1"])).code).toBe(1);
  });
});
