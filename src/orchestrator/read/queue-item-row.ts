import { isRecord, type JsonPrimitive } from "../../core/json.ts";
import type { LiveQueueItem, QueueItemStatus } from "../../kinds/queue-items/live.ts";
import type { Content, Priority } from "../../kinds/queue-items/spec.ts";
import type { LiveReviewItem } from "../../kinds/review/live.ts";
import { number, optionalText, text, type Row } from "./row.ts";

/** A row of `QueueItems` as the kind knows it. */
export function toQueueItem(row: Row): LiveQueueItem {
  const priority = text(row, "Priority");
  const content = contentOf(row);
  return {
    id: row.Id,
    key: text(row, "Key") ?? String(row.Id),
    reference: text(row, "Reference"),
    status: (text(row, "Status") ?? "Unknown") as QueueItemStatus,
    ...(priority === null ? {} : { priority: priority as Priority }),
    ...optionalText(row, "DeferDate", "deferDate"),
    ...optionalText(row, "DueDate", "dueDate"),
    ...(content === undefined ? {} : { content }),
    ...optionalText(row, "Progress", "progress"),
    retryNumber: number(row, "RetryNumber"),
    // A retry by hand has RetryNumber 0 and no AncestorId since API 17: both of its own have Manual before them.
    ancestorId: number(row, "AncestorId") ?? number(row, "ManualAncestorId"),
    rowVersion: text(row, "RowVersion") ?? "",
  };
}

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
  const members = Object.entries(content).filter(([name]) => !name.includes("@odata."));
  return members.every(([, value]) => isPrimitive(value)) ? (Object.fromEntries(members) as Content) : undefined;
}

function isPrimitive(value: unknown): value is JsonPrimitive {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}
