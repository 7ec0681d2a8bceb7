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
  const changes = blocks.map((block): Change => ({
    action: "blocked",
    key: resource.key,
    label: "",
    summary: "",
    source: resource.source,
    ...block,
  }));
  return { title, settings: {}, notes: [], changes };
}

/** `queue DocQue does not exist in folder Finance`, with the nearest existing name. */
export function unknownName(
  code: ReasonCode,
  what: string,
  name: Missing,
  folder: string,
): { readonly reason: ActionReason; readonly hint?: string } {
  return {
    reason: { code, text: `${what} ${name.missing} does not exist in folder ${folder}` },
    ...(name.nearest === undefined ? {} : { hint: `did you mean ${name.nearest}?` }),
  };
}
