import { randomUUID } from "node:crypto";
import { subscribe } from "node:diagnostics_channel";
import { appendFileSync } from "node:fs";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { trafficFolder, type Exchange } from "./exchange.ts";

/**
 * Writes down what every emulator of this process is asked and answers, whoever starts it: a test, or the built
 * command with an embedded target (which is started with `--import` of this file). It looks on from outside, at the
 * sockets' side of Node's server, so that no path of the emulator can forget to report itself.
 */
if (trafficFolder !== undefined) {
  subscribe("orch-sync.emulator.replaced", (message) => {
    replaced.add((message as { response: ServerResponse }).response);
  });
  const file = join(trafficFolder, `${randomUUID()}.ndjson`);
  subscribe("http.server.request.start", (message) => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
    watch(request, response, (exchange) => appendFileSync(file, `${JSON.stringify(exchange)}\n`));
  });
}

/** Answers that a fault has put in place of the emulator's: no contract holds for them. */
const replaced = new WeakSet<ServerResponse>();

function watch(request: IncomingMessage, response: ServerResponse, report: (exchange: Exchange) => void): void {
  const sent: Buffer[] = [];
  const answered: Buffer[] = [];
  keepBody(request, "push", sent);
  keepBody(response, "write", answered);
  keepBody(response, "end", answered);
  response.setHeader("x-recorded", "1"); // writeHead alone leaves nothing for getHeaders
  response.removeHeader("x-recorded");
  // An answer that was cut or never sent is none to judge: it does not finish.
  response.once("finish", () => {
    if (replaced.has(response)) return;
    report({
      method: request.method ?? "",
      url: request.url ?? "",
      requestHeaders: plain(request.headers),
      requestBody: Buffer.concat(sent).toString("utf8"),
      status: response.statusCode,
      responseHeaders: plain(response.getHeaders() as IncomingHttpHeaders),
      responseBody: Buffer.concat(answered).toString("utf8"),
    });
  });
}

/** Sees the chunks that go through a method of a stream; they reach it unchanged. */
function keepBody<Name extends string>(
  stream: Record<Name, (...args: never[]) => unknown>,
  name: Name,
  chunks: Buffer[],
): void {
  const original = stream[name].bind(stream) as (...args: unknown[]) => unknown;
  const watched = (...args: unknown[]): unknown => {
    const [chunk] = args;
    if (typeof chunk === "string") chunks.push(Buffer.from(chunk));
    else if (chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk)); // a copy: the parser uses its own again
    return original(...args);
  };
  Object.defineProperty(stream, name, { value: watched, configurable: true, writable: true });
}

function plain(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
}
