import type { FaultRule } from "../../../src/emulator/index.ts";
import { item, queue, writeManifest } from "../items.ts";
import { Orchestrator, tenant } from "../orchestrator.ts";
import type { Prepared, Scenario } from "../scenario.ts";
import { bareClient, callsSince, lastCall, orchSync, replay } from "../sides.ts";

interface Plan {
  readonly items: number;
  /** Items in the queue: the desired ones first. */
  readonly live: number;
  readonly delay?: number;
  readonly size: Scenario["size"];
}

const delayed = 50;
const sizes = [1000, 10_000, 100_000];

/** Plans of so many items against none, the same, and ten times as many. */
export const plans: readonly Scenario[] = [
  ...sizes.flatMap((items) =>
    [0, 1, 10].map((times) => {
      const live = items * times;
      return scenario({ items, live, size: items === 1000 ? "quick" : live > 100_000 ? "full" : "default" });
    }),
  ),
  scenario({ items: 100_000, live: 100_000, delay: delayed, size: "default" }),
  scenario({ items: 1_000_000, live: 1_000_000, size: "full" }),
];

function scenario(what: Plan): Scenario {
  const { items, live, delay, size } = what;
  const [wanted, there] = [items, live].map((count) => count.toLocaleString("en"));
  const times = live === 0 ? "none" : live === items ? "the same" : `${there} live ones`;
  const slow = delay === undefined ? "" : `, ${delay} ms a call`;
  return {
    name: `plan-${items}-${live}${delay === undefined ? "" : "-delay"}`,
    title: `plan ${wanted} items against ${times}${slow}`,
    size,
    rounds: items >= 1_000_000 ? 1 : 3,
    items,
    ...(live === items && delay === undefined ? { growth: "plan" } : {}),
    ...(items < 100_000 ? {} : { aims: [{ against: bareClient, ratio: delay === undefined ? 1.5 : 1.1 }] }),
    ...(items < 1_000_000 ? {} : { peakAim: 512 }),
    prepare: async (cwd) => prepare(cwd, what),
  };
}

async function prepare(cwd: string, { items, live, delay }: Plan): Promise<Prepared> {
  const source = await writeManifest(cwd, items, "ndjson");
  const queues = [{ name: queue, folder: "Bench", uniqueReferences: true }];
  const faults: FaultRule[] = delay === undefined ? [] : [{ match: { method: "GET" }, delay: `${delay}ms` }];
  const server = await Orchestrator.start({ tenant: tenant({ queues }), faults });
  await server.seed(queue, live, item);
  const args = ["plan", "bench.yaml", "--quiet", "--force", "maxCreates"];
  const plan = () => orchSync(args, cwd, server.environment);
  const before = await lastCall(server);
  const { output } = await plan(); // whose calls the bare client sends
  const calls = await callsSince(server, before);
  const expected = live >= items ? "Nothing to do" : `${items.toLocaleString("en")} to create`;
  if (!output.includes(expected)) throw new Error(`the plan is wrong: ${output.slice(-2000)}`);
  return {
    sides: [
      { name: "orch-sync", run: async () => ({ ...(await plan()), calls: calls.length }) },
      {
        name: bareClient,
        run: async () => ({ ...(await replay(calls, server, { cwd, source })), calls: calls.length }),
      },
    ],
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
