/** Calls are the cost: list calls share a quota of the tenant. */
export interface Price {
  readonly calls: number;
  /** Of them list calls of Jobs or QueueItems. */
  readonly listCalls: number;
}

/** Minutes that list calls have to wait for each other under a quota: as many as it allows go at once. */
export function minutesUnderQuota(listCalls: number, perMinute: number): number {
  return Math.max(0, Math.floor((listCalls - 1) / perMinute));
}
