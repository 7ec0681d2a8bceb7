import type { PlanFolder, Price } from "../../core/plan.ts";
import type { LiveProcess, LiveRobot } from "../../kinds/job/live.ts";
import type { Missing } from "../../kinds/live.ts";
import type { LiveQueue } from "../../kinds/queue-items/live.ts";
import type { Ambiguous, LiveReviewer } from "../../kinds/review/live.ts";

/** Draft of the port: every name of the tenant, looked up once a run. The orchestrator room completes it. */
export interface TenantReader {
  apiVersion(signal: AbortSignal): Promise<number>;
  folder(path: string, signal: AbortSignal): Promise<PlanFolder | Missing>;
  queue(folder: PlanFolder, name: string, signal: AbortSignal): Promise<LiveQueue | Missing>;
  process(
    folder: PlanFolder,
    wanted: { readonly name: string } | { readonly key: string },
    signal: AbortSignal,
  ): Promise<LiveProcess | Missing>;
  robot(folder: PlanFolder, name: string, signal: AbortSignal): Promise<LiveRobot | Missing>;
  reviewer(folder: PlanFolder, name: string, signal: AbortSignal): Promise<LiveReviewer | Missing | Ambiguous>;
  /** The server's clock: this machine's plus the difference seen in `Date` headers. */
  now(): Date;
  /** Calls made so far. */
  spent(): Price;
}
