import type { OrchestratorClient } from "../http/client.ts";
import { isQueryRefused } from "../http/errors.ts";
import { eq, int, isIn, or, type Filter } from "../odata/filter.ts";
import { queryString, runs } from "../odata/query.ts";
import type { Pager } from "./pages.ts";
import { widest } from "./queue-query.ts";
import { number, rowsOf, text, type Row } from "./row.ts";

const path = "/odata/QueueItemComments";
/** Of a list of comments; they are under no quota of their own. */
const pageSize = 1000;

/** Ids that one look can name: with the last row, an `in` of 91 values is 100 nodes. */
export const commentedPerLook = 91;

/** A comment that hangs on a queue item. */
export interface QueueItemComment {
  readonly id: number;
  readonly itemId: number;
  readonly text: string;
  readonly userName: string | null;
  /** ISO 8601. */
  readonly creationTime: string | null;
}

/** Reads what people and robots wrote on queue items. */
export class CommentReader {
  readonly #client: OrchestratorClient;
  readonly #pager: Pager;
  /** `in` is not proven for old versions; what is refused once is not asked for again. */
  #way: "in" | "or" = "in";

  constructor(client: OrchestratorClient, pager: Pager) {
    this.#client = client;
    this.#pager = pager;
  }

  /** Comments on these very items, not on their earlier attempts. */
  async of(folder: number, ids: readonly number[], signal: AbortSignal): Promise<readonly QueueItemComment[]> {
    const way = this.#way;
    try {
      const found: QueueItemComment[] = [];
      for (const chunk of runs(ids, (values) => widest(this.#filter(values)))) {
        const listing = {
          path,
          folder,
          filter: this.#filter(chunk),
          size: pageSize,
          counted: "first",
          signal,
        } as const;
        found.push(...(await this.#pager.all(listing)).map(toComment));
      }
      const wanted = new Set(ids);
      return found.filter(({ itemId }) => wanted.has(itemId)); // a server that ignores the filter answers with all
    } catch (error) {
      if (!isQueryRefused(error) || way === "or") throw error;
      this.#way = "or";
      return this.of(folder, ids, signal);
    }
  }

  /** All comments of an item and of the attempts before it, the newest first (Transactions requests, 2023.4). */
  async history(folder: number, id: number, signal: AbortSignal): Promise<readonly QueueItemComment[]> {
    const call = `${path}/UiPath.Server.Configuration.OData.GetQueueItemCommentsHistory(queueItemId=${id})`;
    const query = queryString({ orderBy: "CreationTime desc" });
    return rowsOf(await this.#client.get(call, { query, folder, signal })).map(toComment);
  }

  /** Comments by the item's id. */
  async hanging(
    folder: number,
    ids: readonly number[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<number, readonly QueueItemComment[]>> {
    const comments = ids.length === 0 ? [] : await this.of(folder, ids, signal);
    return Map.groupBy(comments, ({ itemId }) => itemId);
  }

  #filter(ids: readonly number[]): Filter {
    return this.#way === "in" ? isIn("QueueItemId", ids.map(int)) : or(...ids.map((id) => eq("QueueItemId", int(id))));
  }
}

function toComment(row: Row): QueueItemComment {
  return {
    id: row.Id,
    itemId: number(row, "QueueItemId") ?? 0,
    text: text(row, "Text") ?? "",
    userName: text(row, "UserName"),
    creationTime: text(row, "CreationTime"),
  };
}
