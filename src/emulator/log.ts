import { createHash } from "node:crypto";
import { appendFileSync } from "node:fs";

/** A call, and what became of it. */
export interface LoggedRequest {
  /** In the order of arrival. */
  readonly seq: number;
  readonly method: string;
  readonly path: string;
  /** The query string as sent, without the question mark. */
  readonly query: string;
  /** The folder headers as sent, by their names in lower case. */
  readonly folder: Readonly<Record<string, string>>;
  /** What was answered; 0 when nothing was, or not yet. */
  readonly status: number;
  /** By the emulator's clock. */
  readonly time: string;
  /** SHA-256 of the request body in hex; null without a body. */
  readonly bodyDigest: string | null;
  /** The request body; null without one, and for token requests, whose bodies are secrets. */
  readonly body: string | null;
  /** The fault that hit it. */
  readonly fault: LoggedFault | null;
}

export interface LoggedFault {
  /** The name of its rule. */
  readonly name: string;
  /** The statuses with which the call was handled behind the fault: none, one, or two. */
  readonly handled: readonly number[];
}

/** A call as it arrives. */
export type Arrival = Pick<LoggedRequest, "method" | "path" | "query" | "folder" | "time" | "body"> & {
  readonly bodyDigest: string | null;
  /** The name of the rule that hit it. */
  readonly fault: string | undefined;
};

const keptRequests = 10_000;
/** UTF-16 units of bodies that are kept; whoever adds a million items would fill the memory with them. */
const keptBodies = 16 * 1024 * 1024;

/** The last calls in memory, and all of them in a file where one is given. */
export class RequestLog {
  readonly #file: string | undefined;
  #entries: LogEntry[] = [];
  #open = new Set<LogEntry>();
  /** The entries that have their bodies still, oldest first, and the length of these. */
  #bodies: LogEntry[] = [];
  #bodiesLength = 0;
  #seq = 0;

  constructor(file: string | undefined) {
    this.#file = file;
    if (file !== undefined) appendFileSync(file, "", { mode: 0o600 }); // a file that cannot be written is no surprise later
  }

  /** A call has arrived. */
  begin(arrival: Arrival): LogEntry {
    this.#seq += 1;
    const entry = new LogEntry(this.#seq, arrival, () => this.#finish(entry));
    this.#entries.push(entry);
    this.#open.add(entry);
    this.#keepBody(entry);
    if (this.#entries.length > 2 * keptRequests) this.#entries = this.#entries.slice(-keptRequests);
    return entry;
  }

  all(): readonly LoggedRequest[] {
    return this.#entries.slice(-keptRequests).map((entry) => entry.request());
  }

  clear(): void {
    this.#entries = [];
    this.#bodies = [];
    this.#bodiesLength = 0;
    this.#seq = 0;
  }

  #keepBody(entry: LogEntry): void {
    if (entry.bodyLength === 0) return;
    this.#bodies.push(entry);
    this.#bodiesLength += entry.bodyLength;
    while (this.#bodiesLength > keptBodies && this.#bodies.length > 1) {
      const oldest = this.#bodies.shift();
      this.#bodiesLength -= oldest?.bodyLength ?? 0;
      oldest?.dropBody();
    }
  }

  /** Writes down what is still open, such as calls that are never answered. */
  close(): void {
    for (const entry of this.#open) this.#finish(entry);
  }

  #finish(entry: LogEntry): void {
    if (!this.#open.delete(entry) || this.#file === undefined) return;
    appendFileSync(this.#file, `${JSON.stringify(withoutBody(entry.request()))}\n`, { mode: 0o600 });
  }
}

/** One call on its way through the emulator. */
export class LogEntry {
  readonly #seq: number;
  readonly #arrival: Omit<Arrival, "body">;
  readonly #finish: () => void;
  readonly bodyLength: number;
  readonly #handled: number[] = [];
  #status = 0;
  #body: string | null;

  constructor(seq: number, arrival: Arrival, finish: () => void) {
    this.#seq = seq;
    const { body, ...rest } = arrival;
    this.#arrival = rest;
    this.#body = body;
    this.bodyLength = body?.length ?? 0;
    this.#finish = finish;
  }

  /** Forgets the body; its digest stays. */
  dropBody(): void {
    this.#body = null;
  }

  handled(status: number): void {
    this.#handled.push(status);
  }

  answered(status: number): void {
    this.#status = status;
  }

  /** Nothing more becomes of it: its line goes to the file. */
  end(): void {
    this.#finish();
  }

  request(): LoggedRequest {
    const { method, path, query, folder, time, bodyDigest, fault } = this.#arrival;
    return {
      seq: this.#seq,
      method,
      path,
      query,
      folder,
      status: this.#status,
      time,
      bodyDigest,
      body: this.#body,
      fault: fault === undefined ? null : { name: fault, handled: [...this.#handled] },
    };
  }
}

/** SHA-256 in hex; null without a body. */
export function digestOf(body: string): string | null {
  return body === "" ? null : createHash("sha256").update(body).digest("hex");
}

export function withoutBody({ body: _body, ...rest }: LoggedRequest): Omit<LoggedRequest, "body"> {
  return rest;
}
