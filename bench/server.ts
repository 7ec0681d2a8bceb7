// A server under test: `emulator FILE` on a data file, or `constant`, which answers as many bytes as it is asked for.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { startEmulator, type TenantDocument } from "../src/emulator/index.ts";

const tenant: TenantDocument = {
  apiVersion: "orch-sync/v1",
  kind: "Tenant",
  metadata: { name: "bench" },
  spec: {
    edition: "2023.4",
    folders: [{ path: "Bench", type: "modern" }],
    queues: [{ name: "Bench", folder: "Bench", uniqueReferences: true }],
    processes: [{ name: "Bench", folder: "Bench", key: "11111111-1111-4111-8111-111111111111" }],
  },
};

async function emulator(file: string): Promise<void> {
  const running = await startEmulator({ tenant, data: file, listCallsPerMinute: null });
  process.send?.({ url: running.url, token: running.token });
  process.once("message", () => void running.close().then(() => process.exit()));
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

const [kind, file = ""] = process.argv.slice(2);
if (kind === "constant") constant();
else await emulator(file);
