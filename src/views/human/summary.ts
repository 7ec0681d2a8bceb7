import type { Action, Change } from "../../core/change.ts";
import { hasPendingChanges, isRefused, shortestId, type Plan, type PlanSummary } from "../../core/plan.ts";
import { cleanLine } from "../../core/text.ts";
import { wayAround } from "../../core/refusal.ts";
import { figures, phrases, type Line } from "./lines.ts";
import { priceLine } from "./price.ts";
import { amount, count, name, sentence } from "./words.ts";

/** What the plan says of each action's count: `3 to create`. */
const verbs: Readonly<Record<Action, string>> = {
  delete: "to delete",
  stop: "to stop",
  start: "to start",
  create: "to create",
  update: "to update",
  assign: "to assign",
  wait: "to wait for",
  blocked: "blocked",
  "no-op": "in line",
};

/** What is said of changes like this one: `to start again`. */
export function verbOf(change: Change): string {
  return change.action === "start" && change.run === "again" ? "to start again" : verbs[change.action];
}

/** The last lines of a plan: what it comes to, what it costs, why it cannot be applied, if so, and where it is saved. */
export function summaryLines(plan: Plan, savedTo?: string): Line[] {
  const pending = hasPendingChanges(plan.summary);
  const saved = savedTo === undefined ? [] : [{ text: `Plan ${shortId(plan.id)}  saved to ${name(savedTo)}` }];
  const said = [{ text: phrases(totals(plan.summary)) }, { text: figures(priceLine(plan, pending)) }];
  return [...said, ...refusalLines(plan), ...saved];
}

/** As much of an id as `--expect` takes. */
function shortId(id: string): string {
  return `${id.slice(0, shortestId)}…`;
}

/** `Plan: 3 to create, 1 to start.` */
export function totals(summary: PlanSummary): string {
  const parts = countsOf(summary);
  const inLine = summary["no-op"];
  if (parts.length > 0) return `Plan: ${parts.join(", ")}.`;
  return inLine === 0 ? "Nothing to do." : `Nothing to do: ${count(inLine, "entry", "entries")} in line.`;
}

/** `3 to create`, `1 to start again`: what is not in line, by action. */
export function countsOf(summary: PlanSummary): string[] {
  const { startAgain, ...counts } = summary;
  const found = (Object.keys(verbs) as Action[]).flatMap((action) =>
    action === "start"
      ? [part(startAgain, "to start again"), part(counts.start - startAgain, verbs.start)]
      : action === "no-op"
        ? []
        : [part(counts[action], verbs[action])],
  );
  return found.filter((text) => text !== "");
}

function part(number: number, words: string): string {
  return number > 0 ? `${amount(number)} ${words}` : "";
}

/** Each guard that the plan exceeds, and how to lift it. */
export function guardLines({ guards }: Plan): Line[] {
  return guards.flatMap(({ guard, message, forced }): Line[] =>
    forced
      ? [{ text: `  ${sentence(message)}: lifted by --force ${name(guard)}`, tone: "quiet" }]
      : [
          { text: `! ${sentence(message)}`, head: "!", tone: "bad" },
          { text: `  If that is what you want: --force ${name(guard)}`, hang: "  " },
        ],
  );
}

/** Why the plan cannot be applied, and what to do, in one line; undefined when it can. */
export function refusalOf(plan: Plan): string | undefined {
  const refusal = refusalParts(plan);
  return refusal && [refusal.text, ...(refusal.flags === undefined ? [] : [refusal.flags])].join(" ");
}

function refusalLines(plan: Plan): Line[] {
  const refusal = refusalParts(plan);
  if (refusal === undefined) return [];
  // The flags are not broken up: they are to be copied.
  const flags = refusal.flags === undefined ? [] : [`  ${refusal.flags}`];
  return [{ text: refusal.text, tone: "bad" }, ...flags];
}

/** Why the plan cannot be applied, with the flags that leave out what is blocked, where there are some. */
export function refusalParts(plan: Plan): { readonly text: string; readonly flags?: string } | undefined {
  if (!isRefused(plan)) return undefined;
  const { blocked } = plan.summary;
  const exceeded = plan.guards.filter((guard) => !guard.forced).length;
  const why = [
    ...(blocked > 0 ? [`${amount(blocked)} blocked`] : []),
    ...(exceeded > 0 ? [`${count(exceeded, "guard")} exceeded`] : []),
  ];
  const text = `${why.join(", ")}: nothing can be applied.`;
  if (blocked === 0) return { text };
  const around = wayAround(plan);
  if (around === undefined) return { text: `${text} Fix what is blocked, or take it out of the manifests.` };
  return { text: `${text} Fix what is blocked, or ${around.words}:`, flags: cleanLine(around.flags) };
}
