import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Clock } from "../../../src/core/clock.ts";
import { hasErrors } from "../../../src/core/diagnostic.ts";
import type { Plan } from "../../../src/core/plan.ts";
import type { ApplyReport } from "../../../src/core/report.ts";
import { startEmulator, type Emulator, type TenantDocument } from "../../../src/emulator/index.ts";
import type { AnyResource } from "../../../src/kinds/any.ts";
import { itemPlaces } from "../../../src/manifest/item-places.ts";
import { loadManifests } from "../../../src/manifest/load.ts";
import { connect, type TenantReader } from "../../../src/orchestrator/index.ts";
import { applyPlan } from "../../../src/workflow/apply/apply.ts";
import { namedReferences } from "../../../src/workflow/load.ts";
import { makePlan } from "../../../src/workflow/plan.ts";
import { environment, type Document } from "./world.ts";

/** A project's files by their paths, each with its documents. */
export type Files = Readonly<Record<string, readonly Document[]>>;

/** Manifests as orch-sync reads them. */
export async function load(files: Files): Promise<readonly AnyResource[]> {
  return loadText(
    Object.fromEntries(
      Object.entries(files).map(([path, documents]) => [
        path,
        documents.map((each) => JSON.stringify(each)).join("\n---\n"),
      ]),
    ),
  );
}

export async function loadText(files: Readonly<Record<string, string>>): Promise<readonly AnyResource[]> {
  const cwd = mkdtempSync(join(tmpdir(), "orch-sync-laws-"));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(cwd, path)), { recursive: true });
      writeFileSync(join(cwd, path), text);
    }
    const loaded = await loadManifests({
      paths: ["."],
      cwd,
      env: environment,
      variables: new Map(),
      defaultFolder: undefined,
    });
    if (hasErrors(loaded.diagnostics)) throw new Error(loaded.diagnostics.map(({ message }) => message).join("\n"));
    return loaded.resources;
  } finally {
    rmSync(cwd, { recursive: true });
  }
}

/** A tenant in memory, on which waiting takes no time. */
export interface Desk extends AsyncDisposable {
  readonly reader: TenantReader;
  plan(resources: readonly AnyResource[], options?: PlanSome): Promise<Plan>;
  apply(plan: Plan): Promise<ApplyReport>;
}

interface PlanSome {
  readonly parallelism?: number;
  /** What the whole project names, where not all of it is planned. */
  readonly project?: readonly AnyResource[];
}

const day = 86_400_000;

/** Opens the tenant a day after its file: the server has purged by then what its retention says. */
export async function openDesk(tenant: TenantDocument): Promise<Desk> {
  const emulator = await startEmulator({ tenant, listen: false });
  await connected(emulator).apiVersion(new AbortController().signal);
  emulator.clock.advance(day);
  const clock = clockOf(emulator);
  const never = new AbortController().signal;
  const emit = (): void => undefined;
  return {
    get reader() {
      return connected(emulator);
    },
    plan: async (resources, { parallelism = 4, project = resources } = {}) =>
      makePlan({
        resources,
        isNamed: namedReferences(project),
        target: { name: "acme", url: emulator.url },
        forced: [],
        reader: connected(emulator),
        parallelism,
        toolVersion: "0",
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
