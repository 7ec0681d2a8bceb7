import { AuthError, UsageError } from "../../core/errors.ts";
import type { Fault } from "../../core/fault.ts";
import { Secret } from "../../core/secret.ts";
import type { Clock } from "../../core/clock.ts";
import { toError } from "./errors.ts";
import type { Transport } from "./exchange.ts";
import { judgeRead } from "./failure.ts";
import { isTransient, pause } from "./retry.ts";
import { readToken, scopesOf, type TokenFacts } from "./token-facts.ts";

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
      /** The identity server. Left out: found from the base URL. */
      readonly identityUrl?: string;
    }
  /** A user of an on-premises server, who signs in to the tenant that the target names. */
  | { readonly type: "password"; readonly username: Credential; readonly password: Credential };

/** Gives the bearer token for a call. */
export interface TokenSource {
  token(): Promise<string>;
  /** What is known of the token that `token` gives: nothing of it can be sent. */
  facts(): Promise<TokenFacts>;
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
  return {
    token: async () => reveal(token),
    facts: async () => readToken(reveal(token)),
    renew: async () => false,
  };
}

/** Visible ASCII (RFC 6750): anything else, fetch would refuse with the token in its message. */
function isSendable(token: string): boolean {
  return /^[\x21-\x7E]+$/.test(token);
}

/** A token and when it is to be renewed, in milliseconds since the epoch by our own clock. */
interface Grant {
  readonly token: string;
  readonly until: number;
  readonly facts: TokenFacts;
}

/** What the answer to a request for a token holds. */
interface Given {
  readonly token: string;
  readonly seconds: number;
  /** As OAuth writes them: separated by blanks. */
  readonly scope?: string | undefined;
}

/** A way to ask for a token: the request, and how its answer is read. */
export interface Issuer {
  readonly url: URL;
  readonly contentType: string;
  readonly body: string;
  /** Undefined when the answer holds no token. */
  readonly read: (answer: unknown) => Given | undefined;
  /** What an answer with 200 says of why there is no token; undefined when it says nothing. */
  readonly refusal?: (answer: unknown) => string | undefined;
  readonly hint: string;
}

/** A token that is asked for when it is needed; there are no refresh tokens, a new one is asked for (API guide). */
export class IssuedToken implements TokenSource {
  readonly #issuer: Issuer;
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #timeout: number;
  readonly #random: () => number;
  readonly #userAgent: string;
  readonly #clean: (text: string) => string;
  #grant: Grant | undefined;
  #asking: Promise<Grant> | undefined;

  constructor(
    issuer: Issuer,
    options: {
      readonly transport: Transport;
      readonly clock: Clock;
      readonly timeout: number;
      readonly random: () => number;
      readonly userAgent: string;
      /** Takes out of what the server says the secrets that it quotes. */
      readonly clean: (text: string) => string;
    },
  ) {
    this.#issuer = issuer;
    this.#transport = options.transport;
    this.#clock = options.clock;
    this.#timeout = options.timeout;
    this.#random = options.random;
    this.#userAgent = options.userAgent;
    this.#clean = options.clean;
  }

  async token(): Promise<string> {
    if (this.#grant !== undefined && this.#clock.now().getTime() < this.#grant.until) return this.#grant.token;
    return (await this.#ask()).token;
  }

  async facts(): Promise<TokenFacts> {
    await this.token();
    return this.#grant?.facts ?? {};
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
    const { url, contentType, body } = this.#issuer;
    const call = `POST ${url.pathname}`;
    const { signal } = new AbortController();
    for (let attempt = 1; ; attempt++) {
      const asked = this.#clock.now();
      const exchange = await this.#transport({
        method: "POST",
        url: url.href,
        headers: { accept: "application/json", "content-type": contentType, "user-agent": this.#userAgent },
        body,
        isPrivate: true,
        timeout: this.#timeout,
        signal,
      });
      const read = judgeRead(exchange, call, asked, this.#clean);
      if (read.ok) return (this.#grant = this.#granted(read.body, asked, call));
      const wait = isTransient(exchange) ? pause(attempt, read.fault.retryAfter, this.#random) : undefined;
      if (wait === undefined) throw this.#refusal(read.fault, exchange.type === "broken" ? exchange.error : undefined);
      await this.#clock.sleep(wait, signal);
    }
  }

  #granted(body: unknown, asked: Date, call: string): Grant {
    const { url, read, refusal, hint } = this.#issuer;
    const given = read(body);
    if (given === undefined || !isSendable(given.token)) {
      const why = refusal?.(body);
      const fault: Fault = { kind: "content", call, message: this.#clean(why ?? "the answer holds no token") };
      if (why === undefined) throw toError(fault, url.host);
      throw new AuthError(`${url.host} gave no token: the sign-in was refused`, fault, { hint });
    }
    const life = given.seconds * 1000;
    // Early by a minute, or by a tenth of a short life: the token must outlive the call that carries it.
    const ends = new Date(asked.getTime() + life);
    const scopes = scopesOf(given.scope) ?? readToken(given.token).scopes;
    return {
      token: given.token,
      until: asked.getTime() + life - Math.min(60_000, life / 10),
      facts: {
        ...(Number.isNaN(ends.getTime()) ? {} : { ends }), // no date is as late as some seconds say
        ...(scopes === undefined ? {} : { scopes }),
      },
    };
  }

  #refusal(fault: Fault, cause: unknown): Error {
    const { url, hint } = this.#issuer;
    if (fault.kind !== "http" || fault.status === undefined || fault.status < 400 || fault.status > 499) {
      return toError(fault, url.host, cause);
    }
    if (fault.status === 429) return toError(fault, url.host);
    const code =
      typeof fault.errorCode === "string" && /^\w{1,40}$/.test(fault.errorCode) ? `, ${fault.errorCode}` : "";
    return new AuthError(`${url.host} gave no token: HTTP ${fault.status}${code}`, fault, { hint });
  }
}

export function reveal(credential: Credential): string {
  return credential instanceof Secret ? credential.reveal() : credential;
}
