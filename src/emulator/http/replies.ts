import { randomBytes } from "node:crypto";
import { ApiError, Forbidden } from "../errors.ts";
import { stringifyJson } from "../json.ts";
import type { Reply } from "./route.ts";

/** A reply of the server itself, which may be a page. */
export interface FullReply extends Reply {
  /** A page instead of JSON, as web servers in front of Orchestrator send it. */
  readonly html?: string;
}

export const tooLarge: FullReply = { status: 413, html: "<h1>413 - Request Entity Too Large</h1>" };
export const misdirected: FullReply = { status: 421, html: "<h1>421 - Misdirected Request</h1>" };
export const tooLongPage: FullReply = { status: 414, html: "<h1>414 - Request-URI Too Large</h1>" };
/** What a portal answers for any path that it does not know: its own page, with 200 (field report). */
export const portalPage: FullReply = { status: 200, html: "<!doctype html><title>Portal</title><div id=root></div>" };
export const notFoundPage: FullReply = { status: 404, html: "<h1>404 - File or directory not found.</h1>" };

/** Turns what a call throws into the answer that it stands for. */
export function refusing(work: () => FullReply): FullReply {
  try {
    return work();
  } catch (error) {
    if (error instanceof Forbidden) return forbidden;
    if (error instanceof ApiError) return failure(error.status, error.errorCode, error.message);
    return failure(500, 0, `An error has occurred. ${error instanceof Error ? error.message : String(error)}`);
  }
}

function failure(status: number, errorCode: number, message: string): FullReply {
  return { status, body: { message, errorCode, traceId: newTraceId() } };
}

/** A trace as W3C's Trace Context writes it: what support asks for. */
export function newTraceId(): string {
  return `00-${randomBytes(16).toString("hex")}-${randomBytes(8).toString("hex")}-01`;
}

export const unauthorized: FullReply = denial(
  401,
  "You are not authenticated!",
  "You should be authenticated (sign in) in order to perform this operation.",
);
/** Of the permission or scope that is missing the server says nothing. */
const forbidden: FullReply = denial(403, "You are not authorized!", "You are not allowed to perform this operation.");

/** The envelope of ASP.NET Boilerplate, in which Orchestrator answers who has no business here. */
function denial(status: number, message: string, details: string): FullReply {
  const error = { code: 0, message, details, validationErrors: null };
  const envelope = { result: null, targetUrl: null, success: false, error, unAuthorizedRequest: true, __abp: true };
  return { status, body: { message, errorCode: 0, ...envelope } };
}

/** What every answer says about the server: its versions and its time. */
export interface Signature {
  readonly apiVersions: string;
  readonly milliseconds: number;
}

/** An answer as it goes over the wire. */
export interface Wire {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly text: string;
}

export function wireOf(reply: FullReply, signature: Signature): Wire {
  const isHtml = reply.html !== undefined;
  const text = reply.html ?? (reply.body === undefined ? "" : stringifyJson(reply.body));
  return {
    status: reply.status,
    text,
    headers: {
      ...(text === "" ? {} : { "content-type": isHtml ? "text/html" : contentType(reply) }),
      ...(reply.status === 204 ? {} : { "content-length": Buffer.byteLength(text) }),
      ...reply.headers,
      "api-supported-versions": signature.apiVersions,
      date: new Date(signature.milliseconds).toUTCString(),
    },
  };
}

function contentType({ body }: Reply): string {
  const isOData = typeof body === "object" && body !== null && "@odata.context" in body;
  return isOData
    ? "application/json; odata.metadata=minimal; odata.streaming=true; charset=utf-8"
    : "application/json; charset=utf-8";
}
