import type { Event } from "../core/events.ts";
import type { Plan } from "../core/plan.ts";
import { itemPlaces } from "../manifest/item-places.ts";
import { stamped } from "../workflow/emit.ts";
import { makePlan } from "../workflow/plan.ts";
import type { Io } from "./io.ts";
import type { TenantOptions } from "./options.ts";
import type { Project } from "./project.ts";
import { rerunsOf } from "./reruns.ts";
import type { OpenTarget } from "./target.ts";
import { version } from "../workflow/version.ts";

/** Plans a project against its open target. */
export async function planProject(session: {
  readonly project: Project;
  readonly target: OpenTarget;
  readonly options: TenantOptions;
  readonly io: Io;
  readonly receive: (event: Event) => void;
  readonly signal: AbortSignal;
}): Promise<Plan> {
  const { project, target, options, io, receive, signal } = session;
  const { rerun = [] } = options;
  return makePlan({
    resources: project.resources,
    isNamed: project.isNamed,
    target: {
      name: project.target.name,
      url: target.planUrl,
      ...(project.shard === undefined ? {} : { shard: project.shard }),
    },
    ...(project.target.guards === undefined ? {} : { guards: project.target.guards }),
    forced: options.force,
    lease: project.target.lease ?? (project.target.connection.type === "embedded" ? "alone" : undefined),
    ...(options.assume === undefined ? {} : { assume: options.assume }),
    ...(rerun.length === 0 ? {} : { isRerun: rerunsOf(rerun, project.selected) }),
    reader: target.reader,
    parallelism: options.parallelism,
    toolVersion: version,
    diagnostics: project.diagnostics,
    locate: itemPlaces(io.cwd),
    emit: stamped(io.clock, receive),
    signal,
  });
}
