import { lookup } from "node:dns/promises";
import { connect as connectPlain, isIP, type Socket } from "node:net";
import { connect as connectTls, type PeerCertificate, type TLSSocket } from "node:tls";
import { connectionCode } from "./connection.ts";

/** Where to: a host without brackets, and its port. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

export interface ReachOptions {
  /** Milliseconds. */
  readonly timeout: number;
  readonly signal: AbortSignal;
}

/** What went wrong, by the system's or TLS's code: `ENOTFOUND`. */
export interface Unreached {
  readonly code: string;
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

export function placeOf(url: URL): Place {
  const port = url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);
  return { host: url.hostname.replaceAll(/^\[|\]$/g, ""), port };
}

/** The addresses of a host; its own where it is one. */
export async function resolveHost(
  { host }: Place,
  { timeout, signal }: ReachOptions,
): Promise<readonly string[] | Unreached> {
  if (isIP(host) !== 0) return [host];
  try {
    const found = await inTime(lookup(host, { all: true }), timeout, signal);
    return found.map(({ address }) => address);
  } catch (error) {
    return { code: codeOf(error) };
  }
}

/** Opens a connection, and closes it: nothing is sent. */
export async function knock(place: Place, options: ReachOptions): Promise<Unreached | undefined> {
  const socket = connectPlain(place);
  const opened = await settled(socket, "connect", options);
  socket.destroy();
  return opened;
}

/** Shakes hands by TLS, and closes: nothing is sent, so nothing is lost on a server that is not trusted. */
export async function shakeHands(
  place: Place,
  { ca, ...options }: ReachOptions & { readonly ca?: readonly string[] | undefined },
): Promise<Handshake | Unreached> {
  const socket = connectTls({
    ...place,
    ...(isIP(place.host) === 0 ? { servername: place.host } : {}),
    ...(ca === undefined ? {} : { ca: [...ca] }),
    rejectUnauthorized: false, // it is looked at, and said what is wrong with it
  });
  const failed = await settled(socket, "secureConnect", options);
  const shaken = failed ?? handshakeOf(socket);
  socket.destroy();
  return shaken;
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

/** Undefined once the event has come. */
function settled(
  socket: Socket,
  event: "connect" | "secureConnect",
  { timeout, signal }: ReachOptions,
): Promise<Unreached | undefined> {
  const { promise, resolve } = Promise.withResolvers<Unreached | undefined>();
  socket.setTimeout(timeout, () => resolve({ code: "ETIMEDOUT" }));
  socket.once("error", (error) => resolve({ code: codeOf(error) }));
  socket.once("close", () => resolve({ code: "ECONNRESET" }));
  socket.once(event, () => resolve(undefined));
  const abort = (): void => resolve({ code: "ABORT_ERR" });
  signal.addEventListener("abort", abort, { once: true });
  return promise.finally(() => signal.removeEventListener("abort", abort));
}

/** A look-up cannot be cancelled: whoever waits goes on without it. */
async function inTime<T>(work: Promise<T>, timeout: number, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const giveUp = (): void => reject(Object.assign(new Error("no answer in time"), { code: "ETIMEDOUT" }));
  const timer = setTimeout(giveUp, timeout);
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", giveUp);
  }
}

function codeOf(error: unknown): string {
  return connectionCode(error) ?? "UNKNOWN";
}
