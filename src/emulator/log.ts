import { createHash } from "node:crypto";
import { appendFileSync } from "node:fs";

/** A call that the emulator has answered. */
export interface LoggedRequest {
  readonly seq: number;
  readonly method: string;
  readonly path: string;
  /** The query string as sent, without the question mark. */
  readonly query: string;
  /** The folder headers as sent, by their names in lower case. */
  readonly folder: Readonly<Record<string, string>>;
  readonly status: number;
  /** By the emulator's clock. */
  readonly time: string;
  /** SHA-256 of the request body in hex; null without a body. */
  readonly bodyDigest: string | null;
  /** The request body; null without one, and for token requests, whose bodies are secrets. */
  readonly body: string | null;
}

const keptRequests = 10_000;

/** The last calls in memory, and all of them in a file where one is given. */
export class RequestLog {
  readonly #file: string | undefined;
  #requests: LoggedRequest[] = [];
  #seq = 0;

  constructor(file: string | undefined) {
    this.#file = file;
    if (file !== undefined) appendFileSync(file, "", { mode: 0o600 }); // a file that cannot be written is no surprise later
  }

  add(request: Omit<LoggedRequest, "seq" | "bodyDigest">, body: string): void {
    this.#seq += 1;
    const bodyDigest = body === "" ? null : createHash("sha256").update(body).digest("hex");
    const logged = { seq: this.#seq, ...request, bodyDigest };
    this.#requests.push(logged);
    if (this.#requests.length > 2 * keptRequests) this.#requests = this.#requests.slice(-keptRequests);
    if (this.#file !== undefined)
      appendFileSync(this.#file, `${JSON.stringify(withoutBody(logged))}\n`, { mode: 0o600 });
  }

  all(): readonly LoggedRequest[] {
    return this.#requests.slice(-keptRequests);
  }

  clear(): void {
    this.#requests = [];
    this.#seq = 0;
  }
}

export function withoutBody({ body: _body, ...rest }: LoggedRequest): Omit<LoggedRequest, "body"> {
  return rest;
}
