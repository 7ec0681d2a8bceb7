import { fold, hasPrefix, sameName } from "../../core/fold.ts";
import { ApiError } from "../../core/errors.ts";
import { isRecord } from "../../core/json.ts";
import type { PlanFolder } from "../../core/plan.ts";
import type { OrchestratorClient } from "../http/client.ts";
import { isQueryRefused } from "../http/errors.ts";
import { and, eq, guid, int, isIn, startsWith, str, type Filter } from "../odata/filter.ts";
import { queryString } from "../odata/query.ts";
import { commonPrefix } from "../read/prefixes.ts";
import { itemsPath, type QueuePlace } from "../read/queue-query.ts";
import { rowsOf, text, type Row } from "../read/row.ts";

/** What was found out, and how. Without an answer: why not. */
export interface Found<Answer> {
  readonly answer?: Answer;
  readonly text: string;
}

/** A row that is known to be there, and the value that a filter must find it by. */
export interface Witness {
  readonly id: number;
  readonly value: string;
}

/** Nothing that anybody has; as a GUID, too. */
const nobodys = "00000000-0000-4000-8000-0d0c70200000";

const jobsPath = "/odata/Jobs";

/** The newest item of a queue that has a reference, as far as one page shows. */
export async function itemWitness(
  client: OrchestratorClient,
  place: QueuePlace,
  signal: AbortSignal,
): Promise<Witness | undefined> {
  const query = queryString({ filter: ofQueue(place), orderBy: "Id desc", top: 100 });
  const rows = rowsOf(await client.get(itemsPath, { query, folder: place.folder, signal }));
  return witnessOf(rows, "Reference");
}

/** The same of the folder's jobs, by two columns. */
export async function jobWitnesses(
  client: OrchestratorClient,
  folder: PlanFolder,
  signal: AbortSignal,
): Promise<{ readonly reference: Witness | undefined; readonly batchKey: Witness | undefined }> {
  const query = queryString({ orderBy: "Id desc", top: 100 });
  const rows = rowsOf(await client.get(jobsPath, { query, folder: folder.id, signal }));
  return { reference: witnessOf(rows, "Reference"), batchKey: witnessOf(rows, "BatchExecutionKey", isGuid) };
}

function isGuid(value: string): boolean {
  return /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value);
}

function witnessOf(
  rows: readonly Row[],
  column: string,
  isFit: (value: string) => boolean = (value) => value !== "",
): Witness | undefined {
  const row = rows.find((one) => isFit(text(one, column) ?? ""));
  return row && { id: row.Id, value: text(row, column) ?? "" };
}

/** Asks for the witness among references that nobody has, then for those alone. */
export function probeReferenceIn(
  client: OrchestratorClient,
  place: QueuePlace,
  { id, value }: Witness,
  signal: AbortSignal,
): Promise<Found<boolean>> {
  const among = (...references: readonly string[]): Filter =>
    and(ofQueue(place), isIn("Reference", references.map(str)));
  return prove(client, {
    path: itemsPath,
    folder: place.folder,
    id,
    finds: among(value, nobodys),
    misses: among(nobodys, `${nobodys}-`),
    isRight: (row) => sameName(text(row, "Reference") ?? "", value),
    signal,
  });
}

export async function probeStartsWith(
  client: OrchestratorClient,
  place: QueuePlace,
  { id, value }: Witness,
  signal: AbortSignal,
): Promise<Found<boolean>> {
  const prefix = commonPrefix([value]);
  if (fold(prefix) === "") return { text: "the newest reference begins with a letter that is not safe to ask for" };
  const under = (start: string): Filter => and(ofQueue(place), startsWith("Reference", str(start)));
  return prove(client, {
    path: itemsPath,
    folder: place.folder,
    id,
    finds: under(prefix),
    misses: under(nobodys),
    isRight: (row) => hasPrefix(text(row, "Reference") ?? "", prefix),
    signal,
  });
}

/** Whether jobs can be filtered by one of the two columns that say which run they are of. */
export function probeJobs(
  client: OrchestratorClient,
  folder: PlanFolder,
  column: "Reference" | "BatchExecutionKey",
  { id, value }: Witness,
  signal: AbortSignal,
): Promise<Found<boolean>> {
  const by = (wanted: string): Filter => eq(column, column === "Reference" ? str(wanted) : guid(wanted));
  return prove(client, {
    path: jobsPath,
    folder: folder.id,
    id,
    finds: by(value),
    misses: by(nobodys),
    isRight: (row) => sameName(text(row, column) ?? "", value),
    signal,
  });
}

/** No version gives more rows at once (OpenAPI 15.0 to 20.0). */
const most = 1000;

/** How many items one list gives, where more than the limit that is documented are asked for. */
export async function probePage(
  client: OrchestratorClient,
  place: QueuePlace,
  signal: AbortSignal,
): Promise<Found<number>> {
  const limit = client.capabilities.queueItemsPage;
  const top = limit < most ? most : limit + 1;
  const query = queryString({ filter: ofQueue(place), orderBy: "Id desc", top, count: true });
  try {
    const body = await client.get(itemsPath, { query, folder: place.folder, signal });
    const { length } = rowsOf(body);
    const count = isRecord(body) ? body["@odata.count"] : undefined;
    const isCut = typeof count === "number" && count > length && length < top;
    if (isCut) return { answer: Math.min(length, most), text: `cut at ${length}` };
    if (length > limit) return { answer: most, text: `${length} came at once` };
    return { text: `accepted, but the queue has too few items to show more than ${limit}` };
  } catch (error) {
    if (!isRefused(error)) throw error;
    return { answer: limit, text: `refused (${status(error)})` };
  }
}

interface Proof {
  readonly path: string;
  readonly folder: number;
  /** The row that must be found. */
  readonly id: number;
  readonly finds: Filter;
  readonly misses: Filter;
  readonly isRight: (row: Row) => boolean;
  readonly signal: AbortSignal;
}

/** A filter is proven when it finds what is there, nothing else, and nothing where there is nothing. */
async function prove(
  client: OrchestratorClient,
  { path, folder, id, finds, misses, isRight, signal }: Proof,
): Promise<Found<boolean>> {
  const ask = async (filter: Filter): Promise<readonly Row[]> => {
    const query = queryString({ filter, orderBy: "Id desc", top: 100 });
    return rowsOf(await client.get(path, { query, folder, signal }));
  };
  try {
    const found = await ask(finds);
    if (!found.every(isRight) || (await ask(misses)).length > 0) return { answer: false, text: "accepted and ignored" };
    if (!found.some((row) => row.Id === id))
      return { answer: false, text: "accepted, but it does not find what is there" };
    return { answer: true, text: "it finds what is there, and nothing else" };
  } catch (error) {
    if (!isRefused(error)) throw error;
    return { answer: false, text: `refused (${status(error)})` };
  }
}

/** Whatever the server calls it: a list beyond its limit is 1009 (field report), others are 1000. */
function isRefused(error: unknown): boolean {
  return isQueryRefused(error) || (error instanceof ApiError && error.fault.status === 400);
}

function status(error: unknown): string {
  return error instanceof ApiError && error.fault.status !== undefined
    ? `HTTP ${error.fault.status}`
    : "without a word";
}

function ofQueue({ queue }: QueuePlace): Filter {
  return eq("QueueDefinitionId", int(queue));
}
