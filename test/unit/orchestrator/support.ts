import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Change } from "../../../src/core/change.ts";
import type { Clock } from "../../../src/core/clock.ts";
import type { PlanFolder, PlannedResource } from "../../../src/core/plan.ts";
import type { Kind } from "../../../src/core/resource.ts";
import type { ApplyRun } from "../../../src/orchestrator/gateways/port.ts";
import type { ClientOptions } from "../../../src/orchestrator/http/client.ts";
import { OrchestratorClient } from "../../../src/orchestrator/http/client.ts";
import { memorySpool } from "../../../src/core/list.ts";
import { openTenant, type TenantReader } from "../../../src/orchestrator/read/tenant.ts";

/** What is the same for a whole apply, for a plan made when 2026 began. */
export function applyRun(reader: TenantReader, planSha256: string = ""): ApplyRun {
  return { reader, planSha256, plannedAt: new Date("2026-01-01T00:00:00Z") };
}

/** One call as the server saw it. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  /** The query as it came over the wire. */
  readonly rawQuery: string;
  /** The query options, decoded: `$filter`. */
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The JSON body, if it is one. */
  readonly body: unknown;
}

/** What the server does with a call. */
export type Reaction =
  | {
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly json?: unknown;
      readonly text?: string;
    }
  | "close"
  | "hang"
  /** Begins its body and never ends it. */
  | "stall"
  | "cut";

export interface TestServer extends AsyncDisposable {
  readonly url: string;
  readonly seen: readonly Seen[];
}

/** A real HTTP server on a port of its own: `react` answers each call. */
export async function serve(react: (call: Seen, index: number) => Reaction): Promise<TestServer> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const text = Buffer.concat(chunks).toString("utf8");
      const [path = "", rawQuery = ""] = (request.url ?? "").split("?");
      const call: Seen = {
        method: request.method ?? "",
        path,
        rawQuery,
        query: decode(rawQuery),
        headers: request.headers,
        text,
        body: parse(text),
      };
      seen.push(call);
      answer(react(call, seen.length - 1), response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer(reaction: Reaction, response: ServerResponse): void {
  if (reaction === "hang") return;
  if (reaction === "close") {
    response.destroy();
    return;
  }
  if (reaction === "cut" || reaction === "stall") {
    response.writeHead(200, { "content-type": "application/json", "content-length": "100" });
    response.write('{"value": [');
    if (reaction === "cut") response.destroy();
    return;
  }
  const { status = 200, headers = {}, json, text } = reaction;
  const body = json === undefined ? (text ?? "") : JSON.stringify(json);
  const type = json === undefined ? {} : { "content-type": "application/json; charset=utf-8" };
  response.writeHead(status, { ...type, "api-supported-versions": "15.0, 16.0", ...headers });
  response.end(body);
}

function decode(rawQuery: string): Record<string, string> {
  return Object.fromEntries(
    rawQuery
      .split("&")
      .filter((part) => part !== "")
      .map((part) => {
        const [name = "", value = ""] = part.split(/=(.*)/s);
        return [decodeURIComponent(name), decodeURIComponent(value)];
      }),
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A clock that stands still; a sleep moves it on at once. */
export class ManualClock implements Clock {
  readonly sleeps: number[] = [];
  #time: number;

  constructor(start = "2026-11-21T10:00:00Z") {
    this.#time = Date.parse(start);
  }

  now(): Date {
    return new Date(this.#time);
  }

  async sleep(ms: number): Promise<void> {
    this.sleeps.push(ms);
    this.#time += ms;
  }

  advance(ms: number): void {
    this.#time += ms;
  }
}

export const signal: AbortSignal = new AbortController().signal;

/** A client for a test server, with a token and no jitter. */
export function clientFor(url: string, options: Partial<ClientOptions> = {}): OrchestratorClient {
  return OrchestratorClient.create({
    baseUrl: url,
    auth: { type: "token", token: "t0" },
    clock: new ManualClock(),
    userAgent: "orch-sync/0.0.0-test",
    random: () => 0.5,
    ...options,
  });
}

export function readerFor(url: string, options: Partial<ClientOptions> = {}): TenantReader {
  return openTenant(clientFor(url, options), memorySpool);
}

export const folder: PlanFolder = {
  id: 5,
  key: "2f7f3c1e-9a1b-4d5e-8c6f-0123456789ab",
  path: "Finance/Invoices",
  type: "modern",
};

/** A planned resource with these changes. */
export function planned(
  kind: Kind,
  settings: PlannedResource["settings"],
  changes: readonly Change[],
): PlannedResource {
  const source = { file: "m.yaml", line: 1, column: 1 };
  const key = { kind, folder: folder.path, name: "r" };
  return { key, level: 0, dependsOn: [], folder, title: "", settings, observed: {}, changes, notes: [], source };
}

export const refused = (status: number, errorCode: number | string, message = "no"): Reaction => ({
  status,
  json: { message, errorCode, traceId: "00-1-2-01" },
});
