import { ApiError, NetworkError } from "../core/errors.ts";
import type { Clock } from "../core/clock.ts";
import type { ItemComment, ItemEvent, Listing } from "../core/listing.ts";
import { saying } from "../kinds/review/comment.ts";
import { toError } from "../orchestrator/http/errors.ts";
import { postComment, type TenantReader } from "../orchestrator/index.ts";
import type { FoundItem } from "./find-item.ts";

/** What people and robots wrote on an item and on the attempts before it, the oldest first. */
export async function readComments(
  reader: TenantReader,
  { item, folder }: FoundItem,
  signal: AbortSignal,
): Promise<Listing<ItemComment>> {
  const found = await reader.comments.history(folder.id, item.id, signal);
  const rows = found
    .map(({ id, itemId, text, userName, creationTime }) => ({
      id,
      item: itemId,
      at: creationTime ?? "",
      user: userName,
      text,
    }))
    .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at) || a.id - b.id);
  return { rows, total: rows.length, more: false };
}

/** What happened to an item and to the attempts before it, the oldest first. */
export async function readHistory(
  reader: TenantReader,
  { item, folder }: FoundItem,
  signal: AbortSignal,
): Promise<Listing<ItemEvent>> {
  const rows = await reader.itemEvents(folder, item.id, signal);
  return { rows, total: rows.length, more: false };
}

/** True when a comment with this text hangs on this very item. */
export async function hasComment(
  reader: TenantReader,
  { item, folder }: FoundItem,
  text: string,
  signal: AbortSignal,
): Promise<boolean> {
  const hanging = await reader.comments.hanging(folder.id, [item.id], signal);
  return saying(text, hanging.get(item.id)).length > 0;
}

interface AddInput {
  readonly reader: TenantReader;
  readonly found: FoundItem;
  readonly text: string;
  readonly clock: Clock;
  /** In milliseconds. */
  readonly timing: { readonly settle: number; readonly poll: number };
  readonly signal: AbortSignal;
}

/**
 * Posts a comment once. Nothing on the server refuses a second one, so a call without an answer is looked for until it
 * has settled and never sent again.
 * @returns undefined when it is there, else what is wrong with a call of which nobody knows what became.
 * @throws ApiError when the server refuses it.
 */
export async function addComment(input: AddInput): Promise<ApiError | undefined> {
  const { reader, found, text, clock, timing, signal } = input;
  const { item, folder } = found;
  const result = await postComment(reader.client, folder.id, item.id, text, signal);
  const host = new URL(reader.client.baseUrl).host;
  if (result.ending === "answered") return undefined;
  if (result.ending === "refused") throw toError(result.fault, host);
  const settled = clock.now().getTime() + timing.settle;
  while (!signal.aborted) {
    if (await hasComment(reader, found, text, signal).catch(notSeen)) return undefined;
    const left = settled - clock.now().getTime();
    if (left <= 0) break;
    await clock.sleep(Math.min(timing.poll, left), signal);
  }
  const cause = toError(result.fault, host);
  return new NetworkError(cause.message, result.fault);
}

/** A look that fails sees nothing; the next one may. */
function notSeen(error: unknown): false {
  if (error instanceof ApiError) return false;
  throw error;
}
