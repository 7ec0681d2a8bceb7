import type { Change } from "../../../core/change.ts";
import { isRecord } from "../../../core/json.ts";
import type { Ending } from "../../../core/outcome.ts";
import { sendable } from "../../../kinds/capabilities.ts";
import { member } from "../../http/error-body.ts";
import { answered, readBulk, refusal, rowFault, unanswered, unreadable, type BulkBody } from "../answers.ts";
import type { Answer, Sending } from "../port.ts";
import { endingsOf, present, type Adding } from "./presence.ts";
import { duplicates, isDuplicate } from "./duplicates.ts";
import { draftOf } from "./state.ts";
import { mark, newItem } from "./wire.ts";

const path = "/odata/Queues/UiPathODataSvc.BulkAddQueueItems";
const call = `POST ${path}`;
/** Sends of one batch whose duplicates come to light one by one. */
const sendsAtMost = 20;

interface FailedRow {
  /** Index in what was sent; undefined when the server does not say which row it means. */
  readonly index: number | undefined;
  readonly errorCode: string | number | undefined;
  readonly message: string | null;
}

/** One bulk call that came to an answer. */
interface Bulk {
  readonly sent: readonly Change[];
  readonly body: BulkBody;
  readonly failed: readonly FailedRow[];
}

/** Adds items together. 200 comes also when rows fail: the body says which (Transactions requests, 2023.4). */
export async function sendBulk(
  changes: readonly Change[],
  adding: Adding,
  signal: AbortSignal,
  sending?: Sending,
): Promise<Answer> {
  const { settled } = adding;
  let pending: readonly Change[] = changes.filter((change) => !settled.has(change));
  for (let sends = 1; pending.length > 0; sends++) {
    const bulk = await post(pending, adding, signal, sending);
    if ("ending" in bulk) {
      // What an earlier call of this batch settled stays settled, so only an untouched batch may be refused as one.
      if (bulk.ending === "open" || pending.length === changes.length) return bulk;
      settle(adding, pending, refusal(bulk.fault));
      break;
    }
    pending = await rest(bulk, adding, signal);
    if (pending.length > 0 && sends >= sendsAtMost) {
      const note = `not added: ${sends} times the queue refused another row whose reference it once had; such rows cannot be seen any more, so the next apply begins anew: set commit to ProcessAllIndependently, or take out those that are reported as already there`;
      settle(adding, pending, { status: "skipped", note });
      break;
    }
  }
  return answered(
    changes.flatMap((change) => {
      const ending = settled.get(change);
      return ending === undefined ? [] : [[change, ending] as const];
    }),
  );
}

async function post(
  changes: readonly Change[],
  { place, settings, reader, plannedAt, applyId }: Adding,
  signal: AbortSignal,
  sending: Sending | undefined,
): Promise<Bulk | Exclude<Answer, { readonly ending: "answered" }>> {
  const request = {
    queueName: settings.queueName,
    commitType: settings.commit,
    queueItems: changes.map((change) =>
      sendable(reader.capabilities, "QueueItemDataDto", {
        ...newItem(draftOf(change), settings, plannedAt),
        ...mark(applyId, sending),
      }),
    ),
  };
  const result = await reader.client.write("POST", path, request, {
    folder: place.folder,
    signal,
    before: sending?.before,
  });
  if (result.ending !== "answered") return unanswered(result);
  const body = readBulk(result.body);
  if (body === undefined || (!body.success && body.failed.length === 0)) return unreadable(call, result.status);
  return { sent: changes, body, failed: body.failed.map((row) => failedRow(row, changes.length)) };
}

function failedRow(row: unknown, count: number): FailedRow {
  const fields = isRecord(row) ? row : {};
  const ordinal = member(fields, "Ordinal");
  const errorCode = member(fields, "ErrorCode");
  const message = member(fields, "ErrorMessage");
  const known = typeof ordinal === "number" && ordinal >= 1 && ordinal <= count; // counted from 1
  return {
    index: known ? ordinal - 1 : undefined,
    errorCode: typeof errorCode === "string" || typeof errorCode === "number" ? errorCode : undefined,
    message: typeof message === "string" ? message : null,
  };
}

/** Settles what an answer tells and gives what is to be sent again. */
async function rest(bulk: Bulk, adding: Adding, signal: AbortSignal): Promise<readonly Change[]> {
  if (bulk.failed.length === 0) {
    settle(adding, bulk.sent, { status: "applied", note: "added" });
    return [];
  }
  if (bulk.failed.some(({ index }) => index === undefined)) return unclear(bulk, adding, signal);
  switch (adding.settings.commit) {
    case "ProcessAllIndependently":
      return independent(bulk, adding, signal);
    case "StopOnFirstFailure":
      return stopped(bulk, adding, signal);
    case "AllOrNothing":
      return nothing(bulk, adding, signal);
  }
}

