import type { ActionReason, Change, ReasonCode } from "../core/change.ts";
import { formatPath, type Path } from "../core/locate.ts";
import type { DesiredResource } from "../core/resource.ts";
import type { SourceSpan } from "../core/source.ts";
import type { Lacking } from "./capabilities.ts";
import type { ResourcePlan } from "./definition.ts";
import type { Missing } from "./live.ts";

/** Why a resource is refused, and the value of its manifest that is about. */
export interface Block {
  readonly reason: ActionReason;
  readonly hint?: string;
  readonly cause?: "permission";
  /** Below `spec`. Left out: the field that the reason's code is about, see below. */
  readonly at?: Path;
}

/** A resource that cannot be planned at all: its blocked lines say why, and refuse the whole apply. */
export function refused(resource: DesiredResource, title: string, blocks: readonly Block[]): ResourcePlan {
  return { title, settings: {}, notes: [], changes: blocks.map((block) => blockedLine(resource, block)) };
}

/** A blocked line about the resource as a whole, at the value that people must change. */
export function blockedLine(
  resource: DesiredResource,
  { at, ...block }: Block,
): Extract<Change, { action: "blocked" }> {
  const field = fieldOf[block.reason.code];
  const path = at ?? (field === undefined ? [] : [field]);
  return { ...block, action: "blocked", key: resource.key, label: "", summary: "", source: placeOf(resource, path) };
}

/** The value's place, or that of the nearest thing around it which has one. */
function placeOf({ places = {}, source }: DesiredResource, path: Path): SourceSpan {
  for (let length = path.length; length > 0; length--) {
    const place = places[formatPath(path.slice(0, length))];
    if (place !== undefined) return place;
  }
  return source;
}

/** The field of a manifest that a refusal is about: people fix it there. */
const fieldOf: Partial<Record<ReasonCode, string>> = {
  "queue-unknown": "queue",
  "seed-until-missing": "queue",
  "commit-too-large": "commit",
  "commit-split": "commit",
  "folder-unknown": "folder",
};

/** `there is no queue DocQue in folder Finance`, with the nearest existing name. */
export function unknownName(code: ReasonCode, what: string, name: Missing, folder: string): Block {
  return {
    reason: { code, text: `there is no ${what} ${name.missing} in folder ${folder}` },
    ...(name.nearest === undefined ? {} : { hint: `did you mean ${name.nearest}?` }),
  };
}

/** Blocked lines for what the server's version does not have: `runtimeType Hosting needs API 20, and …`. */
export function tooOld(missing: readonly Lacking[], apiVersion: number): Block[] {
  return missing.map(({ field, what, version }) => ({
    at: [field],
    reason: {
      code: "version-too-old",
      text: `${what} needs API ${version} or later, and this server speaks API ${apiVersion}`,
    },
    hint: `leave ${field} out for this target, or use an overlay for the targets that have it`,
  }));
}
