import { ApiError, OrchSyncError } from "../../core/errors.ts";
import type { Fault } from "../../core/fault.ts";
import { proxyName, type Network } from "../../core/network.ts";
import type { Price } from "../../core/plan.ts";
import type { JsonWithSecrets } from "../../core/secret.ts";
import { capabilitiesOf, type Capabilities, type ProbedCapabilities } from "../../kinds/capabilities.ts";
import { fixedToken, IssuedToken, reveal, type Auth, type TokenSource } from "./auth.ts";
import { chargeCall, noteTrace } from "./account.ts";
import type { Clock } from "../../core/clock.ts";
import { cancelled, toError } from "./errors.ts";
import type { Exchange, Outgoing, Reply, Transport } from "./exchange.ts";
import { judgeRead, judgeWrite, serverDate, type Expects, type WriteResult } from "./failure.ts";
import { checkPinned, checkUrl, tokenUrl } from "./hosts.ts";
import { logged, type HttpLog } from "./http-log.ts";
import { clientCredentials, passwordSignIn } from "./issuers.ts";
import { KnownSecrets } from "./known-secrets.ts";
import { ListPace } from "./pace.ts";
import { quotaTold, type QuotaTold } from "./quota.ts";
import { isTransient, pause } from "./retry.ts";
import type { TokenFacts } from "./token-facts.ts";
import { createTransport } from "./transport.ts";
import { unlessAborted } from "./unless-aborted.ts";
import { Waits, type WaitListener, type WhyWaiting } from "./waits.ts";

export interface ClientOptions {
  /** `https://cloud.uipath.com/ORG/TENANT/orchestrator_`, or an on-premises server's address. */
  readonly baseUrl: string;
  readonly auth: Auth;
  readonly clock: Clock;
  readonly timing?: {
    /** Milliseconds for one request, its answer's body included. @default 60000 */
    readonly request?: number;
    /** List calls of Jobs and of QueueItems, each. Left out: no limit. */
    readonly listCallsPerMinute?: number;
  };
  /** Proxy and trusted authorities. Left out: no proxy, and those that Node and the system trust. */
  readonly network?: Network;
  /** Is told of every call and its answer, without secrets. Left out: nobody is. */
  readonly httpLog?: HttpLog;
  /** Instead of the platform's, and of what `network` says. */
  readonly fetch?: typeof globalThis.fetch;
  /** Hosts that credentials may go to. Left out: the target's and its identity server's. */
  readonly allowedHosts?: readonly string[];
  /** `X-UIPATH-TenantName`: on-premises servers only. */
  readonly tenantName?: string;
  /** `orch-sync/0.1.0` */
  readonly userAgent: string;
  /** What was found out of this server before, see docs/doctor.md. */
  readonly capabilities?: ProbedCapabilities | undefined;
  /** For jitter. @default Math.random */
  readonly random?: () => number;
}

export interface CallOptions {
  /** The folder's id: every call about something in a folder needs it. */
  readonly folder?: number;
  readonly signal: AbortSignal;
}

/** Asked right before a write leaves, each time: a text is why it may not. */
export type Before = () => Promise<string | undefined>;

type Method = Outgoing["method"];

/** The HTTP object under the gateways: sends, waits, counts; knows no kind. */
export class OrchestratorClient {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  /** Of Jobs and of QueueItems, each; undefined: any number. */
  readonly listCallsPerMinute: number | undefined;
  readonly #kept: ProbedCapabilities | undefined;
  readonly #host: string;
  readonly #clock: Clock;
  readonly #tokens: TokenSource;
  readonly #transport: Transport;
  readonly #timeout: number;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #random: () => number;
  readonly #pace: ListPace;
  readonly #secrets = new KnownSecrets();
  readonly #clean = (text: string): string => this.#secrets.hide(text);
  readonly #waits: Waits;
  #leaving: AbortSignal | undefined;
  #calls = 0;
  readonly #callsByPath = new Map<string, number>();
  #listCalls = 0;
  #knownToken: string | undefined;
  #apiVersion: number | undefined;
  #ahead = 0;
  #isTimed = false;
  #quota: QuotaTold | undefined;

