import type { ActionReason, Change, ReasonCode } from "../core/change.ts";
import type { DesiredResource } from "../core/resource.ts";
import type { Lacking } from "./capabilities.ts";
import type { ResourcePlan } from "./definition.ts";
import type { Missing } from "./live.ts";

/** Why a resource cannot be planned. */
interface Block {
  readonly reason: ActionReason;
  readonly hint?: string;
  /** The field of the manifest that it is about, where the reason alone does not tell. */
  readonly field?: string;
}

/** A resource that cannot be planned at all: its blocked lines say why, and refuse the whole apply. */
export function refused(resource: DesiredResource, title: string, blocks: readonly Block[]): ResourcePlan {
  const changes = blocks.map(({ field: named, ...block }): Change => {
    const field = named ?? fieldOf[block.reason.code];
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

/** Blocked lines for what the server's version does not have: `runtimeType Hosting needs API 20, and …`. */
export function tooOld(missing: readonly Lacking[], apiVersion: number): Block[] {
  return missing.map(({ field, what, version }) => ({
    field,
    reason: {
      code: "version-too-old",
      text: `${what} needs API ${version} or later, and this server speaks API ${apiVersion}`,
    },
    hint: `leave ${field} out for this target, or use an overlay for the targets that have it`,
  }));
}
