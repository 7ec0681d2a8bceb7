import { connect, type AddressInfo, type Socket } from "node:net";
import { createServer } from "node:tls";
import type { Certificate } from "./certificates.ts";

/** A server's https address, until it is disposed of. */
export interface TlsFront extends AsyncDisposable {
  /** The server's own url with https, localhost and a port of its own. */
  readonly url: string;
}

/** Ends TLS before a server that speaks plain http on loopback, such as an emulator: what it is called by is https. */
export async function tlsFront(url: string, certificate: Certificate): Promise<TlsFront> {
  const behind = new URL(url);
  const sockets = new Set<Socket>();
  const server = createServer({ cert: certificate.cert, key: certificate.key }, (socket) => {
    const inner = connect(Number(behind.port), behind.hostname);
    for (const [one, other] of [
      [socket, inner],
      [inner, socket],
    ] as const) {
      sockets.add(one);
      one.on("error", () => other.destroy()).on("close", () => other.destroy());
      one.pipe(other);
    }
  });
  server.on("tlsClientError", () => undefined); // whoever does not trust it hangs up
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://localhost:${port}${behind.pathname.replace(/\/$/, "")}`,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
