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
import { misdirected, notFoundPage, refusing, send, tooLarge, unauthorized, type FullReply } from "./replies.ts";
import { optionsFor, parsePath } from "./route.ts";

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
    const reply = received ? answerAndLog(parts, url, received) : tooLarge;
    send(response, reply, { apiVersions: parts.edition.apiVersions, milliseconds: parts.clock.milliseconds() });
  } catch {
    response.destroy(); // the client went away while it sent its body
  }
}

/** The body as text; undefined when it is too large. It is read to its end, or the client would see a reset. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length <= maxBodyBytes) chunks.push(chunk);
    });
    request.on("end", () => resolve(length <= maxBodyBytes ? Buffer.concat(chunks).toString("utf8") : undefined));
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
  if (!isAllowedHost(request.headers.host, parts.host)) return misdirected;
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
