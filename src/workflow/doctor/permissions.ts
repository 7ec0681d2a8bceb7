import type { Finding } from "../../core/check-up.ts";
import { ApiError } from "../../core/errors.ts";
import type { PlanFolder } from "../../core/plan.ts";
import type { Kind } from "../../core/resource.ts";
import type { TokenFacts } from "../../orchestrator/http/token-facts.ts";
import { readAccess, type Access } from "./access.ts";
import { attempt, fine, problem, problemOf, type Examined } from "./examined.ts";

/** A permission that manifests of a kind make use of. */
export interface Use {
  readonly permission: string;
  /** Without `.Read` or `.Write`, which an external application may have instead. */
  readonly scope: string;
  readonly writes?: true;
  /** As in "may not …". */
  readonly what: string;
  /** Only some manifests need it. */
  readonly optional?: true;
}

const seeQueues: Use = { permission: "Queues.View", scope: "OR.Queues", what: "see queues" };
const seeItems: Use = { permission: "Transactions.View", scope: "OR.Queues", what: "see items" };
const seeProcesses: Use = { permission: "Processes.View", scope: "OR.Execution", what: "see processes" };
const seeJobs: Use = { permission: "Jobs.View", scope: "OR.Jobs", what: "see jobs" };
const stopJobs: Use = { permission: "Jobs.Edit", scope: "OR.Jobs", writes: true, what: "stop jobs" };
const addItems: Use = { permission: "Transactions.Create", scope: "OR.Queues", writes: true, what: "add items" };
const changeQueues: Use = { permission: "Queues.Edit", scope: "OR.Queues", writes: true, what: "change items" };
const changeItems: Use = { permission: "Transactions.Edit", scope: "OR.Queues", writes: true, what: "change items" };
const deleteItems: Use = { permission: "Transactions.Delete", scope: "OR.Queues", writes: true, what: "delete items" };

/** What each kind makes use of (OpenAPI 15.0, 16.0 and 20.0 say the same of all calls that are sent for it). */
export const uses: Readonly<Record<Kind, readonly Use[]>> = {
  QueueItems: [
    seeQueues,
    seeItems,
    addItems,
    { ...changeQueues, optional: true },
    { ...changeItems, optional: true },
    { ...deleteItems, what: "prune", optional: true },
  ],
  Job: [
    seeProcesses,
    seeJobs,
    { permission: "Jobs.Create", scope: "OR.Jobs", writes: true, what: "start jobs" },
    { ...stopJobs, what: "stop others first", optional: true },
  ],
  StoppedJobs: [seeProcesses, seeJobs, stopJobs],
  Review: [seeQueues, seeItems, { ...changeItems, what: "review items" }],
};

/** What a lease makes use of, see docs/lease.md. */
export const leaseUses: readonly Use[] = [seeQueues, seeItems, addItems, changeQueues, changeItems, deleteItems];

/** Folders to look at where the target names none: each costs calls. */
const mostFolders = 5;

/** Whether the account may do what manifests of a kind need, in every folder that is looked at. */
export async function checkPermissions(kind: Kind, examined: Examined): Promise<Finding> {
  const { known, signal } = examined;
  const folders = known.folders ?? [];
  const looked = folders.slice(0, mostFolders);
  const findings: (readonly [folder: string, judged: Judged])[] = [];
  for (const folder of looked) {
    const access = await attempt(() => accessTo(folder, examined), signal);
    if (access instanceof ApiError) return problemOf(access, "try again");
    findings.push([folder.path, judge(uses[kind], access, known.token ?? {})]);
  }
  const more = looked.length < folders.length ? `; looked at ${looked.length} of ${folders.length} folders` : "";
  const named = (folder: string, text: string): string => (folders.length === 1 ? text : `${folder}: ${text}`);
  const lacking = findings.filter(([, { missing }]) => missing.length > 0);
  if (lacking.length === 0) {
    const texts = [...Map.groupBy(findings, ([, { text }]) => text)].map(([text, of]) =>
      of.length === findings.length ? text : named(of.map(([folder]) => folder).join(", "), text),
    );
    return fine(texts.join("; ") + more);
  }
  return missingIn(lacking, named, more);
}

function missingIn(
  lacking: readonly (readonly [folder: string, judged: Judged])[],
  named: (folder: string, text: string) => string,
  more: string,
): Finding {
  const missing = [...new Set(lacking.flatMap(([, judged]) => judged.missing))];
  const text = lacking.map(([folder, judged]) => named(folder, judged.text)).join("; ");
  return problem("access", text + more, remedy(missing), missing);
}

/** What to do about missing permissions and scopes. */
export function remedy(missing: readonly string[]): string {
  const scopes = missing.filter((name) => name.startsWith("OR."));
  const permissions = missing.filter((name) => !name.startsWith("OR."));
  const parts = [
    ...(permissions.length === 0 ? [] : [`give the account's role in that folder ${permissions.join(", ")}`]),
    ...(scopes.length === 0
      ? []
      : [`give the external application, and auth.scope of the target, ${scopes.join(", ")}`]),
  ];
  return parts.join("; ");
}

/** What use of a folder comes to. */
export interface Judged {
  readonly text: string;
  /** Permissions and scopes without which it does not go. */
  readonly missing: readonly string[];
}

/** Compares what is needed with what the account has there, and with what its token allows. */
export function judge(wanted: readonly Use[], access: Access, { scopes }: TokenFacts): Judged {
  const lacks = wanted.flatMap((use): { readonly use: Use; readonly name: string }[] => {
    const scope = lackingScope(use, scopes);
    if (scope !== undefined) return [{ use, name: scope }]; // what is refused by scope says nothing of permissions
    return access.get(use.permission) === false ? [{ use, name: use.permission }] : [];
  });
  const needed = lacks.filter(({ use }) => use.optional !== true);
  const untold = wanted.filter(
    (use) => access.get(use.permission) === undefined && !lacks.some((lack) => lack.use === use),
  );
  if (needed.length > 0) {
    return { text: `may not ${grouped(needed)}`, missing: [...new Set(needed.map(({ name }) => name))] };
  }
  const texts = [
    ...(lacks.length === 0 ? [] : [`may not ${grouped(lacks)}, which only some manifests need`]),
    ...(untold.length === 0
      ? []
      : [`the server does not tell whether it may ${grouped(untold.map((use) => ({ use, name: use.permission })))}`]),
  ];
  return { text: texts.length === 0 ? "has all that is needed" : texts.join("; "), missing: [] };
}

/** `see items (Transactions.View), change items (Queues.Edit, Transactions.Edit)` */
function grouped(lacks: readonly { readonly use: Use; readonly name: string }[]): string {
  return [...Map.groupBy(lacks, ({ use }) => use.what)]
    .map(([what, of]) => `${what} (${[...new Set(of.map(({ name }) => name))].join(", ")})`)
    .join(", ");
}

/** Undefined where the token has the scope, or nobody tells. `OR.Default` leaves it to permissions alone. */
function lackingScope({ scope, writes }: Use, scopes: readonly string[] | undefined): string | undefined {
  const narrow = `${scope}.${writes === true ? "Write" : "Read"}`;
  if (scopes === undefined || ["OR.Default", scope, narrow].some((one) => scopes.includes(one))) return undefined;
  return narrow;
}

/** What the account may do in a folder, found out once for all kinds. */
function accessTo(folder: PlanFolder, examined: Examined): Promise<Access> {
  const names = [...new Set(examined.kinds.flatMap((kind) => uses[kind].map(({ permission }) => permission)))];
  return examined.known.access.get(folder.id, async () => readAccess(folder, names, examined));
}
