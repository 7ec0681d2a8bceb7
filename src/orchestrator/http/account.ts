import { AsyncLocalStorage } from "node:async_hooks";

/** What a piece of work has cost and met so far. */
export interface Account {
  calls: number;
  /** What the server calls its answers that were none: they tell an administrator which of its log lines are ours. */
  readonly traceIds: string[];
}

const current = new AsyncLocalStorage<Account>();

/** Does some work whose calls, wherever they are made, go on this account; a read that is shared on that of the first. */
export function onAccount<T>(account: Account, work: () => Promise<T>): Promise<T> {
  return current.run(account, work);
}

/** One more call was sent. */
export function chargeCall(): void {
  const account = current.getStore();
  if (account !== undefined) account.calls++;
}

/** The server has said under which id its logs have the call. */
export function noteTrace(traceId: string | undefined): void {
  const account = current.getStore();
  if (traceId !== undefined && account?.traceIds.includes(traceId) === false) account.traceIds.push(traceId);
}
