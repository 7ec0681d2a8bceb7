import { randomBytes } from "node:crypto";
import type { ServerResponse } from "node:http";
import { ApiError } from "../errors.ts";
import type { Reply } from "./route.ts";

/** A reply of the server itself, which may be a page. */
export interface FullReply extends Reply {
  /** A page instead of JSON, as web servers in front of Orchestrator send it. */
  readonly html?: string;
}

export const tooLarge: FullReply = { status: 413, html: "<h1>413 - Request Entity Too Large</h1>" };
export const misdirected: FullReply = { status: 421, html: "<h1>421 - Misdirected Request</h1>" };
export const notFoundPage: FullReply = { status: 404, html: "<h1>404 - File or directory not found.</h1>" };

/** Turns what a call throws into the answer that it stands for. */
export function refusing(work: () => FullReply): FullReply {
  try {
    return work();
  } catch (error) {
    if (error instanceof ApiError) return failure(error.status, error.errorCode, error.message);
    return failure(500, 0, `An error has occurred. ${error instanceof Error ? error.message : String(error)}`);
  }
}

function failure(status: number, errorCode: number, message: string): FullReply {
  const traceId = `00-${randomBytes(16).toString("hex")}-${randomBytes(8).toString("hex")}-01`;
  return { status, body: { message, errorCode, traceId } };
}

const notAuthenticated = "You are not authenticated!";
export const unauthorized: FullReply = {
  status: 401,
  body: {
    message: notAuthenticated,
    errorCode: 0,
    result: null,
    targetUrl: null,
    success: false,
    error: { code: 0, message: notAuthenticated, details: "", validationErrors: null },
    unAuthorizedRequest: true,
    __abp: true,
  },
};

/** What every answer says about the server: its versions and its time. */
export interface Signature {
  readonly apiVersions: string;
  readonly milliseconds: number;
}

export function send(response: ServerResponse, reply: FullReply, signature: Signature): void {
  const isHtml = reply.html !== undefined;
  const text = reply.html ?? (reply.body === undefined ? "" : JSON.stringify(reply.body));
  response.writeHead(reply.status, {
    ...(text === "" ? {} : { "content-type": isHtml ? "text/html" : contentType(reply) }),
    ...(reply.status === 204 ? {} : { "content-length": Buffer.byteLength(text) }),
    "api-supported-versions": signature.apiVersions,
    date: new Date(signature.milliseconds).toUTCString(),
  });
  response.end(text);
}

function contentType({ body }: Reply): string {
  const isOData = typeof body === "object" && body !== null && "@odata.context" in body;
  return isOData
    ? "application/json; odata.metadata=minimal; odata.streaming=true; charset=utf-8"
    : "application/json; charset=utf-8";
}
