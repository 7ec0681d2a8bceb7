import {
  AuthError,
  CancelledError,
  ManifestError,
  PermissionError,
  PlanRefusedError,
  UsageError,
  WaitTimeoutError,
  InternalError,
  OrchSyncError,
} from "../core/errors.ts";
import type { CheckUp } from "../core/check-up.ts";
import type { ApplyReport } from "../core/report.ts";

/** The one table of exit codes. Pipelines branch on them: they never change their meaning. */
export const exitCodes = {
  done: 0,
  failed: 1,
  changes: 2,
  invalid: 3,
  refused: 4,
  incomplete: 5,
  auth: 6,
  timeout: 7,
  usage: 64,
  internal: 70,
  interrupted: 130,
} as const;

/** What each of them means, in brief for `--help` and in full for docs/cli.md. */
export const exitCodeMeanings: Readonly<
  Record<keyof typeof exitCodes, { readonly brief: string; readonly meaning: string }>
> = {
  done: { brief: "done", meaning: "Done; for `plan`, also when there are changes, unless `--detailed-exitcode`." },
  failed: {
    brief: "network or server",
    meaning: "The run could not go on: the network, the server, a file that could not be written, anything not below.",
  },
  changes: { brief: "changes (plan --detailed-exitcode)", meaning: "`plan --detailed-exitcode` found changes." },
  invalid: { brief: "manifests or config invalid", meaning: "Manifests or config are invalid; nothing was called." },
  refused: {
    brief: "plan refused",
    meaning:
      "The plan is refused: a blocked line, a guard, declined at the prompt, or a saved plan that was changed, is for another target, too old, or no longer possible as reviewed. Nothing was written.",
  },
  incomplete: {
    brief: "apply incomplete",
    meaning:
      "An apply ended with changes failed, skipped or unknown; what `wait` waited for ended badly; nobody knows whether `comments --add` was carried out.",
  },
  auth: { brief: "authentication or permission", meaning: "The credentials were refused, or lack a permission." },
  timeout: { brief: "time ran out", meaning: "A wait, or `--timeout`, ran out." },
  usage: {
    brief: "usage",
    meaning:
      "The command line is wrong, or cannot be followed here: `apply` without a terminal and without `--auto-approve`, `init` where a file exists.",
  },
  internal: { brief: "defect", meaning: "A defect of orch-sync. Please report it." },
  interrupted: { brief: "interrupted", meaning: "Interrupted by Ctrl-C or SIGTERM." },
};
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

const byError: readonly (readonly [new (...args: never[]) => Error, ExitCode])[] = [
  [UsageError, exitCodes.usage],
  [ManifestError, exitCodes.invalid],
  [PermissionError, exitCodes.auth],
  [PlanRefusedError, exitCodes.refused],
  [AuthError, exitCodes.auth],
  [WaitTimeoutError, exitCodes.timeout],
  [CancelledError, exitCodes.interrupted],
  [InternalError, exitCodes.internal],
  [OrchSyncError, exitCodes.failed],
];

/** What is not an `OrchSyncError` is a defect of ours. */
export function exitCodeOf(error: unknown): ExitCode {
  return byError.find(([type]) => error instanceof type)?.[1] ?? exitCodes.internal;
}

/**
 * Once a write was sent: 130 if interrupted, else 5 if anything failed, was skipped or is unknown, else 6, 7, 1 for runs
 * whose end was not seen: because looking was refused, time ran out, or they could not be looked at.
 */
export function exitCodeOfReport(report: ApplyReport): ExitCode {
  const { applied, failed, skipped, unknown } = report.counts;
  if (report.interrupted === "signal") return exitCodes.interrupted;
  const outOfTime = report.waitTimedOut || report.interrupted === "timeout";
  const nothingSent = applied + failed + unknown === 0;
  // What `--timeout` has cut off before the first write is no unfinished work; what follows a wait that ran out is.
  if (report.interrupted === "timeout" && nothingSent) return exitCodes.timeout;
  if (failed + skipped + unknown > 0) return exitCodes.incomplete;
  const unseen = report.outcomes.flatMap(({ leftRunning, unreadable }) =>
    leftRunning === "unreadable" ? [unreadable?.status] : [],
  );
  if (unseen.some((status) => status === 401 || status === 403)) return exitCodes.auth;
  if (outOfTime) return exitCodes.timeout;
  return unseen.length > 0 ? exitCodes.failed : exitCodes.done;
}

/** The first line that is not fine decides: it is what an apply would stumble over first. */
export function exitCodeOfCheckUp({ checks }: Pick<CheckUp, "checks">): ExitCode {
  const first = checks.find((check) => check.state === "problem");
  return first === undefined ? exitCodes.done : byCause[first.cause];
}

const byCause = { failed: exitCodes.failed, access: exitCodes.auth, refused: exitCodes.refused } as const;
