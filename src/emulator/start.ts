import type { Server } from "node:http";
import { Clock, clockAt, type ClockMode, type ClockState } from "./clock.ts";
import { editions, type Edition, type EditionName } from "./editions.ts";
import { Faults, type FaultCount } from "./faults/faults.ts";
import { loadFaults, type FaultSource } from "./faults/load.ts";
import { Tokens } from "./http/authentication.ts";
import { isLoopback } from "./http/hosts.ts";
import { layoutOf } from "./http/layout.ts";
import { ListQuota } from "./http/quota.ts";
import { listen, serveInMemory, type Certificate, type Parts } from "./http/server.ts";
import { millisecondsOf, parseInstant } from "./instant.ts";
import { RequestLog, type LoggedRequest } from "./log.ts";
import { Database, DataFileError } from "./store/database.ts";
import { loadTenant, type LoadedTenant } from "./tenant/load.ts";
import { seed } from "./tenant/seed.ts";
import type { TenantDocument } from "./tenant/types.ts";

export interface EmulatorOptions {
  /**
   * The tenant: path of a YAML file, `documented` for the tenant of the API guide's requests pages, or an object.
   * It fills a new data file; one that has a tenant keeps it.
   * @default "documented", or what the data file has
   */
  readonly tenant?: string | TenantDocument;
  /** SQLite file that keeps everything written. In memory when left out. */
  readonly data?: string;
  /** @default "127.0.0.1" */
  readonly host?: string;
  /** @default 0, any free port */
  readonly port?: number;
  /** False: on no socket at all; it is called through its own `fetch` alone. @default true */
  readonly listen?: boolean;
  /** Speaks https with this certificate and its key, PEM texts; http when left out. */
  readonly tls?: Certificate;
  /** The token that calls must carry. A random one when left out. */
  readonly token?: string;
  /** Whether the clock runs or stands still until it is moved. @default what the tenant says, else "real" */
  readonly clock?: ClockMode;
  /** NDJSON file to which a line is appended for every call. */
  readonly log?: string;
  /** What goes wrong: path of a YAML or JSON file, a document, or its rules alone. */
  readonly faults?: FaultSource;
  /** The version of Orchestrator to be. @default what the tenant says, else "cloud" */
  readonly edition?: EditionName;
  /** `suite`: addresses as an Automation Suite has them; the cloud has them anyway. @default what the tenant says */
  readonly layout?: "suite";
  /** Whether Strict API mode is on. @default what the tenant says, else false */
  readonly strictApi?: boolean;
  /**
   * List calls of jobs and of queue items, each, that a minute takes; null for any number.
   * @default what the tenant says, else the edition's: 100 in the cloud
   */
  readonly listCallsPerMinute?: number | null;
}

/** A running emulator. */
export interface Emulator extends AsyncDisposable {
  /** Where it answers: the base path included, without a trailing slash. */
  readonly url: string;
  /** The token for `Authorization: Bearer`. */
  readonly token: string;
  /** As the platform's `fetch`, for this url alone and without a socket: for clients that take one. */
  readonly fetch: typeof globalThis.fetch;
  /** The version of Orchestrator it is. */
  readonly edition: EditionName;
  /** What the caller should know, such as a tenant file that changed after the data file was filled from it. */
  readonly warnings: readonly string[];
  readonly clock: {
    /** The emulator's time as an ISO text. */
    now(): string;
    /** Moves the clock on. */
    advance(milliseconds: number): void;
  };
  /**
   * A token for one of the tenant's users (userName) or external applications (clientId, with all its scopes), who may
   * do what the tenant says. It is good as long as the emulator runs.
   * @throws RangeError when there is no such user or application.
   */
  tokenFor(name: string): string;
  /** The last calls, in the order of their arrival. */
  requests(): readonly LoggedRequest[];
  /** What goes wrong, and how often it has. */
  readonly faults: {
    counts(): readonly FaultCount[];
    /** Puts other rules in place of the present ones. */
    set(source: FaultSource): void;
    clear(): void;
  };
  /** Ends it; what was acknowledged is in the data file. */
  close(): Promise<void>;
}

