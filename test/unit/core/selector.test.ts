import { describe, expect, it } from "vitest";
import { UsageError } from "../../../src/core/errors.ts";
import { globMatches } from "../../../src/core/glob.ts";
import type { Kind } from "../../../src/core/resource.ts";
import { matches, parseSelector, selectorOf, selectSome, type Selectable } from "../../../src/core/selector.ts";

const one = (kind: Kind, name: string, folder = "Finance/Invoices", labels = {}): Selectable => ({
  key: { kind, name, folder },
  labels,
});
const smoke = one("Job", "smoke-test", "Finance/Invoices", { team: "Finance" });

function failure(act: () => unknown): [string, string | undefined] {
  try {
    act();
  } catch (error) {
    if (error instanceof UsageError) return [error.message, error.hint];
    throw error;
  }
  return ["no error", undefined];
}

describe("an expression", () => {
  it.each([
    ["kind=Job", true],
    ["kind=job", true],
    ["kind=J*", true],
    ["kind=Review", false],
    ["name=smoke-*", true],
    ["name=SMOKE-TEST", true],
    ["name=smoke", false],
    ["name=smoke?test", true],
    ["folder=Finance/Invoices", true],
    ["folder=/finance/invoices/", true],
    ["folder=Finance", false],
    ["folder=Finance/*", true],
    ["folder=*", false],
    ["folder=**", true],
    ["folder=**/Invoices", true],
    ["label.team=finance", true],
    ["label.team=*", true],
    ["label.Team=*", false],
    ["label.env=*", false],
    ["label.toString=*", false],
    ["kind=Job, name=smoke-*, label.team=fin*", true],
    ["kind=Job,name=march", false],
  ])("%s on Job/smoke-test@Finance/Invoices: %s", (text, expected) => {
    expect(matches(parseSelector(text, "--select"), smoke)).toBe(expected);
  });

  it.each([
    ["", "has an empty term", "write KEY=VALUE terms"],
    ["kind=Job,", "has an empty term", "write KEY=VALUE terms"],
    ["smoke-test", 'has no = in "smoke-test"', "write KEY=VALUE terms"],
    ["name=", "says nothing after name=", "write KEY=VALUE terms"],
    ["nam=a", 'has the unknown key "nam"', 'did you mean "name"?'],
    ["queue=a", 'has the unknown key "queue"', "known are kind, name, folder, label.KEY"],
    ["label.=a", 'has the unknown key "label."', "known are kind, name, folder, label.KEY"],
    ["kind=QueueItem", 'has the unknown kind "QueueItem"', 'did you mean "QueueItems"?'],
    ["kind=Trigger", 'has the unknown kind "Trigger"', "known are QueueItems, Job, StoppedJobs, Review"],
  ])("%j is refused: %s", (text, message, hint) => {
    const [found, advice] = failure(() => parseSelector(text, "--exclude"));
    expect(found).toBe(`--exclude ${JSON.stringify(text)} ${message}`);
    expect(advice).toContain(hint);
  });
});

describe("a selection", () => {
  const all = [smoke, one("Job", "nightly"), one("QueueItems", "march"), one("Review", "failed", "Ops")];
  const choose = (...given: readonly (readonly ["--select" | "--exclude", string])[]): string[] =>
    selectSome(
      all,
      given.map(([flag, text]) => parseSelector(text, flag)),
    ).map(({ key }) => key.name);

  it("is everything when nothing is said", () => {
    expect(choose()).toHaveLength(4);
  });

  it("is what any --select matches, without what any --exclude matches", () => {
    expect(choose(["--select", "kind=Job"], ["--select", "folder=Ops"], ["--exclude", "name=night*"])).toEqual([
      "smoke-test",
      "failed",
    ]);
  });

  it.each([
    ["--select", "name=nothing"],
    ["--exclude", "folder=nowhere"],
  ] as const)("refuses %s %s, which matches nothing, and says what exists", (flag, text) => {
    const [message, hint] = failure(() => choose(["--select", "kind=Job"], [flag, text]));
    expect(message).toBe(`${flag} "${text}" matches no manifest`);
    expect(hint).toBe(
      "there are Job/smoke-test@Finance/Invoices, Job/nightly@Finance/Invoices, QueueItems/march@Finance/Invoices, Review/failed@Ops",
    );
  });

  it("refuses to leave nothing", () => {
    expect(failure(() => choose(["--select", "kind=Job"], ["--exclude", "kind=J*"]))[0]).toBe(
      "--select and --exclude leave no manifest",
    );
  });

  it("names a few of many, and says when there are none", () => {
    const many = Array.from({ length: 8 }, (_, index) => one("Job", `j${index}`, ""));
    const selector = parseSelector("name=x", "--select");
    expect(failure(() => selectSome(many, [selector]))[1]).toBe(
      "there are Job/j0, Job/j1, Job/j2, Job/j3, Job/j4 and 3 more",
    );
    expect(failure(() => selectSome([], [selector]))[1]).toBe("there are no manifests at all");
  });
});

it("writes an expression with the folder only where it is needed, and nothing that means more than itself", () => {
  const twin = one("Job", "smoke-test", "A, B*").key;
  expect(selectorOf(smoke.key, [smoke.key])).toBe("kind=Job,name=smoke-test");
  expect(selectorOf(twin, [smoke.key, twin])).toBe("kind=Job,name=smoke-test,folder=A? B?");
});

it.each([
  ["*", "", true],
  ["?", "", false],
  ["?", "😀", true],
  ["é", "e\u0301", true],
  ["a*", "A/b", true],
  ["[a]", "a", false],
])("the glob %j matches %j: %s", (glob, text, expected) => {
  expect(globMatches(glob, text)).toBe(expected);
});
