import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { FaultRule, TenantSpec } from "../../../src/emulator/index.ts";
import { item, queue } from "../items.ts";
import { folder, Orchestrator, tenant } from "../orchestrator.ts";
import { prepared, type Measured, type Prepared, type Scenario } from "../scenario.ts";
import { bare, bareClient, recorded, readingSides, type Recorded } from "../sides.ts";

const jobs = { manifests: 10, each: 100 };
const failed = 10_000;
const folderAndQueue = 2;

/** What is not about adding items. The bare client repeats the calls that orch-sync has made. */
export const others: readonly Scenario[] = [
  exported(100_000),
  exported(100_000, 50),
  exported(1_000_000),
  ...[undefined, 50].flatMap((delay) => [starts(delay), reviews(delay)]),
];

function slow(delay: number | undefined): FaultRule[] {
  return delay === undefined ? [] : [{ delay: `${delay}ms` }];
}

/** The end of a scenario's name and title. */
function named(delay: number | undefined): { readonly suffix: string; readonly words: string } {
  return delay === undefined ? { suffix: "", words: "" } : { suffix: "-delay", words: `, ${delay} ms a call` };
}

function exported(items: number, delay?: number): Scenario {
  const isHuge = items > 100_000; // servers before 2024 count all rows behind each page: see plan.ts
  return {
    name: `export-${items}${named(delay).suffix}`,
    title: `export ${items.toLocaleString("en")} new items${named(delay).words}`,
    size: isHuge ? "full" : "default",
    rounds: isHuge ? 1 : 3,
    items,
    ...(delay === undefined ? { growth: "export" } : {}),
    bound: folderAndQueue + Math.ceil(items / (isHuge ? 100 : 1000)) + 1,
    prepare: async (cwd) => {
      const queues = [{ name: queue, folder, uniqueReferences: true }];
      const edition = isHuge ? "cloud" : "2023.4";
      const server = await Orchestrator.start({ tenant: tenant({ edition, queues }), faults: gets(delay) });
      await server.seed(queue, items, item);
      let round = 0;
      const run = () => recorded(server, ["export", "QueueItems", "--out", `out-${++round}`, "--quiet"], cwd);
      return prepared(readingSides(server, cwd, run), server);
    },
  };
}

/** Items are put there without delay. */
function gets(delay: number | undefined): FaultRule[] {
  return delay === undefined ? [] : [{ match: { method: "GET" }, delay: `${delay}ms` }];
}

function starts(delay?: number): Scenario {
  return {
    name: `jobs-1000${named(delay).suffix}`,
    title: `start 1,000 jobs and wait for them${named(delay).words}`,
    size: "default",
    rounds: 3,
    items: jobs.manifests * jobs.each,
    prepare: async (cwd) => {
      const names = Array.from({ length: jobs.manifests }, (_, n) => `job-${n}`);
      writeFileSync(join(cwd, "bench.yaml"), names.map(jobManifest).join("---\n"));
      const run = { pending: "10ms", duration: "10ms", state: "Successful" as const };
      const processes = names.map((name, n) => ({ name, folder, key: `00000000-0000-4000-8000-00000000000${n}`, run }));
      return writingSides(cwd, { spec: { processes }, faults: slow(delay), guard: "maxStarts", parallelism: 4 });
    },
  };
}

function reviews(delay?: number): Scenario {
  return {
    name: `reviews-10000${named(delay).suffix}`,
    title: `assign 10,000 reviews${named(delay).words}`,
    size: "default",
    rounds: 3,
    items: failed,
    prepare: async (cwd) => {
      const spec = `{ queue: ${queue}, reviewers: [ana, ion, dan], reviewStatus: InReview }`;
      writeFileSync(join(cwd, "bench.yaml"), manifest("Review", "bench", spec));
      const users = ["ana", "ion", "dan"].map((userName) => ({ userName, reviewer: true }));
      const items = [{ queue, folder, count: failed, status: "Failed" as const }];
      const tenantSpec = { users, queues: [{ name: queue, folder }], items };
      // of one resource calls go one after the other
      return writingSides(cwd, { spec: tenantSpec, faults: slow(delay), guard: "maxAssignments", parallelism: 1 });
    },
  };
}

function jobManifest(name: string): string {
  return manifest("Job", name, `{ process: ${name}, strategy: { type: Dynamic, count: ${jobs.each} } }`);
}

function manifest(kind: string, name: string, spec: string): string {
  return `apiVersion: orch-sync/v1\nkind: ${kind}\nmetadata: { name: ${name}, folder: ${folder} }\nspec: ${spec}\n`;
}

interface Writing {
  readonly spec: Partial<TenantSpec>;
  readonly faults: readonly FaultRule[];
  /** The guard that it would meet. */
  readonly guard: string;
  readonly parallelism: number;
}

/** An apply, and the same calls sent by the bare client to an Orchestrator that has seen nobody else. */
function writingSides(cwd: string, { spec, faults, guard, parallelism }: Writing): Prepared {
  const args = [
    "apply",
    "bench.yaml",
    "--auto-approve",
    "--quiet",
    "--parallelism",
    `${parallelism}`,
    "--force",
    guard,
  ];
  let calls: Recorded["log"] = [];
  const onNew = async (run: (server: Orchestrator) => Promise<Measured>): Promise<Measured> => {
    await using server = await Orchestrator.start({ tenant: tenant(spec), faults });
    return await run(server);
  };
  const apply = async (server: Orchestrator): Promise<Measured> => {
    const { log, ...sample } = await recorded(server, args, cwd);
    calls = log;
    return sample;
  };
  const repeat = async (server: Orchestrator): Promise<Measured> => ({
    ...(await bare(server, cwd, { calls, parallelism })),
    calls: calls.length,
  });
  return prepared([
    { name: "orch-sync", run: () => onNew(apply) },
    { name: bareClient, run: () => onNew(repeat) },
  ]);
}
