import { markdownCode } from "../../core/text.ts";
import type { Outcome } from "../../core/outcome.ts";
import type { ApplyReport, ResourceReport } from "../../core/report.ts";
import { keyIdentity, type ResourceKey } from "../../core/resource.ts";
import { costOf, endedEarly, headline, notBefore, reportTotals, whatHappened, wordOf } from "../human/report.ts";
import { amount, extent, name, place, resourceNames, sentence } from "../human/words.ts";
import { atMost, fence, htmlCode } from "./blocks.ts";
import { commentLimit } from "./limit.ts";
import type { MarkdownOptions } from "./plan.ts";
import { fitted, type Section } from "./sections.ts";

/** What an apply did, for a pull request: first what is not as it should be, then a collapsed part for each resource. */
export function reportMarkdown(report: ApplyReport, options: Omit<MarkdownOptions, "verbose"> = {}): string {
  const { limit = commentLimit, artifact = "`orch-sync apply --report report.json`" } = options;
  const { outcomes, target } = report;
  const nameOf = resourceNames(outcomes.map(({ key }) => key));
  const pointer = `see the full report, ${artifact}`;
  const bad = outcomes.filter(({ status }) => status === "failed" || status === "unknown");
  const rows = bad.map((outcome) => [row(outcome, `${nameOf(outcome.key)}${outcome.label === "" ? "" : " "}`)]);
  const { lines, left } = atMost(rows, limit.most / limit.widest / 4);
  const later = notBefore(bad);
  const resources = new Map(report.resources.map((each) => [keyIdentity(each.key), each]));
  return fitted({
    head: [
      `### Apply to ${markdownCode(name(target.name))}`,
      `**${headline(report) ?? (outcomes.length === 0 ? "Nothing to do." : "Everything is done.")}**`,
      fence([...lines, ...(later === undefined ? [] : [`  ${later}`])]),
      ...(left === 0 ? [] : [`… ${amount(left)} more failed or unknown: ${pointer}`]),
      endedEarly(report) ?? "",
    ],
    sections: byResource(outcomes).map((members) => section(members, nameOf, resources)),
    foot: [
      reportTotals(report),
      `Target ${markdownCode(name(target.name))}: ${markdownCode(sentence(target.url))} (${extent(target)}). ` +
        `Plan ${markdownCode(report.planId)}.`,
    ],
    limit,
    pointer,
  });
}

/** The order in which statuses matter to a reader. */
const order = ["failed", "unknown", "waited", "skipped", "applied", "already"];

function worst([first]: readonly Outcome[]): number {
  return first === undefined ? order.length : urgency(first);
}

function urgency(outcome: Outcome): number {
  return order.indexOf(wordOf(outcome));
}

/** Resources with failures first, all others in the order of the plan. */
function byResource(outcomes: readonly Outcome[]): Outcome[][] {
  const groups = [...Map.groupBy(outcomes, identityOf).values()].map((members) =>
    members.toSorted((a, b) => urgency(a) - urgency(b)),
  );
  return groups.toSorted((a, b) => Math.min(2, worst(a)) - Math.min(2, worst(b)));
}

function identityOf({ key: { kind, folder, name: own } }: Outcome): string {
  return keyIdentity({ kind, folder, name: own });
}

function section(
  members: readonly Outcome[],
  nameOf: (key: ResourceKey) => string,
  resources: ReadonlyMap<string, ResourceReport>,
): Section {
  const groups = [...Map.groupBy(members, wordOf)];
  const [first] = members;
  const title = first === undefined ? "" : nameOf(first.key);
  const resource = first === undefined ? undefined : resources.get(identityOf(first));
  const counts = groups.map(([word, { length }]) => `${amount(length)} ${verbs[word] ?? word}`).join(", ");
  return {
    summary: `<b>${htmlCode(title)}</b>: ${counts}${resource === undefined ? "" : ` (${costOf(resource)})`}`,
    notes: resource?.note === undefined ? [] : [`  note: ${sentence(resource.note)}`],
    groups: groups.map(([word, outcomes]) => ({
      verb: verbs[word] ?? word,
      size: outcomes.length,
      entry(index) {
        const outcome = outcomes[index];
        return { lines: outcome === undefined ? [] : [row(outcome, outcome.label === "" ? title : "")] };
      },
    })),
  };
}

const verbs: Readonly<Record<string, string>> = { already: "already done", waited: "not waited for any longer" };

/** What GitHub colours a line by: red for what failed, orange for what is unknown, green for what is done. */
const signs: Readonly<Record<string, string>> = { failed: "-", unknown: "!", waited: "!", applied: "+", already: "+" };

/** `- failed   INV-017  manifests/march.csv:18  1016: Reference is required` */
function row(outcome: Outcome, before: string): string {
  const word = wordOf(outcome);
  const where = outcome.source === undefined ? "" : place(outcome.source);
  const parts = [before + name(outcome.label), where, whatHappened(outcome)].filter((part) => part !== "");
  return `${signs[word] ?? " "} ${word.padEnd("unknown".length)}  ${parts.join("  ")}`;
}
