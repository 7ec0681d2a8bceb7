import type { OutcomeCounts, Outcome } from "./outcome.ts";
import type { ResourceKey } from "./resource.ts";
import type { Waiting } from "./waiting.ts";

/** What `settling` says instead of a call when nothing is open any more and copies are looked for. */
export const closingCheckName = "the closing check";

/** What happens while a plan is made or carried out. The workflow emits, views show; nobody else prints. */
export type Event = { /** ISO 8601, by this machine's clock. */ readonly at: string } & (
  | { readonly type: "reading"; readonly key: ResourceKey; readonly title: string }
  | { readonly type: "apply-started"; readonly planId: string; readonly pending: number }
  | { readonly type: "resource-waiting"; readonly key: ResourceKey; readonly on: readonly ResourceKey[] }
  | { readonly type: "resource-started"; readonly key: ResourceKey; readonly text: string; readonly total: number }
  | {
      readonly type: "progress";
      readonly key: ResourceKey;
      /** `added 100 of 1,200`, `running (job 128211)` */
      readonly text: string;
      readonly done: number;
      readonly total: number;
    }
  /** A state that people want to see in a log: `started job 128211 (smoke-test@9b1e44d07a2c)` */
  | { readonly type: "step"; readonly key: ResourceKey; readonly text: string }
  /** A write is open; it is looked for again at `until`. */
  | { readonly type: "settling"; readonly key: ResourceKey; readonly call: string; readonly until: string }
  /** As soon as it is known. Should the closing check find otherwise, another one follows, and that one counts. */
  | { readonly type: "outcome"; readonly outcome: Outcome }
  | {
      readonly type: "resource-ended";
      readonly key: ResourceKey;
      readonly text: string;
      readonly counts: OutcomeCounts;
      /** Runs that go on and are not waited for any longer. */
      readonly left: number;
      readonly durationMs: number;
      readonly calls: number;
    }
  /** The run stands still, for a second or more. */
  | ({ readonly type: "waiting" } & Waiting)
  /** Nothing waits any longer. */
  | { readonly type: "waited" }
  /** What becomes of the lease that keeps a second apply away. */
  | { readonly type: "lease"; readonly text: string }
  | { readonly type: "interrupted"; readonly text: string }
  /** A change did not succeed, and `--on-error halt` lets nothing more begin. */
  | { readonly type: "halted"; readonly key: ResourceKey; readonly text: string }
);

/** An event before its time is stamped on it. */
export type EventBody = Event extends infer E ? (E extends Event ? Omit<E, "at"> : never) : never;
