import type { Locate } from "../../core/locate.ts";
import type { SourceOfItems } from "../../kinds/generated/queue-items.ts";

/** A source as its manifest names it. */
export interface SourceRequest {
  readonly source: SourceOfItems;
  readonly fromContent: boolean;
  /** Content keys whose values nothing shows. */
  readonly sensitive: ReadonlySet<string>;
  readonly queue: string;
  /** Places in the manifest. */
  readonly at: Locate;
  /** The manifest's folder: `source.file` is relative to it. */
  readonly base: string;
}

/** Where sources may lie, and what paths in messages are relative to. */
export interface SourceLimits {
  readonly cwd: string;
  readonly root?: string | undefined;
  readonly allowOutside?: boolean | undefined;
  /** For tests: how many bytes to read next. */
  readonly chunkBytes?: (() => number) | undefined;
}

/** Takes note of a reference. What it gives is the remark about the place that had the same one first. */
export type Claim = (reference: string, file: string, line: number) => string | undefined;
