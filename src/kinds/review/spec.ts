/** What a `Review` manifest says, normalised. */
export interface ReviewSpec {
  readonly queue: string;
  readonly select: {
    readonly status: readonly ("Failed" | "Abandoned")[];
    readonly reviewStatus: readonly ReviewStatus[];
    readonly exceptionType?: "ApplicationException" | "BusinessException";
    /** Part of the exception's reason, in any case. */
    readonly exceptionText?: string;
    readonly references?: readonly string[];
    readonly referencePrefix?: string;
    readonly ids?: readonly number[];
    readonly robot?: string;
    /** An instant: items that ended after it. */
    readonly failedAfter?: string;
    /** `none`, `any`, or a name. */
    readonly reviewer?: string;
  };
  /** Who gets which item, where a plan has said so already: by the ids of both. Left out: they are shared. */
  readonly shares?: Readonly<Record<string, number>>;
  /** User names, e-mail addresses or full names. Empty: reviewers are left alone. */
  readonly reviewers: readonly string[];
  readonly unassign: boolean;
  /** False leaves items alone that already have another reviewer. */
  readonly override: boolean;
  /** Independent of the reviewer. Left out: left alone. */
  readonly reviewStatus?: ReviewStatus;
  /** Posted once on each selected item: not where the same text hangs on it already. Left out: none. */
  readonly comment?: string;
}

export type ReviewStatus = "None" | "InReview" | "Verified";
