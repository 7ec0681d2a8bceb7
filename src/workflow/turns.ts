import type { Change } from "../core/change.ts";
import { fold } from "../core/fold.ts";
import type { PlannedResource } from "../core/plan.ts";
import type { DesiredResource } from "../core/resource.ts";
import type { ReviewLive } from "../kinds/review/live.ts";
import { isKnown } from "../kinds/review/selection.ts";
import type { ReviewSpec } from "../kinds/review/spec.ts";
import { turnsOf, type Rival, type Turn } from "../kinds/review/turns.ts";
import { nameBeside } from "./conflicts.ts";

/** A resource and, where other reviews name its queue, what it was planned from. */
export interface PlannedBeside {
  readonly resource: PlannedResource;
  readonly review?: { readonly spec: ReviewSpec; readonly live: ReviewLive };
}

type Reviewing = Required<PlannedBeside>;

/** Names of queues that several reviews are about: what those have read is kept until all of them are planned. */
export function reviewedTwice(resources: readonly DesiredResource[]): ReadonlySet<string> {
  const names = resources.flatMap(({ key, spec }) => (key.kind === "Review" ? [fold((spec as ReviewSpec).queue)] : []));
  return new Set(names.filter((name, index) => names.indexOf(name) !== index));
}

/** What is kept of a review for that. */
export function readBeside(
  { key, spec }: DesiredResource,
  read: unknown,
  shared: ReadonlySet<string>,
): Pick<PlannedBeside, "review"> {
  if (key.kind !== "Review" || !shared.has(fold((spec as ReviewSpec).queue))) return {};
  return { review: { spec: spec as ReviewSpec, live: read as ReviewLive } };
}

/** Blocks what several reviews would change in turns, in each of them: also in those that have nothing to do just now. */
export function blockTurns(planned: readonly PlannedBeside[]): PlannedResource[] {
  const reviews = planned.filter((each): each is Reviewing => each.review !== undefined);
  const groups = Map.groupBy(reviews, ({ resource }) => resource.settings["queueId"]);
  const blocked = new Map([...groups].flatMap(([queue, group]) => (queue === undefined ? [] : blockAmong(group))));
  return planned.map(({ resource }) => blocked.get(resource) ?? resource);
}

/** The reviews of one queue that take turns with another one, as they are then. */
function blockAmong(group: readonly Reviewing[]): (readonly [PlannedResource, PlannedResource])[] {
  const rivals = group.map(({ review }) => rivalOf(review));
  const turns = new Map<string, readonly Turn[]>();
  for (const { resource, review } of group.length < 2 ? [] : group) {
    const items = new Map(review.live.items.map((item) => [String(item.id), item]));
    for (const { action, key } of resource.changes) {
      const item = items.get(key.entry ?? "");
      if (action === "assign" && item !== undefined) turns.set(String(item.id), turnsOf(item, rivals));
    }
  }
  return group.flatMap(({ resource }, own) => {
    const concerned = ({ key }: Change): readonly Turn[] => {
      const found = turns.get(key.entry ?? "") ?? [];
      return found.some(({ by }) => by === own) ? found : [];
    };
    if (!Iterator.from(resource.changes).some((change) => concerned(change).length > 0)) return [];
    const changes = Array.from(resource.changes, (change) => {
      const found = concerned(change);
      return found.length === 0 ? change : takenInTurns(change, found, own, group);
    });
    return [[resource, { ...resource, changes }] as const];
  });
}

function rivalOf({ spec, live }: Reviewing["review"]): Rival {
  const { selectedReviewer } = live;
  return {
    spec,
    reviewers: live.reviewers.filter((reviewer) => isKnown(reviewer)).map(({ id }) => id),
    ...(selectedReviewer === undefined ? {} : { selectedReviewer }),
  };
}

function takenInTurns(
  { key, label, source }: Change,
  turns: readonly Turn[],
  own: number,
  group: readonly Reviewing[],
): Change {
  const told = turns.map((turn) => {
    const { resource, review } = group[turn.by] as Reviewing;
    const name = turn.by === own ? "this one" : nameBeside(resource.key, key);
    return `${name} sets ${wordsOf(turn, review.live)}`;
  });
  const text = `${told.join(", ")}: each apply would undo the one before`;
  return {
    action: "blocked",
    key,
    label,
    summary: "",
    reason: { code: "taken-in-turns", text },
    hint: "narrow one of the two selections",
    ...(source === undefined ? {} : { source }),
  };
}

function wordsOf({ reviewer, reviewStatus }: Turn, { names }: ReviewLive): string {
  const name = typeof reviewer === "number" ? (names.get(reviewer) ?? `user ${reviewer}`) : "none";
  return [reviewer === undefined ? [] : `reviewer ${name}`, reviewStatus ?? []].flat().join(" and ");
}
