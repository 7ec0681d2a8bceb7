import type { Content } from "../queue-items/spec.ts";

/** Who holds a lease, as the item that is the lease says it. */
export interface Holder {
  /** Unique for each run. */
  readonly runId: string;
  /** Who runs it: `ana@laptop`, or a pipeline's user. */
  readonly owner: string;
  /** The page of the pipeline's run, where there is one. */
  readonly runUrl?: string;
  /** When it was taken, ISO 8601, by the server's clock like `until`. */
  readonly since: string;
  /** When it ends unless it is renewed. */
  readonly until: string;
}

/** The reference of the item that is a lease. Frozen for `orch-sync/v1`, see docs/formats.md. */
export function leaseReference(name: string): string {
  return `lease/${name}`;
}

/** The content of that item: flat, and of text alone. */
export function holderContent({ runId, owner, runUrl, since, until }: Holder): Content {
  return { runId, owner, ...(runUrl === undefined ? {} : { runUrl }), since, until };
}

/** Undefined for content that is none of ours. */
export function readHolder(content: Content | undefined): Holder | undefined {
  const { runId, owner, runUrl, since, until } = content ?? {};
  if (typeof runId !== "string" || typeof owner !== "string") return undefined;
  if (!isInstant(since) || !isInstant(until)) return undefined;
  return { runId, owner, ...(typeof runUrl === "string" ? { runUrl } : {}), since, until };
}

function isInstant(value: unknown): value is string {
  return typeof value === "string" && !Number.isNaN(Date.parse(value));
}

/** `ana@laptop since 2026-11-21 10:00Z, https://…`: for messages, which views clean. */
export function describeHolder({ owner, runUrl }: Holder): string {
  return runUrl === undefined ? owner : `${owner} (${runUrl})`;
}
