/** What the server asks of an account for one call. */
export interface Need {
  /** By Orchestrator's own names: `Queues.View and Transactions.View`. */
  readonly permissions: string;
  /** What an external application's token must hold, `OR.Default` aside. */
  readonly scope: string;
}

/** The reads of a plan and the writes of a lease, and what each needs (OpenAPI 15.0, 16.0 and 20.0 say the same of all). */
const needs: readonly (readonly [call: RegExp, permissions: string, scope: string])[] = [
  [/^GET \/odata\/Folders\b/, "Units.View or SubFolders.View", "OR.Folders.Read"],
  [/^GET \/odata\/QueueDefinitions\b/, "Queues.View", "OR.Queues.Read"],
  [/^GET \/odata\/QueueProcessingRecords\b/, "Queues.View", "OR.Queues.Read"],
  [/^GET \/odata\/QueueItems\/.*\.GetReviewers\b/, "Queues.View and Transactions.Edit", "OR.Queues.Read"],
  [/^GET \/odata\/QueueItemComments\b/, "Queues.View and Transactions.View", "OR.Queues.Read"],
  [/^GET \/odata\/QueueItems\b/, "Queues.View and Transactions.View", "OR.Queues.Read"],
  [/^POST \/odata\/Queues\/.*\.AddQueueItem\b/, "Queues.View and Transactions.Create", "OR.Queues.Write"],
  [/^PUT \/odata\/QueueItems\b/, "Queues.Edit and Transactions.Edit", "OR.Queues.Write"],
  [/^POST \/odata\/QueueItems\/.*\.DeleteBulk\b/, "Queues.View and Transactions.Delete", "OR.Queues.Write"],
  [/^GET \/odata\/Jobs\b/, "Jobs.View", "OR.Jobs.Read"],
  [/^GET \/odata\/Releases\b/, "Processes.View", "OR.Execution.Read"],
  [/^GET \/odata\/Robots\/.*\.GetFolderRobots\b/, "SubFolders.View, Units.View or Jobs.Create", "OR.Robots.Read"],
  [/^GET \/odata\/Robots\b/, "Robots.View", "OR.Robots.Read"],
  [/^GET \/odata\/Machines\b/, "Machines.View", "OR.Machines.Read"],
];

/** What a call such as `GET /odata/QueueItems` needs; undefined for calls that no plan makes. */
export function needOf(call: string): Need | undefined {
  const found = needs.find(([pattern]) => pattern.test(call));
  return found === undefined ? undefined : { permissions: found[1], scope: found[2] };
}

/** `the account needs Queues.View there; an external application also the scope OR.Queues.Read` */
export function permissionHint(call: string): string {
  const need = needOf(call);
  if (need === undefined) return "the account lacks a permission or scope for this";
  return `the account needs the permission ${need.permissions}; an external application also the scope ${need.scope}`;
}
