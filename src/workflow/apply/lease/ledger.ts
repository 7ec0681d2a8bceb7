import type { Change } from "../../../core/change.ts";
import type { Clock } from "../../../core/clock.ts";
import { InternalError } from "../../../core/errors.ts";
import type { Ending } from "../../../core/outcome.ts";
import type { JobStart } from "../../../kinds/job/payload.ts";
import type { AssumedStart, LedgerEntry } from "../../../kinds/lease/ledger.ts";
import {
  entryContent,
  isOnce,
  isTrusted,
  ledgerReference,
  newestEntry,
  readEntry,
  startedText,
} from "../../../kinds/lease/ledger.ts";
import type { LiveQueueItem } from "../../../kinds/queue-items/live.ts";
import type { Gateway, Operation } from "../../../orchestrator/gateways/port.ts";
import type { LeaseQueue } from "../../../orchestrator/lease/lease-queue.ts";
import type { Emit } from "../../emit.ts";
import type { Lease } from "./hold.ts";

export type JobGateway = Gateway<never, never>;

/** How often a write to the ledger is tried: unique references and the read after it make that harmless. */
const attempts = 3;

interface LedgerWorld {
  readonly queue: LeaseQueue;
  readonly lease: Pick<Lease, "permit">;
  readonly owner: string;
  readonly clock: Clock;
  readonly settle: number;
  readonly emit: Emit;
  /** When the plan was made, by the server's clock: what the ledger held then, the plan has judged. */
  readonly plannedAt: Date;
}

/** Whether a start may go, once the ledger knows of it. */
type Entered = { readonly item: LiveQueueItem } | { readonly ending: Ending };

/**
 * Remembers in the tenant which runs were started once, longer than the tenant remembers the jobs: an entry before the
 * start, completed with the jobs' ids after it. All of it happens under the lease, so nobody else writes the same entry.
 */
export class Ledger {
  readonly #world: LedgerWorld;
  readonly #items = new Map<string, LiveQueueItem>();

  constructor(world: LedgerWorld) {
    this.#world = world;
  }

  /** Enters a start as sent; or says why it must not be. `look` looks for the run's jobs once more. */
  async enter(
    reference: string,
    look: () => Promise<Ending | undefined>,
    operation: Pick<Operation, "name">,
    change: Change,
    signal: AbortSignal,
  ): Promise<Ending | undefined> {
    const { queue, clock, settle, emit, plannedAt } = this.#world;
    const known = newestEntry(await queue.under([reference], signal));
    if (known !== undefined) {
      const entry = readEntry(known);
      if (entry === undefined || known.status !== "New") return failed(`the ledger's item ${known.id} was changed`);
      if (entry.state === "started") return { status: "already-done", ids: entry.jobs, note: startedText(entry) };
      const sentAt = new Date(entry.sentAt);
      if (sentAt > plannedAt && !isTrusted(sentAt, queue.now())) return failed("another apply has sent it: plan again");
      const until = new Date(sentAt.getTime() + settle);
      if (queue.now() < until) {
        emit({ type: "settling", key: change.key, call: operation.name, until: until.toISOString() });
        await clock.sleep(until.getTime() - queue.now().getTime(), signal);
        if (signal.aborted) return { status: "skipped", note: "the run ended before it was sent" };
        const found = await look();
        if (found !== undefined) await this.complete(reference, found.ids ?? [], signal);
        if (found !== undefined) return found;
      }
    }
    const denied = await this.#world.lease.permit();
    if (denied !== undefined) return { status: "skipped", note: `not sent: ${denied}` };
    const entered = known === undefined ? await this.#add(reference, signal) : await this.#renew(known, signal);
    if ("ending" in entered) return entered.ending;
    this.#items.set(reference, entered.item);
    return undefined;
  }

  /**
   * Completes an entry, its own or that of an apply that lost sight of the start. Where that fails it stays as sent, and
   * the job itself tells as long as it is there.
   */
  async complete(reference: string, jobs: readonly number[], signal: AbortSignal): Promise<void> {
    const { queue, lease } = this.#world;
    const completed = async (): Promise<void> => {
      const item = this.#items.get(reference) ?? newestEntry(await queue.under([reference], signal));
      const entry = item && readEntry(item);
      if (item === undefined || entry?.state !== "sent" || item.status !== "New") return;
      if ((await lease.permit()) !== undefined) return;
      await this.#replace(item, { ...entry, state: "started", jobs }, signal);
    };
    if (jobs.length > 0) await completed().catch(() => undefined);
  }

