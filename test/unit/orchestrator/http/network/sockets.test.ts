import { deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createSocketServer, type AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { NetworkError, type ApiError } from "../../../../../src/core/errors.ts";
import type { OrchestratorClient } from "../../../../../src/orchestrator/http/client.ts";
import { readProxy, type Network, type Proxy } from "../../../../../src/core/network.ts";
import { authority } from "../../../../support/certificates.ts";
import { connectProxy, type ConnectProxy, type ConnectProxyOptions } from "../../../../support/proxy.ts";
import { tlsFront, type TlsFront } from "../../../../support/tls-front.ts";
import { clientFor, ManualClock, serve, signal, type Reaction, type TestServer } from "../../support.ts";

const ca = authority();
const certificate = ca.issue({ names: ["localhost", "127.0.0.1", "orchestrator.test"] });
const ok = { json: { value: [] } } as const;

function proxy(url: string, from = "the target"): Proxy {
  const read = readProxy(url, from);
  if ("problem" in read) throw new Error(read.problem);
  return read.proxy;
}

interface Place extends AsyncDisposable {
  readonly server: TestServer;
  readonly front: TlsFront;
  readonly proxy: ConnectProxy;
  /** A name that only the proxy knows. */
  readonly url: string;
  readonly network: Network;
}

/** A server behind TLS that is reached through a proxy alone: its name leads nowhere else. */
async function behindProxy(
  options: ConnectProxyOptions = {},
  react: (index: number) => Reaction = () => ok,
): Promise<Place> {
  const stack = new AsyncDisposableStack();
  const server = stack.use(await serve((_, index) => react(index)));
  const front = stack.use(await tlsFront(server.url, certificate));
  const through = stack.use(await connectProxy(options));
  const url = front.url.replace("localhost", "orchestrator.test");
  return {
    server,
    front,
    proxy: through,
    url,
    network: { proxy: proxy(through.url), ca: [ca.cert] },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

async function failure(call: Promise<unknown>): Promise<ApiError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(NetworkError);
  return error as ApiError;
}

describe("through a proxy", () => {
  test("calls go to a host that only the proxy knows, over one connection", async () => {
    await using place = await behindProxy();
    const client = clientFor(place.url, { network: place.network });
    expect(await client.get("/odata/Folders", { query: "$top=1", signal })).toEqual({ value: [] });
    expect(await client.write("POST", "/odata/X", { a: "ö" }, { signal })).toMatchObject({ ending: "answered" });
    const { host } = new URL(place.url);
    expect(place.proxy.asked).toEqual([{ to: host, credentials: undefined }]);
    expect(place.server.seen.map(({ method, headers, text }) => [method, headers.authorization, text])).toEqual([
      ["GET", "Bearer t0", ""],
      ["POST", "Bearer t0", '{"a":"ö"}'],
    ]);
    expect(place.server.seen[0]?.headers).toMatchObject({ host, "user-agent": "orch-sync/0.0.0-test" });
    expect(place.server.seen[0]?.headers).not.toHaveProperty("proxy-authorization");
  });

  test("the identity server is reached through it as well, and by the same certificate", async () => {
    await using place = await behindProxy({}, (index) => (index === 0 ? { json: { access_token: "t1" } } : ok));
    const auth = { type: "clientCredentials", clientId: "id", clientSecret: "s" } as const;
    await clientFor(place.url, { network: place.network, auth }).get("/odata/Folders", { signal });
    expect(place.server.seen.map(({ path }) => path)).toEqual(["/identity/connect/token", "/odata/Folders"]);
    expect(place.server.seen[0]?.headers["user-agent"]).toBe("orch-sync/0.0.0-test");
  });

  test("that speaks TLS and wants a user and a password", async () => {
    await using place = await behindProxy({ certificate: ca.issue() });
    const url = place.proxy.url.replace("//", "//ana%40corp:p%25/@:ss@");
    await clientFor(place.url, { network: { ...place.network, proxy: proxy(url) } }).get("/odata/Folders", { signal });
    expect(place.proxy.asked).toEqual([{ to: new URL(place.url).host, credentials: "ana@corp:p%/@:ss" }]);
  });

  test.each<[string, ConnectProxyOptions, string, string, number]>([
    ["407", { refuse: () => 407 }, "refuses with HTTP 407, it wants a user and a password", "give them in", 1],
    [
      "407 of another kind",
      { refuse: () => 407, challenge: "NTLM" },
      "a sign-in that orch-sync does not know",
      "helper",
      1,
    ],
    ["403", { refuse: () => 403 }, "refuses with HTTP 403", "allow orchestrator.test", 1],
    ["502", { refuse: () => 502 }, "refuses with HTTP 502, it cannot reach the host", "proxy: none", 4],
    ["no answer but the end", { instead: "close" }, "the connection was reset (ECONNRESET)", "address of the proxy", 4],
    ["tunnels that break", { onTunnel: ({ cut }) => cut() }, "the connection was reset (ECONNRESET)", "address of", 4],
  ])("that answers with %s is named, and no write was sent", async (_, options, message, hint, tries) => {
    await using place = await behindProxy(options);
    const client = clientFor(place.url, { network: place.network });
    const error = await failure(client.get("/odata/Folders", { signal }));
    const { host } = new URL(place.url);
    expect(error.message).toContain(`cannot reach ${host}: the proxy ${place.proxy.host} (of the target)`);
    expect(error.message).toContain(message);
    expect(error.hint).toContain(hint);
    expect(place.proxy.asked).toHaveLength(tries);
    expect(await client.write("POST", "/odata/X", {}, { signal })).toMatchObject({ ending: "refused" });
    expect(place.server.seen).toEqual([]);
  });

  test("a password that it does not take is in no error", async () => {
    await using place = await behindProxy({ refuse: () => 407 });
    const network = { ...place.network, proxy: proxy(place.proxy.url.replace("//", "//ana:hunter2@"), "HTTPS_PROXY") };
    const error = await failure(clientFor(place.url, { network }).get("/odata/Folders", { signal }));
    expect(`${error.message} ${error.hint} ${JSON.stringify(error)}`).not.toContain("hunter2");
    expect(error.message).toContain("(of HTTPS_PROXY) refuses with HTTP 407, it does not take the user");
    expect(error.hint).toContain("HTTPS_PROXY");
  });

  test.each([
    ["garbage", "SSH-2.0-OpenSSH_9.6\r\n"],
    ["headers without an end", `HTTP/1.1 200 OK\r\n${"X-Long: 0123456789\r\n".repeat(5000)}`],
    ["a page in place of a tunnel", "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n<html>sign in</html>\n"],
    ["100 alone", "HTTP/1.1 100 Continue\r\n\r\n"],
  ])("that answers with %s is named, and no write was sent", async (_, answer) => {
    await using stack = new AsyncDisposableStack();
    const asked: string[] = [];
    const server = createSocketServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", (data) => {
        asked.push(data.toString().split("\r\n", 1)[0] ?? "");
        socket.end(answer);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    stack.defer(async () => new Promise<void>((resolve) => void server.close(() => resolve())));
    const { port } = server.address() as AddressInfo;
    const network = { proxy: proxy(`http://127.0.0.1:${port}`), ca: [ca.cert] };
    const client = clientFor("https://[2001:db8::1]", { network });
    const write = await client.write("POST", "/x", {}, { signal });
    expect(write).toMatchObject({ ending: "refused", fault: { kind: "network" } });
    expect("fault" in write && write.fault.message).toContain(`the proxy 127.0.0.1:${port} (of the target)`);
    expect(asked).toEqual(["CONNECT [2001:db8::1]:443 HTTP/1.1"]);
  });

  test("whose own certificate is not trusted is what the message names", async () => {
    await using place = await behindProxy({ certificate: authority("other").issue() });
    const error = await failure(clientFor(place.url, { network: place.network }).get("/odata/Folders", { signal }));
    expect(error.message).toContain(`the proxy ${place.proxy.host} (of the target): its certificate is not trusted`);
    expect(error.hint).toContain("caFile");
    expect(place.proxy.asked).toEqual([]);
  });

  test("that leads to another host does not get a token", async () => {
    await using place = await behindProxy();
    const url = place.url.replace("orchestrator.test", "elsewhere.test");
    const error = await failure(clientFor(url, { network: place.network }).get("/odata/Folders", { signal }));
    expect(error.message).toContain("its certificate is for another host");
    expect(place.server.seen).toEqual([]);
  });

  test("that is not there", async () => {
    await using place = await behindProxy();
    await place.proxy[Symbol.asyncDispose]();
    const error = await failure(clientFor(place.url, { network: place.network }).get("/odata/Folders", { signal }));
    expect(error.message).toContain(`the proxy ${place.proxy.host} (of the target): connection refused (ECONNREFUSED)`);
  });

  test("a write whose connection breaks there is open, and sent once", async () => {
    const cuts: (() => void)[] = [];
    await using place = await behindProxy({ onTunnel: ({ cut }) => cuts.push(cut) }, () => {
      for (const cut of cuts) cut();
      return "hang";
    });
    const client = clientFor(place.url, { network: place.network });
    const result = await client.write("POST", "/odata/X", {}, { signal });
    expect(result).toMatchObject({ ending: "open", fault: { kind: "network" } });
    expect(place.server.seen).toHaveLength(1);
  });

  test.each(["hang", "stall"] as const)("a server that does not answer (%s) is given up in time", async (reaction) => {
    await using place = await behindProxy({}, () => reaction);
    const client = clientFor(place.url, { network: place.network, timing: { request: 200 } });
    const result = await client.write("POST", "/odata/X", {}, { signal });
    expect(result).toMatchObject({ ending: "open", fault: { kind: "timeout" } });
  });

  test("a proxy that does not answer is given up in time, and when the caller goes", async () => {
    await using place = await behindProxy({ instead: "hang" });
    const options = { network: place.network, timing: { request: 100 } };
    const error = await failure(clientFor(place.url, options).get("/odata/Folders", { signal }));
    expect(error.message).toContain(`the proxy ${place.proxy.host} (of the target): no connection in time`);
    const late = await clientFor(place.url, options).write("POST", "/x", {}, { signal });
    expect(late).toMatchObject({ ending: "refused", fault: { kind: "timeout" } });
    const given = new AbortController();
    const call = clientFor(place.url, { network: place.network }).write("POST", "/x", {}, { signal: given.signal });
    setTimeout(() => given.abort(), 50);
    expect(await call).toMatchObject({ ending: "refused", fault: { kind: "cancelled" } });
  });

  test("this machine is reached without the one that the environment names", async () => {
    await using server = await serve(() => ok);
    await using through = await connectProxy();
    const network = { proxy: proxy(through.url, "HTTPS_PROXY"), noProxy: "" };
    await clientFor(server.url, { network }).get("/odata/Folders", { signal });
    expect([through.asked.length, server.seen.length]).toEqual([0, 1]);
    await clientFor(server.url, { network: { proxy: proxy(through.url) } }).get("/odata/Folders", { signal });
    expect([through.asked.length, server.seen.length]).toEqual([1, 2]);
  });

  test("a proxy of the target has to be among the allowed hosts, one of the environment need not", async () => {
    const allowedHosts = ["orch.example"];
    const through = proxy("http://elsewhere.example:8080");
    const client = (network: Network): unknown => clientFor("https://orch.example", { network, allowedHosts });
    expect(() => client({ proxy: through })).toThrow("the target's proxy goes to elsewhere.example:8080");
    expect(() => client({ proxy: through, noProxy: "" })).not.toThrow();
  });
});

describe("authorities of one's own", () => {
  test("are trusted besides those of Node", async () => {
    await using server = await serve(() => ok);
    await using front = await tlsFront(server.url, certificate);
    const client = clientFor(front.url, { network: { ca: [authority("other").cert, ca.cert] } });
    expect(await client.get("/odata/Folders", { signal })).toEqual({ value: [] });
  });

  test.each([
    ["an unknown authority", ca.issue(), [], "its certificate is not trusted", "caFile"],
    ["another authority", ca.issue(), [authority("other").cert], "its certificate is not trusted", "caFile"],
    ["another name", ca.issue({ names: ["x.test"] }), [ca.cert], "its certificate is for another host", "url"],
    ["the past", ca.issue({ until: new Date("2021-01-01") }), [ca.cert], "its certificate has expired", "url"],
  ])("a certificate of %s is refused before anything is sent", async (_, shown, trusted, message, hint) => {
    await using server = await serve(() => ok);
    await using front = await tlsFront(server.url, shown);
    const client = clientFor(front.url, {
      network: trusted.length === 0 ? {} : { ca: trusted },
      clock: new ManualClock(),
    });
    const error = await failure(client.get("/odata/Folders", { signal }));
    expect(error.message).toContain(message);
    expect(error.hint).toContain(hint);
    expect(await client.write("POST", "/x", {}, { signal })).toMatchObject({ ending: "refused" });
    expect(server.seen).toEqual([]);
  });
});

/** A client that does without fetch, of a server that does as it is told. */
async function overSockets(
  react: RequestListener,
  use: (client: OrchestratorClient, server: Server) => Promise<void>,
): Promise<void> {
  const server = createServer(react);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    await use(clientFor(url, { network: { avoidsFetch: true }, timing: { request: 2000 } }), server);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

test.each([
  ["gzip", gzipSync],
  ["deflate", deflateSync],
  ["deflate", deflateRawSync],
])("an answer may be packed: %s", async (encoding, pack) => {
  const react: RequestListener = (_, response) => {
    response.setHeader("content-encoding", encoding).setHeader("content-type", "application/json");
    response.end(pack('{"value":["ä"]}'));
  };
  await overSockets(react, async (client) => {
    expect(await client.get("/odata/Folders", { signal })).toEqual({ value: ["ä"] });
  });
});

test.each([
  ["cut off", "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n{}", "network"],
  ["in chunks and cut off", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n", "network"],
  ["packed and broken", "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}", "network"],
  ["a change of protocol", "HTTP/1.1 101 Go\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n", "network"],
  ["no HTTP", "hello\r\n\r\n", "network"],
])("a write whose answer is %s is open, and sent once", async (_, answer, kind) => {
  let seen = 0;
  const react: RequestListener = ({ socket }) => {
    seen++;
    socket.end(answer);
  };
  await overSockets(react, async (client) => {
    expect(await client.write("POST", "/x", {}, { signal })).toMatchObject({ ending: "open", fault: { kind } });
  });
  expect(seen).toBe(1);
});

test("a write that goes out on a connection which the server is closing is open, and never sent again", async () => {
  const seen: string[] = [];
  const react: RequestListener = ({ method = "", socket }, response) => {
    seen.push(method);
    if (method === "POST") socket.destroy();
    else response.setHeader("content-type", "application/json").end('{"value":[]}');
  };
  await overSockets(react, async (client, server) => {
    const connections: unknown[] = [];
    server.on("connection", (socket) => connections.push(socket));
    await client.get("/odata/Folders", { signal });
    expect(await client.write("POST", "/x", {}, { signal })).toMatchObject({ ending: "open" });
    expect(connections).toHaveLength(1);
  });
  expect(seen).toEqual(["GET", "POST"]);
});
