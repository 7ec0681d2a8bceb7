import type { Sent } from "../../../kinds/capabilities.ts";
import type { JobStart } from "../../../kinds/job/payload.ts";

/**
 * `StartProcessDto`. What is not set is not sent: one unknown member makes the server refuse the whole body, and null
 * is not "left out" to all versions (OpenAPI 15.0, 16.0; field reports).
 */
export function startInfo(start: JobStart, runKey: string, batchExecutionKey: string): Sent<"StartProcessDto"> {
  const { inputArguments, priority, runtimeType, runAsMe, requiresUserInteraction } = start;
  return {
    ReleaseKey: start.releaseKey,
    ...strategyOf(start.strategy),
    ...(inputArguments === undefined ? {} : { InputArguments: inputArguments }),
    Reference: runKey,
    BatchExecutionKey: batchExecutionKey,
    ...(priority === undefined ? {} : { JobPriority: priority }),
    ...(runtimeType === undefined ? {} : { RuntimeType: runtimeType }),
    ...(runAsMe === undefined ? {} : { RunAsMe: runAsMe }),
    ...(requiresUserInteraction === undefined ? {} : { RequiresUserInteraction: requiresUserInteraction }),
  };
}

function strategyOf(strategy: JobStart["strategy"]): Sent<"StartProcessDto"> {
  switch (strategy.type) {
    case "ModernJobsCount":
    case "JobsCount":
      return { Strategy: strategy.type, JobsCount: strategy.count };
    case "Specific":
      return { Strategy: "Specific", RobotIds: strategy.robotIds };
    case "All":
      return { Strategy: "All" };
  }
}
