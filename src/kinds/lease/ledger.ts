import type { ActionReason, Change } from "../../core/change.ts";
import { shortInstant } from "../../core/instant.ts";
import { isRecord, type JsonObject } from "../../core/json.ts";
import { unrememberedRun } from "../job/definition.ts";
import type { Content } from "../queue-items/spec.ts";
import type { LiveQueueItem } from "../queue-items/live.ts";

/** What a ledger remembers of a run that is started once. */
export interface LedgerEntry {
  /** `sent`: a start was about to be sent, or was; `started`: it was, and these are its jobs. */
  readonly state: "sent" | "started";
  readonly owner: string;
  /** ISO 8601, by the server's clock. */
  readonly sentAt: string;
  readonly jobs: readonly number[];
}

/** Who says what became of a start that nobody can see any more: `--assume`. */
export type Assumption = "started" | "not-started";

/** The reference of a ledger's item. Run keys are unique within a folder alone. Frozen for `orch-sync/v1`. */
export function ledgerReference(folderKey: string, runKey: string): string {
  return `run/${folderKey.toLowerCase()}/${runKey}`;
}

/** `run: always` is another run with each plan: there is nothing to remember. */
export function isOnce(runKey: string): boolean {
  return !runKey.endsWith("@");
}

export function entryContent({ state, owner, sentAt, jobs }: LedgerEntry): Content {
  return { state, owner, sentAt, ...(jobs.length === 0 ? {} : { jobs: jobs.join(" ") }) };
}

/** The entry that an item is; undefined for one that is none. */
export function readEntry({ content = {} }: Pick<LiveQueueItem, "content">): LedgerEntry | undefined {
  const { state, owner, sentAt, jobs } = content;
  if ((state !== "sent" && state !== "started") || typeof sentAt !== "string") return undefined;
  if (Number.isNaN(Date.parse(sentAt))) return undefined;
  const ids = typeof jobs === "string" ? jobs.split(" ").map(Number).filter(Number.isSafeInteger) : [];
  return { state, owner: typeof owner === "string" ? owner : "somebody", sentAt, jobs: ids };
}

/** Of the rows under one reference the one that counts: deleted ones are forgotten. */
export function newestEntry(rows: readonly LiveQueueItem[]): LiveQueueItem | undefined {
  return rows.filter(({ status }) => status !== "Deleted").toSorted((a, b) => b.id - a.id)[0];
}

/** From then on nobody starts by himself what was sent and never seen: retention may have deleted the job. */
const trusted = 86_400_000;

export function isTrusted(sentAt: Date, now: Date): boolean {
  return now.getTime() - sentAt.getTime() <= trusted;
}

/** A start that has happened, by somebody's word or because its jobs are there: the entry that an apply completes. */
export interface AssumedStart {
  readonly item: number;
  readonly reference: string;
  /** Those that are there. Left out: it is somebody's word. */
  readonly jobs?: readonly number[];
}

/** True for an old entry of which somebody says that its start has happened. */
export function isAssumedStarted(item: LiveQueueItem, now: Date, assume: Assumption | undefined): boolean {
  const entry = readEntry(item);
  return (
    assume === "started" && item.status === "New" && entry?.state === "sent" && !isTrusted(new Date(entry.sentAt), now)
  );
}

/** True for an entry of a start whose answer was lost: its jobs are there, and it does not know. */
export function isLeftOpen(item: LiveQueueItem): boolean {
  return item.status === "New" && readEntry(item)?.state === "sent";
}

/** What `observed` of planned resources says of those, as a plan or its file has it. */
export function assumedStarts(resources: readonly { readonly observed: JsonObject }[]): AssumedStart[] {
  return resources.flatMap(({ observed: { assumed } }) => {
    if (!isRecord(assumed)) return [];
    const { item, reference, jobs } = assumed;
    if (typeof item !== "number" || typeof reference !== "string") return [];
    const ids = Array.isArray(jobs) ? jobs.filter((id) => Number.isSafeInteger(id)) : [];
    return [{ item, reference, ...(ids.length === 0 ? {} : { jobs: ids as number[] }) }];
  });
}

type Start = Extract<Change, { readonly action: "start" }>;

/** What a plan makes of a start that the ledger has an entry for; the job itself was not found. */
export function judgeStart(change: Start, item: LiveQueueItem, now: Date, assume: Assumption | undefined): Change {
  const entry = readEntry(item);
  const { key, label, source } = change;
  const base = { key, label, ...(source === undefined ? {} : { source }) };
  const inLine = (code: ActionReason["code"], text: string): Change => {
    return { ...base, action: "no-op", summary: text, reason: { code, text } };
  };
  if (entry === undefined || item.status !== "New") {
    return blocked(base, `the ledger's item ${item.id} is not as orch-sync writes it`, "look who has changed it");
  }
  if (entry.state === "started") return inLine("ledger-started", startedText(entry));
  const sent = `sent by ${entry.owner} at ${shortInstant(entry.sentAt)}, and no job of it is there`;
  const isRecent = isTrusted(new Date(entry.sentAt), now);
  if (isAssumedStarted(item, now, assume)) return inLine("ledger-assumed", `${sent}: assumed to have been started`);
  if (isRecent || assume === "not-started") {
    const warning = `${sent}: it is started now, once nothing of that can come late`;
    return { ...change, warnings: [...(change.warnings ?? []), warning] };
  }
  return blocked(
    base,
    `the ledger says: ${sent}; retention may have deleted it`,
    "find out, then say so: --assume started or --assume not-started",
  );
}

/** A start that a ledger remembers from now on, whatever retention does to its job. */
export function rememberedStart(change: Change): Change {
  const { warnings, ...rest } = change;
  if (warnings === undefined) return change;
  const left = warnings.filter((warning) => warning !== unrememberedRun);
  return left.length === 0 ? rest : { ...rest, warnings: left };
}

/** `started by ana@ci at 2026-11-21 10:00Z (job 128211), by the ledger` */
export function startedText({ owner, sentAt, jobs }: LedgerEntry): string {
  const which = jobs.length === 0 ? "" : ` (job ${jobs.join(", ")})`;
  return `started by ${owner} at ${shortInstant(sentAt)}${which}, by the ledger`;
}

function blocked(base: Pick<Change, "key" | "label" | "source">, text: string, hint: string): Change {
  return { ...base, action: "blocked", summary: "", reason: { code: "ledger-open", text }, hint };
}
