import type { Kind } from "../../core/resource.ts";
import type { AnyResource } from "../../kinds/any.ts";
import { isMissing } from "../../kinds/live.ts";
import type { TenantReader } from "../../orchestrator/index.ts";
import { foldersOf } from "../folders.ts";
import { names, type ExportContext, type ExportSink } from "./context.ts";
import { exportItems } from "./items.ts";
import { exportJobs } from "./jobs.ts";
import { exportReviews } from "./reviews.ts";

/** Kinds that live state can be written as; which jobs must not run nobody can tell from a tenant. */
export const exportedKinds = ["QueueItems", "Job", "Review"] as const satisfies readonly Kind[];
export type ExportedKind = (typeof exportedKinds)[number];

export interface ExportInput {
  readonly reader: TenantReader;
  /** Left out: every folder. */
  readonly folder: string | undefined;
  readonly kinds: readonly ExportedKind[];
  /** The project's own manifests: they know what is secret or sensitive. */
  readonly known: readonly AnyResource[];
  readonly sink: ExportSink;
  readonly signal: AbortSignal;
}

/** Writes live state as manifests that plan to nothing on the same tenant. Nothing is written to the tenant. */
export async function exportTenant({ kinds, folder, ...input }: ExportInput): Promise<void> {
  const { reader, signal } = input;
  const context: ExportContext = { ...input, nameOf: names() };
  const wanted = new Set(kinds);
  const seen = new Set<number>();
  for (const each of await foldersOf(reader, folder, signal)) {
    const status = new Map(
      (wanted.has("QueueItems") ? await reader.queueStatus(each, undefined, signal) : []).map((one) => [one.name, one]),
    );
    const queues = wanted.has("QueueItems") || wanted.has("Review") ? await reader.queues(each, signal) : [];
    for (const { id, name } of queues) {
      if (seen.has(id)) continue; // a linked queue has the same items in each of its folders
      seen.add(id);
      const queue = await reader.queue(each, name, signal);
      if (isMissing(queue)) continue;
      if (wanted.has("QueueItems")) await exportItems(each, queue, status.get(name), context);
      if (wanted.has("Review")) await exportReviews(each, queue, context);
    }
    if (wanted.has("Job")) await exportJobs(each, context);
  }
}
