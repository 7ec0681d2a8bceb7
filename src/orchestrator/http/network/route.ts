import { BlockList, isIP } from "node:net";
import type { Network, Proxy } from "../../../core/network.ts";

/**
 * The proxy that a call to this address goes through; undefined: none. This machine is reached without one unless the
 * target names it: what an environment says of the network is not meant for loopback, and the embedded Orchestrator
 * is there.
 */
export function proxyFor(url: URL, { proxy, noProxy }: Network): Proxy | undefined {
  if (proxy === undefined || noProxy === undefined) return proxy;
  const host = hostOf(url);
  return isThisMachine(host) || isExcepted(host, portOf(url), noProxy) ? undefined : proxy;
}

/** The host without the brackets of IPv6 and without a dot at its end. */
export function hostOf({ hostname }: URL): string {
  return hostname.replaceAll(/^\[|\]$|\.$/g, "");
}

export function portOf({ port, protocol }: URL): number {
  return port === "" ? (protocol === "http:" ? 80 : 443) : Number(port);
}

function isThisMachine(host: string): boolean {
  return /(?:^|\.)localhost$/i.test(host) || host === "::1" || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/**
 * Whether `NO_PROXY` lists a host, by curl's rules: parts between commas or blanks; `*` is every host; a name stands for
 * itself and what ends with it after a dot, a dot before it (and `*.`) makes no difference; addresses are the same or in a
 * CIDR block, in brackets or not; case does not count. A part with a port is for that port alone, as in other tools:
 * curl knows no ports there.
 */
function isExcepted(host: string, port: number, noProxy: string): boolean {
  return noProxy
    .split(/[\s,]+/)
    .filter((part) => part !== "")
    .some((part) => matches(part.toLowerCase(), host.toLowerCase(), port));
}

function matches(part: string, host: string, port: number): boolean {
  if (part === "*") return true;
  const { name = "", only } = /^\[?(?<name>[^[\]]*?)\]?(?::(?<only>\d+))?$/.exec(withBrackets(part))?.groups ?? {};
  if (only !== undefined && Number(only) !== port) return false;
  if (isIP(host) !== 0) return isInBlock(name, host);
  const suffix = name.replace(/^\*?\./, "").replace(/\.$/, "");
  return suffix !== "" && (host === suffix || host.endsWith(`.${suffix}`));
}

/** An IPv6 address without brackets has colons, none of which leads a port. */
function withBrackets(part: string): string {
  return isIP(part.split("/", 1)[0] ?? "") === 6 ? `[${part}]` : part;
}

function isInBlock(part: string, address: string): boolean {
  const [block = "", bits] = part.split("/");
  const family = isIP(block);
  if (family === 0) return false;
  const type = family === 4 ? "ipv4" : "ipv6";
  const list = new BlockList();
  const width = bits === undefined ? (family === 4 ? 32 : 128) : Number(bits);
  if (!Number.isInteger(width) || width < 0 || width > (family === 4 ? 32 : 128)) return false;
  list.addSubnet(block, width, type);
  return list.check(address, isIP(address) === 4 ? "ipv4" : "ipv6");
}
