import type { Broken, Evidence, Verdict } from "./evidence.ts";
import { foreignDeletes, foreignItems, freedByHand, itemsLost, itemsTwice, type Finding } from "./items.ts";
import { commentsTwice } from "./comments.ts";
import { falseStatements, unseen } from "./reports.ts";
import { repeatedBlindly } from "./repeats.ts";
import { foreignStops, runsAgain, runsLost, runsTwice } from "./runs.ts";
import type { Write } from "./writes-of-runs.ts";

/**
 * Judges a run by the table in docs/exactly-once.md: where its assumptions hold, everything happened once; where one
 * was broken, what happened twice was found and reported.
 */
export function judge(evidence: Evidence): Verdict {
  const { converged, broken } = evidence;
  const statements = falseStatements(evidence);
  const isOfLateLists = (text: string): boolean => text.endsWith(unseen) && broken.includes(lateLists);
  const always = [
    ...(converged ? [] : ["the plan is not empty after all applies"]),
    ...itemsLost(evidence),
    ...runsLost(evidence),
    ...foreignItems(evidence),
    ...foreignDeletes(evidence),
    ...foreignStops(evidence),
    ...repeatedBlindly(evidence),
    ...statements.filter((text) => !isOfLateLists(text)),
  ];
  const doubles = [...itemsTwice(evidence), ...runsTwice(evidence), ...runsAgain(evidence), ...commentsTwice(evidence)];
  const judged = doubles.map((finding) => judgeDouble(finding, evidence));
  return {
    violations: [...always, ...judged.flatMap(({ violation }) => violation ?? [])],
    inherent: [
      ...new Set([
        ...judged.flatMap(({ inherent }) => inherent),
        ...(statements.some(isOfLateLists) ? [lateLists] : []),
      ]),
    ],
  };
}

const lateLists: Broken = "lists lagged behind for longer than settle";

/** A double is excused by a broken assumption that its own writes show, and only if somebody is told of it. */
function judgeDouble(
  finding: Finding,
  evidence: Evidence,
): { readonly violation?: string; readonly inherent: readonly string[] } {
  const inherent = [
    ...evidence.broken.filter((name) => explains[name](finding.writes, evidence)),
    ...(finding.inherent === undefined ? [] : [finding.inherent]),
  ];
  if (inherent.length === 0) return { violation: finding.text, inherent };
  return isTold(finding, evidence) ? { inherent } : { violation: `${finding.text}; nothing tells of it`, inherent };
}

type Explains = (writes: readonly Write[], evidence: Evidence) => boolean;

const wasHitBy =
  (name: string): Explains =>
  (writes) =>
    writes.some(({ call }) => call.fault?.name === name);
const isOfTwo: Explains = (writes) => new Set(writes.map(({ call }) => call.by)).size > 1;

/** What must be seen of the writes of a double for an assumption to be the reason. */
const explains: Readonly<Record<Broken, Explains>> = {
  "a write committed later than settle": wasHitBy("done later than settle"),
  "a proxy sent a write twice": wasHitBy("sent twice by a proxy"),
  "lists lagged behind for longer than settle": wasHitBy("lists lag behind for long"),
  "two applies at the same time without a lease": isOfTwo,
  "an apply began before settle had passed, without journal or lease": isOfTwo,
  /** Another apply sent it before lists had to show what the one before had done. */
  "an apply began while lists lagged behind the one before": (writes, { settle }) =>
    writes.some(
      ({ call }) =>
        call.fault?.name === "lists lag behind" &&
        writes.some((other) => other.call.by !== call.by && isWithin(other.call.sentAt - call.sentAt, settle)),
    ),
};

/** What a run can be excused with, as the campaign counts it. */
export const inherentCases: readonly string[] = [...Object.keys(explains), freedByHand];

function isWithin(milliseconds: number, limit: number): boolean {
  return milliseconds >= 0 && milliseconds < limit;
}

/** A later plan or a report names all copies that are left. */
function isTold({ ids, told: words }: Finding, { last, applies, after }: Evidence): boolean {
  const left = ids.filter((id) => !after.items.some((row) => row["Id"] === id && row["Status"] === "Deleted"));
  const told = JSON.stringify([last, applies.map(({ report }) => report)]);
  if (words !== undefined) return told.includes(words);
  return left.length < 2 || left.every((id) => new RegExp(`\\b${id}\\b`).test(told));
}
