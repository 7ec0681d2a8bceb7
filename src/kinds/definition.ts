import type { Change } from "../core/change.ts";
import type { CompileContentSchema } from "../core/content-schema.ts";
import type { Diagnostic } from "../core/diagnostic.ts";
import type { List, MakeSpool } from "../core/list.ts";
import type { JsonObject } from "../core/json.ts";
import type { Path } from "../core/locate.ts";
import type { PlanFolder } from "../core/plan.ts";
import type { DesiredResource, Kind, ResourceKey } from "../core/resource.ts";
import type { SourceSpan } from "../core/source.ts";

/** What a definition may know besides its own resource: plain values, no clock, no I/O. */
export interface PlanContext {
  /** The server's `Date`. */
  readonly now: Date;
  readonly folder: PlanFolder;
  readonly apiVersion: number;
  /** True when any manifest of the project, selected or not, names this reference in this queue. */
  readonly isNamed: (queue: string, reference: string) => boolean;
  /** True when `--force` names the guard that forbids pruning by a set without entries. */
  readonly emptySetForced: boolean;
  /** True when `--rerun` names the resource. Left out: it names none. */
  readonly isRerun?: (key: ResourceKey) => boolean;
  /** For the changes of sets that may be large. */
  readonly makeSpool: MakeSpool;
  /** Understands the JSON schema of a queue. */
  readonly compileContentSchema: CompileContentSchema;
  /** Where a value of an entry stands, by where the entry stands; there, when nothing better is known. */
  readonly locate: (entry: SourceSpan, path: Path) => SourceSpan;
}

/** One resource, planned: what views head it with, what its operations need, and its lines. */
export interface ResourcePlan {
  readonly title: string;
  readonly settings: JsonObject;
  readonly notes: readonly string[];
  /** Warnings that have a place in the manifest. */
  readonly diagnostics?: readonly Diagnostic[];
  readonly changes: List<Change>;
  /** What was seen and is looked at again when writing; no part of what the plan is bound to. */
  readonly observed?: JsonObject;
  /**
   * Live entries that the manifest selects for deleting or for stopping: what shares of those guards are taken of; and
   * the jobs that its starts may create, as far as that is known: what `maxStarts` counts.
   */
  readonly selected?: { readonly delete?: number; readonly stop?: number; readonly start?: number };
}

/** The pure knowledge of one kind: (desired, live) → changes, in the order in which a plan lists them. */
export interface KindDefinition<Spec, Live> {
  readonly kind: Kind;
  plan(resource: DesiredResource<Spec>, live: Live, context: PlanContext): ResourcePlan;
  /** How many entries the manifest has, by what it names and by its lines: what shares of guards are taken of. */
  entries(spec: Spec, changes: List<Change>): number;
  /** The spec as a plan keeps it: without entries, which its changes hold. Left out: all of it. */
  kept?(spec: Spec): unknown;
  /**
   * The spec that plans again what was planned, and as far as that is possible nothing else; undefined where the changes
   * are none of this kind's. `kept` is what a plan keeps, the changes are the pending ones. Left out: what was kept.
   */
  again?(kept: never, changes: Iterable<Change>): unknown;
}
