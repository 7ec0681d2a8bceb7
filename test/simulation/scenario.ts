import type { EditionName, FaultRule, TenantDocument } from "../../src/emulator/index.ts";
import type { Broken, Wanted } from "../checker/evidence.ts";
import { badDay, settle } from "./faults.ts";
import { queues, wishOf } from "./manifests.ts";
import type { Death } from "./machine.ts";
import type { Random } from "./random.ts";

/** One apply on a machine of its own. */
export interface Attempt {
  /** Milliseconds after the one before it has ended; from the start of the run for those beside it. */
  readonly after: number;
  /** `--resume`, and how long after the one that was killed. */
  readonly resume?: number;
  readonly killed?: Death;
}

/** Everything that a seed decides. */
export interface Scenario {
  readonly edition: EditionName;
  readonly tenant: TenantDocument;
  readonly manifests: string;
  readonly wanted: Wanted;
  readonly faults: readonly FaultRule[];
  readonly broken: readonly Broken[];
  /** One after the other, while things go wrong. */
  readonly attempts: readonly Attempt[];
  /** Beside the first of them. */
  readonly second?: Attempt | undefined;
  readonly robots: number;
  readonly people: number;
  /** Whether applies take a lease. */
  readonly lease: boolean;
  /** Whether applies keep a journal. */
  readonly journal: boolean;
  readonly signIn: "token" | "application";
}

const long = settle + 60_000;

export function scenarioOf(random: Random): Scenario {
  const scenario = anyScenario(random);
  const focus = random.fork("focus");
  return focus.chance(0.1) ? { ...scenario, ...cutOff(focus) } : scenario;
}

/** A write that is still on its way when its apply is killed and carried on: what the journal is for. */
function cutOff(random: Random): Partial<Scenario> {
  const name = "done late, the client has given up";
  const handle = { late: `${random.int(20, 150)}s` };
  const paths = ["*.AddQueueItem", "*.BulkAddQueueItems", "*.StartJobs"];
  return {
    faults: paths.map((path) => ({ name, match: { path }, times: 1, handle })),
    broken: [],
    attempts: [
      { after: long, killed: { writes: random.pick([0, 0, 1]) } },
      { after: long, resume: random.int(0, 20_000) },
    ],
    second: undefined,
    robots: 0,
    people: 0,
    lease: false,
    journal: true,
  };
}

function anyScenario(random: Random): Scenario {
  const edition = random.pick(["2022.10", "2023.4", "cloud"] as const);
  const wish = wishOf(random.fork("manifests"));
  const { faults, broken } = badDay(random.fork("faults"));
  const early = random.chance(0.08);
  const journal = random.chance(0.6);
  const attempts = Array.from({ length: random.int(1, 3) }, () => ({
    after: early ? random.int(0, 60_000) : long,
    ...(journal && random.chance(0.8) ? { resume: random.int(0, 60_000) } : {}),
    ...(random.chance(0.4) ? { killed: deathOf(random) } : {}),
  }));
  const lease = random.chance(0.2);
  const second = random.chance(lease ? 0.4 : 0.06) ? { after: random.int(0, 5000) } : undefined;
  return {
    edition,
    tenant: tenantOf(wish, random.fork("tenant")),
    manifests: wish.manifests,
    wanted: wish.wanted,
    faults,
    broken: [
      ...broken,
      ...(second === undefined || lease ? [] : (["two applies at the same time without a lease"] as const)),
    ],
    attempts,
    ...(second === undefined ? {} : { second }),
    robots: random.chance(0.3) ? random.int(1, 4) : 0,
    people: random.chance(0.35) ? random.int(1, 3) : 0,
    lease,
    journal,
    signIn: random.pick(["token", "application"]),
  };
}

/** Anywhere, or where it hurts: about when a write leaves. */
function deathOf(random: Random): Death {
  return random.chance(0.4) ? { waits: random.int(0, 40) } : { writes: random.pick([0, 0, 1, 1, 2, 3]) };
}

function tenantOf({ items, jobs }: ReturnType<typeof wishOf>, random: Random): TenantDocument {
  const run = (duration: string): object => ({ run: { pending: "1s", duration, state: "Successful" } });
  return {
    apiVersion: "orch-sync/v1",
    kind: "Tenant",
    metadata: { name: "acme" },
    spec: {
      listCallsPerMinute: null,
      clock: { start: new Date(Date.now() + random.int(-120_000, 120_000)).toISOString() },
      folders: [
        { path: "Finance", type: "modern" },
        { path: "Elsewhere", type: "modern" },
      ],
      users: [{ userName: "admin" }, { userName: "ana", reviewer: true }, { userName: "ion", reviewer: true }],
      applications: [{ clientId: "ci", clientSecret: "chaos" }],
      robots: [{ name: "bot", folders: ["Finance"] }],
      processes: [
        { name: "Quick", folder: "Finance", ...run("4s") },
        { name: "Slow", folder: "Finance", ...run(`${random.int(20, 600)}s`) },
        { name: "Legacy", folder: "Finance", ...run("40h") },
      ],
      queues: [
        { name: "Unique", id: queues.Unique.id, folder: "Finance", uniqueReferences: true },
        {
          name: "Retrying",
          id: queues.Retrying.id,
          folder: "Finance",
          uniqueReferences: true,
          maxRetries: 1,
          autoRetry: true,
        },
        { name: "Plain", id: queues.Plain.id, folder: "Finance" },
        { name: "Reviewed", id: queues.Reviewed.id, folder: "Finance" },
        { name: "Leases", id: 105, folder: "Elsewhere", uniqueReferences: true },
      ],
      items: items.map((item) => ({ folder: "Finance", ...item })),
      jobs: jobs.map((job) => ({ folder: "Finance", ...job })),
    },
  };
}
