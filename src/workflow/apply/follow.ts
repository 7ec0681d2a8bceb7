import type { Clock } from "../../core/clock.ts";
import type { Fault } from "../../core/fault.ts";
import type { Ending, LeftRunning } from "../../core/outcome.ts";
import type { ResourceKey } from "../../core/resource.ts";
import type { Follow, RunProgress } from "../../orchestrator/gateways/port.ts";
import type { Emit } from "../emit.ts";
import { faultOf } from "./fault-of.ts";

export interface FollowWorld {
  readonly clock: Clock;
  /** Milliseconds between two looks. */
  readonly poll: number;
  readonly emit: Emit;
  /** Aborts when the run is to end: the jobs are left alone. */
  readonly signal: AbortSignal;
}

/** How a wait ended; without an ending, time ran out or the run was interrupted, and the jobs go on. */
export type Followed =
  | { readonly ending: Ending }
  | { readonly left: LeftRunning; readonly text: string; readonly fault?: Fault };

const unseen = "not seen yet";

/** Failed looks in a row that a wait survives: a server that restarts says nothing about the job. */
const patience = 5;

/** Stays with a run until it has ended or time is up. Looks by id, never through a list: lists have a quota. */
export async function followRun(follow: Follow, key: ResourceKey, world: FollowWorld): Promise<Followed> {
  const { clock, emit } = world;
  const end = clock.now().getTime() + follow.timeout;
  let text = unseen;
  let failures = 0;
  for (;;) {
    if (world.signal.aborted) return { left: "interrupted", text };
    const seen = await look(follow, world.signal);
    if ("fault" in seen) {
      failures++;
      if (failures >= patience && !world.signal.aborted) return { left: "unreadable", text, fault: seen.fault };
    } else if (seen.type === "ended") {
      return { ending: seen.ending };
    } else {
      failures = 0;
      if (seen.text !== text && seen.isNew !== true) emit({ type: "step", key, text: seen.text });
      text = seen.text;
    }
    const rest = end - clock.now().getTime();
    if (rest <= 0 && "fault" in seen && text === unseen) return { left: "unreadable", text, fault: seen.fault };
    if (rest <= 0) return { left: "timeout", text };
    await clock.sleep(Math.min(world.poll, rest), world.signal);
  }
}

async function look(follow: Follow, signal: AbortSignal): Promise<RunProgress | { readonly fault: Fault }> {
  try {
    return await follow.look(signal);
  } catch (error) {
    return { fault: faultOf(error, "GET /odata/Jobs") };
  }
}
