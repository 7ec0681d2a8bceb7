import type { OrchestratorClient } from "../http/client.ts";
import { queryString } from "../odata/query.ts";
import { Once } from "./names.ts";
import { number, rowsOf } from "./row.ts";

/** What the statistics of a queue say. Good for prices, never for what is read. */
export interface QueueEstimate {
  /** Rows with another status than Deleted or Abandoned. */
  readonly live: number;
  /** Rows of status New. */
  readonly fresh: number;
}

const path = "/odata/QueueProcessingRecords/UiPathODataSvc.RetrieveQueuesProcessingStatus";

/**
 * Row counts of queues, from their statistics: one call a folder and run, not under the quota of lists. They count
 * items that wait, are being worked on, or have ended with success or an exception; not those that were deleted or
 * abandoned (OpenAPI 16.0, QueueProcessingStatus).
 */
export class EstimateReader {
  readonly #client: OrchestratorClient;
  readonly #folders = new Once<ReadonlyMap<number, QueueEstimate>>();

  constructor(client: OrchestratorClient) {
    this.#client = client;
  }

  /** Undefined where the server does not tell: an account may lack the permission, and a price can do without. */
  async of(folder: number, queue: number, signal: AbortSignal): Promise<QueueEstimate | undefined> {
    try {
      return (await this.#folders.get(folder, async () => this.#read(folder, signal))).get(queue);
    } catch (error) {
      if (signal.aborted) throw error;
      this.#folders.keep(folder, new Map());
      return undefined;
    }
  }

  async #read(folder: number, signal: AbortSignal): Promise<ReadonlyMap<number, QueueEstimate>> {
    const rows = rowsOf(await this.#client.get(path, { query: queryString({ top: 1000 }), folder, signal }));
    const count = (row: (typeof rows)[number], name: string): number => number(row, name) ?? 0;
    return new Map(
      rows.map((row) => {
        const fresh = count(row, "ItemsToProcess");
        const live = fresh + count(row, "ItemsInProgress") + count(row, "TotalNumberOfTransactions");
        return [number(row, "QueueDefinitionId") ?? row.Id, { live, fresh }];
      }),
    );
  }
}
