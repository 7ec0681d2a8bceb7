import type { ReviewStatus } from "./spec.ts";

/** One item before and after its review is set. A side that stays the same is missing in `after`. */
export type ReviewState = {
  readonly id: number;
  readonly reference: string | null;
  readonly reviewer: { readonly id: number; readonly name: string } | null;
  readonly reviewStatus: ReviewStatus;
  readonly rowVersion: string;
};

export type ReviewTarget = {
  /** Null clears the reviewer; missing leaves it alone. */
  readonly reviewer?: { readonly id: number; readonly name: string } | null;
  /** Missing leaves it alone. */
  readonly reviewStatus?: ReviewStatus;
  /** Missing where it hangs on the item already. */
  readonly comment?: string;
};

/** `settings` of a planned `Review` resource. */
export type ReviewSettings = {
  readonly queueId: number;
  readonly queueName: string;
};
