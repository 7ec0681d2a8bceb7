import { describe, expect, it } from "vitest";
import {
  foldJournal,
  knownCounts,
  NotAJournal,
  openSends,
  type JournalState,
} from "../../../src/core/journal-state.ts";
import { recordedEndings, recordEndings } from "../../../src/core/journal.ts";
import type { Change } from "../../../src/core/change.ts";
import type { Ending } from "../../../src/core/outcome.ts";

const header = { type: "journal", format: "orch-sync/journal/v1", apply: "a", plan: { id: "1", sha256: "2" } };
const intent = (batch: number, changes: readonly string[]): object => {
  return { type: "intent", batch, at: "t1", resource: "R", call: "POST /x", repeat: "never", attempt: 1, changes };
};
const result = (batch: number, ending: string, more: object = {}): object => {
  return { type: "result", batch, at: "t2", ending, ...more };
};

async function folded(...lines: readonly (object | string)[]): Promise<JournalState> {
  const texts = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line)));
  return foldJournal(
    (async function* () {
      yield* texts;
    })(),
  );
}

const openNames = (state: JournalState): string[] => openSends(state).flatMap(({ changes }) => changes);

describe("a journal", () => {
  it("hides what became of a send without a result", async () => {
    const state = await folded(header, intent(1, ["create A", "create B"]));
    expect(openNames(state)).toEqual(["create A", "create B"]);
    expect(openSends(state)[0]).toMatchObject({ sentAt: "t1", fault: { kind: "network" } });
    expect(state.batches).toBe(1);
  });

  it("knows what was answered, and looks again at what was not among it", async () => {
    const known = [{ status: "applied", changes: ["create A"], ids: [[7]] }];
    const state = await folded(header, intent(1, ["create A", "create B"]), result(1, "answered", { known }));
    expect(knownCounts(state)).toMatchObject({ applied: 1, unknown: 0 });
    expect(openSends(state)).toHaveLength(1);
    expect(state.resources.get("R")?.get("POST /x")?.get("create A")).toEqual({
      ending: { status: "applied", ids: [7] },
    });
  });

  it("takes nothing away by a refusal: what was known before is so still, and nothing else was sent", async () => {
    const known = [{ status: "applied", changes: ["create A"] }];
    const before = [intent(1, ["create A"]), result(1, "answered", { known })];
    const state = await folded(header, ...before, intent(2, ["create A", "create B"]), result(2, "refused"));
    expect(knownCounts(state).applied).toBe(1);
    expect(openSends(state)).toEqual([]);
    expect(state.resources.get("R")?.get("POST /x")?.has("create B")).toBe(false);
  });

  it("dates a send by its last request, and keeps why nobody knows", async () => {
    const fault = { kind: "timeout", call: "POST /x" };
    const unknown = [{ status: "unknown", changes: ["create A"], sentAt: "t1", notBefore: "t9" }];
    const state = await folded(
      header,
      intent(1, ["create A"]),
      { type: "again", batch: 1, at: "t3" },
      result(1, "open", { fault, known: unknown }),
    );
    const words = "its words were not recorded";
    expect(openSends(state)).toMatchObject([
      { sentAt: "t3", ending: "open", fault: { kind: "timeout", message: words } },
    ]);
    expect(knownCounts(state).unknown).toBe(0);
  });

  it("adds what a look has found, who carried it on, and its end", async () => {
    const known = [{ status: "already-done", note: "already there", changes: ["create A"] }];
    const state = await folded(
      header,
      intent(1, ["create A"]),
      { type: "resumed", at: "t4" },
      { type: "known", resource: "R", call: "POST /x", known },
      { type: "again", batch: 9, at: "t5" },
      result(9, "answered"),
      header,
      { type: "end", at: "t6" },
    );
    expect(openSends(state)).toEqual([]);
    expect(knownCounts(state)["already-done"]).toBe(1);
    expect([state.resumedAt, state.end]).toEqual([["t4"], { type: "end", at: "t6" }]);
  });

  it("may be cut in its last line, and have lines of later versions", async () => {
    const state = await folded(header, intent(1, ["create A"]), { type: "later" }, "[]", '{"type":"resu');
    expect(openNames(state)).toEqual(["create A"]);
  });

  it.each([
    [[], "the file is empty"],
    [["{"], "its first line is not that of a journal"],
    [[intent(1, [])], "its first line is not that of a journal"],
    [[{ ...header, format: "orch-sync/journal/v2" }], "its format is orch-sync/journal/v2"],
    [[header, { type: "intent", batch: 1 }], "a line of the type intent is not as orch-sync writes it"],
  ])("is none with the lines %j", async (lines, why) => {
    await expect(folded(...lines)).rejects.toThrow(new NotAJournal(why));
  });
});

it("endings are recorded without the server's words, and read as they were otherwise", () => {
  const change = (entry: string): Change => {
    const key = { kind: "QueueItems", folder: "F", name: "n", entry } as const;
    return { key, action: "create", label: "", summary: "", after: {}, precondition: { type: "absent" } };
  };
  const fault = {
    kind: "http",
    call: "POST /x",
    message: "it quotes",
    status: 400,
    errorCode: 1,
    traceId: "t",
  } as const;
  const endings: readonly Ending[] = [
    { status: "applied", ids: [1, 2] },
    { status: "already-done", note: "there" },
    { status: "failed", note: "no", fault, ids: [3] },
    { status: "failed", note: "bad" },
    { status: "skipped", note: "changed", ids: [4] },
    { status: "unknown", note: "lost", fault, sentAt: "t1", notBefore: "t2" },
  ];
  const recorded = recordEndings(new Map(endings.map((ending, index) => [change(`${index}`), ending])));
  expect(JSON.stringify(recorded)).not.toContain("it quotes");
  const read = new Map(recorded.flatMap(recordedEndings));
  const expected = endings.map(asRead);
  expect(expected.map((_, index) => read.get(`create ${index}`))).toEqual(expected);
  expect(recordedEndings({ status: "unknown", changes: ["create 9"] })).toMatchObject([
    ["create 9", { status: "unknown", fault: { kind: "content" } }],
  ]);
  expect(recordedEndings({ status: "failed" })).toEqual([]);
});

/** An ending as a journal gives it back: without the words of a server. */
function asRead(ending: Ending): Ending {
  if (!("fault" in ending) || ending.fault === undefined) return ending;
  return { ...ending, fault: { ...ending.fault, message: "its words were not recorded" } };
}
