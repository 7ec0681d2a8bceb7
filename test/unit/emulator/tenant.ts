import {
  startEmulator,
  type Emulator,
  type EmulatorOptions,
  type TenantDocument,
} from "../../../src/emulator/index.ts";

/** A small tenant with two modern folders and a classic one; its clock stands still until it is moved. */
export const tenant: TenantDocument = {
  apiVersion: "orch-sync/v1",
  kind: "Tenant",
  metadata: { name: "acme" },
  spec: {
    edition: "2023.4",
    clock: { start: "2026-01-01T00:00:00Z", mode: "manual" },
    folders: [
      { path: "Finance/Invoices", id: 5 },
      { path: "Shared", id: 6 },
      { path: "Old", type: "classic", id: 7 },
    ],
    users: [
      { userName: "ana", email: "ana@corp.example", reviewer: true, id: 11 },
      { userName: "ion", reviewer: true, folders: ["Shared"], id: 12 },
      { userName: "eve", id: 13 },
    ],
    applications: [{ clientId: "app", clientSecret: "s3cret", scopes: ["OR.Queues", "OR.Jobs"], tokenLifetime: "10m" }],
    robots: [
      { name: "bot-1", folders: ["Finance/Invoices"], id: 21 },
      { name: "bot-2", folders: ["Old"], id: 22 },
      { name: "bot-3", folders: ["Old"], id: 23 },
    ],
    environments: [{ name: "prod", folder: "Old", robots: ["bot-2", "bot-3"] }],
    processes: [
      {
        name: "Smoke",
        folder: "Finance/Invoices",
        key: "11111111-1111-4111-8111-111111111111",
        arguments: { input: [{ name: "age", type: "System.Int32" }, { name: "who" }] },
        run: {
          pending: "1s",
          duration: "10s",
          softStop: "3s",
          output: { ok: true },
          cases: [{ when: { age: 7 }, state: "Faulted", info: "Seven is not served." }],
        },
      },
      { name: "Legacy", folder: "Old", environment: "prod", key: "22222222-2222-4222-8222-222222222222" },
      { name: "OnItems", folder: "Shared", key: "33333333-3333-4333-8333-333333333333" },
    ],
    queues: [
      { name: "Plain", folder: "Finance/Invoices", linkedFolders: ["Shared"], id: 31 },
      { name: "Unique", folder: "Finance/Invoices", uniqueReferences: true, id: 32 },
      {
        name: "Typed",
        folder: "Finance/Invoices",
        jsonSchema: { type: "object", properties: { Amount: { type: "number" } }, required: ["Amount"] },
        id: 33,
      },
      { name: "Triggered", folder: "Shared", trigger: "OnItems", id: 34 },
    ],
    items: [
      {
        queue: "Plain",
        folder: "Finance/Invoices",
        id: 101,
        reference: "failed",
        status: "Failed",
        exception: { type: "BusinessException", reason: "no price" },
      },
      { queue: "Plain", folder: "Finance/Invoices", id: 102, reference: "waiting", content: { Amount: 1 } },
      { queue: "Plain", folder: "Finance/Invoices", id: 103, reference: "busy", status: "InProgress", robot: "bot-1" },
    ],
    jobs: [{ process: "Smoke", folder: "Finance/Invoices", id: 201, state: "Running" }],
  },
};

/** An answer with its body parsed. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // Bodies are whatever the call answers; tests look at single members.
  readonly body: Body;
}

interface Body {
  readonly [name: string]: unknown;
  readonly value: readonly Readonly<Record<string, unknown>>[];
  readonly "@odata.count": number;
  readonly FailedItems: readonly unknown[];
}

export type Send = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<Answer>;

/** The header of the folder in which most tests call. */
export const invoices: Readonly<Record<string, string>> = { "x-uipath-organizationunitid": "5" };

/** Sends calls with the emulator's token; the query is percent-encoded here. */
export function sender(emulator: Emulator, folder: Readonly<Record<string, string>> = invoices): Send {
  return async (method, path, body, headers = {}) => {
    const response = await fetch(emulator.url + encodeQuery(path), {
      method,
      headers: {
        authorization: `Bearer ${emulator.token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...folder,
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: parse(text) };
  };
}

export async function start(options: EmulatorOptions = {}): Promise<Emulator> {
  return startEmulator({ tenant, ...options });
}

function encodeQuery(path: string): string {
  const mark = path.indexOf("?");
  if (mark < 0) return path;
  const pairs = path
    .slice(mark + 1)
    .split("&")
    .map((pair) => {
      const equals = pair.indexOf("=");
      return `${pair.slice(0, equals)}=${encodeURIComponent(pair.slice(equals + 1))}`;
    });
  return `${path.slice(0, mark)}?${pairs.join("&")}`;
}

function parse(text: string): Body {
  try {
    return JSON.parse(text) as Body;
  } catch {
    return {} as Body;
  }
}
