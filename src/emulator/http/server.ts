import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Clock } from "../clock.ts";
import type { Edition } from "../editions.ts";
import { ApiError } from "../errors.ts";
import { formatInstant } from "../instant.ts";
import type { RequestLog } from "../log.ts";
import { splitQuery } from "../odata/options.ts";
import { routes } from "../routes.ts";
import type { Database } from "../store/database.ts";
import type { Tokens } from "./authentication.ts";
import { answerControl } from "./control.ts";
import { folderHeaders, folderOf } from "./folder-header.ts";
import { isAllowedHost, isLoopback } from "./hosts.ts";
import { optionsFor, parsePath, type Reply } from "./route.ts";

const maxBodyBytes = 30 * 1024 * 1024; // IIS: maxAllowedContentLength, 30,000,000 rounded up
const maxHeaderBytes = 32 * 1024;

/** What an emulator is made of; the server puts HTTP in front of it. */
export interface Parts {
  readonly db: Database;
  readonly clock: Clock;
  readonly edition: Edition;
  readonly tokens: Tokens;
  readonly log: RequestLog;
  /** Host names, besides those of loopback, under which it may be called. */
  readonly host: string;
  /** Puts the tenant back to its start. */
  readonly reset: () => void;
}

/** A request whose body has arrived. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly request: IncomingMessage;
  readonly body: string;
}

/** Listens; the returned server is ready for calls. */
export async function listen(parts: Parts, port: number): Promise<{ readonly server: Server; readonly url: string }> {
  let url = "";
  const server = createServer({ maxHeaderSize: maxHeaderBytes, noDelay: true }, (request, response) => {
    void serve(parts, url, request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, parts.host, resolve);
  });
  const address = server.address() as AddressInfo;
  url = `http://${address.family === "IPv6" ? `[${address.address}]` : address.address}:${address.port}`;
  return { server, url };
}

async function serve(parts: Parts, url: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const received = await receive(request);
    send(parts, response, received ? answerAndLog(parts, url, received) : tooLarge);
  } catch {
    response.destroy(); // the client went away while it sent its body
  }
}

interface FullReply extends Reply {
  /** A page instead of JSON, as web servers in front of Orchestrator send it. */
  readonly html?: string;
}

const tooLarge: FullReply = { status: 413, html: "<h1>413 - Request Entity Too Large</h1>" };
const notFoundPage: FullReply = { status: 404, html: "<h1>404 - File or directory not found.</h1>" };

/** The body as text; undefined when it is too large. What comes behind the limit is read and dropped. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length <= maxBodyBytes) chunks.push(chunk);
      else resolve(undefined);
    });
    request.on("end", () => resolve(Buffer.concat(chunks).toString("utf8")));
    request.on("error", reject);
  });
}

async function receive(request: IncomingMessage): Promise<Received | undefined> {
  const body = await readBody(request);
  if (body === undefined) return undefined;
  const target = request.url ?? "/";
  const mark = target.indexOf("?");
  return {
    method: request.method ?? "GET",
    path: mark < 0 ? target : target.slice(0, mark),
    query: mark < 0 ? "" : target.slice(mark + 1),
    request,
    body,
  };
}

function answerAndLog(parts: Parts, url: string, received: Received): FullReply {
  parts.db.now = parts.clock.now();
  const { method, path, query, request } = received;
  const time = formatInstant(parts.db.now);
  const reply = refusing(() => answer(parts, url, received));
  if (!path.startsWith("/__emulator/")) {
    const isSecret = path === tokenPath;
    const folder = folderHeaders(request.headers);
    const body = isSecret || received.body === "" ? null : received.body;
    parts.log.add({ method, path, query, folder, status: reply.status, time, body }, isSecret ? "" : received.body);
  }
  return reply;
}

const tokenPath = "/identity/connect/token";

function answer(parts: Parts, url: string, received: Received): FullReply {
  const { db, clock, tokens, edition } = parts;
  const { method, path, query, request, body } = received;
  if (!isAllowedHost(request.headers.host, parts.host))
    return { status: 421, html: "<h1>421 - Misdirected Request</h1>" };
  if (Buffer.byteLength(query) > edition.maxQueryBytes) return notFoundPage;
  if (path === "/api/Status/Get" || path === "/api/health") return { status: 200, body: { status: "Healthy" } };
  if (path === tokenPath && method === "POST") return tokens.issue(body, db, clock.milliseconds());
  const caller = tokens.caller(request.headers.authorization, db, clock.milliseconds());
  if (!caller) return unauthorized;
  if (path.startsWith("/__emulator/")) {
    const allowed = isLoopback(request.socket.remoteAddress) && tokens.isOwn(request.headers.authorization);
    return allowed ? answerControl(parts, received) : notFoundPage;
  }
  const target = parsePath(decodePath(path));
  const route = target && routes[`${method} ${target.pattern}`];
  if (target && !route && isKnown(target.pattern)) {
    throw new ApiError(405, 0, `The requested resource does not support http method '${method}'.`);
  }
  if (!target || !route)
    throw new ApiError(404, 0, `No HTTP resource was found that matches the request URI '${path}'.`);
  const folder = folderOf(db, folderHeaders(request.headers), route.folder);
  const options = optionsFor(route, splitQuery(query), edition);
  const { key, parameters } = target;
  const call = { db, edition, now: db.now, url, caller, folder, key, parameters, options };
  return route.handle(call, isJson(request) ? body : "");
}

const knownPatterns = new Set(Object.keys(routes).map((key) => key.slice(key.indexOf(" ") + 1)));

function isKnown(pattern: string): boolean {
  return knownPatterns.has(pattern);
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** A body of another type finds no reader, so its parameter is null. */
function isJson(request: IncomingMessage): boolean {
  return /^application\/json\b/i.test(request.headers["content-type"] ?? "");
}

function refusing(work: () => FullReply): FullReply {
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
const unauthorized: FullReply = {
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

function send(parts: Parts, response: ServerResponse, reply: FullReply): void {
  const isHtml = reply.html !== undefined;
  const text = reply.html ?? (reply.body === undefined ? "" : JSON.stringify(reply.body));
  response.writeHead(reply.status, {
    ...(text === "" ? {} : { "content-type": isHtml ? "text/html" : contentType(reply) }),
    "content-length": Buffer.byteLength(text),
    "api-supported-versions": parts.edition.apiVersions,
    date: new Date(parts.clock.milliseconds()).toUTCString(),
    ...(reply.status === 413 ? { connection: "close" } : {}),
  });
  response.end(text);
}

function contentType({ body }: Reply): string {
  const isOData = typeof body === "object" && body !== null && "@odata.context" in body;
  return isOData
    ? "application/json; odata.metadata=minimal; odata.streaming=true; charset=utf-8"
    : "application/json; charset=utf-8";
}
