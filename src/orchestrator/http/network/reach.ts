import { lookup } from "node:dns/promises";
import { isIP, type Socket } from "node:net";
import { connect as connectTls, type PeerCertificate, type TLSSocket } from "node:tls";
import type { Network } from "../../../core/network.ts";
import { connectionHint, connectionText } from "../connection.ts";
import { unlessAborted } from "../unless-aborted.ts";
import { ConnectError } from "./connect-error.ts";
import { hostOf, proxyFor } from "./route.ts";
import { trusted } from "./sockets.ts";
import { openPath, type Way } from "./tunnel.ts";

/** A server, and how calls get there. */
export interface Place {
  readonly url: URL;
  readonly network: Network;
}

export interface ReachOptions {
  /** Milliseconds. */
  readonly timeout: number;
  readonly signal: AbortSignal;
}

/** What went wrong, in plain words with the system's or TLS's code: `connection refused (ECONNREFUSED)`. */
export interface Unreached {
  readonly failed: string;
  /** What to do, where whoever failed knows. */
  readonly hint?: string;
}

/** What a server's certificate says. Texts are the server's: views clean them. */
export interface Certificate {
  readonly subject: string;
  readonly issuer: string;
  /** The names that it is good for. */
  readonly names: readonly string[];
  readonly from: Date;
  readonly until: Date;
}

/** What a handshake showed. A certificate that is not accepted says why by TLS's code. */
export interface Handshake {
  readonly refused?: string;
  readonly protocol: string;
  readonly certificate: Certificate;
}

/** The addresses of a host; its own where it is one. */
export async function resolveHost(host: string, options: ReachOptions): Promise<readonly string[] | Unreached> {
  if (isIP(host) !== 0) return [host];
  try {
    const found = await unlessAborted(lookup(host, { all: true }), over(options), timedOut);
    return found.map(({ address }) => address);
  } catch (error) {
    return unreached(error);
  }
}

/** Opens a connection as calls do, through the proxy where there is one, and closes it: the server is sent nothing. */
export async function knock(place: Place, options: ReachOptions): Promise<Unreached | undefined> {
  try {
    (await openPath(wayTo(place, over(options)))).destroy();
    return undefined;
  } catch (error) {
    return unreached(error);
  }
}

/** Shakes hands by TLS, and closes: nothing more is sent, so nothing is lost on a server that is not trusted. */
export async function shakeHands(place: Place, options: ReachOptions): Promise<Handshake | Unreached> {
  const signal = over(options);
  const way = wayTo(place, signal);
  let socket: Socket | undefined;
  try {
    socket = await openPath(way);
    const host = hostOf(place.url);
    const secure = connectTls({
      socket,
      host,
      ...(isIP(host) === 0 ? { servername: host } : {}),
      secureContext: way.trust(),
      rejectUnauthorized: false, // it is looked at, and said what is wrong with it
    });
    socket = secure;
    await shaken(secure, signal);
    return handshakeOf(secure);
  } catch (error) {
    return unreached(error);
  } finally {
    socket?.destroy();
  }
}

function wayTo({ url, network }: Place, signal: AbortSignal): Way {
  return { url, proxy: proxyFor(url, network), trust: () => trusted(network.ca ?? []), signal };
}

function handshakeOf(socket: TLSSocket): Handshake {
  const certificate = readCertificate(socket.getPeerCertificate());
  const protocol = socket.getProtocol() ?? "";
  if (socket.authorized) return { protocol, certificate };
  // Typed as an error; what is there is its code (Node.js, tls).
  return { refused: String(socket.authorizationError), protocol, certificate };
}

function readCertificate({ subject, issuer, subjectaltname, valid_from, valid_to }: PeerCertificate): Certificate {
  return {
    subject: nameOf(subject),
    issuer: nameOf(issuer),
    names: (subjectaltname ?? "").split(", ").map((name) => name.replace(/^(?:DNS|IP Address):/, "")),
    from: new Date(valid_from),
    until: new Date(valid_to),
  };
}

/** The common name, else the organization. */
function nameOf(parts: Readonly<Partial<PeerCertificate["subject"]>>): string {
  const name: unknown = parts.CN ?? parts.O ?? parts.OU ?? "";
  return Array.isArray(name) ? name.join(" ") : String(name);
}

function shaken(socket: TLSSocket, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.on("error", reject);
  socket.once("close", () => reject(Object.assign(new Error("closed"), { code: "ECONNRESET" })));
  socket.once("secureConnect", () => resolve());
  return unlessAborted(promise, signal, timedOut);
}

function over({ timeout, signal }: ReachOptions): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(timeout)]);
}

function timedOut(): Error {
  return Object.assign(new Error("no answer in time"), { code: "ETIMEDOUT" });
}

function unreached(error: unknown): Unreached {
  if (error instanceof ConnectError) return { failed: error.message, hint: connectionHint(error) ?? error.hint };
  return { failed: connectionText(error instanceof Error && error.name === "AbortError" ? timedOut() : error) };
}
