import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { accessOf, admit, checkScope } from "../access/admission.ts";
import type { Clock } from "../clock.ts";
import type { Edition } from "../editions.ts";
import { ApiError, Forbidden } from "../errors.ts";
import { handleAround } from "../faults/around.ts";
import type { Faults } from "../faults/faults.ts";
import { play } from "../faults/play.ts";
import { faultless, type Fault } from "../faults/rule.ts";
import { formatInstant } from "../instant.ts";
import { digestOf, type Arrival, type RequestLog } from "../log.ts";
import { splitQuery } from "../odata/options.ts";
import { checkStrict } from "../odata/strict.ts";
import { routes } from "../routes.ts";
import type { Database } from "../store/database.ts";
import { keepUp } from "../store/upkeep.ts";
import { tokenOf, type Tokens } from "./authentication.ts";
import { answerControl } from "./control.ts";
import { Exchange } from "./exchange.ts";
import { folderHeaders, folderOf } from "./folder-header.ts";
import { isAllowedHost, isLoopback } from "./hosts.ts";
import type { Layout, Place } from "./layout.ts";
import { socketLine, type Line } from "./line.ts";
import { MemoryLine } from "./memory-line.ts";
import type { ListQuota } from "./quota.ts";
import { logIn } from "./login.ts";
import {
  misdirected,
  notFoundPage,
  portalPage,
  refusing,
  tooLarge,
  tooLongPage,
  unauthorized,
  wireOf,
  type FullReply,
  type Signature,
} from "./replies.ts";
import { isKnown, optionsFor, parsePath, routeFor, type Caller, type Reply } from "./route.ts";

const maxBodyBytes = 30 * 1024 * 1024; // IIS: maxAllowedContentLength, 30,000,000 rounded up
const maxHeaderBytes = 32 * 1024;

/** What an emulator is made of; the server puts HTTP in front of it. */
export interface Parts {
  readonly db: Database;
  readonly clock: Clock;
  readonly edition: Edition;
  readonly layout: Layout;
  readonly quota: ListQuota;
  /** Whether the fields that Strict API mode closes cannot be filtered and sorted by. */
  readonly strictApi: boolean;
  readonly tokens: Tokens;
  readonly log: RequestLog;
  readonly faults: Faults;
  /** Host names, besides those of loopback, under which it may be called. */
  readonly host: string;
  /** Puts the tenant back to its start. */
  readonly reset: () => void;
}

/** What a server shows of itself, and its key: PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** A request whose body has arrived. */
export interface Received {
  readonly method: string;
  /** Below the base path, or as sent where it leads elsewhere. */
  readonly path: string;
  readonly place: Place["kind"];
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  /** From this machine. */
  readonly isLocal: boolean;
  readonly body: string;
  /** How many rows of a bulk call are handled; all when left out. */
  readonly rows?: number | undefined;
}

/** Listens, by https with a certificate; the returned server is ready for calls. */
export async function listen(
  parts: Parts,
  port: number,
  tls?: Certificate,
): Promise<{ readonly server: Server; readonly url: string }> {
  let url = "";
  const options = { maxHeaderSize: maxHeaderBytes, noDelay: true };
  const receiveCall = (request: IncomingMessage, response: ServerResponse): void => {
    void serve(parts, url, request, response);
  };
  const server =
    tls === undefined ? createServer(options, receiveCall) : createTlsServer({ ...options, ...tls }, receiveCall);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, parts.host, resolve);
  });
  const address = server.address() as AddressInfo;
  const host = address.family === "IPv6" ? `[${address.address}]` : address.address;
  url = `${tls === undefined ? "http" : "https"}://${host}:${address.port}${parts.layout.base}`;
  return { server, url };
}

async function serve(parts: Parts, url: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const body = await readBody(request);
    const { method = "GET", url: target = "/", headers } = request;
    const arrived = { method, target, headers, isLocal: isLoopback(request.socket.remoteAddress), body };
    receive(parts, url, arrived, socketLine(response));
  } catch {
    response.destroy(); // the client went away while it sent its body
  }
}

/** A request handed over within the process: answered as over a socket, and rejected as `fetch` rejects. */
export async function serveInMemory(
  parts: Parts,
  url: string,
  request: Request,
  signal: AbortSignal,
): Promise<Response> {
  signal.throwIfAborted();
  const line = new MemoryLine(signal);
  const bytes = Buffer.from(await request.arrayBuffer());
  const { host, pathname, search } = new URL(request.url);
  const headers = { ...Object.fromEntries(request.headers), host };
  const body = bytes.length <= maxBodyBytes ? bytes.toString("utf8") : undefined;
  receive(parts, url, { method: request.method, target: pathname + search, headers, isLocal: true, body }, line);
  return line.answer;
}

/** A request as it came in; without a body where that was too large. */
interface Arrived extends Pick<Received, "method" | "headers" | "isLocal"> {
  /** Path and query as sent. */
  readonly target: string;
  readonly body: string | undefined;
}

function receive(parts: Parts, url: string, arrived: Arrived, line: Line): void {
  const { target, body, ...rest } = arrived;
  const reply = (answered: FullReply): void => {
    if (!line.isGone()) line.send(wireOf(answered, signatureOf(parts)), false);
  };
  if (body === undefined) {
    reply(tooLarge);
    return;
  }
  const mark = target.indexOf("?");
  const { kind, path } = parts.layout.locate(mark < 0 ? target : target.slice(0, mark));
  const received = { ...rest, path, place: kind, query: mark < 0 ? "" : target.slice(mark + 1), body };
  if (path.startsWith(controlPath)) reply(handled(parts, url, received));
  else take({ parts, url, received, line });
}

