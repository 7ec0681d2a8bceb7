import { isPending, type Change } from "../../core/change.ts";
import type { Ending, Outcome } from "../../core/outcome.ts";
import { canonicalJson, isRecord } from "../../core/json.ts";
import { changeBinding, changeLine } from "../../core/plan-line.ts";
import type { Plan, PlannedResource } from "../../core/plan.ts";
import { keyIdentity, type Key } from "../../core/resource.ts";
import { assumedStarts } from "../../kinds/lease/ledger.ts";
import { outcomeOf } from "../apply/outcomes.ts";

/** A planned change that the tenant no longer allows as it was reviewed. */
export interface Conflict {
  readonly key: Key;
  readonly label: string;
  /** `planned to update, now to create`. */
  readonly text: string;
}

/** A saved plan beside the tenant as it is now. */
export interface Comparison {
  /** What is left to do of each resource that has something left, as it was planned just now. */
  readonly resources: readonly PlannedResource[];
  /** What needs no write any more. */
  readonly settled: readonly Outcome[];
  readonly conflicts: readonly Conflict[];
  /** What matches now and is not in the plan: it stays as it is. */
  readonly notes: readonly string[];
}

/** Compares what was planned with what would be planned now, key by key. */
export function compare(saved: Plan, fresh: Plan): Comparison {
  const now = new Map(fresh.resources.map((resource) => [keyIdentity(resource.key), resource]));
  const found: Mutable = { resources: [], settled: [], conflicts: [], notes: [] };
  for (const resource of saved.resources) {
    const pending = Iterator.from(resource.changes).filter(isPending).toArray();
    const other = now.get(keyIdentity(resource.key));
    if (pending.length > 0 && other !== undefined) compareResource(resource, pending, other, found);
  }
  return { ...found, resources: withAssumed(saved, found.resources) };
}

/** What the reviewed plan says of the ledger stands, and whoever plans again does not ask the ledger. */
function withAssumed({ resources }: Plan, left: readonly PlannedResource[]): PlannedResource[] {
  const kept = new Map(left.map((resource) => [keyIdentity(resource.key), resource]));
  for (const resource of resources) {
    if (assumedStarts([resource]).length === 0) continue;
    const { assumed } = resource.observed;
    const identity = keyIdentity(resource.key);
    const own = kept.get(identity) ?? { ...resource, changes: [] };
    kept.set(identity, { ...own, observed: { ...own.observed, ...(assumed === undefined ? {} : { assumed }) } });
  }
  return [...kept.values()];
}

type Mutable = { -readonly [Name in keyof Comparison]: Comparison[Name][number][] };

function compareResource(
  saved: PlannedResource,
  pending: readonly Change[],
  fresh: PlannedResource,
  found: Mutable,
): void {
  const changes = new Map(Array.from(fresh.changes, (change) => [identityOf(change), change]));
  const whole = Iterator.from(fresh.changes).find(({ action, key }) => action === "blocked" && key.entry === undefined);
  const kept: Change[] = [];
  for (const planned of pending) {
    const identity = identityOf(planned);
    const now = changes.get(identity) ?? whole;
    changes.delete(identity);
    const ending = now === undefined ? gone(planned) : endingOf(now);
    if (ending !== undefined) found.settled.push(outcomeOf(planned, ending));
    else if (now !== undefined && isSame(planned, now)) kept.push(now);
    else if (now !== undefined) found.conflicts.push(conflict(planned, difference(planned, now)));
  }
  const moved = kept.length === 0 ? undefined : movedText(saved, fresh);
  if (moved === undefined) {
    if (kept.length > 0) found.resources.push({ ...fresh, level: saved.level, changes: kept });
  } else {
    found.conflicts.push(...kept.map((change) => conflict(change, moved)));
  }
  const more = Iterator.from(changes.values()).filter(isPending).toArray().length;
  if (more > 0) {
    const what = more === 1 ? "1 more matches" : `${more.toLocaleString("en")} more match`;
    found.notes.push(`${saved.key.kind}/${saved.key.name}: ${what} now and stays as it is: it is not in the plan`);
  }
}

/** Deletions of two items with one reference are two changes. */
function identityOf({ key, action, ...change }: Change): string {
  const condition = "precondition" in change ? change.precondition : undefined;
  const id = action === "delete" && condition !== undefined && "id" in condition ? condition.id : null;
  return JSON.stringify([keyIdentity(key), id]);
}

/** The same effect under the same conditions. Whether a run is the first or one more is only said, not sent. */
function isSame(planned: Change, now: Change): boolean {
  if (planned.action === "start" && now.action === "wait") return isRunOf(now, planned.after);
  return effectOf(planned) === effectOf(now);
}

function effectOf(change: Change): string {
  const { run: _run, ...line } = changeLine(change);
  return changeBinding(line);
}

/** The very run that was planned goes on already: somebody has applied the plan before. */
function isRunOf(now: Change, after: unknown): boolean {
  const before = "before" in now ? now.before : undefined;
  return isRecord(before) && isRecord(after) && before["runKey"] === after["runKey"];
}

function endingOf(now: Change): Ending | undefined {
  return now.action === "no-op" ? { status: "already-done", note: now.summary } : undefined;
}

/** What is no longer selected, or no longer there. */
function gone({ action }: Change): Ending {
  return { status: "already-done", note: goneNotes[action] ?? "nothing is left to do" };
}

const goneNotes: Partial<Record<Change["action"], string>> = {
  delete: "it is gone, or a robot has taken it",
  stop: "it has ended, or is no longer selected",
  assign: "it is no longer selected",
};

function conflict({ key, label }: Change, text: string): Conflict {
  return { key, label, text };
}

function difference(planned: Change, now: Change): string {
  if (now.action === "blocked") return `blocked: ${now.reason.text}`;
  if (now.action !== planned.action) return `planned to ${planned.action}, now to ${now.action}`;
  const fields = "fields" in now ? now.fields.map(({ path }) => path).join(", ") : "";
  return `it has changed since it was planned${fields === "" ? "" : ` (now: ${fields})`}`;
}

/** Why operations would not do what was reviewed: another queue under the same name, for one. */
function movedText(saved: PlannedResource, fresh: PlannedResource): string | undefined {
  if (saved.folder?.key !== fresh.folder?.key) return "its folder is another one";
  const names = new Set([...Object.keys(saved.settings), ...Object.keys(fresh.settings)]);
  const differing = [...names].filter(
    (name) => canonicalJson(saved.settings[name]) !== canonicalJson(fresh.settings[name]),
  );
  return differing.length === 0 ? undefined : `${differing.join(", ")} is not as planned`;
}
