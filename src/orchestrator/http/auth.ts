import { AuthError, UsageError } from "../../core/errors.ts";
import type { Fault } from "../../core/fault.ts";
import { isRecord } from "../../core/json.ts";
import { Secret } from "../../core/secret.ts";
import type { Clock } from "../../core/clock.ts";
import { toError } from "./errors.ts";
import type { Transport } from "./exchange.ts";
import { judgeRead } from "./failure.ts";
import { pause, transientStatuses } from "./retry.ts";

/** A credential, as it is or wrapped so that no output shows it. */
export type Credential = string | Secret;

export type Auth =
  | { readonly type: "token"; readonly token: Credential }
  | {
      readonly type: "clientCredentials";
      readonly clientId: string;
      readonly clientSecret: Credential;
      /** Space separated. Left out: whatever the application was granted. */
      readonly scope?: string;
      /** Left out: found from the base URL. */
      readonly identityUrl?: string;
    };

/** Gives the bearer token for a call. */
export interface TokenSource {
  token(): Promise<string>;
  /** After a 401 for `refused`: true when there is another token to try with. */
  renew(refused: string): Promise<boolean>;
}

/** A personal access token, or one that something else made: it cannot be renewed here. */
export function fixedToken(token: Credential): TokenSource {
  if (!isSendable(reveal(token))) {
    throw new UsageError("the token holds a line break or another character that no header can carry", {
      hint: "look at the variable or the file that it comes from",
    });
  }
  return { token: async () => reveal(token), renew: async () => false };
}

/** Visible ASCII (RFC 6750): anything else, fetch would refuse with the token in its message. */
function isSendable(token: string): boolean {
  return /^[\x21-\x7E]+$/.test(token);
}

interface Grant {
  readonly token: string;
  /** Milliseconds since the epoch, by our own clock. */
  readonly until: number;
}

/** OAuth client credentials: no refresh token exists, a new one is asked for (Orchestrator API guide). */
export class ClientCredentials implements TokenSource {
  readonly #url: URL;
  readonly #form: string;
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #timeout: number;
  readonly #random: () => number;
  #grant: Grant | undefined;
  #asking: Promise<Grant> | undefined;

  constructor(options: {
    readonly url: URL;
    readonly clientId: string;
    readonly clientSecret: Credential;
    readonly scope?: string | undefined;
    readonly transport: Transport;
    readonly clock: Clock;
    readonly timeout: number;
    readonly random: () => number;
  }) {
    this.#url = options.url;
    this.#form = form({
      grant_type: "client_credentials",
      client_id: options.clientId,
      client_secret: reveal(options.clientSecret),
      ...(options.scope === undefined ? {} : { scope: options.scope }),
    });
    this.#transport = options.transport;
    this.#clock = options.clock;
    this.#timeout = options.timeout;
    this.#random = options.random;
  }

  async token(): Promise<string> {
    if (this.#grant !== undefined && this.#clock.now().getTime() < this.#grant.until) return this.#grant.token;
    return (await this.#ask()).token;
  }

  async renew(refused: string): Promise<boolean> {
    // Somebody else may have renewed it while our call was on its way.
    if (this.#grant === undefined || this.#grant.token === refused) {
      this.#grant = undefined;
      await this.#ask();
    }
    return true;
  }

  /** One request for all who wait. It is nobody's own, so no single caller's signal ends it: its time limit does. */
  async #ask(): Promise<Grant> {
    this.#asking ??= this.#request().finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  async #request(): Promise<Grant> {
    const call = `POST ${this.#url.pathname}`;
    const { signal } = new AbortController();
    for (let attempt = 1; ; attempt++) {
      const asked = this.#clock.now();
      const exchange = await this.#transport({
        method: "POST",
        url: this.#url.href,
        headers: { accept: "application/json", "content-type": "application/x-www-form-urlencoded" },
        body: this.#form,
        timeout: this.#timeout,
        signal,
      });
      const read = judgeRead(exchange, call, asked);
      if (read.ok) return (this.#grant = this.#granted(read.body, asked, call));
      const wait = isTransient(read.fault) ? pause(attempt, read.fault.retryAfter, this.#random) : undefined;
      if (wait === undefined) throw this.#refusal(read.fault, exchange.type === "broken" ? exchange.error : undefined);
      await this.#clock.sleep(wait, signal);
    }
  }

  #granted(body: unknown, asked: Date, call: string): Grant {
    const token = isRecord(body) ? body["access_token"] : undefined;
    if (typeof token !== "string" || !isSendable(token) || !isRecord(body)) {
      const fault: Fault = { kind: "content", call, message: "the answer holds no access_token" };
      throw toError(fault, this.#url.host);
    }
    const seconds = Number(body["expires_in"] ?? 3600);
    const life = (Number.isFinite(seconds) ? seconds : 3600) * 1000;
    // Early by a minute, or by a tenth of a short life: the token must outlive the call that carries it.
    const grant = { token, until: asked.getTime() + life - Math.min(60_000, life / 10) };
    return grant;
  }

  #refusal(fault: Fault, cause: unknown): Error {
    if (fault.kind !== "http" || fault.status === undefined || fault.status < 400 || fault.status > 499) {
      return toError(fault, this.#url.host, cause);
    }
    if (fault.status === 429) return toError(fault, this.#url.host);
    const code =
      typeof fault.errorCode === "string" && /^\w{1,40}$/.test(fault.errorCode) ? `, ${fault.errorCode}` : "";
    return new AuthError(`${this.#url.host} gave no token: HTTP ${fault.status}${code}`, fault, {
      hint: "check clientId, clientSecret and scope: a confidential application needs application scopes",
    });
  }
}

function isTransient(fault: Fault): boolean {
  return fault.kind === "network" || fault.kind === "timeout" || transientStatuses.has(fault.status ?? 0);
}

/** application/x-www-form-urlencoded with %20: some identity servers take + in a scope literally (field report). */
function form(fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join("&");
}

function reveal(credential: Credential): string {
  return credential instanceof Secret ? credential.reveal() : credential;
}
