/** Why a run stands still for a while before its next call. */
export type Waiting = {
  /** ISO 8601, by this machine's clock. */
  readonly until: string;
} & (
  | {
      /** Our own budget of list calls, so that other users of the tenant keep theirs. */
      readonly reason: "quota";
      readonly perMinute: number;
    }
  /** The server has named a time: `Retry-After`. */
  | { readonly reason: "asked"; readonly status: number }
  /** Another apply holds the lease; `until` our patience ends. `holder` is what it says of itself: foreign text. */
  | { readonly reason: "lease"; readonly holder: string }
  /** A read that may well go through in a moment: after this answer, or after none. */
  | { readonly reason: "retry"; readonly status?: number; readonly broken?: "timeout" | "network" }
);
