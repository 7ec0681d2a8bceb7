import type { Instant } from "../instant.ts";
import {
  eventAction,
  exceptionType,
  itemPriority,
  itemStatus,
  memberNumber,
  reviewStatus,
} from "../model/enumerations.ts";
import { decodeRowVersion } from "../odata/row-version.ts";
import { abandonment, nextVersion, referenceColumns } from "../store/items.ts";
import { nameUuid } from "../uuid.ts";
import type { Seeding } from "./names.ts";
import type { TenantEvent, TenantItem, TenantSpec } from "./types.ts";

/** Adds the items of a tenant file and their histories. */
export function seedItems(seeding: Seeding, spec: TenantSpec): void {
  const items = spec.items ?? [];
  const versions = items.map((item, index) => versionOf(seeding, `/spec/items/${index}/rowVersion`, item.rowVersion));
  const next = versionOf(seeding, "/spec/next/rowVersion", spec.next?.rowVersion) ?? 1;
  const highest = versions.reduce<number>((max, version) => Math.max(max, version ?? 0), next - 1);
  seeding.db.insert("row_version", { value: highest });
  for (const [index, item] of items.entries()) seedItem(seeding, `/spec/items/${index}`, item, versions[index]);
  if (spec.next?.item !== undefined) startNumbering(seeding, "items", spec.next.item);
}

/** Sets the next Id of a table; it never falls behind one that is in use. */
export function startNumbering(seeding: Seeding, table: string, next: number): void {
  const last = Number(seeding.db.get(`SELECT coalesce(max(id), 0) AS id FROM ${table}`)?.["id"]);
  const value = Math.max(next - 1, last);
  seeding.db.run("DELETE FROM sqlite_sequence WHERE name = ?", table);
  seeding.db.run("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", table, value);
}

/** The Id that a row without one gets: those in use are never given out again. */
export function nextId(seeding: Seeding, table: "items" | "jobs"): number {
  return Number(seeding.db.get(`SELECT coalesce(max(id), 0) + 1 AS id FROM ${table}`)?.["id"]);
}

function seedItem(seeding: Seeding, at: string, item: TenantItem, version: number | undefined): void {
  if ((item.count ?? 1) > 1 && (item.key !== undefined || version !== undefined)) {
    throw seeding.fail(at, "a series cannot have one key or one rowVersion");
  }
  const columns = columnsOf(seeding, at, item);
  const status = memberNumber(itemStatus, item.status ?? "New");
  const first = item.id ?? nextId(seeding, "items");
  for (let n = 1; n <= (item.count ?? 1); n += 1) {
    const number = (text: string): string => text.replaceAll("{n}", String(n));
    const id = first + n - 1;
    seeding.insert(at, "items", {
      ...columns,
      id,
      key: (item.key ?? nameUuid("item", String(id))).toLowerCase(),
      version: version ?? nextVersion(seeding.db),
      content: item.content === undefined ? null : JSON.stringify(numbered(item.content, number)),
      ...referenceColumns(item.reference === undefined ? null : number(item.reference)),
    });
    seedEvents(seeding, at, id, item, status, columns);
    seedComments(seeding, at, id, item);
  }
}

interface ItemColumns extends Readonly<Record<string, string | number | null>> {
  readonly created: Instant;
  readonly start_processing: Instant | null;
  readonly end_processing: Instant | null;
}