  private constructor(options: ClientOptions, base: URL) {
    this.baseUrl = base.href.replace(/\/+$/, "");
    this.#kept = options.capabilities;
    this.#host = base.host;
    this.#clock = options.clock;
    this.#transport = this.#transportFor(options);
    this.#timeout = options.timing?.request ?? 60_000;
    this.#random = options.random ?? Math.random;
    this.#waits = new Waits(options.clock);
    this.listCallsPerMinute = options.timing?.listCallsPerMinute;
    this.#pace = new ListPace(this.listCallsPerMinute, options.clock, this.#waits);
    this.#tokens = this.#tokenSource(options, base);
    this.#headers = {
      accept: "application/json",
      "user-agent": options.userAgent,
      ...(options.tenantName === undefined ? {} : { "X-UIPATH-TenantName": options.tenantName }),
    };
  }

  /** Refuses, with a UsageError, addresses that credentials must not go to. */
  static create(options: ClientOptions): OrchestratorClient {
    const base = checkUrl(options.baseUrl, "the target's url");
    checkPinned(base, options.allowedHosts, "the target's url");
    const { proxy, noProxy } = options.network ?? {};
    // With a caFile of its own, a proxy that the same config names could read everything.
    if (proxy !== undefined && noProxy === undefined) {
      checkPinned(new URL(`http://${proxyName(proxy)}`), options.allowedHosts, "the target's proxy");
    }
    return new OrchestratorClient(options, base);
  }

  /** The server's API version: the highest of `api-supported-versions`; undefined before the first answer. */
  get apiVersion(): number | undefined {
    return this.#apiVersion;
  }

  /** What this server can do, as far as it has said which version it is. */
  get capabilities(): Capabilities {
    return capabilitiesOf(this.#apiVersion, this.#kept);
  }

  /** How far the server's clock was ahead of this machine's in its last answer, in milliseconds; undefined before one. */
  get ahead(): number | undefined {
    return this.#isTimed ? this.#ahead : undefined;
  }

  /** What the server has said of how many calls are left; undefined where it says nothing. */
  get quota(): QuotaTold | undefined {
    return this.#quota;
  }

  /** What is known of the token that calls carry; asks for one where there is none yet. */
  tokenFacts(): Promise<TokenFacts> {
    return this.#tokens.facts();
  }

  /** The server's clock: this machine's plus the difference last seen in `Date`. */
  now(): Date {
    return new Date(this.#clock.now().getTime() + this.#ahead);
  }

  /** Calls made so far, each attempt counted; calls for tokens are not. */
  spent(): Price {
    return { calls: this.#calls, listCalls: this.#listCalls };
  }

  /** Takes note of the secrets of a manifest: no fault shows them, whoever sent them. */
  learnSecrets(value: JsonWithSecrets): void {
    this.#secrets.learn(value);
  }

  /** A fault that was made of what a server's answer says, without the secrets that this client knows. */
  withoutSecrets(fault: Fault): Fault {
    return this.#secrets.hideIn(fault);
  }

  #hidden<T extends object>(result: T): T {
    return "fault" in result ? { ...result, fault: this.withoutSecrets(result.fault as Fault) } : result;
  }

  /** Tells of every wait that takes a second or more, until the handle is disposed of. */
  onWait(listener: WaitListener): Disposable {
    return this.#waits.listen(listener);
  }

  /** From when the signal aborts, no write waits to be sent again: the server has refused it, so nothing is in flight. */
  leaveBy(signal: AbortSignal): void {
    this.#leaving = signal;
  }

  /** The same calls by path, with `(Id)` for whatever Id was read; the most frequent first. */
  callsByPath(): { readonly path: string; readonly calls: number }[] {
    return [...this.#callsByPath]
      .map(([path, calls]) => ({ path, calls }))
      .toSorted((a, b) => b.calls - a.calls || (a.path < b.path ? -1 : 1));
  }

  /** Reads JSON. `query` is percent-encoded already. Waits and tries again where that can help; throws otherwise. */
  async get(path: string, options: CallOptions & { readonly query?: string }): Promise<unknown> {
    const call = `GET ${path}`;
    let renewed = false;
    for (let attempt = 1; ;) {
      const { exchange, token } = await this.#send("GET", path, options);
      const read = this.#hidden(judgeRead(exchange, call, this.now(), this.#clean));
      if (read.ok) return read.body;
      noteTrace(read.fault.traceId);
      if (options.signal.aborted) throw cancelled(options.signal);
      if (read.fault.status === 401 && !renewed && (await this.#tokens.renew(token))) {
        renewed = true;
        continue;
      }
      const wait = isTransient(exchange) ? pause(attempt, read.fault.retryAfter, this.#random) : undefined;
      if (wait === undefined) {
        throw toError(read.fault, this.#host, exchange.type === "broken" ? exchange.error : undefined);
      }
      await this.#waits.wait(wait, whyWaiting(read.fault), options.signal);
      if (options.signal.aborted) throw cancelled(options.signal);
      attempt++;
    }
  }

  /**
   * Sends a write once, with the secrets in its body revealed; says what came of it and throws nothing. Only a refusal is followed by another send: 401 once
   * with a new token, 429 after the wait that the server asks for.
   */
  async write(
    method: "POST" | "PUT" | "DELETE",
    path: string,
    body: unknown,
    options: CallOptions & { readonly expects?: Expects; readonly before?: Before | undefined },
  ): Promise<WriteResult> {
    const call = `${method} ${path}`;
    const text = this.#secrets.textOf(body);
    let renewed = false;
    let leaving = options.signal;
    for (let attempt = 1; ;) {
      if (leaving.aborted) return refused({ kind: "cancelled", call, message: "the run ended before it was sent" });
      let sent: Sent;
      try {
        sent = await this.#send(method, path, options, text);
      } catch (error) {
        return this.#hidden(unsent(error, call)); // no token, or no leave: nothing was sent
      }
      const result = this.#hidden(judgeWrite(sent.exchange, call, options.expects ?? "json", this.now(), this.#clean));
      if (result.ending === "answered") return result;
      noteTrace(result.fault.traceId);
      if (result.ending === "open") return { ...result, sentAt: sent.sentAt };
      if (result.fault.status === 401 && !renewed) {
        renewed = true;
        if (await this.#renewed(sent.token)) continue;
      }
      const wait = result.fault.status === 429 ? pause(attempt, result.fault.retryAfter, this.#random) : undefined;
      if (wait === undefined) return result;
      leaving = this.#leaving === undefined ? options.signal : AbortSignal.any([options.signal, this.#leaving]);
      await this.#waits.wait(wait, whyWaiting(result.fault), leaving);
      attempt++;
    }
  }

  async #send(
    method: Method,
    path: string,
    { query, folder, signal, before }: CallOptions & { readonly query?: string; readonly before?: Before | undefined },
    body?: string,
  ): Promise<Sent> {
    const collection = method === "GET" ? /^\/odata\/(Jobs|QueueItems)$/.exec(path)?.[1] : undefined;
    if (collection !== undefined) await this.#pace.wait(collection, signal);
    // A shared request goes on for the others; whoever was interrupted does not wait for it.
    const token = await unlessAborted(this.#tokens.token(), signal, () => cancelled(signal));
    if (token !== this.#knownToken) this.#secrets.know(token);
    this.#knownToken = token;
    const held = await before?.();
    if (held !== undefined) throw new Held(held);
    if (signal.aborted) throw cancelled(signal);
    this.#calls++;
    chargeCall();
    const place = path.replace(/\(\d+\)/, "(Id)");
    this.#callsByPath.set(place, (this.#callsByPath.get(place) ?? 0) + 1);
    if (collection !== undefined) this.#listCalls++;
    const sentAt = this.#clock.now();
    const exchange = await this.#transport({
      method,
      url: `${this.baseUrl}${path}${query === undefined || query === "" ? "" : `?${query}`}`,
      headers: {
        ...this.#headers,
        authorization: `Bearer ${token}`,
        ...(folder === undefined ? {} : { "X-UIPATH-OrganizationUnitId": String(folder) }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body }),
      timeout: this.#timeout,
      signal,
    });
    if (exchange.type === "reply") this.#learn(exchange);
    return { exchange, token, sentAt };
  }

  #learn(reply: Reply): void {
    const versions = (reply.headers.get("api-supported-versions") ?? "")
      .split(",")
      .map((text) => Number.parseFloat(text));
    const highest = Math.max(...versions.filter((version) => !Number.isNaN(version)));
    if (Number.isFinite(highest)) this.#apiVersion = Math.max(highest, this.#apiVersion ?? 0);
    const date = serverDate(reply);
    if (date !== undefined) {
      this.#ahead = date.getTime() - this.#clock.now().getTime();
      this.#isTimed = true;
    }
    this.#quota = quotaTold(reply.headers) ?? this.#quota;
  }

  async #renewed(token: string): Promise<boolean> {
    try {
      return await this.#tokens.renew(token);
    } catch {
      return false; // the 401 that led here says enough
    }
  }

  #transportFor({ network = {}, fetch, httpLog, clock, auth }: ClientOptions): Transport {
    for (const secret of credentialsOf(auth, network)) this.#secrets.know(secret);
    const transport = createTransport(network, fetch);
    if (httpLog === undefined) return transport;
    return logged(transport, { log: httpLog, network, clock, clean: this.#clean });
  }

  #tokenSource(options: ClientOptions, base: URL): TokenSource {
    const { auth } = options;
    if (auth.type === "token") return fixedToken(auth.token);
    const sending = {
      transport: this.#transport,
      clock: options.clock,
      timeout: this.#timeout,
      random: this.#random,
      userAgent: options.userAgent,
      clean: this.#clean,
    };
    if (auth.type === "password") return new IssuedToken(passwordSignIn(auth, base, options.tenantName), sending);
    const given = auth.identityUrl === undefined ? undefined : checkUrl(auth.identityUrl, "the identity url");
    const url = tokenUrl(base, given);
    checkPinned(url, options.allowedHosts, "the identity url");
    return new IssuedToken(clientCredentials(auth, url), sending);
  }
}

/** What signs in, as far as it is known before a token is asked for: a server may quote it. */
function credentialsOf(auth: Auth, { proxy }: Network): string[] {
  const own = auth.type === "token" ? auth.token : auth.type === "password" ? auth.password : auth.clientSecret;
  const [, atProxy] = proxy?.credentials?.reveal().split(/:(.*)/s) ?? [];
  return [reveal(own), ...(atProxy === undefined ? [] : [atProxy])];
}

/** One exchange, and what it was sent with. */
interface Sent {
  readonly exchange: Exchange;
  readonly token: string;
  readonly sentAt: Date;
}

function whyWaiting({ status, retryAfter, kind }: Fault): WhyWaiting {
  if (retryAfter !== undefined && status !== undefined) return { reason: "asked", status };
  const broken = kind === "timeout" || kind === "network" ? { broken: kind } : {};
  return { reason: "retry", ...(status === undefined ? {} : { status }), ...broken };
}

function refused(fault: Fault): WriteResult {
  return { ending: "refused", fault };
}

/** A write that was not given leave. */
class Held extends OrchSyncError {}

function unsent(error: unknown, call: string): WriteResult {
  if (error instanceof ApiError) return refused(error.fault);
  if (error instanceof Held) return refused({ kind: "cancelled", call, message: error.message });
  if (error instanceof OrchSyncError)
    return refused({ kind: "cancelled", call, message: "the run ended before it was sent" });
  throw error;
}
