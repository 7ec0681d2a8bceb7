import { isRecord, type JsonPrimitive } from "../../core/json.ts";
import type { LiveQueueItem, QueueItemStatus } from "../../kinds/queue-items/live.ts";
import type { Content, Priority } from "../../kinds/queue-items/spec.ts";
import type { LiveReviewItem } from "../../kinds/review/live.ts";
import { isTextOrNull, number, optionalText, text, type Row } from "./row.ts";

/** A row of `QueueItems` as the kind knows it. There may be a million: nothing but the item itself is made. */
export function toQueueItem(row: Row): LiveQueueItem {
  const item: Writable<LiveQueueItem> = {
    id: row.Id,
    key: text(row, "Key") ?? String(row.Id),
    reference: text(row, "Reference"),
    status: (text(row, "Status") ?? "Unknown") as QueueItemStatus,
    retryNumber: number(row, "RetryNumber"),
    // A retry by hand has RetryNumber 0 and no AncestorId since API 17: both of its own have Manual before them.
    ancestorId: number(row, "AncestorId") ?? number(row, "ManualAncestorId"),
    rowVersion: text(row, "RowVersion") ?? "",
  };
  const { Priority: priority, DeferDate: deferDate, DueDate: dueDate, Progress: progress } = row;
  if (typeof priority === "string") item.priority = priority as Priority;
  if (isTextOrNull(deferDate)) item.deferDate = deferDate;
  if (isTextOrNull(dueDate)) item.dueDate = dueDate;
  if (isTextOrNull(progress)) item.progress = progress;
  const content = contentOf(row);
  if (content !== undefined) item.content = content;
  return item;
}

type Writable<T> = { -readonly [name in keyof T]: T[name] };

/** The same row as a reviewer sees it. */
export function toReviewItem(row: Row): LiveReviewItem {
  const exception = isRecord(row["ProcessingException"]) ? row["ProcessingException"] : {};
  const robot = isRecord(row["Robot"]) ? row["Robot"] : {};
  return {
    id: row.Id,
    reference: text(row, "Reference"),
    status: (text(row, "Status") ?? "New") as QueueItemStatus,
    reviewStatus: (text(row, "ReviewStatus") ?? "None") as LiveReviewItem["reviewStatus"],
    reviewerUserId: number(row, "ReviewerUserId"),
    ...optionalText(row, "ProcessingExceptionType", "exceptionType"),
    ...optionalText(exception, "Reason", "exceptionReason"),
    ...optionalText(robot, "Name", "robotName"),
    ...optionalText(row, "EndProcessing", "endProcessing"),
    rowVersion: text(row, "RowVersion") ?? "",
  };
}

/**
 * `SpecificContent`, else what `SpecificData` holds as text (Transactions requests, 2023.4). Undefined: the answer
 * left it out or is not flat, so nothing is known about it. Type hints are not content.
 */
function contentOf(row: Row): Content | undefined {
  const direct = row["SpecificContent"];
  if (isRecord(direct)) return flat(direct);
  const stored = row["SpecificData"];
  const data = dynamicProperties(stored);
  if (data !== undefined) return flat(data);
  if (typeof stored === "string" && stored !== "") return undefined; // cut off by the limit on large fields
  const left = direct === undefined && stored === undefined;
  return left || row["Encrypted"] === true ? undefined : {};
}

function dynamicProperties(data: unknown): Record<string, unknown> | undefined {
  if (typeof data !== "string" || data === "") return undefined;
  try {
    const parsed: unknown = JSON.parse(data);
    const properties = isRecord(parsed) ? parsed["DynamicProperties"] : undefined;
    return isRecord(properties) ? properties : undefined;
  } catch {
    return undefined; // cut off by the server's limit on large fields
  }
}

function flat(content: Record<string, unknown>): Content | undefined {
  const names = Object.keys(content);
  const hints = names.filter((name) => name.includes("@odata."));
  if (!names.every((name) => isPrimitive(content[name]) || hints.includes(name))) return undefined;
  if (hints.length === 0) return content as Content;
  return Object.fromEntries(Object.entries(content).filter(([name]) => !hints.includes(name))) as Content;
}

function isPrimitive(value: unknown): value is JsonPrimitive {
  return value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}
