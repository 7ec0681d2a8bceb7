import type { Change } from "../../core/change.ts";
import type { Fault } from "../../core/fault.ts";
import { isRecord } from "../../core/json.ts";
import type { Ending } from "../../core/outcome.ts";
import { member } from "../http/error-body.ts";
import type { WriteResult } from "../http/failure.ts";
import type { Answer } from "./port.ts";

/** What all gateways say when what they would write over is not what the plan saw. */
export function changed(detail?: string): Ending {
  return {
    status: "skipped",
    note: detail === undefined ? "changed since the plan" : `changed since the plan: ${detail}`,
  };
}

/** What a refusal means for a change: what was given up before it was sent is nobody's failure. */
export function refusal(fault: Fault): Ending {
  return fault.kind === "cancelled"
    ? { status: "skipped", note: fault.message }
    : { status: "failed", fault, note: "refused by the server" };
}

/** The answer for a write that did not come to an answer of its own. */
export function unanswered(
  result: Exclude<WriteResult, { readonly ending: "answered" }>,
): Exclude<Answer, { readonly ending: "answered" }> {
  return result.ending === "open"
    ? result
    : { ending: "refused", fault: result.fault, tooLarge: result.fault.status === 413 };
}

/** The answer that says of each change what became of it. */
export function answered(endings: Iterable<readonly [Change, Ending]>): Answer {
  return { ending: "answered", endings: new Map(endings) };
}

/** The body of a bulk answer; undefined when it is none: then the write is open. */
export interface BulkBody {
  readonly success: boolean;
  readonly message: string | null;
  readonly failed: readonly unknown[];
}

/** `{Success, Message, FailedItems}`: the documents spell it in lower case, the wire does not. */
export function readBulk(body: unknown): BulkBody | undefined {
  if (!isRecord(body)) return undefined;
  const success = member(body, "Success");
  const message = member(body, "Message");
  const failed = member(body, "FailedItems") ?? [];
  if (typeof success !== "boolean" || !Array.isArray(failed)) return undefined;
  return { success, message: typeof message === "string" ? message : null, failed };
}

/** An answer of 200 whose body says nothing that can be understood. */
export function unreadable(call: string, status: number): Extract<Answer, { readonly ending: "open" }> {
  return { ending: "open", fault: { kind: "content", call, status, message: "the answer is not of the right type" } };
}

/** What a bulk answer says of a row, as a fault. Without a status: the call itself was answered with 200. */
export function rowFault(call: string, message: string | null, errorCode?: string | number): Fault {
  return {
    kind: "http",
    call,
    message: message ?? "the server gave no reason",
    ...(errorCode === undefined ? {} : { errorCode }),
  };
}

/** Runs of at most `count` values whose sizes stay within `bytes` together. */
export function batches<T>(values: readonly T[], count: number, bytes: number, sizeOf: (value: T) => number): T[][] {
  const found: T[][] = [];
  let size = 0;
  for (const value of values) {
    const own = sizeOf(value);
    const last = found.at(-1);
    if (last === undefined || last.length >= count || size + own > bytes) {
      found.push([value]);
      size = own;
    } else {
      last.push(value);
      size += own;
    }
  }
  return found;
}

/** How many runs `batches` makes. */
export function countBatches<T>(
  values: Iterable<T>,
  count: number,
  bytes: number,
  sizeOf: (value: T) => number,
): number {
  let [found, length, size] = [0, count, 0];
  for (const value of values) {
    const own = sizeOf(value);
    const isFull = length >= count || size + own > bytes;
    if (isFull) found++;
    length = isFull ? 1 : length + 1;
    size = isFull ? own : size + own;
  }
  return found;
}
