import { hostname } from "node:os";
import type { Io } from "./io.ts";
import { ciOf } from "./ci.ts";

/** Who runs this, as others read it who find a lease taken: a pipeline's user, else the machine's. */
export function runnerOf(io: Io): { readonly owner: string; readonly runUrl?: string } {
  const { env } = io;
  const user = first(env, ["GITHUB_ACTOR", "BUILD_REQUESTEDFOR", "GITLAB_USER_LOGIN", "BUILD_USER_ID"]);
  const owner = user ?? `${first(env, ["USER", "LOGNAME", "USERNAME"]) ?? "somebody"}@${hostname()}`;
  // Jenkins reads no commands of ours, so it is no system of `ciOf`; its page of the run is known all the same.
  const runUrl = ciOf(io, {})?.runUrl ?? first(env, ["BUILD_URL"]);
  return runUrl === undefined || runUrl === "" ? { owner } : { owner, runUrl };
}

function first(env: Io["env"], names: readonly string[]): string | undefined {
  return names.map((name) => env[name]).find((value) => value !== undefined && value !== "");
}
