// A server under test: `emulator FILE [EDITION [DELAY]]` on a data file, each call as many milliseconds late, or `constant`, which answers as many bytes as it is
// asked for.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { startEmulator, type EditionName, type Emulator, type TenantDocument } from "../src/emulator/index.ts";

const tenant = (edition: EditionName): TenantDocument => ({
  apiVersion: "orch-sync/v1",
  kind: "Tenant",
  metadata: { name: "bench" },
  spec: {
    edition,
    folders: [{ path: "Bench", type: "modern" }],
    queues: ["Bench", "Empty"].map((name) => ({ name, folder: "Bench", uniqueReferences: true })),
    processes: [{ name: "Bench", folder: "Bench", key: "11111111-1111-4111-8111-111111111111" }],
  },
});

async function emulator(file: string, edition = "2023.4", delay = "0"): Promise<void> {
  const running = await startEmulator({
    tenant: tenant(edition as EditionName),
    data: file,
    listCallsPerMinute: null,
    ...(delay === "0" ? {} : { faults: [{ delay: `${delay}ms` }] }),
  });
  process.send?.({ url: running.url, token: running.token });
  process.on("message", (message) => {
    if (message === "ask") void told(running).then((answer) => process.send?.(answer));
    else void running.close().then(() => process.exit());
  });
}

/** What a client has done: the calls by their numbers, since the log keeps the last ones alone. */
async function told(running: Emulator): Promise<{ readonly calls: number; readonly items: number }> {
  const { url, token } = running;
  const calls = running.requests().at(-1)?.seq ?? 0;
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${url}/odata/QueueItems?$count=true&$top=1`, { headers });
  return { calls, items: ((await response.json()) as { readonly "@odata.count": number })["@odata.count"] };
}

/** The floor that the emulator is held against: Node's server, which does no more than read and answer. */
function constant(): void {
  const bodies = new Map<string, Buffer>();
  const server = createServer({ noDelay: true }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const size = request.headers["x-size"] as string;
      if (!bodies.has(size)) bodies.set(size, Buffer.alloc(Number(size), "x"));
      response.writeHead(200, { "content-type": "application/json; charset=utf-8", "content-length": size });
      response.end(bodies.get(size));
    });
  });
  server.listen(0, "127.0.0.1", () => {
    process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token: "" });
  });
  process.once("message", () => process.exit());
}

const [kind, file = "", edition, delay] = process.argv.slice(2);
if (kind === "constant") constant();
else await emulator(file, edition, delay);
