// One tenant for all three clients: a modern folder that holds what they work with, a second one beside it, a classic
// one where the edition has them.
import { startEmulator } from "../../src/emulator/index.ts";

export const smokeKey = "11111111-1111-4111-8111-111111111111";
export const jobKey = "77777777-7777-4777-8777-777777777777";
export const suspendedKey = "88888888-8888-4888-8888-888888888888";

const spec = {
  clock: { start: "2026-01-01T00:00:00Z", mode: "manual" },
  folders: [
    { path: "Shared/Finance", id: 5 },
    { path: "Other", id: 6 },
    { path: "Old", type: "classic", id: 7 },
  ],
  users: [
    { userName: "admin", email: "admin@corp.example", password: "s3cret", reviewer: true, id: 7 },
    { userName: "ion", reviewer: true, id: 8 },
  ],
  robots: [
    { name: "bot-1", folders: ["Shared/Finance", "Old"], id: 21 },
    { name: "bot-2", folders: ["Old"], id: 22 },
  ],
  environments: [{ name: "prod", folder: "Old", robots: ["bot-1", "bot-2"], id: 31 }],
  processes: [
    {
      name: "InvoiceBot",
      folder: "Shared/Finance",
      key: smokeKey,
      id: 41,
      run: { pending: "1s", duration: "10s", softStop: "2s", output: { total: 3 } },
    },
    { name: "Invoice'Bot", folder: "Shared/Finance", package: "InvoiceBot", id: 42 },
    { name: "Legacy", folder: "Old", environment: "prod", id: 43 },
  ],
  queues: [
    { name: "Invoices", folder: "Shared/Finance", maxRetries: 3, autoRetry: true, uniqueReferences: true, id: 42 },
    { name: "Reviews", folder: "Shared/Finance", id: 43 },
    { name: "Elsewhere", folder: "Other", id: 44 },
  ],
  items: [
    {
      queue: "Reviews",
      folder: "Shared/Finance",
      id: 1001,
      reference: "A-1",
      status: "Failed",
      exception: { type: "BusinessException", reason: "no price" },
      comments: [{ text: "Look at it.", user: "admin" }],
    },
    { queue: "Reviews", folder: "Shared/Finance", id: 1002, reference: "A-2", content: { Amount: 12 } },
    { queue: "Reviews", folder: "Shared/Finance", id: 1003, reference: "A-3" },
  ],
  jobs: [
    { process: "InvoiceBot", folder: "Shared/Finance", id: 777, key: jobKey, state: "Running" },
    { process: "InvoiceBot", folder: "Shared/Finance", id: 778, state: "Successful", output: { total: 3 } },
    { process: "InvoiceBot", folder: "Shared/Finance", id: 779, key: suspendedKey, state: "Suspended" },
  ],
};

/** Starts an emulator of an edition with this tenant; the cloud has no classic folders. */
export async function start(edition) {
  const isOld = (thing) => thing.path === "Old" || thing.folder === "Old" || thing.folders?.includes("Old");
  const without = (things) => things.filter((thing) => !isOld(thing));
  const { folders, robots, environments, processes } = spec;
  const modern = { folders: without(folders), robots: [], environments: [], processes: without(processes) };
  const fitting = edition === "cloud" ? { ...spec, ...modern } : { ...spec, folders, robots, environments, processes };
  const tenant = { apiVersion: "orch-sync/v1", kind: "Tenant", metadata: { name: "acme" }, spec: fitting };
  return startEmulator({ edition, tenant });
}

/** The last call that the emulator got, as far as tests look at it. */
export function last(emulator) {
  const { method, path, query, folder, status, body } = emulator.requests().at(-1);
  return { method, path, query: decodeURIComponent(query.replaceAll("+", " ")), folder, status, body: parse(body) };
}

function parse(body) {
  return body === null || body === undefined ? undefined : JSON.parse(body);
}
