import type { ResolvedTarget } from "../config/config.ts";
import { UsageError } from "../core/errors.ts";
import { listCallsOf, readShard, shardName, type Shard } from "../core/shard.ts";
import { cleanLine } from "../core/text.ts";
import type { Io } from "./io.ts";

/** How a system tells each of its machines which one it is. */
interface System {
  readonly name: string;
  readonly index: string;
  readonly count: string;
  /** What its numbers begin with. */
  readonly from: 0 | 1;
  /** What sets the two. */
  readonly hint: string;
}

/**
 * Kubernetes counts completion indexes from 0 and does not tell a pod how many there are; GitLab (`parallel`) and Azure
 * (`strategy: parallel`) count from 1. GitHub sets no variables: its recipe sets those of GitLab, as is usual there.
 */
const systems: readonly System[] = [
  {
    name: "Kubernetes",
    index: "JOB_COMPLETION_INDEX",
    count: "JOB_COMPLETIONS",
    from: 0,
    hint: "an Indexed Job sets the index; give it JOB_COMPLETIONS, the same number as its completions",
  },
  {
    name: "GitLab",
    index: "CI_NODE_INDEX",
    count: "CI_NODE_TOTAL",
    from: 1,
    hint: "GitLab sets both with parallel:; on GitHub set them from the matrix and strategy.job-total",
  },
  {
    name: "Azure Pipelines",
    index: "SYSTEM_JOBPOSITIONINPHASE",
    count: "SYSTEM_TOTALJOBSINPHASE",
    from: 1,
    hint: "strategy: { parallel: N } sets both",
  },
];

/**
 * Which part of the work `--shard` asks for; undefined for all of it, which 1/1 is as well. @throws UsageError for `auto`
 * where no system, or two that disagree, say which machine this is.
 */
export function shardOfOption(option: string | undefined, { env }: Pick<Io, "env">): Shard | undefined {
  const shard = option === "auto" ? shardOfSystem(env) : option === undefined ? undefined : readShard(option);
  return shard?.count === 1 ? undefined : shard;
}

function shardOfSystem(env: Io["env"]): Shard {
  const found = systems.flatMap((system) => {
    const shard = shardIn(system, env);
    return shard === undefined ? [] : [{ system, shard }];
  });
  const [first, ...others] = found;
  if (first === undefined) {
    const pairs = systems.map(({ index, count, name }) => `${index} and ${count} (${name})`).join(", ");
    throw new UsageError("--shard auto: nothing in the environment says which of how many machines this is", {
      hint: `looked for ${pairs}; or write --shard I/N`,
    });
  }
  const other = others.find(({ shard }) => shardName(shard) !== shardName(first.shard));
  if (other !== undefined) {
    const [one, two] = [first, other].map(({ system, shard }) => `${shardName(shard)} by ${system.index}`);
    throw new UsageError(`--shard auto: this machine is ${one}, and ${two}`, { hint: "write --shard I/N" });
  }
  return first.shard;
}

/** Undefined where the system is not there at all; half of it, or nonsense, is a mistake that must not pass for all. */
function shardIn({ index, count, from, hint }: System, env: Io["env"]): Shard | undefined {
  const [own, all] = [env[index] ?? "", env[count] ?? ""];
  if (own === "" && all === "") return undefined;
  const missing = own === "" ? index : all === "" ? count : undefined;
  if (missing !== undefined) {
    const there = missing === index ? count : index;
    throw new UsageError(`--shard auto: ${there} is set and ${missing} is not`, { hint });
  }
  const shard = /^\d{1,6}$/.test(own) ? readShard(`${Number(own) + 1 - from}/${all}`) : undefined;
  if (shard === undefined) {
    throw new UsageError(`--shard auto: ${index} is ${cleanLine(own)} and ${count} is ${cleanLine(all)}`, {
      hint: `they are to be whole numbers, ${index} from ${from} to ${from === 0 ? "one less than " : ""}${count}`,
    });
  }
  return shard;
}

/**
 * The target as one of several machines uses it: with an even share of its list calls, since the quota is the tenant's.
 * @throws UsageError where there are more shards than list calls a minute, or the target has a lease.
 */
export function shareOfTarget(target: ResolvedTarget, shard: Shard | undefined): ResolvedTarget {
  if (shard === undefined) return target;
  const name = cleanLine(target.name);
  if (target.lease !== undefined) {
    throw new UsageError(`--shard ${shardName(shard)} and the lease of the target ${name} exclude each other`, {
      hint: "a lease lets one apply write at a time: name a target without one, and keep a second run away in the pipeline (docs/recipes/scale.md)",
    });
  }
  const { listCallsPerMinute } = target.timing;
  if (listCallsPerMinute === undefined) return target;
  if (shard.count > listCallsPerMinute) {
    throw new UsageError(
      `${shard.count} shards cannot share the ${listCallsPerMinute} list calls a minute of the target ${name}`,
      { hint: `at most ${listCallsPerMinute} shards: each needs one` },
    );
  }
  return { ...target, timing: { ...target.timing, listCallsPerMinute: listCallsOf(shard, listCallsPerMinute) } };
}
