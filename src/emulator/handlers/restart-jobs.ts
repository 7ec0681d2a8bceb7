import { randomUUID } from "node:crypto";
import { notFound, Refusal, unbound } from "../errors.ts";
import { dto, guid, integer, object, text } from "../http/body.ts";
import { action, query, type Call, type Reply, type Routes } from "../http/route.ts";
import { job } from "../model/entities.ts";
import { memberName, jobState } from "../model/enumerations.ts";
import type { Row } from "../store/database.ts";
import { inFolder } from "../store/folders.ts";
import { releaseById, state, type Release } from "../store/jobs.ts";
import { releaseIn } from "../store/releases.ts";
import { copyJob, isFinal, resumeJob } from "../store/reruns.ts";
import { byKey, contextOf, one } from "./answers.ts";
import { checkArguments } from "./arguments.ts";

const namespace = "UiPath.Server.Configuration.OData";
const write = { folder: "write", options: "entity" } as const;

/** Jobs that go on: over again when they are over, from where they stopped when they are suspended. */
export const restartJobRoutes: Routes = {
  [`POST Jobs/${namespace}.RestartJob`]: action(
    { ...write, parameter: "restartJobParameters", body: object({ jobId: integer }) },
    (call, { jobId }) => {
      if (jobId === undefined) throw unbound("jobId");
      return restart(call, rowOf(call, "id", jobId));
    },
  ),
  [`POST Jobs/${namespace}.ResumeJob`]: action(
    {
      ...write,
      parameter: "resumeJobParameters",
      body: dto("ResumeJobRequest", { jobKey: guid, inputArguments: text }),
    },
    (call, { jobKey, inputArguments }) => {
      if (jobKey === undefined) throw unbound("jobKey");
      return resume(call, rowOf(call, "key", jobKey), inputArguments);
    },
  ),
  [`POST Jobs(key)/${namespace}.ValidateExistingJob`]: query(write, (call) => {
    rowOf(call, "id", call.key);
    const context = contextOf(call, "UiPath.Server.Configuration.OData.ValidationResultDto");
    return { status: 200, body: { "@odata.context": context, IsValid: true, Errors: [] } };
  }),
};

/** A new job of the same process with the same arguments, in a batch of its own. */
function restart(call: Call, row: Row): Reply {
  const id = Number(row["id"]);
  const current = Number(row["state"]);
  if (!isFinal(current)) {
    const name = memberName(jobState, current);
    throw new Refusal("CannotRestartUnfinishedJob", `CannotRestartUnfinishedJob: job ${id} is ${name}.`);
  }
  const release = releaseOf(call, row);
  const copy = call.db.transaction(() => copyJob(call.db, id, release, randomUUID(), call.now));
  return answer(call, copy);
}

function resume(call: Call, row: Row, given: string | undefined): Reply {
  const id = Number(row["id"]);
  const current = Number(row["state"]);
  if (current !== state.suspended) {
    const name = memberName(jobState, current);
    throw new Refusal("InvalidJobStateForSuspend", `InvalidJobStateForSuspend: job ${id} is ${name}.`);
  }
  const release = releaseOf(call, row);
  const before = typeof row["input_arguments"] === "string" ? row["input_arguments"] : null;
  const inputArguments = given === undefined ? before : checkArguments(given, release);
  call.db.transaction(() => resumeJob(call.db, id, release, inputArguments, call.now));
  return answer(call, id);
}

function answer(call: Call, id: number): Reply {
  return one(call, job, "Jobs", byKey({ ...call, key: id }), "Job");
}

/** A process that has been removed runs no more. */
function releaseOf(call: Call, row: Row): Release {
  const id = Number(row["release_id"]);
  const found = releaseById(call.db, id);
  if (!found || !releaseIn(call.db, id, Number(row["folder_id"]))) throw notFound("Release");
  return found;
}

function rowOf(call: Call, column: "id" | "key", value: number | string): Row {
  const { sql, values } = inFolder(call);
  const row = call.db.get(`SELECT t0.* FROM job_rows t0 WHERE t0.${column} = ? AND ${sql}`, value, ...values);
  if (!row) throw notFound("Job");
  return row;
}