/** Starts an embedded Orchestrator. It answers when the promise resolves. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const faults = options.faults === undefined ? undefined : loadFaults(options.faults);
  const db = Database.open(options.data);
  try {
    return await startOn(db, { ...options, ...(faults && { faults }) });
  } catch (error) {
    db.close();
    throw error;
  }
}

async function startOn(db: Database, options: EmulatorOptions): Promise<Emulator> {
  const { tenant, warnings } = takeTenant(db, options);
  const save = (state: ClockState): void => db.setMeta("clock", JSON.stringify(state));
  const clock = new Clock(takeClock(db, options.clock), save);
  const edition = options.edition ?? tenant.document.spec.edition ?? "cloud";
  const rules = rulesOf(editions[edition], tenant.document, options);
  const log = new RequestLog(options.log);
  const faults = new Faults(db, options.faults);
  const host = options.host ?? "127.0.0.1";
  const tokens = new Tokens(options.token);
  const isOpen = host !== "localhost" && !isLoopback(host);
  const openness = isOpen ? [`It listens on ${host}: whoever reaches it and has its token can use it.`] : [];
  const reset = (): void => {
    db.transaction(() => {
      db.clear();
      fill(db, tenant, options.clock);
    });
    clock.restore(takeClock(db, options.clock));
    rules.quota.clear();
    faults.restart();
    log.clear();
  };
  const parts: Parts = { db, clock, edition: editions[edition], ...rules, tokens, log, faults, host, reset };
  const { server, url } =
    options.listen === false
      ? { server: undefined, url: `http://localhost${parts.layout.base}` }
      : await listen(parts, options.port ?? 0, options.tls);
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= stop(server, parts));
  return {
    url,
    token: tokens.own,
    fetch: async (input, init) => {
      const request = new Request(input, init);
      // A Request follows its caller's signal by a weak link: it may be lost while the caller still waits.
      return serveInMemory(parts, url, request, init?.signal ?? request.signal);
    },
    edition,
    warnings: [...warnings, ...openness],
    clock: {
      now: () => new Date(clock.milliseconds()).toISOString(),
      advance: (milliseconds) => clock.advance(milliseconds),
    },
    tokenFor: (name) => tokens.giveTo(db, name, clock.milliseconds()),
    requests: () => log.all(),
    faults: { counts: () => faults.counts(), set: (source) => faults.set(source), clear: () => faults.clear() },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** What of the server's rules the tenant or whoever starts it decides. */
function rulesOf(
  edition: Edition,
  { metadata, spec }: TenantDocument,
  options: EmulatorOptions,
): Pick<Parts, "layout" | "quota" | "strictApi"> {
  const { organization = "acme" } = spec;
  const layout = { edition, name: options.layout ?? spec.layout, organization, tenant: metadata.name };
  const given = options.listCallsPerMinute === undefined ? spec.listCallsPerMinute : options.listCallsPerMinute;
  const perMinute = given === undefined ? edition.listCallsPerMinute : (given ?? undefined);
  return {
    layout: layoutOf(layout),
    quota: new ListQuota(perMinute),
    strictApi: options.strictApi ?? spec.strictApi ?? false,
  };
}

/** Fills a new database; one that has a tenant keeps it, whatever the file says now. */
function takeTenant(db: Database, options: EmulatorOptions): { tenant: LoadedTenant; warnings: readonly string[] } {
  const stored = db.meta("tenant");
  if (stored === undefined) {
    const tenant = loadTenant(options.tenant ?? "documented");
    db.transaction(() => fill(db, tenant, options.clock));
    return { tenant, warnings: [] };
  }
  const kept = JSON.parse(stored) as TenantDocument;
  const keptTenant = loadTenant(kept);
  if (options.tenant === undefined) return { tenant: keptTenant, warnings: [] };
  const tenant = loadTenant(options.tenant);
  if (JSON.stringify(tenant.document) === stored) return { tenant, warnings: [] };
  const { name } = kept.metadata;
  const given = tenant.document.metadata.name;
  if (name !== given) throw new DataFileError(`The data file holds the tenant '${name}', not '${given}'.`);
  const warning = `The tenant '${name}' changed since its data file was filled; the data file is kept as it is.`;
  return { tenant: keptTenant, warnings: [warning] };
}

function fill(db: Database, tenant: LoadedTenant, mode: ClockMode | undefined): void {
  const { start, mode: own } = tenant.document.spec.clock ?? {};
  const instant = start === undefined ? undefined : parseInstant(start);
  if (start !== undefined && instant === undefined) throw tenant.error("/spec/clock/start", `'${start}' is no time`);
  const milliseconds = instant === undefined ? Date.now() : millisecondsOf(instant);
  seed(db, tenant, milliseconds);
  db.setMeta("tenant", JSON.stringify(tenant.document));
  db.setMeta("clock", JSON.stringify(clockAt(milliseconds, mode ?? own ?? "real")));
}

/** The stored clock, in another mode if one is asked for. */
function takeClock(db: Database, mode: ClockMode | undefined): ClockState {
  const stored = JSON.parse(db.meta("clock") ?? "null") as ClockState | null;
  const state = stored ?? clockAt(Date.now(), mode ?? "real");
  if (mode === undefined || mode === state.mode) return state;
  return clockAt(state.mode === "manual" ? state.value : Date.now() + state.value, mode);
}

async function stop(server: Server | undefined, { db, clock, log }: Parts): Promise<void> {
  clock.stop(); // what was to happen later would find no database
  if (server !== undefined) {
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  }
  log.close();
  db.close();
}