function columnsOf(seeding: Seeding, at: string, item: TenantItem): ItemColumns {
  const folderId = seeding.folder(at, item.folder);
  const status = item.status ?? "New";
  const created = seeding.optionalTime(`${at}/created`, item.created) ?? seeding.now;
  const isBegun = status !== "New" && (status !== "Deleted" || item.started !== undefined);
  const isDone = isBegun && status !== "InProgress";
  const started = isBegun ? (seeding.optionalTime(`${at}/started`, item.started) ?? created) : null;
  const ended = isDone ? (seeding.optionalTime(`${at}/ended`, item.ended) ?? started) : null;
  return {
    queue_id: seeding.resolve(`${at}/queue`, "queue", item.queue, folderId),
    status: memberNumber(itemStatus, status),
    review_status: memberNumber(reviewStatus, item.reviewStatus ?? "None"),
    reviewer_id: seeding.optional(`${at}/reviewer`, "user", item.reviewer),
    robot_id: seeding.optional(`${at}/robot`, "robot", item.robot),
    priority: memberNumber(itemPriority, item.priority ?? "High"),
    output: item.output === undefined ? null : JSON.stringify(item.output),
    exception: exceptionOf(item, ended),
    exception_type: item.exception ? memberNumber(exceptionType, item.exception.type) : null,
    defer_date: seeding.optionalTime(`${at}/deferDate`, item.deferDate),
    due_date: seeding.optionalTime(`${at}/dueDate`, item.dueDate),
    risk_sla_date: seeding.optionalTime(`${at}/riskSlaDate`, item.riskSlaDate),
    start_processing: started,
    end_processing: ended,
    seconds_in_previous_attempts: item.secondsInPreviousAttempts ?? 0,
    ancestor_id: item.ancestor ?? null,
    retry_number: item.retryNumber ?? 0,
    created,
    progress: item.progress ?? null,
    abandons_at: status === "InProgress" && started !== null ? abandonedAt(started, seeding.now) : null,
  };
}

/** What is in progress for longer already stays so: the requests pages have items that are, for two weeks. */
function abandonedAt(started: Instant, now: Instant): Instant | null {
  const at = abandonment(started);
  return at > now ? at : null;
}

function exceptionOf({ exception }: TenantItem, ended: Instant | null): string | null {
  if (!exception) return null;
  const { type, reason = null, details = null } = exception;
  return JSON.stringify({
    Reason: reason,
    Details: details,
    Type: type,
    AssociatedImageFilePath: null,
    CreationTime: ended?.replace(/\.?0+Z$/, "Z") ?? null,
  });
}

function seedEvents(
  seeding: Seeding,
  at: string,
  itemId: number,
  item: TenantItem,
  status: number,
  { created, start_processing: started, end_processing: ended }: ItemColumns,
): void {
  if (item.events) {
    for (const [index, event] of item.events.entries()) seedEvent(seeding, `${at}/events/${index}`, itemId, event);
    return;
  }
  const add = (time: Instant, action: string, to: number): void => {
    const numbers = { action: memberNumber(eventAction, action), status: to, review_status: 0 };
    seeding.db.insert("item_events", { item_id: itemId, time, ...numbers });
  };
  add(created, "Create", 0);
  if (status !== 0) add(ended ?? started ?? created, "Status", status);
}

function seedEvent(seeding: Seeding, at: string, itemId: number, event: TenantEvent): void {
  seeding.insert(at, "item_events", {
    id: event.id,
    item_id: itemId,
    time: seeding.time(`${at}/time`, event.time),
    action: memberNumber(eventAction, event.action),
    user_id: seeding.optional(`${at}/user`, "user", event.user),
    status: memberNumber(itemStatus, event.status ?? "New"),
    review_status: memberNumber(reviewStatus, event.reviewStatus ?? "None"),
    reviewer_id: seeding.optional(`${at}/reviewer`, "user", event.reviewer),
  });
}

function seedComments(seeding: Seeding, at: string, itemId: number, item: TenantItem): void {
  for (const [index, comment] of (item.comments ?? []).entries()) {
    const here = `${at}/comments/${index}`;
    seeding.insert(here, "item_comments", {
      id: comment.id,
      item_id: itemId,
      text: comment.text,
      created: seeding.optionalTime(`${here}/time`, comment.time) ?? seeding.now,
      user_id: seeding.optional(`${here}/user`, "user", comment.user),
    });
  }
}

function numbered(content: Readonly<Record<string, unknown>>, number: (text: string) => string): object {
  const entries = Object.entries(content);
  return Object.fromEntries(entries.map(([name, value]) => [name, typeof value === "string" ? number(value) : value]));
}

function versionOf(seeding: Seeding, at: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const version = decodeRowVersion(text);
  if (version === undefined) throw seeding.fail(at, `'${text}' is no RowVersion: eight bytes in base64`);
  return version;
}
