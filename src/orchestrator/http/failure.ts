import type { Fault } from "../../core/fault.ts";
import { connectionText, neverSent } from "./connection.ts";
import { readErrorBody } from "./error-body.ts";
import type { Broken, Exchange, Reply } from "./exchange.ts";
import { retryAfter } from "./retry.ts";

/** What a write came to, see docs/exactly-once. */
export type WriteResult =
  | { readonly ending: "answered"; readonly status: number; readonly body: unknown }
  /** Nothing was done. */
  | { readonly ending: "refused"; readonly fault: Fault }
  /** Done or not. */
  | {
      readonly ending: "open";
      readonly fault: Fault;
      /** When it last left for the server: waiting for a quota or a token comes before. Unknown to whoever judges. */
      readonly sentAt?: Date;
    };

export type ReadResult = { readonly ok: true; readonly body: unknown } | { readonly ok: false; readonly fault: Fault };

/** `none` for calls whose answer has no body that matters: StopJobs, PUT (OpenAPI 16.0). */
export type Expects = "json" | "none";

/**
 * Answers that no part of the call was carried out for, whatever their body says. 421 says by definition that the
 * request was not handled (RFC 9110, 15.5.20); fetch sends it once more on a new connection by itself.
 */
const refusals: ReadonlySet<number> = new Set([401, 403, 404, 413, 414, 421, 429]);

/**
 * The server says of itself that it has done a part (OpenAPI 16.0, `ErrorCode`). Its number is not documented, so the
 * name is all that can be known; a start is looked for by its run key anyway.
 */
const partlyDone: ReadonlySet<number | string> = new Set(["PartiallyCreatedJobs"]);

/** Refused, answered or open: the one table that decides whether a write may be sent again. */
export function judgeWrite(
  exchange: Exchange,
  call: string,
  expects: Expects,
  now: Date,
  clean?: (message: string) => string,
): WriteResult {
  if (exchange.type === "broken") {
    const fault = brokenFault(exchange, call);
    return { ending: neverSent(exchange.error) ? "refused" : "open", fault };
  }
  const { status } = exchange;
  if (status >= 200 && status < 300) {
    const read = readBody(exchange, call, expects);
    return read.ok ? { ending: "answered", status, body: read.body } : { ending: "open", fault: read.fault };
  }
  const fault = replyFault(exchange, call, now, clean);
  return { ending: isRefusal(status, fault.errorCode) ? "refused" : "open", fault };
}

/** A body or a fault; waiting and trying again is the client's affair. */
export function judgeRead(
  exchange: Exchange,
  call: string,
  now: Date,
  clean?: (message: string) => string,
): ReadResult {
  if (exchange.type === "broken") return { ok: false, fault: brokenFault(exchange, call) };
  const { status } = exchange;
  if (status >= 200 && status < 300) return readBody(exchange, call, "json");
  return { ok: false, fault: replyFault(exchange, call, now, clean) };
}

function isRefusal(status: number, errorCode: number | string | undefined): boolean {
  if (status < 400 || status > 499 || status === 408) return false;
  if (refusals.has(status)) return true;
  return errorCode !== undefined && !partlyDone.has(errorCode);
}

/** 200 with HTML is the web page of a path that does not exist there, not success (field report). */
function readBody(reply: Reply, call: string, expects: Expects): ReadResult {
  const contentType = reply.headers.get("content-type") ?? "";
  const json = contentType === "" || /^[^;]*\/(?:[^;]*\+)?json\b/i.test(contentType);
  if (reply.text === "" && expects === "none") return { ok: true, body: undefined };
  const unreadable = (message: string): ReadResult => ({
    ok: false,
    fault: { kind: "content", call, status: reply.status, message },
  });
  if (!json) {
    const type = /^[\w.+-]+\/[\w.+-]+/.exec(contentType)?.[0] ?? "something else";
    return unreadable(`the answer is ${type}, not JSON`);
  }
  try {
    return { ok: true, body: JSON.parse(reply.text) as unknown };
  } catch {
    return unreadable(reply.text === "" ? "the answer is empty" : "the answer is not whole JSON");
  }
}

function replyFault(reply: Reply, call: string, now: Date, clean?: (message: string) => string): Fault {
  const { message, ...said } = readErrorBody(reply.text, clean);
  const asked = retryAfter(reply.headers.get("retry-after"), serverDate(reply) ?? now);
  return {
    kind: "http",
    call,
    status: reply.status,
    message: message ?? ownWords(reply),
    ...said,
    ...(asked === undefined ? {} : { retryAfter: asked }),
  };
}

/** What is said of an answer that says nothing of itself. */
function ownWords({ status }: Reply): string {
  if (status === 413) return "the call is too large for the server";
  return status >= 300 && status < 400 ? `HTTP ${status}: redirects are not followed` : `HTTP ${status}`;
}

function brokenFault({ reason, error }: Broken, call: string): Fault {
  if (reason === "timeout") {
    return { kind: "timeout", call, message: neverSent(error) ? connectionText(error) : "no whole answer in time" };
  }
  if (reason === "cancelled") return { kind: "cancelled", call, message: "given up on our side" };
  return { kind: "network", call, message: connectionText(error) };
}

/** The server's own clock, from `Date`. */
export function serverDate(reply: Reply): Date | undefined {
  const time = Date.parse(reply.headers.get("date") ?? "");
  return Number.isNaN(time) ? undefined : new Date(time);
}
