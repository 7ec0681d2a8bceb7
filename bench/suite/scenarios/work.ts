import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LoggedRequest, TenantSpec } from "../../../src/emulator/index.ts";
import { item, queue } from "../items.ts";
import type { Sample } from "../measure.ts";
import { folder, Orchestrator, tenant } from "../orchestrator.ts";
import type { Scenario } from "../scenario.ts";
import { bareClient, callsSince, lastCall, orchSync, replay } from "../sides.ts";

const jobs = { manifests: 10, each: 100 };
const failed = 10_000;

/** What is not about adding items. The bare client repeats the calls that orch-sync has made. */
export const others: readonly Scenario[] = [
  exported(100_000, "default"),
  exported(1_000_000, "full"),
  {
    name: "jobs-1000",
    title: "start 1,000 jobs and wait for them",
    size: "default",
    rounds: 3,
    items: jobs.manifests * jobs.each,
    prepare: async (cwd) => {
      const names = Array.from({ length: jobs.manifests }, (_, n) => `job-${n}`);
      writeFileSync(join(cwd, "bench.yaml"), names.map(jobManifest).join("---\n"));
      const run = { pending: "10ms", duration: "10ms", state: "Successful" as const };
      const processes = names.map((name, n) => ({ name, folder, key: `00000000-0000-4000-8000-00000000000${n}`, run }));
      return repeated(cwd, { processes }, ["--force", "maxStarts"]);
    },
  },
  {
    name: "reviews-10000",
    title: "assign 10,000 reviews",
    size: "default",
    rounds: 3,
    items: failed,
    prepare: async (cwd) => {
      writeFileSync(
        join(cwd, "bench.yaml"),
        manifest("Review", "bench", `{ queue: ${queue}, reviewers: [ana, ion, dan], reviewStatus: InReview }`),
      );
      const users = ["ana", "ion", "dan"].map((userName) => ({ userName, reviewer: true }));
      const items = [{ queue, folder, count: failed, status: "Failed" as const }];
      return repeated(cwd, { users, queues: [{ name: queue, folder }], items }, ["--force", "maxAssignments"]);
    },
  },
];

function exported(items: number, size: Scenario["size"]): Scenario {
  return {
    name: `export-${items}`,
    title: `export ${items.toLocaleString("en")} new items`,
    size,
    rounds: size === "full" ? 1 : 3,
    items,
    growth: "export",
    prepare: async (cwd) => {
      const server = await Orchestrator.start({
        tenant: tenant({ queues: [{ name: queue, folder, uniqueReferences: true }] }),
      });
      await server.seed(queue, items, item);
      let round = 0;
      const run = () =>
        orchSync(["export", "QueueItems", "--out", `out-${++round}`, "--quiet"], cwd, server.environment);
      const before = await lastCall(server);
      await run(); // whose calls the bare client sends
      const calls = await callsSince(server, before);
      return {
        sides: [
          { name: "orch-sync", run: async () => ({ ...(await run()), calls: calls.length }) },
          { name: bareClient, run: async () => ({ ...(await replay(calls, server, { cwd })), calls: calls.length }) },
        ],
        [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
      };
    },
  };
}

function jobManifest(name: string): string {
  return manifest("Job", name, `{ process: ${name}, strategy: { type: Dynamic, count: ${jobs.each} } }`);
}

function manifest(kind: string, name: string, spec: string): string {
  return `apiVersion: orch-sync/v1\nkind: ${kind}\nmetadata: { name: ${name}, folder: ${folder} }\nspec: ${spec}\n`;
}

/** An apply, and the same calls sent by the bare client to an Orchestrator that has seen nobody else. */
async function repeated(
  cwd: string,
  spec: Partial<TenantSpec>,
  more: readonly string[],
): ReturnType<Scenario["prepare"]> {
  const args = ["apply", "bench.yaml", "--auto-approve", "--quiet", "--parallelism", "4", ...more];
  const onNew = async <T>(run: (server: Orchestrator) => Promise<T>): Promise<T> => {
    await using server = await Orchestrator.start({ tenant: tenant(spec) });
    return await run(server);
  };
  const apply = async (server: Orchestrator): Promise<Sample & { calls: number; log: readonly LoggedRequest[] }> => {
    const sample = await orchSync(args, cwd, server.environment);
    const log = await server.requests();
    return { ...sample, calls: log.length, log };
  };
  const { log } = await onNew(apply);
  const bare = async (server: Orchestrator): Promise<Sample> => replay(log, server, { cwd, parallelism: 4 });
  return {
    sides: [
      { name: "orch-sync", run: () => onNew(apply) },
      { name: bareClient, run: async () => ({ ...(await onNew(bare)), calls: log.length }) },
    ],
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
