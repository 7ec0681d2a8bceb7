import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { connect as connectSocket, isIP, type Socket } from "node:net";
import { connect as connectTls, type SecureContext, type TLSSocket } from "node:tls";
import type { Proxy } from "../../../core/network.ts";
import { connectionText } from "../connection.ts";
import { ConnectError, proxyBroken, proxyRefused } from "./connect-error.ts";
import { hostOf, portOf } from "./route.ts";

export interface Way {
  readonly url: URL;
  readonly proxy: Proxy | undefined;
  readonly trust: () => SecureContext;
  readonly signal: AbortSignal;
}

/**
 * A connection that is ready to carry a call: straight or through the proxy, TLS up to the server itself. A proxy sees
 * names and encrypted bytes, never a token. Whatever goes wrong up to here, nothing of a call was sent.
 */
export async function openConnection(way: Way): Promise<Socket> {
  const socket = await openPath(way);
  if (way.url.protocol !== "https:") return socket;
  try {
    return await secured(socket, way);
  } catch (error) {
    throw isAboutCertificate(error) ? error : told(error, way);
  }
}

/** The same without TLS up to the server: nothing was sent to the server itself. */
export async function openPath(way: Way): Promise<Socket> {
  const { proxy } = way;
  try {
    return await (proxy === undefined ? straight(way) : tunnel(way, proxy));
  } catch (error) {
    throw told(error, way);
  }
}

/** The error with the proxy's name. */
function told(error: unknown, { proxy, signal }: Way): unknown {
  if (proxy === undefined || signal.aborted || error instanceof ConnectError) return error;
  return proxyBroken(proxy, connectionText(error), error);
}

/** What TLS finds wrong with the server's own certificate: no proxy has to do with that. */
function isAboutCertificate(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return /CERT|ISSUER|SIGNATURE/.test(code);
}

async function straight({ url, signal }: Way): Promise<Socket> {
  const socket = connectSocket(portOf(url), hostOf(url));
  return opened(socket, "connect", signal);
}

/** Asks for a tunnel (RFC 9110, 9.3.6). */
async function tunnel({ url, trust, signal }: Way, proxy: Proxy): Promise<Socket> {
  const host = hostOf(url);
  const authority = `${host.includes(":") ? `[${host}]` : host}:${portOf(url)}`;
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const secure = proxy.protocol === "https:";
  const name = isIP(proxy.host) === 0 ? { servername: proxy.host } : {};
  const asking = (secure ? httpsRequest : httpRequest)({
    method: "CONNECT",
    host: proxy.host,
    port: proxy.port,
    path: authority,
    headers: { host: authority, ...signIn(proxy) },
    agent: false,
    signal,
    ...(secure ? { ...name, secureContext: trust() } : {}),
  });
  asking.on("error", reject);
  asking.on("connect", ({ statusCode = 0, headers }, socket, rest) => {
    if (statusCode >= 200 && statusCode < 300) {
      if (rest.length > 0) socket.unshift(rest);
      resolve(socket);
      return;
    }
    socket.destroy();
    reject(proxyRefused(proxy, host, statusCode, headers["proxy-authenticate"] ?? ""));
  });
  asking.end();
  return promise;
}

function signIn({ credentials }: Proxy): Record<string, string> {
  if (credentials === undefined) return {};
  return { "proxy-authorization": `Basic ${Buffer.from(credentials.reveal()).toString("base64")}` };
}

async function secured(socket: Socket, { url, trust, signal }: Way): Promise<TLSSocket> {
  const host = hostOf(url);
  const secure = connectTls({
    socket,
    host,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    secureContext: trust(),
    ALPNProtocols: ["http/1.1"],
  });
  return opened(secure, "secureConnect", signal);
}

async function opened<S extends Socket>(
  socket: S,
  event: "connect" | "secureConnect",
  signal: AbortSignal,
): Promise<S> {
  socket.on("error", () => undefined); // whoever uses it listens as well; until then nobody does
  try {
    await once(socket, event, { signal });
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}
