import type { Change } from "../../../core/change.ts";
import type { Ending } from "../../../core/outcome.ts";
import type { QueueItemsSettings } from "../../../kinds/queue-items/payload.ts";
import { sendable } from "../../../kinds/capabilities.ts";
import { toQueueItem } from "../../read/queue-item-row.ts";
import type { QueuePlace } from "../../read/queue-items.ts";
import type { Row } from "../../read/row.ts";
import type { TenantReader } from "../../read/tenant.ts";
import { answered, changed, unanswered } from "../answers.ts";
import type { Answer, Operation, Sending } from "../port.ts";
import { afterOf, beforeOf, difference, shows, whyChanged } from "./state.ts";
import { replacedItem } from "./wire.ts";

interface Updating {
  readonly place: QueuePlace;
  readonly settings: QueueItemsSettings;
  readonly reader: TenantReader;
}

/** Reads before the PUT, the PUT, and the read after it. */
export const callsPerUpdate = 3;

/** One call a change: the API replaces one item at a time and takes no RowVersion for it (OpenAPI 16.0). */
export function update(change: Change, updating: Updating): Operation {
  const { place, reader } = updating;
  const { id } = beforeOf(change);
  const read = async (signal: AbortSignal): Promise<Row | undefined> => reader.items.byId(place.folder, id, signal);
  /** What `check` has just read; good for one send. */
  let checked: Row | undefined;

  return {
    name: "QueueItems PUT",
    changes: [change],
    repeat: "afterSettle",
    divisible: true,
    check: async (_, signal) => {
      checked = await read(signal);
      const ending = judge(change, checked);
      return new Map(ending === undefined ? [] : [[change, ending]]);
    },
    send: async (_, signal, sending) => {
      const row = checked ?? (await read(sending?.looking ?? signal));
      checked = undefined;
      const ending = judge(change, row);
      if (row === undefined || ending !== undefined) return answered([[change, ending ?? changed("the item is gone")]]);
      return put(change, row, updating, read, signal, sending);
    },
    find: async (_, signal) => {
      const row = await read(signal);
      const done = row !== undefined && shows(toQueueItem(row), afterOf(change));
      return new Map(done ? [[change, { status: "applied", ids: [id], note: "found when read back" }]] : []);
    },
  };
}

/** What is no longer as it was written: somebody came after us, which is told and no failure. */
export async function verifyUpdates(
  endings: ReadonlyMap<Change, Ending>,
  { place, reader }: Updating,
  signal: AbortSignal,
): Promise<ReadonlyMap<Change, Ending>> {
  const told = new Map<Change, Ending>();
  for (const [change, ending] of endings) {
    const row = await reader.items.byId(place.folder, beforeOf(change).id, signal);
    const other = row === undefined ? "gone" : difference(toQueueItem(row), afterOf(change));
    if (other === undefined) continue;
    const since = row === undefined ? "the item is gone since" : `another ${other} since`;
    told.set(change, { ...ending, note: `${ending.note ?? "updated"}; ${since}` });
  }
  return told;
}

/** An ending when the PUT must not be sent: done already, or no longer the item that the plan saw. */
function judge(change: Change, row: Row | undefined): Ending | undefined {
  const planned = beforeOf(change);
  const item = row === undefined ? undefined : toQueueItem(row);
  const why = whyChanged(item, planned);
  if (why === undefined) return undefined;
  if (item?.status === "New" && shows(item, afterOf(change))) {
    return { status: "already-done", ids: [planned.id], note: "already as wanted" };
  }
  return { ...changed(why), ids: [planned.id] };
}

async function put(
  change: Change,
  row: Row,
  { place, settings, reader }: Updating,
  read: (signal: AbortSignal) => Promise<Row | undefined>,
  signal: AbortSignal,
  sending: Sending | undefined,
): Promise<Answer> {
  const after = afterOf(change);
  const ids = [row.Id];
  const { content } = toQueueItem(row);
  if (content === undefined && after.content === undefined) {
    // The PUT replaces everything: what cannot be sent back would be cleared.
    return answered([[change, { ...changed("its content cannot be read, and an update would clear it"), ids }]]);
  }
  const body = sendable(reader.capabilities, "QueueItemDataDto", replacedItem(row, content, after, settings));
  const path = `/odata/QueueItems(${row.Id})`;
  const options = { folder: place.folder, signal, expects: "none", before: sending?.before } as const;
  const result = await reader.client.write("PUT", path, body, options);
  if (result.ending === "answered") return answered([[change, { ...(await readBack(after, read, signal)), ids }]]);
  const conflict = result.ending === "refused" && (result.fault.status === 409 || result.fault.status === 404);
  // 409: the item is being worked on; 404: it is gone (OpenAPI 16.0).
  if (!conflict) return unanswered(result);
  const why = await read(signal).then(
    (now) => whyChanged(now && toQueueItem(now), beforeOf(change)),
    () => undefined, // refused it is all the same
  );
  return why === undefined ? unanswered(result) : answered([[change, { ...changed(why), ids }]]);
}

/** Whether the item is now as the server said that it would be. */
async function readBack(
  after: ReturnType<typeof afterOf>,
  read: (signal: AbortSignal) => Promise<Row | undefined>,
  signal: AbortSignal,
): Promise<Ending> {
  let now: Row | undefined;
  try {
    now = await read(signal);
  } catch {
    return { status: "applied", note: "updated; it could not be read back" };
  }
  const other = now === undefined ? "nothing" : difference(toQueueItem(now), after);
  if (other === undefined) return { status: "applied", note: "updated" };
  return { status: "failed", note: `the server took it, and shows another ${other}` };
}
