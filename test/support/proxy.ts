import { createServer, type IncomingMessage } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { connect, type AddressInfo, type Socket } from "node:net";
import type { Certificate } from "./certificates.ts";

/** One tunnel that was asked for. */
interface Asked {
  /** `HOST:PORT` */
  readonly to: string;
  /** `Proxy-Authorization`, decoded: `USER:PASSWORD` */
  readonly credentials: string | undefined;
}

/** A forward proxy of its own on loopback, until it is disposed of. */
export interface ConnectProxy extends AsyncDisposable {
  readonly host: string;
  readonly url: string;
  readonly asked: readonly Asked[];
}

export interface ConnectProxyOptions {
  /** It speaks TLS itself, with this. */
  readonly certificate?: Certificate;
  /** The answer to a request for a tunnel that is not made: 407; undefined makes it. */
  readonly refuse?: (asked: Asked, index: number) => number | undefined;
  /** `Proxy-Authenticate` of its 407. @default Basic */
  readonly challenge?: string;
  /** Sees each tunnel that was made; `cut` ends it on both sides. */
  readonly onTunnel?: (tunnel: { readonly server: Socket; readonly cut: () => void }, index: number) => void;
  /** What it does in place of an answer. */
  readonly instead?: "hang" | "close";
}

/** A proxy that makes tunnels, wherever they are to lead, to loopback alone: names of a test need no name server. */
export async function connectProxy(options: ConnectProxyOptions = {}): Promise<ConnectProxy> {
  const asked: Asked[] = [];
  const sockets = new Set<Socket>();
  const { certificate } = options;
  const server = certificate === undefined ? createServer() : createTlsServer({ ...certificate });
  server.on("connection", (socket: Socket) => keep(sockets, socket));
  server.on("secureConnection", (socket: Socket) => keep(sockets, socket));
  server.on("connect", (request: IncomingMessage, stream, head: Buffer) => {
    const client = keep(sockets, stream as Socket);
    const index = asked.push(read(request)) - 1;
    const one = asked[index];
    if (options.instead !== undefined || one === undefined) {
      if (options.instead === "close") client.destroy();
      return;
    }
    const status = options.refuse?.(one, index);
    if (status === undefined) tunnel(one, client, head, index, options, sockets);
    else client.end(refusal(status, options.challenge ?? 'Basic realm="test"'));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `localhost:${(server.address() as AddressInfo).port}`;
  return {
    host,
    url: `${certificate === undefined ? "http" : "https"}://${host}`,
    asked,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function keep(sockets: Set<Socket>, socket: Socket): Socket {
  sockets.add(socket);
  socket.on("error", () => undefined);
  return socket;
}

function read({ url = "", headers }: IncomingMessage): Asked {
  const [, encoded] = headers["proxy-authorization"]?.split(" ") ?? [];
  return { to: url, credentials: encoded === undefined ? undefined : Buffer.from(encoded, "base64").toString() };
}

function refusal(status: number, challenge: string): string {
  const asks = status === 407 ? `Proxy-Authenticate: ${challenge}\r\n` : "";
  return `HTTP/1.1 ${status} No\r\n${asks}Content-Length: 2\r\n\r\nno`;
}

function tunnel(
  { to }: Asked,
  client: Socket,
  head: Buffer,
  index: number,
  { onTunnel }: ConnectProxyOptions,
  sockets: Set<Socket>,
): void {
  const server = keep(sockets, connect(Number(to.split(":").at(-1)), "localhost"));
  server.on("connect", () => {
    client.write("HTTP/1.1 200 Connection established\r\n\r\n");
    server.write(head);
    server.pipe(client).pipe(server);
    const cut = (): void => {
      server.destroy();
      client.destroy();
    };
    onTunnel?.({ server, cut }, index);
  });
  server.on("close", () => client.destroy());
  client.on("close", () => server.destroy());
}
