import { later, type Instant } from "../instant.ts";
import { jobState, memberNumber } from "../model/enumerations.ts";

export type FinalState = "Successful" | "Faulted" | "Stopped";

/** How a run of a process goes. Times are milliseconds; null is for ever. */
export interface Run {
  readonly pending: number | null;
  readonly duration: number | null;
  readonly state: FinalState;
  readonly info: string;
  readonly output: string | null;
  /** What a run that fails says of it, as `JobError` has it. */
  readonly error: string | null;
  /** How long a run takes to stop when it is asked to. */
  readonly softStop: number | null;
}

/** The runs of a process: the first case whose arguments all match, else the rest. */
export interface RunRule extends Run {
  readonly cases: readonly { readonly when: Readonly<Record<string, unknown>>; readonly run: Run }[];
}

/** A job's course, written down when it is created; what it is at a time follows from it. */
export interface Course {
  readonly starts_at: Instant | null;
  readonly stops_at: Instant | null;
  readonly ends_at: Instant | null;
  readonly final_state: number;
  readonly final_info: string | null;
  readonly final_output: string | null;
  readonly final_error: string | null;
}

/** Limits that the start call may set (StopProcessExpression, KillProcessExpression), in milliseconds. */
export interface RunLimits {
  readonly stopAfter: number | null;
  readonly killAfter: number | null;
}

/** The run for a job's arguments, with the defaults of the process beneath them. */
export function runFor(rule: RunRule, defaults: string | null, inputArguments: string | null): Run {
  const given = { ...argumentsOf(defaults), ...argumentsOf(inputArguments) };
  const matches = (when: Readonly<Record<string, unknown>>): boolean =>
    Object.entries(when).every(([name, value]) => JSON.stringify(given[name]) === JSON.stringify(value));
  return rule.cases.find(({ when }) => matches(when))?.run ?? rule;
}

function argumentsOf(text: string | null): Readonly<Record<string, unknown>> {
  return JSON.parse(text ?? "{}") as Readonly<Record<string, unknown>>;
}

/** The course of a run that begins to wait at `created`. */
export function courseOf(run: Run, created: Instant, limits: RunLimits): Course {
  if (run.pending === null) return waiting;
  return courseFrom(run, later(created, run.pending), limits);
}

const waiting: Course = {
  starts_at: null,
  stops_at: null,
  ends_at: null,
  final_state: memberNumber(jobState, "Stopped"),
  final_info: null,
  final_output: null,
  final_error: null,
};

export const noLimits: RunLimits = { stopAfter: null, killAfter: null };

/** The course of a run that starts at a given time. */
export function courseFrom(run: Run, start: Instant, { stopAfter, killAfter }: RunLimits): Course {
  if (stopAfter === null || (run.duration !== null && run.duration <= stopAfter)) {
    return {
      starts_at: start,
      stops_at: null,
      ends_at: run.duration === null ? null : later(start, run.duration),
      final_state: memberNumber(jobState, run.state),
      final_info: run.info,
      final_output: run.output,
      final_error: run.state === "Faulted" ? run.error : null,
    };
  }
  return { starts_at: start, ...stopping(later(start, stopAfter), shorter(run.softStop, killAfter)) };
}

/** The rest of a course that is asked to stop at a time and takes `wait` to do so. */
export function stopping(at: Instant, wait: number | null): Omit<Course, "starts_at"> {
  return {
    stops_at: at,
    ends_at: wait === null ? null : later(at, wait),
    final_state: memberNumber(jobState, "Stopped"),
    final_info: "Job stopped.",
    final_output: null,
    final_error: null,
  };
}

function shorter(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
