import { describe, expect, it } from "vitest";
import type { Action, Change } from "../../../src/core/change.ts";
import type { Ending } from "../../../src/core/outcome.ts";
import { outcomeOf } from "../../../src/workflow/apply/outcomes.ts";
import { announce, conclude } from "../../../src/workflow/apply/progress.ts";

const change = (action: Action): Change =>
  ({ action, key: { kind: "Job", folder: "F", name: "n" }, label: "", summary: "" }) as Change;
const some = (count: number, action: Action): Change[] => Array.from({ length: count }, () => change(action));

describe("words for what a resource does", () => {
  it("announce each action with its count", () => {
    expect(announce([...some(1200, "create"), change("update")], "queue Q")).toBe(
      "adding 1,200 items, updating 1 item: queue Q",
    );
  });

  it("conclude with what was done, then with what was not", () => {
    const changes = [...some(3, "create"), change("delete"), change("create")];
    const statuses: Ending["status"][] = ["applied", "applied", "already-done", "applied", "failed"];
    const outcomes = changes.map((each, index) => outcomeOf(each, { status: statuses[index] } as Ending));
    expect(conclude(outcomes)).toBe("added 2, deleted 1, already done 1, failed 1");
  });

  it("conclude with the ending's own words where there is one change", () => {
    const [only] = some(1, "start") as [Change];
    expect(conclude([outcomeOf(only, { status: "applied", note: "job 2 Successful" })])).toBe("job 2 Successful");
    expect(conclude([outcomeOf(only, { status: "applied" })])).toBe("started 1");
    const open = {
      status: "unknown",
      fault: { kind: "timeout", call: "", message: "" },
      sentAt: "",
      notBefore: "",
    } as const;
    const lost = outcomeOf(only, { ...open, note: "it was not found afterwards" });
    expect(conclude([lost])).toBe("unknown: it was not found afterwards");
  });
});
