import { request, createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What becomes of one request on its way to the server. */
export type Fate =
  | "pass"
  /** The connection breaks before the server sees anything. */
  | "lose-request"
  /** The server handles it, and nobody hears the answer. */
  | "lose-answer"
  /** The server handles it, and a gateway answers this status instead. */
  | { readonly answer: number }
  /** A gateway answers at once; the server never sees it. */
  | { readonly refuse: number; readonly body?: string; readonly headers?: Readonly<Record<string, string>> }
  /** It is held until the promise resolves, then passed on. */
  | { readonly hold: Promise<void> };

export interface FaultProxy {
  readonly url: string;
  close(): Promise<void>;
}

/** A bad network between a client and a real server: `fate` decides for each request, in the order of arrival. */
export async function faultProxy(upstream: string, fate: (method: string, path: string) => Fate): Promise<FaultProxy> {
  const server = createServer((incoming, answer) => {
    void handle(incoming, answer, upstream, fate(incoming.method ?? "GET", decodeURIComponent(incoming.url ?? "/")));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function handle(incoming: IncomingMessage, answer: ServerResponse, upstream: string, fate: Fate): Promise<void> {
  if (fate === "lose-request") return void incoming.socket.destroy();
  if (typeof fate === "object" && "refuse" in fate) {
    incoming.resume();
    return void answer.writeHead(fate.refuse, { ...fate.headers }).end(fate.body ?? "");
  }
  if (typeof fate === "object" && "hold" in fate) await fate.hold;
  const forwarded = request(upstream + (incoming.url ?? "/"), {
    method: incoming.method,
    headers: { ...incoming.headers, host: new URL(upstream).host },
  });
  forwarded.on("response", (real) => {
    if (fate === "lose-answer") return void real.resume().on("end", () => incoming.socket.destroy());
    if (typeof fate === "object" && "answer" in fate) {
      return void real.resume().on("end", () => answer.writeHead(fate.answer).end());
    }
    answer.writeHead(real.statusCode ?? 502, real.headers);
    return void real.pipe(answer);
  });
  forwarded.on("error", () => incoming.socket.destroy());
  incoming.pipe(forwarded);
}
