import type { DesiredResource, Kind } from "../../../src/core/resource.ts";
import type { Change } from "../../../src/core/change.ts";
import type { Ending } from "../../../src/core/outcome.ts";
import { isPending } from "../../../src/core/change.ts";
import type { PlannedResource } from "../../../src/core/plan.ts";
import { startEmulator, type Emulator, type TenantSpec } from "../../../src/emulator/index.ts";
import { isMissing } from "../../../src/kinds/live.ts";
import { definitions } from "../../../src/kinds/registry.ts";
import { connect, gateways, type Connection } from "../../../src/orchestrator/index.ts";
import type { Operation } from "../../../src/orchestrator/gateways/port.ts";
import { context as anyContext } from "../../support/desired.ts";
import { applyRun, ManualClock, signal } from "./support.ts";

/** A small tenant with one of everything. */
const tenant: TenantSpec = {
  edition: "2023.4",
  clock: { start: "2026-11-21T10:00:00Z", mode: "manual" },
  folders: [
    { path: "Finance", type: "modern" },
    { path: "Finance/Invoices", type: "modern" },
    { path: "Legacy", type: "classic" },
  ],
  users: [
    {
      userName: "ana",
      name: "Ana",
      surname: "Pop",
      email: "ana@corp.example",
      reviewer: true,
      folders: ["Finance/Invoices"],
    },
    {
      userName: "ion",
      name: "Ion",
      surname: "Rus",
      email: "ion@corp.example",
      reviewer: true,
      folders: ["Finance/Invoices"],
    },
    {
      userName: "ion2",
      name: "Ion",
      surname: "Rus",
      email: "ion2@corp.example",
      reviewer: true,
      folders: ["Finance/Invoices"],
    },
  ],
  robots: [{ name: "DocBot", folders: ["Finance/Invoices", "Legacy"], type: "Unattended" }],
  processes: [
    { name: "Smoke", folder: "Finance/Invoices", version: "1.0.3", run: { pending: "1s", duration: "5s" } },
    {
      name: "Broken",
      folder: "Finance/Invoices",
      run: { pending: "1s", duration: "5s", state: "Faulted", info: "boom" },
    },
    { name: "Endless", folder: "Finance/Invoices", run: { pending: "1s", duration: "9h", softStop: "1s" } },
  ],
  queues: [
    { name: "Unique", folder: "Finance/Invoices", uniqueReferences: true, trigger: "Smoke" },
    { name: "Loose", folder: "Finance/Invoices" },
  ],
  items: [
    {
      queue: "Unique",
      folder: "Finance/Invoices",
      reference: "OLD-1",
      status: "New",
      priority: "Low",
      content: { Amount: 1 },
      progress: "half",
    },
    { queue: "Unique", folder: "Finance/Invoices", reference: "OLD-2", status: "Successful" },
    { queue: "Unique", folder: "Finance/Invoices", reference: "OLD-3", status: "New", content: { Amount: 3 } },
    {
      queue: "Unique",
      folder: "Finance/Invoices",
      reference: "F-1",
      status: "Failed",
      exception: { type: "BusinessException", reason: "timeout" },
    },
    {
      queue: "Unique",
      folder: "Finance/Invoices",
      reference: "F-2",
      status: "Failed",
      exception: { type: "BusinessException", reason: "other" },
    },
  ],
};

export interface World extends AsyncDisposable, Connection {
  readonly emulator: Emulator;
}

export async function world(): Promise<World> {
  const document = { apiVersion: "orch-sync/v1", kind: "Tenant", metadata: { name: "test" }, spec: tenant } as const;
  const emulator = await startEmulator({ tenant: document });
  return { ...open(emulator), emulator, [Symbol.asyncDispose]: async () => emulator.close() };
}

/** A run of its own: nothing is remembered from an earlier one. */
export function open(emulator: Emulator, fetch?: typeof globalThis.fetch): Connection {
  const auth = { type: "token", token: emulator.token } as const;
  const options = { baseUrl: emulator.url, auth, clock: new ManualClock(), userAgent: "orch-sync/test" };
  return connect(fetch === undefined ? options : { ...options, fetch });
}

/** A network on which every write arrives and no answer to one comes back. */
export const losingAnswers: typeof globalThis.fetch = async (input, init) => {
  const response = await fetch(input, init);
  const method = input instanceof Request ? input.method : init?.method;
  if (method === undefined || method === "GET") return response;
  await response.arrayBuffer();
  throw new TypeError("fetch failed", { cause: Object.assign(new Error("reset"), { code: "ECONNRESET" }) });
};

export function desired(kind: Kind, spec: unknown, folder = "Finance/Invoices", name = "r"): DesiredResource {
  const source = { file: "m.yaml", line: 1, column: 1 };
  return { key: { kind, folder, name }, labels: {}, dependsOn: [], spec, source };
}

/** Reads and reconciles one resource as a plan does. */
export async function plan(resource: DesiredResource, { reader }: Connection): Promise<PlannedResource> {
  const folder = await reader.folder(resource.key.folder, signal);
  if (isMissing(folder)) throw new Error("no such folder");
  const apiVersion = await reader.apiVersion(signal);
  const live = await gateways[resource.key.kind].read(resource, reader, signal);
  const context = { ...anyContext, now: reader.now(), folder, apiVersion };
  const {
    title,
    settings,
    observed = {},
    notes,
    changes,
  } = definitions[resource.key.kind].plan(resource as never, live as never, context);
  const { key, dependsOn, source } = resource;
  return { key, level: 0, dependsOn, folder, title, settings, observed, changes: [...changes], notes, source };
}

/** Carries out what is pending, as an apply does when nothing goes wrong; gives the endings by label or entry. */
export async function apply(resource: PlannedResource, { reader }: Connection): Promise<Map<Change, Ending>> {
  const endings = new Map<Change, Ending>();
  const run = applyRun(reader, "0123456789abcdef".repeat(4));
  for (const operation of gateways[resource.key.kind].operations(resource, run)) {
    for (const [change, ending] of await carry(operation)) endings.set(change, ending);
  }
  return endings;
}

async function carry(operation: Operation): Promise<ReadonlyMap<Change, Ending>> {
  const checked = (await operation.check?.(operation.changes, signal)) ?? new Map<Change, Ending>();
  const left = operation.changes.filter((change) => !checked.has(change));
  if (left.length === 0) return checked;
  const answer = await operation.send(left, signal);
  if (answer.ending !== "answered") throw new Error(`${answer.ending}: ${answer.fault.message}`);
  return new Map([...checked, ...answer.endings]);
}

/** The pending lines of a plan: `create A`. */
export function lines(resource: PlannedResource): string[] {
  return [...resource.changes]
    .filter(isPending)
    .map((change) => `${change.action} ${change.key.entry ?? resource.key.name}`);
}

/** `A applied: added` */
export function told(endings: ReadonlyMap<Change, Ending>): string[] {
  return [...endings].map(([{ key }, { status, note }]) => `${key.entry ?? key.name} ${status}: ${note ?? ""}`);
}
