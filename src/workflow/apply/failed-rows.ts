import type { Change } from "../../core/change.ts";
import type { Outcome } from "../../core/outcome.ts";
import type { Plan } from "../../core/plan.ts";
import { keyIdentity } from "../../core/resource.ts";
import { holdsSecret } from "../../core/secret.ts";
import { harmlessJson } from "../../core/text.ts";

/** Rows of one queue, which stand together. */
interface QueueRows {
  /** `queue DocQueue` */
  readonly title: string;
  readonly folder: string;
  readonly rows: number;
}

/** What became of the rows that an apply did not bring in. */
export interface FailedRows {
  /** Rows of the file. */
  readonly rows: number;
  /** The queues that they are of, in the file's order: a source is of one. */
  readonly queues: readonly QueueRows[];
  /** Left out because their content holds a secret. */
  readonly secret: number;
  /** Left out because they may be there: adding them again could make two of one. */
  readonly unknown: number;
}

/**
 * Writes every queue item that failed or was skipped as a line of an NDJSON source, so that it can be mended and
 * applied: as an entry of `items` is written, those of one queue together. A source expands no `${secret:…}`, so a row
 * with a secret is only counted.
 */
export function writeFailedRows(
  plan: Pick<Plan, "resources">,
  outcomes: readonly Outcome[],
  write: (text: string) => void,
): FailedRows {
  const statuses = new Map(outcomes.map((outcome) => [identityOf(outcome), outcome.status]));
  const counts = { rows: 0, secret: 0, unknown: 0 };
  const sets = plan.resources.filter(({ key }) => key.kind === "QueueItems");
  const queues: QueueRows[] = [];
  for (const [first, ...others] of Map.groupBy(sets, ({ settings }) => settings["queueId"]).values()) {
    if (first === undefined) continue;
    const before = counts.rows;
    for (const { changes } of [first, ...others]) {
      for (const change of changes) take(change, statuses, counts, write);
    }
    const rows = counts.rows - before;
    if (rows > 0) queues.push({ title: first.title, folder: first.key.folder, rows });
  }
  return { ...counts, queues };
}

function take(
  change: Change,
  statuses: ReadonlyMap<string, Outcome["status"]>,
  counts: { rows: number; secret: number; unknown: number },
  write: (text: string) => void,
): void {
  if (change.action !== "create" && change.action !== "update") return;
  const status = statuses.get(identityOf(change));
  if (status === "unknown") counts.unknown++;
  if (status !== "failed" && status !== "skipped") return;
  if (holdsSecret(change.after)) {
    counts.secret++;
    return;
  }
  counts.rows++;
  write(`${harmlessJson(JSON.stringify(rowOf(change.after as Row)))}\n`);
}

function identityOf({ action, key }: Pick<Change, "action" | "key">): string {
  return `${action} ${keyIdentity(key)}`;
}

/** What drafts and states of items share. */
interface Row {
  readonly reference: string;
  readonly priority?: string;
  readonly deferDate?: string | null;
  readonly dueDate?: string | null;
  readonly riskSlaDate?: string | null;
  readonly content?: object;
}

/** A mapping under `content` is what tells this form of a row from a flat one, so it is never left out. */
function rowOf({ reference, priority, deferDate, dueDate, riskSlaDate, content = {} }: Row): Row {
  return {
    reference,
    ...(priority === undefined ? {} : { priority }),
    ...(deferDate == null ? {} : { deferDate }),
    ...(dueDate == null ? {} : { dueDate }),
    ...(riskSlaDate == null ? {} : { riskSlaDate }),
    content,
  };
}
