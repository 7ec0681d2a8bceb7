import { STATUS_CODES } from "node:http";
import { newTraceId, type FullReply } from "../http/replies.ts";
import type { ErrorShape, FaultStatus } from "./types.ts";

interface Said {
  readonly status: number;
  readonly title: string;
  readonly message: string;
  readonly errorCode: number | string;
}

/** The answer of a fault that answers an error; `now` is the emulator's time in milliseconds. */
export function errorReply(fault: FaultStatus, now: number): FullReply {
  const { status, shape = "plain", errorCode = 0, retryAfter } = fault;
  const title = STATUS_CODES[status] ?? "Error";
  const { headers, ...body } = bodies[shape]({ status, title, message: fault.message ?? title, errorCode });
  const retry = retryAfter === undefined ? {} : { "retry-after": retryHeader(retryAfter, now) };
  return { status, ...body, headers: { ...headers, ...retry } };
}

function retryHeader(retryAfter: NonNullable<FaultStatus["retryAfter"]>, now: number): string {
  if (typeof retryAfter === "number") return String(retryAfter);
  // The date has whole seconds; rounded up, or who comes back at it is too early.
  const due = Math.ceil(now / 1000 + retryAfter.date) * 1000;
  return new Date(due).toUTCString();
}

type Body = Omit<FullReply, "status">;

/** The shapes in which Orchestrator, its identity server and what stands before them say what is wrong (field reports). */
const bodies: Readonly<Record<ErrorShape, (said: Said) => Body>> = {
  plain: ({ message, errorCode }) => ({ body: { message, errorCode, traceId: newTraceId() } }),
  abp: ({ status, message, errorCode }) => ({
    body: {
      message,
      errorCode,
      result: null,
      targetUrl: null,
      success: false,
      error: { code: errorCode, message, details: "", validationErrors: null },
      unAuthorizedRequest: status === 401 || status === 403,
      __abp: true,
    },
  }),
  odata: ({ message, errorCode }) => ({ body: { error: { code: String(errorCode), message, details: [] } } }),
  // RFC 9457. It has no place for an errorCode.
  problem: ({ status, title, message }) => ({
    headers: { "content-type": "application/problem+json; charset=utf-8" },
    body: { type: "about:blank", title, status, errors: { "": [message] }, traceId: newTraceId() },
  }),
  pascal: ({ status, title, message }) => ({
    body: { StatusCode: status, StatusDescription: title, Message: message },
  }),
  errorMessage: ({ message }) => ({ body: { errorMessage: message } }),
  nested: ({ message, errorCode }) => ({ body: { result: { errors: [{ code: errorCode, message }] } } }),
  page: ({ status, title }) => ({ html: `<html><head><title>${status} ${title}</title></head></html>` }),
  empty: () => ({}),
};
