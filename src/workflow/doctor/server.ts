import type { Finding } from "../../core/check-up.ts";
import { ApiError, AuthError } from "../../core/errors.ts";
import { formatDuration } from "../../core/format-time.ts";
import { shortInstant } from "../../core/instant.ts";
import type { PlanFolder } from "../../core/plan.ts";
import { oldestWritable, productOf } from "../../kinds/capabilities.ts";
import { isMissing } from "../../kinds/live.ts";
import { needOf } from "../../orchestrator/http/permissions.ts";
import type { TokenFacts } from "../../orchestrator/http/token-facts.ts";
import { attempt, fine, problem, problemOf, type After, type Examined } from "./examined.ts";

const signIns = {
  token: "a ready token",
  clientCredentials: "client credentials",
  password: "user name and password",
} as const;

/** Asks for a token where one has to be asked for, and makes the first call with it. */
export async function checkToken(examined: Examined): Promise<Finding> {
  const { target, reader, known, signal, now } = examined;
  const facts = await attempt(() => reader.client.tokenFacts(), signal);
  if (facts instanceof ApiError) return problemOf(facts, "check the target's auth");
  known.token = facts;
  known.first = await attempt(() => reader.folders(signal), signal);
  const { connection } = target;
  const how = connection.type === "embedded" ? "the embedded Orchestrator's own" : signIns[connection.auth.type];
  const text = `${how}, ${endOf(facts, now())}`;
  if (isRefused(known.first)) {
    const isOver = facts.ends !== undefined && facts.ends <= now();
    const hint = isOver ? "make a new one" : "make a new one, for this Orchestrator and this tenant";
    return problem("access", `${text}: the server does not accept it (HTTP 401)`, hint);
  }
  return fine(text);
}

function endOf({ ends }: TokenFacts, now: Date): string {
  if (ends === undefined) return "it does not say when it ends";
  const left = ends.getTime() - now.getTime();
  const when = shortInstant(ends.toISOString());
  return left > 0 ? `good until ${when}, for ${formatDuration(left)}` : `it ended at ${when}`;
}

function isRefused(first: Examined["known"]["first"]): boolean {
  return first instanceof AuthError && first.fault.status === 401;
}

/** The account is let in and may not see folders: the server has answered as an Orchestrator does. */
function isForbidden(first: Examined["known"]["first"]): first is AuthError {
  return first instanceof AuthError && first.fault.status === 403;
}

export async function checkVersion({ target, reader, known: { first } }: Examined): Promise<Finding> {
  if (first instanceof ApiError && !isForbidden(first)) {
    return problemOf(first, "check that the target's url is the base of an Orchestrator");
  }
  const { apiVersion } = reader.client;
  const kept = target.capabilities?.apiVersion ?? apiVersion;
  const old = kept === apiVersion ? "" : `; the target's capabilities are of API ${kept} and not used: probe again`;
  if (apiVersion === undefined) {
    return fine(`the server does not say its version: it is taken for API ${reader.capabilities.version}${old}`);
  }
  const text = `API ${apiVersion}, ${productOf(apiVersion)}${old}`;
  if (reader.capabilities.canWrite) return fine(text);
  const hint = `API ${oldestWritable} (2022.10) is needed: before that no start can be told from another`;
  return problem("refused", `${text}: orch-sync plans, and writes nothing there`, hint);
}

/** Finds the folder of the target, or takes every one that the account sees. */
export async function checkFolder({ reader, folder, known, signal }: Examined): Promise<Finding> {
  const { first } = known;
  if (isForbidden(first)) {
    const need = needOf(first.fault.call);
    const names = [need?.permissions ?? "Units.View", need?.scope ?? "OR.Folders.Read"];
    const text = `the account may not see folders (HTTP 403): missing is ${names[0]}, or the scope ${names[1]}`;
    return problem("access", text, "give its role that permission; to an external application that scope, too", names);
  }
  const folders = first as readonly PlanFolder[];
  if (folder === undefined) {
    known.folders = folders;
    if (folders.length > 0) return fine(`the target names none, so manifests name theirs; ${folders.length} are seen`);
    return problem("access", "the account sees no folder at all", "assign it to the folders of your manifests");
  }
  const found = await reader.folder(folder, signal);
  if (isMissing(found)) {
    const near = found.nearest === undefined ? "" : `did you mean ${found.nearest}? Else `;
    const others = folders.length === 1 ? "1 other is seen" : `${folders.length} others are seen`;
    const text = `${folder} does not exist, or the account is not assigned to it; ${others}`;
    return problem("refused", text, `${near}check the path, and assign the account to the folder`);
  }
  known.folders = [found];
  return fine(`${found.path}, ${found.type}`);
}

/** As much as `Date`, which has no parts of a second, and a slow answer may make of nothing. */
const noDifference = 5000;
/** From here on somebody should look after a clock. */
const tooFar = 60_000;

/** How far the clocks are apart, and what is judged by which. */
export async function checkClock({ reader, now }: Examined): Promise<Finding | After> {
  const { ahead } = reader.client;
  if (ahead === undefined) return { state: "skipped", after: "token" };
  const apart = Math.abs(ahead);
  if (apart <= noDifference) return fine("the same here and there");
  const text = `the server's is ${formatDuration(apart)} ${ahead > 0 ? "ahead of" : "behind"} this machine's`;
  const judged = "orch-sync judges times by the server's";
  if (apart <= tooFar) return fine(`${text}; ${judged}`);
  const here = shortInstant(now().toISOString());
  const there = shortInstant(reader.now().toISOString());
  return problem(
    "failed",
    `${text} (${there} there, ${here} here)`,
    `set the wrong one right; ${judged}, but certificates and tokens are judged by this machine's`,
  );
}

export async function checkQuota({ target, reader }: Examined): Promise<Finding> {
  const { quota } = reader.client;
  const { listCallsPerMinute } = target.timing;
  const own =
    listCallsPerMinute === undefined
      ? "orch-sync does not limit itself (timing.listCallsPerMinute)"
      : `orch-sync makes at most ${listCallsPerMinute} lists of jobs and of items a minute`;
  if (quota === undefined) return fine(`the server does not tell; ${own}`);
  const of = quota.limit === undefined ? "" : ` of ${quota.limit}`;
  const left = `${quota.remaining}${of} calls are left`;
  if (quota.remaining > 0) return fine(`${left}; ${own}`);
  return problem("failed", left, "wait, or find out who else uses the tenant's quota");
}
