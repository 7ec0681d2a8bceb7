import type { Clock } from "../../core/clock.ts";
import { proxyName, type Network } from "../../core/network.ts";
import { shorten } from "../../core/text.ts";
import { connectionText } from "./connection.ts";
import type { Broken, Exchange, Outgoing, Reply, Transport } from "./exchange.ts";
import { proxyFor } from "./network/route.ts";
import { shownBody, shownHeaders } from "./shown-exchange.ts";

/** One line about a call, without anything that is secret. */
export type HttpLine = {
  /** Which call, in the order in which they were sent: a request and its answer have the same. */
  readonly n: number;
  readonly at: string;
} & (
  | {
      readonly type: "request";
      readonly method: string;
      readonly url: string;
      /** `HOST:PORT` of the proxy on the way. */
      readonly proxy?: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  | {
      readonly type: "response";
      readonly ms: number;
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  | { readonly type: "broken"; readonly ms: number; readonly reason: Broken["reason"]; readonly message: string }
);

/** Takes each line as it comes. */
export type HttpLog = (line: HttpLine) => void;

/** Characters of a body that are written; the rest is counted. */
export const longestBody = 10_000;

/** Sends as before, and tells of each call. `clean` takes known secrets out of a text. */
export function logged(
  transport: Transport,
  options: {
    readonly log: HttpLog;
    readonly network: Network;
    readonly clock: Clock;
    readonly clean: (text: string) => string;
  },
): Transport {
  const { log, clock } = options;
  let calls = 0;
  return async (outgoing) => {
    const n = ++calls;
    const sent = clock.now();
    log({ n, at: sent.toISOString(), ...requestPart(outgoing, options) });
    const exchange = await transport(outgoing);
    const now = clock.now();
    const ms = now.getTime() - sent.getTime();
    log({ n, at: now.toISOString(), ...answerPart(exchange, ms, outgoing.isPrivate === true, options.clean) });
    return exchange;
  };
}

type Part<T extends HttpLine["type"]> = T extends unknown
  ? Omit<Extract<HttpLine, { readonly type: T }>, "n" | "at">
  : never;
type Clean = (text: string) => string;

function requestPart(
  { method, url, headers, body, isPrivate = false }: Outgoing,
  { network, clean }: { readonly network: Network; readonly clean: Clean },
): Part<"request"> {
  const proxy = proxyFor(new URL(url), network);
  return {
    type: "request",
    method,
    url: clean(url),
    ...(proxy === undefined ? {} : { proxy: proxyName(proxy) }),
    headers: shownHeaders(Object.entries(headers), clean),
    ...bodyPart(body ?? "", headers["content-type"] ?? "", isPrivate, clean),
  };
}

function answerPart(exchange: Exchange, ms: number, isPrivate: boolean, clean: Clean): Part<"response" | "broken"> {
  if (exchange.type === "broken") {
    const { reason, error } = exchange;
    const message = { timeout: "no whole answer in time", cancelled: "given up on our side" };
    return { type: "broken", ms, reason, message: reason === "network" ? connectionText(error) : message[reason] };
  }
  return responsePart(exchange, ms, isPrivate, clean);
}

function responsePart(
  { status, headers, text }: Reply,
  ms: number,
  isPrivate: boolean,
  clean: Clean,
): Part<"response"> {
  return {
    type: "response",
    ms,
    status,
    headers: shownHeaders(headers, clean),
    ...bodyPart(text, headers.get("content-type") ?? "", isPrivate, clean),
  };
}

function bodyPart(text: string, contentType: string, isPrivate: boolean, clean: Clean): { readonly body?: string } {
  if (text === "") return {};
  if (isPrivate) return { body: "[a sign-in: not written]" };
  return { body: shorten(clean(shownBody(text, contentType)), longestBody) };
}
