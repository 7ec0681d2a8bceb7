import { Buffer } from "node:buffer";
import {
  Agent as HttpAgent,
  request as httpRequest,
  type ClientRequest,
  type IncomingMessage,
  type RequestOptions,
} from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { createSecureContext, getCACertificates, type SecureContext } from "node:tls";
import { callbackify, promisify } from "node:util";
import { brotliDecompress, gunzip, inflate, inflateRaw } from "node:zlib";
import type { Network, Proxy } from "../../../core/network.ts";
import { withinTime, type Outgoing, type Reply, type Transport } from "../exchange.ts";
import { unopened } from "./connect-error.ts";
import { proxyFor } from "./route.ts";
import { openConnection } from "./tunnel.ts";

const open = callbackify(openConnection);

/** Milliseconds that a connection waits for the next call: servers and proxies close idle ones, and a write that meets that is open. */
const idle = 4000;

/**
 * Sends over connections of our own: through a proxy, or trusting what Node does not trust by itself. Like the other
 * transport it sends once, follows no redirect and judges nothing.
 */
export function socketTransport(network: Network): Transport {
  let context: SecureContext | undefined;
  const trust = (): SecureContext => (context ??= trusted(network.ca ?? []));
  const agents = { "http:": agent(new HttpAgent(pool)), "https:": agent(new HttpsAgent(pool)) };

  function agent<A extends HttpAgent>(made: A): A {
    made.createConnection = (options, callback) => {
      const { connecting } = options as WithConnecting;
      if (callback !== undefined) open({ ...connecting, trust }, callback);
      return undefined;
    };
    return made;
  }

  return (outgoing) =>
    withinTime(outgoing, (signal) => {
      const url = new URL(outgoing.url);
      const connecting = { url, proxy: proxyFor(url, network), signal };
      return send(outgoing, connecting, agents[url.protocol === "http:" ? "http:" : "https:"]);
    });
}

const pool = { keepAlive: true, timeout: idle };

/** What a request tells the agent, should a connection be made for it: Node itself keeps `signal` back. */
interface WithConnecting extends RequestOptions {
  readonly connecting: Connecting;
}

interface Connecting {
  readonly url: URL;
  readonly proxy: Proxy | undefined;
  readonly signal: AbortSignal;
}

/** Node's own authorities, those of NODE_EXTRA_CA_CERTS, those of the system, and those of the target. */
export function trusted(own: readonly string[]): SecureContext {
  return createSecureContext({
    ca: [...new Set([...getCACertificates("default"), ...getCACertificates("system"), ...own])],
  });
}

async function send({ method, headers, body }: Outgoing, connecting: Connecting, agent: HttpAgent): Promise<Reply> {
  const { url, signal } = connecting;
  const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
  const options: WithConnecting = {
    method,
    headers: { ...headers, ...length, "accept-encoding": "gzip, deflate, br" },
    agent,
    signal,
    connecting,
  };
  const request = (url.protocol === "http:" ? httpRequest : httpsRequest)(url, options);
  request.end(body);
  const response = await answerTo(request, connecting);
  return {
    type: "reply",
    status: response.statusCode ?? 0,
    headers: headersOf(response),
    text: await textOf(response),
  };
}

/** The beginning of the answer. What ends before a connection was there has sent nothing, and says so. */
function answerTo(request: ClientRequest, { proxy, signal }: Connecting): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  let hasConnection = false;
  const breakOff = (): void => reject(Object.assign(new Error("ended without an answer"), { code: "ECONNRESET" }));
  request.once("socket", () => (hasConnection = true));
  request.once("response", resolve);
  // After the answer has begun, its stream has what goes wrong.
  request.on("error", (error) => reject(hasConnection || !signal.aborted ? error : unopened(proxy)));
  request.once("close", breakOff);
  // A change of protocol that nobody has asked for: without this, nothing would end the call.
  request.once("upgrade", (_, socket) => {
    socket.destroy();
    breakOff();
  });
  return promise;
}

function headersOf({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    headers.append(rawHeaders[index] ?? "", rawHeaders[index + 1] ?? "");
  }
  return headers;
}

const decoders: Readonly<Record<string, (bytes: Buffer) => Promise<Buffer>>> = {
  gzip: promisify<Buffer, Buffer>(gunzip),
  "x-gzip": promisify<Buffer, Buffer>(gunzip),
  deflate: inflated,
  br: promisify<Buffer, Buffer>(brotliDecompress),
};

const unwrapped = promisify<Buffer, Buffer>(inflateRaw);
const wrapped = promisify<Buffer, Buffer>(inflate);

/** Some servers leave out the wrapping that `deflate` has (RFC 9110, 8.4.1.2): its first four bits are 8. */
function inflated(bytes: Buffer): Promise<Buffer> {
  return ((bytes[0] ?? 0) & 0x0f) === 8 ? wrapped(bytes) : unwrapped(bytes);
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  const decode = decoders[response.headers["content-encoding"]?.toLowerCase() ?? ""];
  return new TextDecoder().decode(decode === undefined || bytes.length === 0 ? bytes : await decode(bytes));
}
