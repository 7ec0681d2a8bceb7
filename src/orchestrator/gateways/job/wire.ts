import type { Sent } from "../../../kinds/capabilities.ts";
import type { JobStart } from "../../../kinds/job/payload.ts";

/**
 * `StartProcessDto`. What is not set is not sent: one unknown member makes the server refuse the whole body, and null
 * is not "left out" to all versions (OpenAPI 15.0, 16.0; field reports).
 */
export function startInfo(start: JobStart, runKey: string, batchExecutionKey: string): Sent<"StartProcessDto"> {
  const { inputArguments, runtimeType, entryPoint, environmentVariables, runAsMe, requiresUserInteraction } = start;
  return {
    ReleaseKey: start.releaseKey,
    ...strategyOf(start.strategy),
    ...(inputArguments === undefined ? {} : { InputArguments: inputArguments }),
    Reference: runKey,
    BatchExecutionKey: batchExecutionKey,
    ...priorityOf(start),
    ...(runtimeType === undefined ? {} : { RuntimeType: runtimeType }),
    ...(entryPoint === undefined ? {} : { EntryPointPath: entryPoint }),
    ...(environmentVariables === undefined ? {} : { EnvironmentVariables: environmentVariables }),
    ...(start.machines === undefined ? {} : { MachineRobots: start.machines.map(machineRobot) }),
    ...(runAsMe === undefined ? {} : { RunAsMe: runAsMe }),
    ...(requiresUserInteraction === undefined ? {} : { RequiresUserInteraction: requiresUserInteraction }),
    ...limitsOf(start),
  };
}

/** The server takes one of the two and refuses both (alerts troubleshooting, start jobs errors). */
function priorityOf({ priority }: JobStart): Sent<"StartProcessDto"> {
  if (priority === undefined) return {};
  return typeof priority === "number" ? { SpecificPriorityValue: priority } : { JobPriority: priority };
}

function machineRobot({ machineId, robotId }: NonNullable<JobStart["machines"]>[number]): Record<string, number> {
  return {
    ...(machineId === undefined ? {} : { MachineId: machineId }),
    ...(robotId === undefined ? {} : { RobotId: robotId }),
  };
}

/** Numbers of seconds, as texts: after the first a job is asked to stop, after the second more it is killed. */
function limitsOf({ stopAfter, killAfter }: JobStart): Sent<"StartProcessDto"> {
  if (stopAfter === undefined) return {};
  const stop = { StopProcessExpression: String(stopAfter), StopStrategy: "SoftStop" };
  return killAfter === undefined ? stop : { ...stop, KillProcessExpression: String(killAfter) };
}

function strategyOf(strategy: JobStart["strategy"]): Sent<"StartProcessDto"> {
  switch (strategy.type) {
    case "ModernJobsCount":
    case "JobsCount":
      return { Strategy: strategy.type, JobsCount: strategy.count };
    case "RobotCount":
      return { Strategy: "RobotCount", NoOfRobots: strategy.count };
    case "Specific":
      return { Strategy: "Specific", RobotIds: strategy.robotIds };
    case "All":
      return { Strategy: "All" };
  }
}
