import type { ApplyRecord, Evidence, OutcomeLine, ReportDocument } from "./evidence.ts";
import { addsByHand, idOf, sameReference } from "./items.ts";
import { writesOf, type Write } from "./writes-of-runs.ts";

/** Why a statement is not true of a write that lists did not show for longer than settle: nothing could tell it. */
export const unseen = "it was done, and no list showed it in time";

/** Statements of reports that are not true. */
export function falseStatements(evidence: Evidence): string[] {
  const writes = writesOf(evidence.calls);
  return evidence.applies.flatMap((apply) => {
    const { name, by, report } = apply;
    if (report === undefined) return [];
    const mine = writes.filter(({ call }) => by.includes(call.by));
    return [
      ...sums(apply, report),
      ...report.outcomes.flatMap((line) => untrue(line, mine, apply, evidence)).map((text) => `${name} says ${text}`),
    ];
  });
}

/** Every change of the plan has one outcome, and the counts are theirs. */
function sums({ name, plan, isSaved = false }: ApplyRecord, { counts, outcomes }: ReportDocument): string[] {
  const pending = (plan?.resources ?? []).flatMap(({ changes }) =>
    changes.filter(({ action }) => action !== "no-op" && action !== "blocked"),
  );
  if (plan === undefined) return [];
  // Of a saved plan a run may have been started since: then it is waited for.
  const change = ({ key, action }: Pick<OutcomeLine, "key" | "action">): string =>
    JSON.stringify([key, isSaved && action === "wait" ? "start" : action]);
  const wanted = pending.map(change).toSorted();
  const told = outcomes.map(change).toSorted();
  const tally = Object.entries(counts).filter(
    ([status, count]) => outcomes.filter((line) => line.status === status).length !== count,
  );
  return [
    ...(wanted.join("\n") === told.join("\n") ? [] : [`${name}: the report is not about the changes of the plan`]),
    ...tally.map(([status, count]) => `${name}: it counts ${count} ${status}`),
  ];
}

function untrue(line: OutcomeLine, mine: readonly Write[], apply: ApplyRecord, evidence: Evidence): string[] {
  const about = aboutOf(line, apply);
  if (about.length === 0) return []; // neither the plan nor the report says which
  const writes = mine.filter(
    ({ what, about: names }) =>
      whatOf[line.action]?.includes(what) === true && names.some((name) => about.some((key) => isKey(name, key))),
  );
  const says = `${line.status} of ${line.action} ${line.label || line.key.name}`;
  const missing = (line.ids ?? []).filter((id) => !exists(id, line, evidence));
  return [
    ...missing.map((id) => `${says} with id ${id}, which does not exist`),
    ...statement(line, about, writes, apply, evidence).map((why) => `${says}, but ${why}`),
  ];
}

const whatOf: Readonly<Record<string, readonly Write["what"][]>> = {
  create: ["add"],
  update: ["update"],
  delete: ["delete"],
  start: ["start"],
  stop: ["stop"],
  assign: ["review", "comment"],
};

function statement(
  line: OutcomeLine,
  about: readonly string[],
  writes: readonly Write[],
  apply: ApplyRecord,
  evidence: Evidence,
): string[] {
  const handled = writes.some(({ isHandled }) => isHandled);
  switch (line.status) {
    case "applied":
      if (line.action === "wait") return [];
      if (line.action === "create" && !isThere(about, evidence)) return ["it is not there"];
      if (handled || isShared(evidence) || isSomebodyElses(line, about, writes, apply, evidence)) return [];
      return ["no write of it was carried out"];
    case "already-done":
      return line.action === "create" && !isThere(about, evidence) ? ["it is not there"] : [];
    case "failed":
    case "skipped":
      // Several items under one reference are told as a failure, with their ids.
      if ((line.ids ?? []).length > 1) return [];
      if (!wasDone(line, about, writes, evidence)) return [];
      return writes.some(({ call }) => call.fault?.name === "lists lag behind for long") ? [unseen] : ["it was done"];
    case "unknown":
      // What an apply that was killed had meant to send is open to whoever carries it on, sent or not.
      return writes.some(({ isOpen }) => isOpen) || apply.by.length > 1 ? [] : ["none of its writes was open"];
  }
}

/**
 * What is found when an open write is read back counts as applied (docs/exactly-once.md): here a person has added the
 * same, or another apply has added, set or deleted the same, and nothing on the row tells whose it is.
 */
function isSomebodyElses(
  { action, note }: OutcomeLine,
  about: readonly string[],
  writes: readonly Write[],
  { by }: ApplyRecord,
  { calls }: Evidence,
): boolean {
  const isOpen = writes.some((write) => write.isOpen) || by.length > 1;
  if (!isOpen || !/found (deleted )?when read back/.test(note ?? "")) return false;
  if (action === "create" && about.some((key) => addsByHand(key, calls).length > 0)) return true;
  return writesOf(calls).some(
    ({ what, about: names, isHandled, call }) =>
      whatOf[action]?.includes(what) === true &&
      isHandled &&
      !by.includes(call.by) &&
      names.some((name) => about.some((key) => isKey(name, key))),
  );
}

/** Where two applies are at work at the same time, what one finds may be the other's. */
function isShared({ broken }: Evidence): boolean {
  return broken.includes("two applies at the same time without a lease");
}

/** An add that took place: a row was made by one of these calls, or by one that came late. */
function wasDone(
  { action }: OutcomeLine,
  about: readonly string[],
  writes: readonly Write[],
  { after, before, applies }: Evidence,
): boolean {
  if (action !== "create" || !writes.some(({ isHandled }) => isHandled) || applies.length === 0) return false;
  const known = new Set(before.items.map(idOf));
  const times = new Set(writes.filter(({ isHandled }) => isHandled).map(({ call }) => call.time));
  return after.items.some(
    (row) =>
      !known.has(idOf(row)) &&
      about.some((key) => sameReference(row["Reference"], key)) &&
      row["Status"] !== "Deleted" &&
      times.has(String(row["CreationTime"])),
  );
}

function isThere(about: readonly string[], { after }: Evidence): boolean {
  return after.items.some((row) => about.some((key) => sameReference(row["Reference"], key)));
}

function exists(id: number, { action, key }: OutcomeLine, { after }: Evidence): boolean {
  const rows = key.kind === "Job" || key.kind === "StoppedJobs" || action === "stop" ? after.jobs : after.items;
  return rows.some((row) => idOf(row) === id);
}

/** What the writes of a line name: a reference, ids, or a run key that begins with its name. */
function aboutOf({ key, action, ids = [] }: OutcomeLine, { plan }: ApplyRecord): string[] {
  if (action === "create") return [key.entry ?? ""];
  if (action === "start") return [`${key.name}@`];
  const planned = (plan?.resources ?? []).flatMap(({ changes }) =>
    changes.filter((line) => JSON.stringify(line.key) === JSON.stringify(key)).map(({ before }) => before?.["id"]),
  );
  return [...new Set([...ids, ...planned].filter((id) => id !== undefined).map(String))];
}

function isKey(name: string, key: string): boolean {
  return key.endsWith("@") ? name.startsWith(key) : sameReference(name, key);
}
