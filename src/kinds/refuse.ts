import type { ActionReason, Change, ReasonCode } from "../core/change.ts";
import type { DesiredResource } from "../core/resource.ts";
import type { ResourcePlan } from "./definition.ts";
import type { Missing } from "./live.ts";

/** A resource that cannot be planned at all: its blocked lines say why, and refuse the whole apply. */
export function refused(
  resource: DesiredResource,
  title: string,
  blocks: readonly { readonly reason: ActionReason; readonly hint?: string }[],
): ResourcePlan {
  const changes = blocks.map((block): Change => {
    const field = fieldOf[block.reason.code];
    const source = (field === undefined ? undefined : resource.places?.[field]) ?? resource.source;
    return { ...block, action: "blocked", key: resource.key, label: "", summary: "", source };
  });
  return { title, settings: {}, notes: [], changes };
}

/** The field of a manifest that a refusal is about: people fix it there. */
const fieldOf: Partial<Record<ReasonCode, string>> = {
  "queue-unknown": "queue",
  "seed-until-missing": "queue",
  "commit-too-large": "commit",
  "process-unknown": "process",
  "folder-unknown": "folder",
  "robot-unknown": "strategy",
  "strategy-unfit": "strategy",
  "reviewer-unknown": "reviewers",
  "reviewer-ambiguous": "reviewers",
};

/** `there is no queue DocQue in folder Finance`, with the nearest existing name. */
export function unknownName(
  code: ReasonCode,
  what: string,
  name: Missing,
  folder: string,
): { readonly reason: ActionReason; readonly hint?: string } {
  return {
    reason: { code, text: `there is no ${what} ${name.missing} in folder ${folder}` },
    ...(name.nearest === undefined ? {} : { hint: `did you mean ${name.nearest}?` }),
  };
}
