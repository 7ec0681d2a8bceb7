import { breakCiCommands, markupText } from "../../core/text.ts";
import type { Change } from "../../core/change.ts";
import type { Outcome } from "../../core/outcome.ts";
import type { Plan, PlannedResource } from "../../core/plan.ts";
import type { ApplyReport, ResourceReport } from "../../core/report.ts";
import { fullKey, keyIdentity } from "../../core/resource.ts";
import { reasons, summaryOf } from "../human/entry.ts";
import { whatHappened } from "../human/report.ts";
import { refusalOf, verbOf } from "../human/summary.ts";
import { name, sentence } from "../human/words.ts";

/**
 * The apply as JUnit XML, as Jenkins, GitLab and Azure DevOps read it: a suite for each resource, a test case for each
 * change. What failed or is blocked is a failure, what is unknown an error, what was not tried is skipped.
 */
export function reportJunit(report: ApplyReport, plan: Plan): string {
  const outcomes = Map.groupBy(report.outcomes, ({ key: { kind, folder, name: own } }) =>
    keyIdentity({ kind, folder, name: own }),
  );
  const costs = new Map(report.resources.map((each) => [keyIdentity(each.key), each]));
  const suites = [
    ...plan.resources.map((resource) => {
      const identity = keyIdentity(resource.key);
      return suiteOf(resource, outcomes.get(identity) ?? [], costs.get(identity));
    }),
    guardsOf(plan),
  ].filter(({ cases }) => cases.length > 0);
  const attributes = { name: "orch-sync apply", ...sum(suites.flatMap(({ cases }) => cases)) };
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${written({ ...attributes, time: seconds(report.durationMs) })}>`,
    ...suites.flatMap((suite) => suiteLines(suite, report.startedAt)),
    "</testsuites>",
  ];
  return breakCiCommands(`${lines.join("\n")}\n`);
}

interface Suite {
  readonly name: string;
  readonly cases: readonly Case[];
  /** What it took, where it is a resource that had something to do. */
  readonly cost?: ResourceReport | undefined;
}

interface Case {
  readonly name: string;
  readonly file?: string | undefined;
  readonly milliseconds: number;
  readonly result: Result | undefined;
  /** What was said of a change that is done. */
  readonly note?: string;
}

interface Result {
  readonly element: "failure" | "error" | "skipped";
  readonly message: string;
  readonly type: string;
  readonly text?: string | undefined;
}

function suiteOf(
  { key, changes }: PlannedResource,
  outcomes: readonly Outcome[],
  cost: ResourceReport | undefined,
): Suite {
  const blocked = Iterator.from(changes)
    .filter(({ action }) => action === "blocked")
    .map((change) => blockedCase(change));
  return { name: name(fullKey(key)), cases: [...blocked, ...outcomes.map((outcome) => outcomeCase(outcome))], cost };
}

function outcomeCase(outcome: Outcome): Case {
  const { action, label, source, durationMs } = outcome;
  const shown = { name: caseName(action, label), file: source?.file, milliseconds: durationMs };
  const said = whatHappened(outcome);
  const result = resultOf(outcome, said);
  return result === undefined && said !== "" ? { ...shown, result, note: said } : { ...shown, result };
}

function resultOf(outcome: Outcome, message: string): Result | undefined {
  switch (outcome.status) {
    case "failed":
      return { element: "failure", message, type: String(outcome.fault?.errorCode ?? outcome.fault?.kind ?? "failed") };
    case "unknown":
      return { element: "error", message, type: "unknown" };
    case "skipped":
      return { element: "skipped", message, type: "skipped" };
    case "applied":
    case "already-done":
      return undefined;
  }
}

function blockedCase(change: Change): Case {
  const result = {
    element: "failure",
    message: summaryOf(change),
    type: "blocked",
    text: reasons(change, false).join(" "),
  } as const;
  return { name: caseName(verbOf(change), change.label), file: change.source?.file, milliseconds: 0, result };
}

function guardsOf(plan: Plan): Suite {
  const exceeded = plan.guards.filter(({ forced }) => !forced);
  return {
    name: "guards",
    cases: exceeded.map(({ guard, message }) => ({
      name: guard,
      milliseconds: 0,
      result: { element: "failure", message: sentence(message), type: "guard", text: refusalOf(plan) },
    })),
  };
}

function caseName(action: string, label: string): string {
  return label === "" ? action : `${action} ${name(label)}`;
}

/** The changes of a batch took the same time, all at once: what a suite took is no sum. */
function suiteLines({ name: own, cases, cost }: Suite, startedAt: string): string[] {
  const time = seconds(cost?.durationMs ?? 0);
  const calls = cost && `    <properties><property${written({ name: "calls", value: cost.calls })}/></properties>`;
  return [
    `  <testsuite${written({ name: own, ...sum(cases), time, timestamp: name(startedAt) })}>`,
    ...(calls === undefined ? [] : [calls]),
    ...cases.flatMap((each) => caseLines(each, own)),
    // What came to match after the plan: it is nobody's failure, and nobody has touched it.
    ...(cost?.note === undefined ? [] : [`    <system-out>${markupText(sentence(cost.note))}</system-out>`]),
    "  </testsuite>",
  ];
}

function caseLines({ name: own, file, milliseconds, result, note }: Case, classname: string): string[] {
  const where = file === undefined ? {} : { file: name(file) };
  const start = `    <testcase${written({ name: own, classname, ...where, time: seconds(milliseconds) })}`;
  if (result === undefined && note === undefined) return [`${start}/>`];
  const inner =
    result === undefined
      ? `<system-out>${markupText(note ?? "")}</system-out>`
      : `<${result.element}${written({ message: result.message, type: name(result.type) })}>${markupText(result.text ?? result.message)}</${result.element}>`;
  return [`${start}>`, `      ${inner}`, "    </testcase>"];
}

function sum(cases: readonly Case[]): Readonly<Record<string, number>> {
  const of = (element: Result["element"]): number => cases.filter(({ result }) => result?.element === element).length;
  return { tests: cases.length, failures: of("failure"), errors: of("error"), skipped: of("skipped") };
}

function written(attributes: Readonly<Record<string, string | number>>): string {
  return Object.entries(attributes)
    .map(([attribute, value]) => ` ${attribute}="${markupText(String(value))}"`)
    .join("");
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}
