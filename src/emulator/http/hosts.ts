import { isIP } from "node:net";

const loopbackNames: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);
const anyAddress: ReadonlySet<string> = new Set(["0.0.0.0", "::"]);

/**
 * Whether the Host header names this server. A page in a browser can make a name of its own point to loopback; the
 * header still has that name, and is refused.
 */
export function isAllowedHost(header: string | undefined, host: string): boolean {
  const name = (header ?? "").replace(/:\d+$/, "").toLowerCase();
  if (loopbackNames.has(name) || name === bracketed(host.toLowerCase())) return true;
  return anyAddress.has(host) && isIP(name.replaceAll(/[[\]]/g, "")) !== 0;
}

export function isLoopback(address: string | undefined): boolean {
  const plain = (address ?? "").replace(/^::ffff:/, "");
  return plain === "::1" || plain.startsWith("127.");
}

function bracketed(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host;
}
