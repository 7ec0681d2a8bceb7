import { Secret } from "./secret.ts";

/** How a target's servers are reached. */
export interface Network {
  readonly proxy?: Proxy;
  /** Hosts that are reached without the proxy, as `NO_PROXY` lists them; undefined: none, this machine included. */
  readonly noProxy?: string;
  /** Certificates of authorities that are trusted besides those of Node and of the system: PEM, one each. */
  readonly ca?: readonly string[];
  /** True: Node's own `fetch` takes a proxy from the environment, by rules of its own, so it is not used. */
  readonly avoidsFetch?: boolean;
}

/** A proxy that calls go through. */
export interface Proxy {
  readonly protocol: "http:" | "https:";
  /** A name or an address; of IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  /** `USER:PASSWORD` */
  readonly credentials?: Secret;
  /** Where it is named: `the target`, `HTTPS_PROXY`. */
  readonly from: string;
}

/** `proxy.corp.example:8080`, as messages name it: never with credentials. */
export function proxyName({ host, port }: Proxy): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

const shape = /^(?:(?<scheme>[a-z][a-z0-9+.-]*):\/\/)?(?:(?<user>.*)@)?(?<host>[^@/?#\s]+)\/?$/is;

/**
 * Reads `http://USER:PASSWORD@HOST:PORT`, or what is wrong with it, in words that quote nothing of it: it may hold a
 * password. The scheme is http when left out, the port that of the scheme. What stands before the last @ is user and
 * password, percent-encoded or as they are.
 */
export function readProxy(text: string, from: string): { readonly proxy: Proxy } | { readonly problem: string } {
  const { scheme = "http", user, host = "" } = shape.exec(text.trim())?.groups ?? {};
  const protocol = `${scheme.toLowerCase()}:`;
  if (protocol !== "http:" && protocol !== "https:") {
    return { problem: `is a ${protocol.slice(0, 12)} address: only http and https proxies can be used` };
  }
  const url = URL.parse(`${protocol}//${host}`);
  if (url === null || url.hostname === "") return { problem: "is no address of a proxy" };
  const port = url.port === "" ? (protocol === "http:" ? 80 : 443) : Number(url.port);
  const credentials =
    user === undefined ? undefined : new Secret(user.split(/:(.*)/s).slice(0, 2).map(decoded).join(":"));
  const name = url.hostname.replaceAll(/^\[|\]$/g, "");
  return { proxy: { protocol, host: name, port, ...(credentials === undefined ? {} : { credentials }), from } };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a % that is none of an encoding
  }
}
