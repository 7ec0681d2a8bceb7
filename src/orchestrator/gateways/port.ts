import type { Change } from "../../core/change.ts";
import type { Fault } from "../../core/fault.ts";
import type { Ending } from "../../core/outcome.ts";
import type { PlannedResource, Price } from "../../core/plan.ts";
import type { DesiredResource, Kind } from "../../core/resource.ts";
import type { TenantReader } from "../read/tenant.ts";

/**
 * When a write whose outcome is open may be sent again, once it was looked for and not found: `free` at once (the
 * server itself refuses a second one), `afterSettle` once, after the settle time, `never`.
 */
export type Repeat = "free" | "afterSettle" | "never";

/** What a sent write came to. The protocol in workflow/apply decides what follows; no gateway does. */
export type Answer =
  /** The server answered and said of each change what became of it. */
  | { readonly ending: "answered"; readonly endings: ReadonlyMap<Change, Ending> }
  /** Nothing was done: it may be sent again at once where that makes sense. */
  | {
      readonly ending: "refused";
      readonly fault: Fault;
      /** 413: fewer changes a call may pass. */ readonly tooLarge: boolean;
    }
  /** Done or not: timeout, reset, cut body, 3xx, 408, 5xx, HTML. */
  | {
      readonly ending: "open";
      readonly fault: Fault;
      /** When the call that stays open left for the server; left out: not before `send` returned. */
      readonly sentAt?: Date;
    };

/** What the protocol gives to whoever sends. */
export interface Sending {
  /** Number of the batch within the apply: items that are added carry it in their mark. */
  readonly batch: number;
  /**
   * Asked by the client right before each request leaves, repeats included: the journal is written then, and a lease is
   * looked at. A text is why nothing may be sent: the write is refused with it. Handed on with every write.
   */
  readonly before: () => Promise<string | undefined>;
  /** Aborts earlier than the signal of `send`: for reads before a write, which nobody needs once the run is to end. */
  readonly looking: AbortSignal;
}

/** One API call that carries out one or many changes. */
export interface Operation {
  /** The API's own name: `BulkAddQueueItems`. */
  readonly name: string;
  readonly changes: readonly Change[];
  readonly repeat: Repeat;
  /** True: once a change of this operation fails, later operations of the resource are not sent (StopOnFirstFailure). */
  readonly stopsOnFailure?: boolean;
  /** True: may go beside its neighbours that say the same (`order: any`). Left out: one after the other. */
  readonly sideBySide?: boolean;
  /** False: the whole of it is one call, never split (AllOrNothing). */
  readonly divisible: boolean;
  /**
   * What is stayed with before it goes, outside of all pools: jobs that shall have ended. It goes when they have or when
   * time is up; its own check then says of what it still goes for.
   */
  readonly after?: Follow;
  /**
   * Reads just before the write what the write itself cannot check (one GET by id for an update, one look-up by run
   * key for a start, rows above the watermark for an add to a queue without unique references) and returns endings
   * for the changes that must not be sent any more.
   */
  readonly check?: (changes: readonly Change[], signal: AbortSignal) => Promise<ReadonlyMap<Change, Ending>>;
  /** `sending` goes on to every `client.write`. */
  readonly send: (changes: readonly Change[], signal: AbortSignal, sending?: Sending) => Promise<Answer>;
  /** Reads back by key: endings for the changes whose effect is there now. An absent change is absent now, no more. */
  readonly find: (changes: readonly Change[], signal: AbortSignal) => Promise<ReadonlyMap<Change, Ending>>;
  /** Told before anything else which changes an earlier, cut off run of the same plan has sent, answered or not. */
  readonly sentBefore?: (changes: readonly Change[]) => void;
}

/** What a look at the end found of changes that had succeeded. */
export interface Verified {
  /** Endings for those of which something else is to be said now; of a copy that `removal` takes away, once it is gone. */
  readonly endings: ReadonlyMap<Change, Ending>;
  readonly removal?: Removal;
}

/** Takes away what is provably this apply's own and one too many. */
export interface Removal {
  readonly operation: Operation;
  /** By each deletion the change whose copy it takes away. */
  readonly of: ReadonlyMap<Change, Change>;
}

/** A run that an apply stays with. */
export type RunProgress =
  | {
      readonly type: "running";
      readonly text: string;
      /** Nothing has happened since it was started: that it was started says it all. */
      readonly isNew?: true;
    }
  | { readonly type: "ended"; readonly ending: Ending };

/** The port of one kind to the API: reads live state, names the calls that carry changes out. */
export interface Gateway<Spec, Live> {
  readonly kind: Kind;
  /** Announces what `read` will ask for, before any resource is read: what several want is then read at once. */
  announce?(resource: DesiredResource<Spec>, reader: TenantReader, signal: AbortSignal): Promise<void>;
  /** Reads what the kind's definition needs. Never writes. */
  read(resource: DesiredResource<Spec>, reader: TenantReader, signal: AbortSignal): Promise<Live>;
  /**
   * The calls for all pending changes of a planned resource, in the order in which they must go. A change that takes
   * several calls is in several operations; a later one gets it only when the earlier ones applied it.
   */
  operations(resource: PlannedResource, run: ApplyRun): readonly Operation[];
  /** What those calls will cost, from the plan alone. */
  price(resource: PlannedResource): Price;
  /** Where several resources may not write at the same time: the queue's id. Undefined: side by side. */
  lane?(resource: PlannedResource): string | undefined;
  /**
   * What follows a run that ended badly, if the manifest wants another attempt: `attempt` have been made. Undefined:
   * nothing, the ending stands.
   */
  again?(resource: PlannedResource, change: Change, ending: Ending, attempt: number, run: ApplyRun): Again | undefined;
  /** Jobs and the like that came to match since the plan was made: reported when all is done, never touched. */
  newcomers?(resource: PlannedResource, run: ApplyRun, signal: AbortSignal): Promise<string | undefined>;
  /**
   * Looks whether the effect of changes that have succeeded is there, and once: after their writes were open, or of all
   * with `--verify all`. Left out: nothing that this kind writes can be there twice.
   */
  verify?(
    resource: PlannedResource,
    endings: ReadonlyMap<Change, Ending>,
    run: ApplyRun,
    signal: AbortSignal,
  ): Promise<Verified>;
  /** What `verify` costs for all pending changes, about. */
  verifyPrice?(resource: PlannedResource): Price;
  /** Looks once at what a change started or attached to. Undefined: nothing to wait for. */
  follow?(resource: PlannedResource, change: Change, ending: Ending | undefined, run: ApplyRun): Follow | undefined;
}

/** How to stay with a run: one look a poll, until it has ended or time is up. */
export interface Follow {
  /** Milliseconds. */
  readonly timeout: number;
  look(signal: AbortSignal): Promise<RunProgress>;
}

/** Another attempt at a run. */
interface Again {
  /** Milliseconds before it begins. */
  readonly backoff: number;
  readonly operation: Operation;
  /** `attempt 2 of 3` */
  readonly text: string;
}

/** What is the same for a whole apply. */
export interface ApplyRun {
  readonly reader: TenantReader;
  /** The plan's `sha256`: makes each `run: always` start of one plan the same run, and of two plans two. */
  readonly planSha256: string;
  /** When the plan was made, by the server's clock: relative times count from there. */
  readonly plannedAt: Date;
  /** The apply's own name, which items that it adds carry (API 18 and later). Left out: no mark is sent. */
  readonly applyId?: string;
}
