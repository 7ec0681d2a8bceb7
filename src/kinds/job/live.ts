import type { Ambiguous, Missing } from "../live.ts";
import type { JobState } from "./spec.ts";

/** A process as the folder's `Releases` lists it. */
export interface LiveProcess {
  readonly id: number;
  /** `ReleaseKey` of a start. */
  readonly key: string;
  readonly name: string;
  readonly version: string;
  /** The package that it is made of, and the feed that has it. */
  readonly package?: string;
  readonly feed?: string;
  /** What it declares; missing where the server does not tell. */
  readonly inputs?: readonly ProcessArgument[];
  /** Names of arguments that the process itself gives a value for. */
  readonly defaults?: readonly string[];
}

/** A workflow of a package that a job may begin with. */
export interface LiveEntryPoint {
  readonly path: string;
  /** What it declares; missing where the server does not tell. */
  readonly inputs?: readonly ProcessArgument[];
}

/** An input argument that a process declares. */
export interface ProcessArgument {
  readonly name: string;
  /** A .NET type name, as a rule with its assembly: `System.Int32, mscorlib, Version=4.0.0.0, …`. */
  readonly type: string;
  readonly required: boolean;
  readonly hasDefault: boolean;
}

export interface LiveRobot {
  readonly id: number;
  readonly name: string;
  /** The account that it runs as, where the server tells. */
  readonly account?: string;
}

/** A machine and an account of `machines`, as the tenant knows them. */
export interface LivePlace {
  readonly machine?: { readonly id: number; readonly name: string } | Missing;
  readonly account?: LiveRobot | Missing | Ambiguous;
}

export interface LiveJob {
  readonly id: number;
  readonly key: string;
  readonly state: JobState;
  readonly reference: string | null;
  readonly batchExecutionKey: string | null;
  readonly releaseName: string | null;
  /** JSON text; missing where the list leaves it out (cloud). */
  readonly inputArguments?: string | null;
  readonly outputArguments?: string | null;
  readonly info: string | null;
  /** What a robot or the server says of a failure besides (API 20). */
  readonly error?: string;
  /** Which version of the process it ran. */
  readonly releaseVersionId?: number;
  readonly creationTime: string;
  readonly startTime: string | null;
  readonly endTime: string | null;
}

/** All jobs found under one run key. */
export interface LiveRun {
  readonly runKey: string;
  readonly jobs: readonly LiveJob[];
}

/** What planning a `Job` resource needs to know of the tenant. */
export interface JobLive {
  readonly process: LiveProcess | Missing;
  /** One for each robot of strategy Specific, in the manifest's order. */
  readonly robots: readonly (LiveRobot | Missing | Ambiguous)[];
  /** One for each of `machines`, in the manifest's order; left out where there are none. */
  readonly places?: readonly LivePlace[];
  /**
   * The runs under the wanted run key, first attempt first: `K`, `K#2`, …; those that retention purged are missing.
   * Empty when none was found. Not read for `run: always` and `never`.
   */
  readonly attempts: readonly LiveRun[];
  /** What `entryPoint` names; left out where it names nothing, and where the server does not tell. */
  readonly entryPoint?: LiveEntryPoint | Missing;
  /** Jobs of the process that are not over and of no run above; read where `concurrency` asks for it. */
  readonly others?: readonly LiveJob[];
  /** The newest job of any other run of this resource (`NAME@…`), when one was seen: for reasons only. */
  readonly lastRun?: LiveJob;
  /** The version of the process that it ran, as far as the server kept it. */
  readonly lastVersion?: string;
}
