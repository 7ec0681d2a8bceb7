import { fold } from "../../core/fold.ts";
import type { QueueRead } from "../../core/reads.ts";
import type { ResourceKey } from "../../core/resource.ts";
import type { ProbedFilters } from "../../kinds/capabilities.ts";
import type { LiveReviewItem } from "../../kinds/review/live.ts";
import type { ReviewSpec } from "../../kinds/review/spec.ts";
import type { OrchestratorClient } from "../http/client.ts";
import { isQueryRefused } from "../http/errors.ts";
import { and, eq, int, isIn, or, startsWith, str, type Filter } from "../odata/filter.ts";
import { runs } from "../odata/query.ts";
import type { Pager } from "./pages.ts";
import { commonPrefix } from "./prefixes.ts";
import { toReviewItem } from "./queue-item-row.ts";
import { itemsPath, widest, type QueuePlace } from "./queue-query.ts";
import { wantedReferences } from "./references.ts";
import { ReadLog } from "./read-log.ts";
import type { Row } from "./row.ts";

type Select = ReviewSpec["select"];

/** What a review wants to see of its queue. */
export interface ReviewWish {
  readonly by: ResourceKey;
  /** As people know it. */
  readonly queue: string;
  readonly select: Select;
}

/** Rows that a review may be about, and what they cost. */
export interface ReviewRows {
  readonly items: readonly LiveReviewItem[];
  readonly rows: number;
  readonly calls: number;
  /** Fields of the selection that the server was not asked for: its answer is matched again anyway. */
  readonly matchedHere: readonly string[];
}

/** How a selection is put to the server: one list for each query, and the fields that none of them narrows by. */
interface Asked {
  readonly queries: readonly Filter[];
  readonly matchedHere: readonly string[];
}

/**
 * Finds failed and abandoned items of a queue. Sent is what every version filters by and strict mode leaves open:
 * status, review status, ids, references and what they begin with (API guide), and the exception's type. A server that
 * refuses the narrow query is asked with the two statuses alone, then and for the rest of the run.
 */
export class ReviewItemReader {
  readonly #client: OrchestratorClient;
  readonly #pager: Pager;
  readonly #reads: QueueRead[] = [];
  #narrow = true;

  constructor(client: OrchestratorClient, pager: Pager) {
    this.#client = client;
    this.#pager = pager;
  }

  async read(place: QueuePlace, wish: ReviewWish, signal: AbortSignal): Promise<ReviewRows> {
    const log = new ReadLog();
    const { queue, by, select } = wish;
    const asked = await this.#rows(place, select, log, signal);
    const { matchedHere } = asked;
    const calls = log.lines.reduce((sum, line) => sum + line.calls, 0);
    this.#reads.push({ queue, folder: by.folder, wantedBy: [by], references: 0, lines: log.lines, matchedHere });
    return { items: asked.rows.map(toReviewItem), rows: asked.rows.length, calls, matchedHere };
  }

  /** The reads made so far, with their prices. */
  reads(): readonly QueueRead[] {
    return this.#reads;
  }

  async #rows(
    place: QueuePlace,
    select: Select,
    log: ReadLog,
    signal: AbortSignal,
  ): Promise<{ readonly rows: readonly Row[]; readonly matchedHere: readonly string[] }> {
    const wide = widely(place, select);
    const { queries, matchedHere } =
      this.#narrow && isTaken(select, this.#client.capabilities.filters) ? narrowly(place, select) : wide;
    const rows = new Map<number, Row>();
    try {
      for (const filter of queries) await this.#list(place, filter, select, { rows, log, signal });
      return { rows: [...rows.values()], matchedHere };
    } catch (error) {
      const isWide = matchedHere.length === wide.matchedHere.length;
      if (isWide || !isQueryRefused(error)) throw error;
      this.#narrow = false;
      return this.#rows(place, select, log, signal);
    }
  }

  async #list(
    place: QueuePlace,
    filter: Filter,
    select: Select,
    { rows, log, signal }: { readonly rows: Map<number, Row>; readonly log: ReadLog; readonly signal: AbortSignal },
  ): Promise<void> {
    const running = log.begin("review", `${filter.text} and Id gt …`);
    const listing = {
      path: itemsPath,
      folder: place.folder,
      filter,
      size: this.#client.capabilities.queueItemsPage,
      counted: "first",
      onCall: () => running.call(),
      signal,
      ...(select.robot === undefined ? {} : { expand: "Robot" }),
    } as const;
    try {
      for await (const page of this.#pager.pages(listing)) {
        running.got(page.rows.length);
        for (const row of page.rows) rows.set(row.Id, row);
      }
    } catch (error) {
      if (isQueryRefused(error)) running.refuse();
      throw error;
    }
  }
}

/** False where the server is known not to take the filter that a narrow query has. */
function isTaken(
  { ids, references, referencePrefix }: Select,
  { referenceIn, startsWith: prefix }: ProbedFilters,
): boolean {
  if (ids !== undefined) return true;
  return references === undefined ? referencePrefix === undefined || prefix !== false : referenceIn !== false;
}

/** The two statuses, which no mode of any version closes. */
function statuses({ queue }: QueuePlace, { status, reviewStatus }: Select): readonly Filter[] {
  return [
    eq("QueueDefinitionId", int(queue)),
    or(...status.map((each) => eq("Status", str(each)))),
    or(...reviewStatus.map((each) => eq("ReviewStatus", str(each)))),
  ];
}

function widely(place: QueuePlace, select: Select): Asked {
  return { queries: [and(...statuses(place, select))], matchedHere: fieldsOf(select) };
}

/** The same, and whatever else can be asked for: of ids, references and prefix the first that is given. */
function narrowly(place: QueuePlace, select: Select): Asked {
  const { exceptionType, ids, references, referencePrefix } = select;
  const type = exceptionType === undefined ? [] : [eq("ProcessingExceptionType", str(exceptionType))];
  const all = (...filters: readonly Filter[]): Filter => and(...statuses(place, select), ...type, ...filters);
  const each = <T>(values: readonly T[], filter: (values: readonly T[]) => Filter): readonly Filter[] =>
    runs(values, (some) => widest(all(filter(some)))).map((some) => all(filter(some)));
  const without = (...sent: readonly string[]): readonly string[] =>
    fieldsOf(select).filter((field) => field !== "exceptionType" && !sent.includes(field));
  if (ids !== undefined) {
    return { queries: each(ids, (some) => isIn("Id", some.map(int))), matchedHere: without("ids") };
  }
  if (references !== undefined) {
    const once = [...wantedReferences([references])];
    return { queries: each(once, (some) => isIn("Reference", some.map(str))), matchedHere: without("references") };
  }
  const prefix = referencePrefix === undefined ? "" : commonPrefix([referencePrefix]);
  if (prefix === "") return { queries: [all()], matchedHere: without() };
  // Where only a part of the prefix is safe to ask for, the rest of it is matched here.
  const isWhole = fold(prefix) === fold(referencePrefix ?? "");
  const query = all(startsWith("Reference", str(prefix)));
  return { queries: [query], matchedHere: without(...(isWhole ? ["referencePrefix"] : [])) };
}

/** Fields besides the two statuses, in the manifest's words. */
function fieldsOf({ status: _status, reviewStatus: _reviewStatus, ...rest }: Select): readonly string[] {
  return Object.keys(rest);
}
