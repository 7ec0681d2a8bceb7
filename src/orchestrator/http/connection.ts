import { ConnectError } from "./network/connect-error.ts";

/** What happened to a connection, from the error that fetch or a socket gives. */

/** Whoever signed the server's certificate is not known here. */
const untrusted: ReadonlySet<string> = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "CERT_UNTRUSTED",
]);

/** Codes that a socket gives only before the first byte of a request was sent. */
const beforeSending: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "UND_ERR_CONNECT_TIMEOUT",
  "CERT_HAS_EXPIRED",
  "CERT_NOT_YET_VALID",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  ...untrusted,
]);

interface SystemError {
  readonly code?: string;
  readonly syscall?: string;
}

/** Every error that fetch wrapped, outermost first; the tries of several addresses come as an aggregate. */
function chain(error: unknown): Error[] {
  const found: Error[] = [];
  const left: unknown[] = [error];
  while (left.length > 0 && found.length < 20) {
    const next = left.shift();
    if (!(next instanceof Error)) continue;
    found.push(next);
    left.push(next.cause);
    if (next instanceof AggregateError) left.push(...(next.errors as unknown[]));
  }
  return found;
}

/** The operating system's or TLS's code for a broken exchange: `ECONNRESET`. */
function connectionCode(error: unknown): string | undefined {
  const codes = chain(error)
    .map((one) => (one as { readonly code?: unknown }).code) // a DOMException has a number there
    .filter((code) => typeof code === "string");
  return codes.find((code) => !code.startsWith("ERR_INVALID")) ?? codes[0];
}

/** True when nothing can have reached the server. Anything doubtful is false. */
export function neverSent(error: unknown): boolean {
  return chain(error).some((one) => {
    const { code, syscall } = one as SystemError;
    if (one instanceof ConnectError || syscall === "connect" || syscall === "getaddrinfo") return true;
    return code !== undefined && beforeSending.has(code);
  });
}

/** True when the server's certificate is signed by an authority that is not known here. */
export function isUntrusted(error: unknown): boolean {
  return untrusted.has(connectionCode(error) ?? "");
}

/** True when the same call will end the same way: a proxy that refuses. */
export function isLasting(error: unknown): boolean {
  return connectError(error)?.isLasting === true;
}

function connectError(error: unknown): ConnectError | undefined {
  return chain(error).find((one) => one instanceof ConnectError);
}

/** What to do about a broken connection, where more can be said than to look at everything. */
export function connectionHint(error: unknown): string | undefined {
  if (isUntrusted(error))
    return "if its authority is your own, name the authority's certificate as the target's caFile";
  return connectError(error)?.hint;
}

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused",
  ENOTFOUND: "the host name is unknown",
  EAI_AGAIN: "the host name could not be looked up",
  ECONNRESET: "the connection was reset",
  EPIPE: "the connection was closed",
  UND_ERR_SOCKET: "the connection was closed",
  UND_ERR_CONNECT_TIMEOUT: "no connection in time",
  ETIMEDOUT: "no connection in time",
  EHOSTUNREACH: "the host cannot be reached",
  ENETUNREACH: "the network cannot be reached",
  CERT_HAS_EXPIRED: "its certificate has expired",
  CERT_NOT_YET_VALID: "its certificate is not valid yet",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another host",
  EPROTO: "it does not speak TLS",
};

/** The same in plain words: `connection refused (ECONNREFUSED)`. */
export function connectionText(error: unknown): string {
  const early = connectError(error);
  if (early !== undefined) return early.message;
  const code = connectionCode(error);
  if (code === undefined) return "the connection broke";
  const text = words[code] ?? (/CERT|ISSUER|SIGNATURE/.test(code) ? "its certificate is not trusted" : undefined);
  return `${text ?? "the connection broke"} (${code})`;
}
