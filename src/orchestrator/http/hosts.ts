import { UsageError } from "../../core/errors.ts";

/** Where credentials may go: https, or http on this machine; no user name in the URL. */
export function checkUrl(text: string, what: string): URL {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) {
    throw new UsageError(`${what} is not an http address`, { hint: "https://HOST/ORG/TENANT/orchestrator_" });
  }
  if (url.username !== "" || url.password !== "") {
    throw new UsageError(`${what} holds a user name or password`, { hint: "name credentials under auth" });
  }
  if (url.search !== "" || url.hash !== "") {
    throw new UsageError(`${what} must end with a path, without ? and #`);
  }
  if (url.protocol === "http:" && !isLoopback(url.hostname)) {
    throw new UsageError(`${what} is http: credentials go only to https`, { hint: `use https://${url.host}` });
  }
  return url;
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

/** Refuses a host that was not pinned, so that an edited url cannot collect a secret. */
export function checkPinned(url: URL, allowedHosts: readonly string[] | undefined, what: string): void {
  if (allowedHosts === undefined) return;
  const allowed = allowedHosts.map((host) => host.trim().toLowerCase());
  if (allowed.includes(url.host) || allowed.includes(url.hostname)) return;
  throw new UsageError(`${what} goes to ${url.host}, which is not among the allowed hosts`, {
    hint: `ORCH_SYNC_ALLOWED_HOSTS allows ${allowed.join(", ") || "none"}`,
  });
}

const endpoint = "/connect/token";

/**
 * The token endpoint: of the identity server that is named, else of the one that belongs to a base URL. That is
 * `/identity_` at the root of the host where organization and tenant are in the path, in the cloud and in an Automation
 * Suite, and `/identity` on a standalone server (API guide, field reports). A proxy with two segments of its own looks
 * like a cloud: there the identity server has to be named.
 */
export function tokenUrl(base: URL, identity?: URL): URL {
  if (identity !== undefined) {
    const address = identity.href.replace(/\/+$/, "");
    return new URL(address.endsWith(endpoint) ? address : `${address}${endpoint}`);
  }
  const segments = base.pathname.split("/").filter((segment) => segment !== "");
  const named = segments.at(-1)?.toLowerCase() === "orchestrator_" || segments.length === 2;
  const inPath = named || /(?:^|\.)uipath\.(?:com|us)$/.test(base.hostname);
  return new URL(`${base.origin}${inPath ? "/identity_" : "/identity"}${endpoint}`);
}
