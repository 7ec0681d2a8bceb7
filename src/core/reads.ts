import type { Price } from "./price.ts";
import type { ResourceKey } from "./resource.ts";

/**
 * How rows of a queue are read: by reference, by what references begin with, all of them, those that a prune may
 * delete, failed ones for a review, or the newest Id alone.
 */
export type ReadWay = "lookup" | "prefix" | "scan" | "prune" | "review" | "watermark";

/** One way to read rows of a queue, with its price. */
export interface ReadLine {
  /**
   * `chosen` was done; `tried` was begun and left for something cheaper; `refused` the server did not take; `instead`
   * was not called at all.
   */
  readonly role: "chosen" | "tried" | "refused" | "instead";
  readonly way: ReadWay;
  /** As a person would write it: `startswith(Reference,'INV-') and Id gt …`. */
  readonly query: string;
  /** References that one call looks up, at most. */
  readonly perCall?: number;
  /** Calls made, or of what was left or not called: calls that it would take. All of them are list calls. */
  readonly calls: number;
  /** Rows that it gave, or would give. */
  readonly rows?: number;
  /** True: the price comes from the server's statistics, which leave rows out. */
  readonly estimated?: true;
}

/** The reads of one queue, whichever manifests wanted them. */
export interface QueueRead {
  readonly queue: string;
  readonly folder: string;
  /** The manifests that share them. */
  readonly wantedBy: readonly ResourceKey[];
  /** References that they name. */
  readonly references: number;
  /** Rows of the queue, by its statistics, which leave deleted and abandoned items out; missing when not asked for. */
  readonly live?: number;
  readonly lines: readonly ReadLine[];
  /** Of a review: fields of its selection that the server was not asked for, because not every server would answer. */
  readonly matchedHere?: readonly string[];
}

/** What planning asked the tenant, and what else it could have asked. */
export interface Reads {
  readonly queues: readonly QueueRead[];
  /** Every call of the plan, by its path: `/odata/Folders`. */
  readonly calls: readonly { readonly path: string; readonly calls: number }[];
  /** Calls that the target's lease and its ledger add to an apply of this plan at least; left out: there is none to take. */
  readonly lease?: Price;
}
