import type { FaultRule } from "../../../src/emulator/index.ts";
import { item, queue, writeManifest } from "../items.ts";
import { folder, Orchestrator, tenant } from "../orchestrator.ts";
import { prepared, type Prepared, type Scenario } from "../scenario.ts";
import { bareClient, readingSides, recorded } from "../sides.ts";

interface Plan {
  readonly items: number;
  /** Items in the queue: the desired ones first. */
  readonly live: number;
  readonly delay?: number;
  readonly size: Scenario["size"];
}

const large = 100_000;
const huge = 1_000_000;

/** Plans of so many items against none, the same, and ten times as many. */
export const plans: readonly Scenario[] = [
  ...[1000, 10_000, large].flatMap((items) =>
    [0, 1, 10].map((times) => scenario({ items, live: items * times, size: items === 1000 ? "quick" : "default" })),
  ),
  scenario({ items: large, live: large, delay: 50, size: "default" }),
  scenario({ items: huge, live: huge, size: "full" }),
];

/** Servers before 2024 count all rows behind each page, and a million of them take that one minutes. */
function edition(live: number): { readonly name: "2023.4" | "cloud"; readonly page: number } {
  return live < huge ? { name: "2023.4", page: 1000 } : { name: "cloud", page: 100 };
}

function scenario(what: Plan): Scenario {
  const { items, live, delay, size } = what;
  const [wanted, there] = [items, live].map((count) => count.toLocaleString("en"));
  const times = live === 0 ? "none" : live === items ? "the same" : `${there} live ones`;
  const slow = delay === undefined ? "" : `, ${delay} ms a call`;
  const ratio = delay === undefined ? 1.5 : 1.1;
  const folderAndQueue = 2;
  return {
    name: `plan-${items}-${live}${delay === undefined ? "" : "-delay"}`,
    title: `plan ${wanted} items against ${times}${slow}`,
    size,
    rounds: items < huge ? 3 : 1,
    items,
    ...(live === items && delay === undefined ? { growth: "plan" } : {}),
    aims: [{ against: bareClient, ...(items < large ? { more: 0.25 } : { ratio }) }],
    bound: folderAndQueue + Math.ceil(Math.min(items, live) / edition(live).page) + 1,
    ...(items < huge ? {} : { peakAim: 512 }),
    prepare: async (cwd) => prepare(cwd, what),
  };
}

async function prepare(cwd: string, { items, live, delay }: Plan): Promise<Prepared> {
  const source = await writeManifest(cwd, items, "ndjson");
  const faults: FaultRule[] = delay === undefined ? [] : [{ match: { method: "GET" }, delay: `${delay}ms` }];
  const queues = [{ name: queue, folder, uniqueReferences: true }];
  const server = await Orchestrator.start({ tenant: tenant({ edition: edition(live).name, queues }), faults });
  const expected = live >= items ? "Nothing to do" : `${items.toLocaleString("en")} to create`;
  const plan = async () => {
    const run = await recorded(server, ["plan", "bench.yaml", "--quiet", "--force", "maxCreates"], cwd);
    if (!run.output.includes(expected)) throw new Error(`the plan is wrong: ${run.output.slice(-2000)}`);
    return run;
  };
  try {
    await server.seed(queue, live, item);
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
  return prepared(readingSides(server, cwd, plan, source), server);
}
