import type { Ambiguous, Missing } from "../live.ts";
import type { LiveComment } from "./comment.ts";
import type { LiveQueue, QueueItemStatus } from "../queue-items/live.ts";

/** A user whom `GetReviewers` names for the folder. */
export interface LiveReviewer {
  readonly id: number;
  readonly userName: string;
}

/** Somebody whom `GetReviewers` names, too, and whom the server then refuses: a group, a robot, an application. */
export interface Unfit {
  readonly unfit: string;
  /** `DirectoryGroup`, `Robot` … */
  readonly type: string;
}

/** One failed or abandoned row of `QueueItems`. */
export interface LiveReviewItem {
  readonly id: number;
  readonly reference: string | null;
  readonly status: QueueItemStatus;
  readonly reviewStatus: "None" | "InReview" | "Verified" | "Retried";
  readonly reviewerUserId: number | null;
  readonly exceptionType?: string | null;
  readonly exceptionReason?: string | null;
  readonly robotName?: string | null;
  readonly endProcessing?: string | null;
  readonly rowVersion: string;
}

/** What planning a `Review` resource needs to know of the tenant. */
export interface ReviewLive {
  readonly queue: LiveQueue | Missing;
  /** One for each of `spec.reviewers`, in their order. */
  readonly reviewers: readonly (LiveReviewer | Missing | Ambiguous | Unfit)[];
  /** The reviewer whom `select.reviewer` names; undefined for `none`, `any` and when left out. */
  readonly selectedReviewer?: LiveReviewer | Missing | Ambiguous | Unfit;
  /** All reviewers of the folder by id: names for the lines. */
  readonly names: ReadonlyMap<number, string>;
  /** What the selection matches, and maybe more: the definition matches each again. */
  readonly items: readonly LiveReviewItem[];
  /** What hangs on items, by the item's id. Left out: no comment is wanted. */
  readonly comments?: ReadonlyMap<number, readonly LiveComment[]>;
  /** How the items were found. */
  readonly read?: {
    readonly rows: number;
    readonly calls: number;
    /** Fields of `select` that the server was not asked for. */
    readonly matchedHere: readonly string[];
  };
}
