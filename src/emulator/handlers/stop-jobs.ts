import { notFound, Refusal, unbound } from "../errors.ts";
import { array, choice, integer, object } from "../http/body.ts";
import { action, type Call, type Reply, type Route } from "../http/route.ts";
import { jobState, memberName, stopStrategy } from "../model/enumerations.ts";
import { findJob, state, stopJob } from "../store/jobs.ts";

const kill = 2;
const final: ReadonlySet<number> = new Set([state.faulted, state.successful, state.stopped]);

export const stopJobRoutes: Readonly<Record<string, Route>> = {
  "POST Jobs/UiPath.Server.Configuration.OData.StopJobs": action(
    {
      folder: "write",
      options: "none",
      parameter: "stopJobsParameters",
      body: object({ jobIds: array(integer), strategy: choice(stopStrategy) }),
    },
    (call, { jobIds, strategy }) => {
      if (!jobIds) throw unbound("jobIds");
      return stop(call, jobIds, strategy);
    },
  ),
  "POST Jobs(key)/UiPath.Server.Configuration.OData.StopJob": action(
    {
      folder: "write",
      options: "none",
      parameter: "stopJobParameters",
      body: object({ strategy: choice(stopStrategy) }),
    },
    (call, { strategy }) => stop(call, [call.key], strategy),
  ),
};

/** All of the jobs or none: one that is not there or has ended refuses the call. */
function stop(call: Call, ids: readonly number[], strategy: number | undefined): Reply {
  if (strategy === undefined) throw unbound("strategy");
  call.db.transaction(() => {
    for (const id of ids) {
      const job = findJob(call.db, id, call.folder?.id);
      if (!job) throw notFound("Job");
      if (final.has(job.state)) {
        const name = memberName(jobState, job.state);
        throw new Refusal("JobCannotBeCancelled", `JobCannotBeCancelled: job ${id} is ${name}.`);
      }
      stopJob(call.db, job, strategy === kill, call.now);
    }
  });
  return { status: 200 };
}