const controlPath = "/__emulator/";

function signatureOf({ edition, clock }: Parts): Signature {
  return { apiVersions: edition.apiVersions, milliseconds: clock.milliseconds() };
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

/** A call of the API: written down, and answered as the rules of faults want it. */
function take({ parts, url, received, line }: Taken): void {
  const { clock, faults, log, edition } = parts;
  const { method, path, headers } = received;
  const token = tokenOf(headers.authorization);
  const fault = faults.meet({ method, path: decodePath(path), token });
  const entry = log.begin(arrivalOf(parts, received, fault));
  const world = { clock, apiVersions: edition.apiVersions };
  const exchange = new Exchange(line, world, entry, (rows) => handled(parts, url, { ...received, rows }, fault));
  play(fault ?? faultless, exchange);
}

interface Taken {
  readonly parts: Parts;
  readonly url: string;
  readonly received: Received;
  readonly line: Line;
}

function arrivalOf({ clock, faults }: Parts, received: Received, fault: Fault | undefined): Arrival {
  const { method, path, place, query, headers } = received;
  const body = place === "token" || path === loginPath ? "" : received.body; // those are secrets
  return {
    method,
    path,
    query,
    folder: folderHeaders(headers),
    time: formatInstant(clock.now()),
    body: body === "" ? null : body,
    bodyDigest: digestOf(body),
    fault: fault?.name ?? faults.withdrawnBy(method, decodePath(path)),
  };
}

function handled(parts: Parts, url: string, received: Received, fault?: Fault): FullReply {
  const { db, clock, faults } = parts;
  const { method, path, body } = received;
  db.now = clock.now();
  const call = { method, path: decodePath(path), body, now: clock.milliseconds() };
  const work = (): FullReply => refusing(() => answer(parts, url, received));
  return refusing(() => handleAround({ db, faults, fault }, call, work));
}

const loginPath = "/api/Account/Authenticate";
const open: ReadonlySet<string> = new Set(["/api/Status/Get", "/api/health"]);

function answer(parts: Parts, url: string, received: Received): FullReply {
  const { db, clock, tokens, edition, layout } = parts;
  const { method, path, place, query, headers, isLocal, body } = received;
  const now = clock.milliseconds();
  if (!isAllowedHost(headers.host, parts.host)) return misdirected;
  if (Buffer.byteLength(query) > edition.maxQueryBytes) {
    return edition.longQueryStatus === 404 ? notFoundPage : tooLongPage;
  }
  if (place === "portal") return portalPage;
  if (place === "token") return method === "POST" ? tokens.issue(body, db, now) : notFoundPage;
  if (open.has(path)) return { status: 200, body: { status: "Healthy" } };
  if (path === loginPath && method === "POST" && !edition.inCloud) {
    return logIn(isJson(headers) ? body : "", { db, tokens, tenant: layout.tenant, now });
  }
  const caller = tokens.caller(headers.authorization, db, now);
  if (!caller || !layout.isTenant(headers["x-uipath-tenantname"])) return unauthorized;
  if (path.startsWith("/__emulator/")) {
    const allowed = isLocal && tokens.isOwn(headers.authorization);
    return allowed ? answerControl(parts, received) : notFoundPage;
  }
  return dispatch(parts, url, received, caller);
}

/** Answers a call of the API by the table of routes. */
function dispatch(parts: Parts, url: string, received: Received, caller: Caller): Reply {
  const { db, edition, strictApi } = parts;
  const { method, path, query, headers, body, rows } = received;
  keepUp(db, edition, db.now);
  const target = parsePath(decodePath(path));
  const route = target && routeFor(routes, method, target.pattern, edition);
  if (target && !route && isKnown(routes, target.pattern, edition)) {
    throw new ApiError(405, 0, `The requested resource does not support http method '${method}'.`);
  }
  if (!target || !route)
    throw new ApiError(404, 0, `No HTTP resource was found that matches the request URI '${path}'.`);
  const { pattern, key, parameters } = target;
  const isLimited = method === "GET" && edition.limitedLists.has(pattern);
  const refusal = isLimited ? parts.quota.take(pattern, parts.clock.milliseconds()) : undefined;
  if (refusal) return refusal;
  checkScope(caller, method, pattern);
  if (parts.faults.withdrawnBy(method, decodePath(path)) !== undefined) throw new Forbidden();
  const access = accessOf(db, caller);
  const folder = folderOf(db, folderHeaders(headers), route.folder, access);
  const given = splitQuery(query);
  const reach = admit(access, { method, pattern, key, use: route.folder, folder, given });
  const options = optionsFor(route, pattern, given, edition);
  if (strictApi && pattern === "QueueItems") checkStrict(options);
  const call = { db, edition, now: db.now, url, caller, folder, reach, key, parameters, given, options, rows };
  return route.handle(call, isJson(headers) ? body : "");
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** A body of another type finds no reader, so its parameter is null. */
function isJson(headers: IncomingHttpHeaders): boolean {
  return /^application\/json\b/i.test(headers["content-type"] ?? "");
}
