import type { Change } from "../../../core/change.ts";
import { sendable } from "../../../kinds/capabilities.ts";
import { isRow } from "../../read/row.ts";
import { answered, unanswered, unreadable } from "../answers.ts";
import type { Answer, Sending } from "../port.ts";
import { duplicates, isDuplicate } from "./duplicates.ts";
import type { Adding } from "./presence.ts";
import { draftOf } from "./state.ts";
import { mark, newItem } from "./wire.ts";

const path = "/odata/Queues/UiPathODataSvc.AddQueueItem";

/** Adds one item. Its answer is the item itself, with its Id. */
export async function sendOne(change: Change, adding: Adding, signal: AbortSignal, sending?: Sending): Promise<Answer> {
  const { place, settings, reader, plannedAt, applyId } = adding;
  const item = {
    Name: settings.queueName,
    ...newItem(draftOf(change), settings, plannedAt),
    ...mark(applyId, sending),
  };
  const itemData = sendable(reader.capabilities, "QueueItemDataDto", item);
  const result = await reader.client.write(
    "POST",
    path,
    { itemData },
    {
      folder: place.folder,
      signal,
      before: sending?.before,
    },
  );
  if (result.ending === "answered") {
    if (!isRow(result.body)) return unreadable(`POST ${path}`, result.status);
    return answered([[change, { status: "applied", ids: [result.body.Id], note: "added" }]]);
  }
  if (result.ending === "refused" && isDuplicate(result.fault.errorCode)) {
    return answered(await duplicates([change], adding, signal));
  }
  return unanswered(result);
}
