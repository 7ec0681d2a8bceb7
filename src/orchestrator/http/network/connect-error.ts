import { proxyName, type Proxy } from "../../../core/network.ts";

/** No connection came about: nothing of the call can have reached the server. The message goes on after `cannot reach HOST: `. */
export class ConnectError extends Error {
  readonly hint: string;
  /** True: trying again will not help. */
  readonly isLasting: boolean;

  constructor(message: string, { hint, isLasting, cause }: { hint: string; isLasting: boolean; cause?: unknown }) {
    super(message, { cause });
    this.hint = hint;
    this.isLasting = isLasting;
  }
}

/** The proxy itself cannot be reached, or hangs up. `how` are words of what happened. */
export function proxyBroken(proxy: Proxy, how: string, cause: unknown): ConnectError {
  return new ConnectError(`the proxy ${named(proxy)}: ${how}`, {
    hint: `check the address of the proxy in ${placeOf(proxy)}, or do without it: see docs/networks.md`,
    isLasting: false,
    cause,
  });
}

/** Time was up, or the caller had gone, before there was a connection. */
export function unopened(proxy: Proxy | undefined): ConnectError {
  if (proxy !== undefined) return proxyBroken(proxy, "no connection in time", undefined);
  const hint = "check the target's url, and whether this network needs a proxy";
  return new ConnectError("no connection in time", { hint, isLasting: false });
}

/** The proxy was asked for a tunnel and said no. `challenge` is its `Proxy-Authenticate`. */
export function proxyRefused(proxy: Proxy, host: string, status: number, challenge: string): ConnectError {
  const { why, hint } = refusal(proxy, host, status, challenge);
  return new ConnectError(`the proxy ${named(proxy)} refuses with HTTP ${status}${why === "" ? "" : `, ${why}`}`, {
    hint,
    isLasting: ![408, 429, 502, 503, 504].includes(status),
  });
}

function refusal(proxy: Proxy, host: string, status: number, challenge: string): { why: string; hint: string } {
  const place = placeOf(proxy);
  if (status === 407) {
    if (/\S/.test(challenge) && !/\bbasic\b/i.test(challenge)) {
      const hint = "it takes no user and password; let a helper on this machine that can sign in stand in for it";
      return { why: "it wants a sign-in that orch-sync does not know", hint };
    }
    if (proxy.credentials === undefined) {
      return { why: "it wants a user and a password", hint: `give them in ${place}: http://USER:PASSWORD@HOST:PORT` };
    }
    const hint = `check them in ${place}; special characters are percent-encoded there, % as %25`;
    return { why: "it does not take the user and the password", hint };
  }
  if (status === 502 || status === 503 || status === 504) {
    const hint = `check the host's name; if it is reached without a proxy, list it in NO_PROXY`;
    return { why: "it cannot reach the host", hint: proxy.from === "the target" ? checkTarget : hint };
  }
  return { why: "", hint: `ask whoever runs the proxy to allow ${host}` };
}

const checkTarget = "check the host's name; if it is reached without a proxy, write proxy: none in the target";

function named(proxy: Proxy): string {
  return `${proxyName(proxy)} (of ${proxy.from})`;
}

function placeOf({ from }: Proxy): string {
  return from === "the target" ? "the target's proxy" : from;
}