  /**
   * Completes an entry on somebody's word, `--assume started`, or because its jobs were found, so that no later plan asks.
   * Where that fails the next one asks.
   */
  async assume({ item: id, reference, jobs = [] }: AssumedStart, signal: AbortSignal): Promise<void> {
    const { queue, lease, emit } = this.#world;
    const completed = async (): Promise<boolean> => {
      const item = await queue.byId(id, signal);
      const entry = item && readEntry(item);
      if (entry?.state === "started") return true;
      if (item?.status !== "New" || item.reference !== reference || entry === undefined) return false;
      if ((await lease.permit()) !== undefined) return false;
      return (await this.#replace(item, { ...entry, state: "started", jobs }, signal)) !== undefined;
    };
    const done = await completed().catch(() => false);
    const what = done ? "is entered as started" : "could not be entered as started: the next plan asks again";
    emit({ type: "lease", text: `the ledger: ${reference} ${what}` });
  }

  /** Takes an entry back: the server has refused the start, so nothing was sent. */
  async withdraw(reference: string, signal: AbortSignal): Promise<void> {
    const item = this.#items.get(reference);
    if (item !== undefined) await this.#world.queue.remove(item, signal).catch(() => undefined);
  }

  async #add(reference: string, signal: AbortSignal): Promise<Entered> {
    const { queue, owner } = this.#world;
    const content = entryContent({ state: "sent", owner, sentAt: this.#now(), jobs: [] });
    for (let attempt = 1; attempt <= attempts; attempt++) {
      const added = await queue.add(reference, content, signal);
      if (added.ending === "refused") return { ending: { ...failed("the ledger refused it"), fault: added.fault } };
      const item =
        added.ending === "done"
          ? await queue.byId(added.value, signal)
          : newestEntry(await queue.newest(reference, signal));
      if (item !== undefined && readEntry(item)?.state === "sent") return { item };
      if (added.ending === "taken") {
        return { ending: failed("the ledger had an entry that cannot be seen any more: retention has deleted it") };
      }
    }
    return { ending: failed("the ledger could not be written") };
  }

  async #renew(known: LiveQueueItem, signal: AbortSignal): Promise<Entered> {
    const item = await this.#replace(known, { state: "sent", sentAt: this.#now(), jobs: [] }, signal);
    return item === undefined ? { ending: failed("the ledger could not be written") } : { item };
  }

  /** PUT takes no version, so the read after it decides. */
  async #replace(
    { id, reference }: LiveQueueItem,
    entry: Omit<LedgerEntry, "owner"> & Partial<Pick<LedgerEntry, "owner">>,
    signal: AbortSignal,
  ): Promise<LiveQueueItem | undefined> {
    const { queue, owner } = this.#world;
    for (let attempt = 1; attempt <= attempts; attempt++) {
      await queue.replace({ id, reference }, entryContent({ owner, ...entry }), signal);
      const item = await queue.byId(id, signal);
      const now = item && readEntry(item);
      if (item !== undefined && now?.state === entry.state && now.sentAt === entry.sentAt) return item;
    }
    return undefined;
  }

  #now(): string {
    return this.#world.queue.now().toISOString();
  }
}

function failed(note: string): Extract<Ending, { readonly status: "failed" }> {
  return { status: "failed", note: `not started: ${note}` };
}

/** Jobs with a ledger: the same gateway, each run-once start of which is entered before and completed after. */
export function ledgered(gateway: JobGateway, ledger: Ledger): JobGateway {
  return {
    ...gateway,
    operations: (resource, run) =>
      gateway.operations(resource, run).map((operation) => {
        const [change] = operation.changes;
        if (change?.action !== "start" || operation.changes.length > 1) return operation;
        const { runKey } = change.after as JobStart;
        if (resource.folder === undefined) throw new InternalError("a start has no folder");
        const reference = ledgerReference(resource.folder.key, runKey);
        return isOnce(runKey) ? withEntry(operation, change, reference, ledger) : operation;
      }),
  };
}

function withEntry(operation: Operation, change: Change, reference: string, ledger: Ledger): Operation {
  const look = async (signal: AbortSignal): Promise<Ending | undefined> =>
    (await operation.check?.([change], signal))?.get(change);
  const completing = async (ending: Ending | undefined, signal: AbortSignal): Promise<void> =>
    ledger.complete(reference, ending?.ids ?? [], signal);
  return {
    ...operation,
    check: async (_, signal) => {
      const found = await look(signal);
      await completing(found, signal);
      const ending = found ?? (await ledger.enter(reference, () => look(signal), operation, change, signal));
      return new Map(ending === undefined ? [] : [[change, ending]]);
    },
    send: async (changes, signal, sending) => {
      const answer = await operation.send(changes, signal, sending);
      if (answer.ending === "answered") await completing(answer.endings.get(change), signal);
      if (answer.ending === "refused") await ledger.withdraw(reference, signal);
      return answer;
    },
    find: async (changes, signal) => {
      const found = await operation.find(changes, signal);
      await completing(found.get(change), signal);
      return found;
    },
  };
}
