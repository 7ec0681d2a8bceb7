import { Buffer } from "node:buffer";
import { once } from "node:events";
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage, type RequestOptions } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { createSecureContext, getCACertificates, type SecureContext } from "node:tls";
import { callbackify, promisify } from "node:util";
import { brotliDecompress, gunzip, inflate } from "node:zlib";
import type { Network } from "../../../core/network.ts";
import { withinTime, type Outgoing, type Reply, type Transport } from "../exchange.ts";
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
      const { url, signal } = (options as WithConnecting).connecting;
      if (callback !== undefined) open({ url, proxy: proxyFor(url, network), trust, signal }, callback);
      return undefined;
    };
    return made;
  }

  return (outgoing) =>
    withinTime(outgoing, (signal) => {
      const url = new URL(outgoing.url);
      return send(outgoing, url, agents[url.protocol === "http:" ? "http:" : "https:"], signal);
    });
}

const pool = { keepAlive: true, timeout: idle };

/** What a request tells the agent, should a connection be made for it: Node itself keeps `signal` back. */
interface WithConnecting extends RequestOptions {
  readonly connecting: { readonly url: URL; readonly signal: AbortSignal };
}

/** Node's own authorities, those of NODE_EXTRA_CA_CERTS, those of the system, and those of the target. */
export function trusted(own: readonly string[]): SecureContext {
  return createSecureContext({
    ca: [...new Set([...getCACertificates("default"), ...getCACertificates("system"), ...own])],
  });
}

async function send(
  { method, headers, body }: Outgoing,
  url: URL,
  agent: HttpAgent,
  signal: AbortSignal,
): Promise<Reply> {
  const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
  const options: WithConnecting = {
    method,
    headers: { ...headers, ...length, "accept-encoding": "gzip, deflate, br" },
    agent,
    signal,
    connecting: { url, signal },
  };
  const request = (url.protocol === "http:" ? httpRequest : httpsRequest)(url, options);
  request.on("error", () => undefined); // `once` hears the first; after the answer has begun its stream has them
  request.end(body);
  const [response] = (await once(request, "response")) as [IncomingMessage];
  return {
    type: "reply",
    status: response.statusCode ?? 0,
    headers: headersOf(response),
    text: await textOf(response),
  };
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
  deflate: promisify<Buffer, Buffer>(inflate),
  br: promisify<Buffer, Buffer>(brotliDecompress),
};

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  const decode = decoders[response.headers["content-encoding"]?.toLowerCase() ?? ""];
  return new TextDecoder().decode(decode === undefined || bytes.length === 0 ? bytes : await decode(bytes));
}