/** All failures are named, every other row was added. */
async function independent(bulk: Bulk, adding: Adding, signal: AbortSignal): Promise<readonly Change[]> {
  const failures = byIndex(bulk);
  const there = bulk.sent.filter((_, index) => isDuplicate(failures.get(index)?.errorCode));
  merge(adding, await duplicates(there, adding, signal));
  for (const [index, change] of bulk.sent.entries()) {
    const failure = failures.get(index);
    if (failure === undefined) adding.settled.set(change, { status: "applied", note: "added" });
    else if (!isDuplicate(failure.errorCode)) adding.settled.set(change, failedEnding(bulk, failure, adding));
  }
  return [];
}

/** Rows up to the first failure were added; those behind it are neither added nor named, and are looked at. */
async function stopped(bulk: Bulk, adding: Adding, signal: AbortSignal): Promise<readonly Change[]> {
  const first = Math.min(...byIndex(bulk).keys());
  const failure = byIndex(bulk).get(first);
  const culprit = bulk.sent[first];
  if (failure === undefined || culprit === undefined) return [];
  settle(adding, bulk.sent.slice(0, first), { status: "applied", note: "added" });
  const behind = bulk.sent.slice(first + 1);
  if (isDuplicate(failure.errorCode)) {
    merge(adding, await duplicates([culprit], adding, signal)); // no failure to us: the rest goes on
    return behind;
  }
  adding.settled.set(culprit, failedEnding(bulk, failure, adding));
  const found = behind.length === 0 ? new Map() : await present(behind, adding, signal);
  merge(adding, endingsOf(found, "applied", "added"));
  const left = behind.filter((change) => !found.has(change));
  settle(adding, left, { status: "skipped", note: `not added: the batch stopped at ${culprit.label}` });
  return [];
}

/**
 * Nothing was added, and one failing row is named. A duplicate is no failure to us: what is there already is left
 * out and the rest is sent again, whole.
 */
async function nothing(bulk: Bulk, adding: Adding, signal: AbortSignal): Promise<readonly Change[]> {
  const failures = byIndex(bulk);
  const there = bulk.sent.filter((_, index) => isDuplicate(failures.get(index)?.errorCode));
  if (there.length > 0) {
    merge(adding, await duplicates(there, adding, signal));
    const others = bulk.sent.filter((change) => !there.includes(change));
    // Others may be there as well: one look finds all that can be seen, the server names only one a call.
    merge(adding, endingsOf(await present(others, adding, signal), "already-done", "already there"));
    return others.filter((change) => !adding.settled.has(change));
  }
  for (const [index, change] of bulk.sent.entries()) {
    const failure = failures.get(index);
    adding.settled.set(
      change,
      failure === undefined
        ? { status: "skipped", note: "nothing of the batch was added" }
        : failedEnding(bulk, failure, adding),
    );
  }
  return [];
}

/**
 * The server does not say which rows it means. Those that are there now were added; where as many are missing as
 * failed, they are the failed ones. Otherwise nothing is claimed of them: they are as open as a lost answer.
 */
async function unclear(bulk: Bulk, adding: Adding, signal: AbortSignal): Promise<readonly Change[]> {
  const nothingAdded = adding.settings.commit === "AllOrNothing";
  const found = await present(bulk.sent, adding, signal);
  merge(adding, endingsOf(found, nothingAdded ? "already-done" : "applied", nothingAdded ? "already there" : "added"));
  const missing = bulk.sent.filter((change) => !found.has(change));
  const [failure] = bulk.failed;
  if (failure === undefined || (missing.length !== bulk.failed.length && !nothingAdded)) return [];
  settle(adding, missing, failedEnding(bulk, failure, adding));
  return [];
}

function byIndex({ failed }: Bulk): ReadonlyMap<number, FailedRow> {
  return new Map(failed.flatMap((row) => (row.index === undefined ? [] : [[row.index, row]])));
}

function failedEnding({ body }: Bulk, { errorCode, message }: FailedRow, { reader }: Adding): Ending {
  const fault = reader.client.withoutSecrets(rowFault(call, message ?? body.message, errorCode));
  return { status: "failed", fault, note: "refused by the server" };
}

function settle({ settled }: Adding, changes: readonly Change[], ending: Ending): void {
  for (const change of changes) settled.set(change, ending);
}

function merge({ settled }: Adding, endings: ReadonlyMap<Change, Ending>): void {
  for (const [change, ending] of endings) settled.set(change, ending);
}
