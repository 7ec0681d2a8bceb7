import type { Network } from "../../core/network.ts";
import { isUntrusted } from "./connection.ts";
import { fetchTransport, type Exchange, type Outgoing, type Transport } from "./exchange.ts";
import { proxyFor } from "./network/route.ts";

/**
 * The only place that speaks HTTP: by fetch, or over sockets of our own where there is a proxy on the way or more is to
 * be trusted than Node does by itself. The system's authorities are asked for when a server's own is not known: reading
 * them takes a tenth of a second, and servers that need them are few. That call is sent a second time, because nothing of it
 * was sent before it.
 */
export function createTransport(network: Network, fetch?: typeof globalThis.fetch): Transport {
  const byFetch = fetchTransport(fetch);
  if (fetch !== undefined) return byFetch; // a way of the caller's own
  let sockets: Promise<Transport> | undefined;
  const overSockets = async (outgoing: Outgoing): Promise<Exchange> => {
    sockets ??= import("./network/sockets.ts").then(({ socketTransport }) => socketTransport(network));
    return (await sockets)(outgoing);
  };
  let avoidsFetch = network.avoidsFetch === true || network.ca !== undefined;
  return async (outgoing) => {
    if (avoidsFetch || proxyFor(new URL(outgoing.url), network) !== undefined) return overSockets(outgoing);
    const exchange = await byFetch(outgoing);
    if (exchange.type === "reply" || !isUntrusted(exchange.error)) return exchange;
    avoidsFetch = true;
    return overSockets(outgoing);
  };
}
