import ky, { type KyInstance } from "ky";
import { unlessAborted } from "./unless-aborted.ts";

/** One request, ready to be sent. */
export interface Outgoing {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Milliseconds for the whole exchange, the answer's body included. */
  readonly timeout: number;
  readonly signal: AbortSignal;
  /** True: neither what is sent nor the answer may be written down anywhere. It is how tokens are asked for. */
  readonly isPrivate?: boolean;
}

/** A whole answer, whatever it says. */
export interface Reply {
  readonly type: "reply";
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** No whole answer. */
export interface Broken {
  readonly type: "broken";
  readonly reason: "timeout" | "cancelled" | "network";
  readonly error: unknown;
}

export type Exchange = Reply | Broken;

/** Sends one request once. */
export type Transport = (outgoing: Outgoing) => Promise<Exchange>;

/**
 * Sends by the platform's fetch. ky neither retries, nor follows redirects, nor judges: a write that may have been
 * done must not be sent again by a layer that does not know it (POST is answered 503 after it was committed, field
 * report), and credentials must not follow a redirect.
 */
export function fetchTransport(fetch?: typeof globalThis.fetch): Transport {
  const http = ky.create({
    retry: { limit: 0 },
    timeout: false,
    throwHttpErrors: false,
    redirect: "manual",
    ...(fetch === undefined ? {} : { fetch }),
  });
  return (outgoing) => withinTime(outgoing, (signal) => unlessAborted(send(http, outgoing, signal), signal));
}

async function send(http: KyInstance, { url, method, headers, body }: Outgoing, signal: AbortSignal): Promise<Reply> {
  const response = await http(url, { method, headers, signal, ...(body === undefined ? {} : { body }) });
  return { type: "reply", status: response.status, headers: response.headers, text: await textOf(response, signal) };
}

/**
 * The body's text, by a reader of its own: once garbage has been collected, Node's `fetch` no longer passes a signal on
 * to a body that is still under way, and `text()` of one that stalls never ends (nodejs/undici#4089; seen with 24.21).
 */
async function textOf({ body }: Response, signal: AbortSignal): Promise<string> {
  if (body === null) return "";
  const reader = body.getReader();
  const leave = (): void => void reader.cancel(signal.reason).catch(() => undefined);
  signal.addEventListener("abort", leave, { once: true });
  const parts: Uint8Array[] = [];
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) parts.push(part.value);
  } finally {
    signal.removeEventListener("abort", leave);
  }
  signal.throwIfAborted(); // a body that was cancelled ends as if it were whole
  return new TextDecoder().decode(Buffer.concat(parts));
}

/** One exchange within its time, or how it broke. */
export async function withinTime(
  { timeout, signal }: Outgoing,
  run: (signal: AbortSignal) => Promise<Reply>,
): Promise<Exchange> {
  const giveUp = new AbortController();
  const leave = (): void => giveUp.abort(signal.reason);
  // One timer for headers and body: a body that stalls hangs for ever otherwise.
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    giveUp.abort();
  }, timeout);
  signal.addEventListener("abort", leave, { once: true });
  try {
    if (signal.aborted) leave();
    return await run(giveUp.signal);
  } catch (error) {
    if (signal.aborted) return { type: "broken", reason: "cancelled", error };
    return { type: "broken", reason: isLate ? "timeout" : "network", error };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", leave);
  }
}
