/** Time as a port: tests turn it by hand. */
export interface Clock {
  now(): Date;
  /** Resolves after `ms`, or at once when the signal aborts: whoever waits looks at the signal. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
