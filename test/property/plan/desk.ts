import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Clock } from "../../../src/core/clock.ts";
import type { Event } from "../../../src/core/events.ts";
import type { GuardName, Guards } from "../../../src/core/guard.ts";
import { hasErrors } from "../../../src/core/diagnostic.ts";
import type { Plan } from "../../../src/core/plan.ts";
import type { ApplyReport } from "../../../src/core/report.ts";
import type { Shard } from "../../../src/core/shard.ts";
import { startEmulator, type Emulator, type TenantDocument } from "../../../src/emulator/index.ts";
import type { AnyResource } from "../../../src/kinds/any.ts";
import { itemPlaces } from "../../../src/manifest/item-places.ts";
import { loadManifests, type LoadedManifests } from "../../../src/manifest/load.ts";
import { connect, type TenantReader } from "../../../src/orchestrator/index.ts";
import { applyPlan } from "../../../src/workflow/apply/apply.ts";
import { stamped } from "../../../src/workflow/emit.ts";
import { namedReferences } from "../../../src/workflow/load.ts";
import { makePlan } from "../../../src/workflow/plan.ts";
import type { Chosen } from "../../../src/workflow/select.ts";
import { chooseShard } from "../../../src/workflow/shard.ts";
import { environment, type Document } from "./world.ts";

/** A project's files by their paths, each with its documents. */
export type Files = Readonly<Record<string, readonly Document[]>>;

/** Manifests as orch-sync reads them. */
export async function load(files: Files): Promise<readonly AnyResource[]> {
  return loadText(textsOf(files));
}

/** What one of several machines has of them, and what it says of the dependencies that it cannot keep. */
export async function loadShard(files: Files, shard: Shard): Promise<Chosen> {
  const { manifests } = await loaded(textsOf(files), shard);
  return chooseShard({ manifests, diagnostics: [] }, shard);
}

function textsOf(files: Files): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(files).map(([path, documents]) => [
      path,
      documents.map((each) => JSON.stringify(each)).join("\n---\n"),
    ]),
  );
}

export async function loadText(files: Readonly<Record<string, string>>): Promise<readonly AnyResource[]> {
  return (await loaded(files)).resources;
}

async function loaded(files: Readonly<Record<string, string>>, shard?: Shard): Promise<LoadedManifests> {
  const cwd = mkdtempSync(join(tmpdir(), "orch-sync-laws-"));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(cwd, path)), { recursive: true });
      writeFileSync(join(cwd, path), text);
    }
    const found = await loadManifests({
      shard,
      paths: ["."],
      cwd,
      env: environment,
      variables: new Map(),
      defaultFolder: undefined,
    });
    if (hasErrors(found.diagnostics)) throw new Error(found.diagnostics.map(({ message }) => message).join("\n"));
    return found;
  } finally {
    rmSync(cwd, { recursive: true });
  }
}

/** A tenant in memory, on which waiting takes no time. */
export interface Desk extends AsyncDisposable {
  readonly url: string;
  /** A new one each time: what a run has read once, it keeps. */
  readonly reader: TenantReader;
  plan(resources: readonly AnyResource[], options?: PlanSome): Promise<Plan>;
  apply(plan: Plan): Promise<ApplyReport>;
}

interface PlanSome {
  readonly parallelism?: number;
  /** What the whole project names, where not all of it is planned. */
  readonly project?: readonly AnyResource[];
  /** @default none hold */
  readonly guards?: Partial<Guards>;
  readonly forced?: readonly GuardName[];
}

const day = 86_400_000;

/** Opens the tenant a day after its file: the server has purged by then what its retention says. */
export async function openDesk(
  tenant: TenantDocument,
  onEvent: (event: Event) => void = () => undefined,
): Promise<Desk> {
  const emulator = await startEmulator({ tenant, listen: false });
  await connected(emulator).apiVersion(new AbortController().signal);
  emulator.clock.advance(day);
  const clock = clockOf(emulator);
  const never = new AbortController().signal;
  const emit = stamped(clock, onEvent);
  return {
    url: emulator.url,
    get reader() {
      return connected(emulator);
    },
    plan: async (resources, { parallelism = 4, project = resources, guards, forced = [] } = {}) =>
      makePlan({
        resources,
        isNamed: namedReferences(project),
        target: { name: "acme", url: emulator.url },
        ...(guards === undefined ? {} : { guards }),
        forced,
        reader: connected(emulator),
        parallelism,
        toolVersion: "0.1.0",
        diagnostics: [],
        locate: itemPlaces("/"),
        emit,
        signal: never,
      }),
    apply: async (plan) =>
      applyPlan({
        plan,
        reader: connected(emulator),
        clock,
        timing: { settle: 240_000, poll: 5000 },
        parallelism: 1,
        emit,
        draining: never,
        signal: never,
      }),
    [Symbol.asyncDispose]: async () => emulator.close(),
  };
}

function connected(emulator: Emulator): TenantReader {
  const auth = { type: "token", token: emulator.token } as const;
  return connect({ baseUrl: emulator.url, auth, clock: clockOf(emulator), fetch: emulator.fetch, userAgent: "laws" })
    .reader;
}

function clockOf({ clock }: Emulator): Clock {
  return {
    now: () => new Date(clock.now()),
    sleep: async (ms, signal) => {
      await Promise.resolve();
      if (signal?.aborted !== true) clock.advance(Math.max(0, ms));
    },
  };
}
