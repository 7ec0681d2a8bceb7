import { fold, sameName } from "../../core/fold.ts";
import { isRecord } from "../../core/json.ts";
import type { PlanFolder, Price } from "../../core/plan.ts";
import type { LiveJob, LiveRun } from "../../kinds/job/live.ts";
import { attemptKey, attemptOf, isRunOf } from "../../kinds/job/run-key.ts";
import { isFinal, openStates } from "../../kinds/job/run-state.ts";
import type { JobState } from "../../kinds/job/spec.ts";
import type { OrchestratorClient } from "../http/client.ts";
import { isNotFound, isQueryRefused } from "../http/errors.ts";
import { batchKey } from "../jobs/batch-key.ts";
import { and, date, eq, gt, guid, int, isIn, or, str, type Filter } from "../odata/filter.ts";
import { queryString, runs } from "../odata/query.ts";
import type { Pager } from "./pages.ts";
import { widest } from "./queue-query.ts";
import { isRow, number, optionalText, rowsOf, text, type Row } from "./row.ts";

const path = "/odata/Jobs";
const pageSize = 1000;
const newestSize = 100;
/** Attempts looked for at once: nearly always the first has no job, or the second has none. */
const attemptsAtOnce = 3;
/** More jobs than this are read by one list call rather than one by one. */
const oneByOne = 10;
/** Ids that one look can name: with the last row, an `in` of 91 values is 100 nodes. */
const idsPerLook = 91;

/** What is known of a filter that no source runs: it is trusted after it has found a job that was known before. */
type Trust = "unproven" | "trusted" | "useless";

/** What a probe has found out, as far as somebody has asked. */
function trustIn(probed: boolean | undefined): Trust {
  return probed === undefined ? "unproven" : probed ? "trusted" : "useless";
}

/** What reading jobs by their ids costs. */
export function priceOfIds(count: number): Price {
  const lists = count > oneByOne ? Math.ceil(count / idsPerLook) : 0;
  return { calls: lists === 0 ? count : lists, listCalls: lists };
}

/** Reads jobs. Rows are always matched again: a server that ignores a filter answers with all of them. */
export class JobReader {
  readonly #client: OrchestratorClient;
  readonly #pager: Pager;
  /** Whether a filter by `BatchExecutionKey` was seen to work in this run; no source runs it. */
  #keySeen: Trust | undefined;
  /** The same of a filter by `Reference`, which is asked where that one is useless. */
  #referenceSeen: Trust | undefined;
  readonly #newest = new Map<string, readonly LiveJob[]>();
  /** Set when a start came back without its run key: no run can be told from another here. */
  dropsRunKeys = false;

  constructor(client: OrchestratorClient, pager: Pager) {
    this.#client = client;
    this.#pager = pager;
  }

  get #keyFilter(): Trust {
    return this.#keySeen ?? trustIn(this.#client.capabilities.filters.jobBatchKey);
  }

  get #referenceFilter(): Trust {
    return this.#referenceSeen ?? trustIn(this.#client.capabilities.filters.jobReference);
  }

  /** The runs under a run key, `K`, `K#2` …; earlier ones may be purged while later ones are still there. */
  async attempts(folder: PlanFolder, process: string, runKey: string, signal: AbortSignal): Promise<LiveRun[]> {
    const found: LiveRun[] = [];
    for (let first = 1; ; first += attemptsAtOnce) {
      const keys = Array.from({ length: attemptsAtOnce }, (_, index) => attemptKey(runKey, first + index));
      const runsByKey = await this.byRunKeys(folder, process, keys, signal);
      for (const key of keys) {
        const jobs = runsByKey.get(key) ?? [];
        if (jobs.length > 0) found.push({ runKey: key, jobs });
      }
      if (found.length === 0) return this.#laterAttempts(folder, process, runKey, signal);
      if (found.at(-1)?.runKey !== keys.at(-1)) return found;
    }
  }

  /** Retention may have purged all first attempts: one page tells of later ones, and reasons need that page anyway. */
  async #laterAttempts(folder: PlanFolder, process: string, runKey: string, signal: AbortSignal): Promise<LiveRun[]> {
    const page = await this.#newestKnown(folder, process, signal);
    const runsByKey = Map.groupBy(
      page.filter(({ reference }) => reference?.startsWith(`${runKey}#`) ?? false),
      ({ reference }) => reference ?? "",
    );
    return [...runsByKey]
      .map(([key, jobs]) => ({ runKey: key, jobs: jobs.toSorted((a, b) => a.id - b.id) }))
      .toSorted((a, b) => attemptOf(a.runKey) - attemptOf(b.runKey));
  }

  /** The jobs of one run, by Id. */
  async byRunKey(
    folder: PlanFolder,
    process: string,
    runKey: string,
    signal: AbortSignal,
  ): Promise<readonly LiveJob[]> {
    return (await this.byRunKeys(folder, process, [runKey], signal)).get(runKey) ?? [];
  }

  /** The jobs under each run key; an empty list is proof that there is none that the server still has. */
  async byRunKeys(
    folder: PlanFolder,
    process: string,
    runKeys: readonly string[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, readonly LiveJob[]>> {
    const looked = await this.#byBatchKeys(folder, runKeys, signal);
    if (looked !== undefined && looked.length > 0) return group(folder, runKeys, looked);
    const newest = looked === undefined ? undefined : await this.#newestWhereAbsent(folder, process, signal);
    // A run that has our reference and another batch key is the same run: it was started before the folder's key
    // changed, or by somebody who knew the reference. One page shows it, and reasons need that page anyway.
    if (newest !== undefined) return group(folder, runKeys, newest);
    const referenced = await this.#byReferences(folder, process, runKeys, signal);
    return group(folder, runKeys, referenced ?? (await this.#ofProcess(folder, process, signal)));
  }

  /**
   * Worth two calls only where the process has more jobs than a page. Undefined when the server was not seen to filter
   * by `Reference`.
   */
  async #byReferences(
    folder: PlanFolder,
    process: string,
    runKeys: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly LiveJob[] | undefined> {
    const newest = await this.#newestKnown(folder, process, signal);
    if (newest.length < newestSize || !(await this.#trustsReferences(folder, newest, signal))) return undefined;
    const wanted = new Set(runKeys);
    const found = await this.#filtered(folder, or(...runKeys.map(byReference)), signal);
    return [...new Map([...newest, ...found].map((job) => [job.id, job])).values()].filter(
      (job) => job.reference !== null && wanted.has(job.reference),
    );
  }

  async #trustsReferences(folder: PlanFolder, newest: readonly LiveJob[], signal: AbortSignal): Promise<boolean> {
    const trust = this.#referenceFilter;
    const reference = newest.find((job) => job.reference !== null && job.reference !== "")?.reference;
    if (trust !== "unproven" || reference === undefined || reference === null) return trust === "trusted";
    try {
      const known = newest.filter((job) => job.reference === reference);
      const found = await this.#filtered(folder, byReference(reference), signal);
      const works =
        known.every(({ id }) => found.some((job) => job.id === id)) &&
        found.every((job) => sameName(job.reference ?? "", reference));
      this.#referenceSeen = works ? "trusted" : "useless";
      return works;
    } catch (error) {
      if (!isQueryRefused(error)) throw error;
      this.#referenceSeen = "useless";
      return false;
    }
  }

  /** Undefined when the server does not filter by the key. */
  async #byBatchKeys(
    folder: PlanFolder,
    runKeys: readonly string[],
    signal: AbortSignal,
  ): Promise<LiveJob[] | undefined> {
    if (this.#keyFilter === "useless") return undefined;
    const keys = new Set(runKeys.map((runKey) => batchKey(folder.key, runKey)));
    const filter = or(...[...keys].map(byBatchKey));
    const jobs: LiveJob[] = [];
    try {
      const listing = { path, folder: folder.id, filter, size: pageSize, counted: "each", signal } as const;
      for await (const { rows } of this.#pager.pages(listing)) {
        const page = rows.map(toJob);
        if (!page.every((job) => keys.has(fold(job.batchExecutionKey ?? "")))) return this.#keyIsUseless();
        jobs.push(...page);
      }
    } catch (error) {
      if (!isQueryRefused(error)) throw error;
      return this.#keyIsUseless();
    }
    if (jobs.length > 0) this.#keySeen = "trusted";
    return jobs;
  }

  #keyIsUseless(): undefined {
    this.#keySeen = "useless";
  }

  /**
   * The newest page, read after an empty answer by batch key, where that answer proves absence: the filter was seen to
   * find a job by its own key, or the process has no job at all. Undefined where nothing is proven. The page that the
   * filter is tried with is the page that is given: what it shows is later than the empty answer in any case.
   */
  async #newestWhereAbsent(
    folder: PlanFolder,
    process: string,
    signal: AbortSignal,
  ): Promise<readonly LiveJob[] | undefined> {
    const newest = await this.newest(folder, process, signal);
    if (this.#keyFilter === "trusted" || newest.length === 0) return newest;
    const probe = newest.find((job) => job.batchExecutionKey !== null);
    if (probe === undefined) return undefined;
    const key = probe.batchExecutionKey ?? "";
    const found = await this.#filtered(folder, byBatchKey(key), signal);
    const works =
      found.some((job) => job.id === probe.id) && found.every((job) => sameName(job.batchExecutionKey ?? "", key));
    this.#keySeen = works ? "trusted" : "useless";
    return works ? newest : undefined;
  }

  /** One page of the process's jobs, the newest first. */
  async newest(folder: PlanFolder, process: string, signal: AbortSignal): Promise<readonly LiveJob[]> {
    const filter = eq("ReleaseName", str(process));
    const query = queryString({ filter, orderBy: "Id desc", top: newestSize });
    const rows = rowsOf(await this.#client.get(path, { query, folder: folder.id, signal }));
    const jobs = rows.map(toJob).filter((job) => sameName(job.releaseName ?? "", process));
    this.#newest.set(placeOf(folder, process), jobs);
    return jobs;
  }

  async #newestKnown(folder: PlanFolder, process: string, signal: AbortSignal): Promise<readonly LiveJob[]> {
    return this.#newest.get(placeOf(folder, process)) ?? (await this.newest(folder, process, signal));
  }

  /** The newest job of any run of a resource, as far as one page shows: for reasons only. */
  async lastRun(folder: PlanFolder, process: string, name: string, signal: AbortSignal): Promise<LiveJob | undefined> {
    const page = await this.#newestKnown(folder, process, signal);
    return page.find((job) => isRunOf(name, job.reference));
  }

  /** Ids of the newest jobs that are of the same run as this one. */
  async besides(folder: PlanFolder, process: string, { reference }: LiveJob, signal: AbortSignal): Promise<number[]> {
    const page = await this.#newestKnown(folder, process, signal);
    const own = page.filter((job) => job.reference !== null && job.reference === reference);
    return own.map(({ id }) => id).toSorted((a, b) => a - b);
  }

  /** Jobs that a filter of the caller selects. */
  async select(folder: PlanFolder, filter: Filter, signal: AbortSignal): Promise<LiveJob[]> {
    return this.#filtered(folder, filter, signal);
  }

  /** Jobs of a process that are not over. */
  async openOf(folder: PlanFolder, process: string, signal: AbortSignal): Promise<LiveJob[]> {
    const states = openStates.map((state) => eq("State", str(state)));
    const jobs = await this.#filtered(folder, and(eq("ReleaseName", str(process)), or(...states)), signal);
    return jobs.filter(({ state, releaseName }) => !isFinal(state) && sameName(releaseName ?? "", process));
  }

  /** Jobs that have not ended, and those made since, counted by process and state: one list call, or a few. */
  async states(
    folder: PlanFolder,
    since: Date,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, Readonly<Record<string, number>>>> {
    const filter = or(...openStates.map((state) => eq("State", str(state))), gt("CreationTime", date(since)));
    const counts = new Map<string, Record<string, number>>();
    const listing = { path, folder: folder.id, filter, size: pageSize, counted: "first", signal } as const;
    for await (const { rows } of this.#pager.pages(listing)) {
      for (const { state, releaseName } of rows.map(toJob)) {
        const ofProcess = counts.get(releaseName ?? "") ?? {};
        counts.set(releaseName ?? "", ofProcess);
        ofProcess[state] = (ofProcess[state] ?? 0) + 1;
      }
    }
    return counts;
  }

  async byIds(folder: PlanFolder, ids: readonly number[], signal: AbortSignal): Promise<LiveJob[]> {
    if (ids.length > oneByOne) {
      const found: LiveJob[] = [];
      try {
        for (const chunk of runs(ids, (values) => widest(isIn("Id", values.map(int))))) {
          found.push(...(await this.#filtered(folder, isIn("Id", chunk.map(int)), signal, chunk.length)));
        }
        return found;
      } catch (error) {
        if (!isQueryRefused(error)) throw error;
      }
    }
    const jobs: LiveJob[] = [];
    for (const id of ids) {
      const job = await this.byId(folder.id, id, signal);
      if (job !== undefined) jobs.push(job);
    }
    return jobs;
  }

  /** Not a list call: what waits polls with this (rate limits, API guide). Undefined when the job is gone. */
  async byId(folder: number, id: number, signal: AbortSignal): Promise<LiveJob | undefined> {
    try {
      const body = await this.#client.get(`${path}(${id})`, { folder, signal });
      return isRow(body) ? toJob(body) : undefined;
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  async #ofProcess(folder: PlanFolder, process: string, signal: AbortSignal): Promise<LiveJob[]> {
    return this.#filtered(folder, eq("ReleaseName", str(process)), signal);
  }

  async #filtered(folder: PlanFolder, filter: Filter, signal: AbortSignal, atMost?: number): Promise<LiveJob[]> {
    const listing = { path, folder: folder.id, filter, size: pageSize, counted: "first", signal } as const;
    return (await this.#pager.all(atMost === undefined ? listing : { ...listing, atMost })).map(toJob);
  }
}

/** A row of `Jobs` as the kinds know it. Lists of newer servers leave the arguments out: null there says nothing. */
export function toJob(row: Row): LiveJob {
  return {
    id: row.Id,
    key: text(row, "Key") ?? "",
    state: (text(row, "State") ?? "Pending") as JobState,
    reference: text(row, "Reference"),
    batchExecutionKey: text(row, "BatchExecutionKey"),
    releaseName: text(row, "ReleaseName"),
    ...optionalText(row, "InputArguments", "inputArguments"),
    ...optionalText(row, "OutputArguments", "outputArguments"),
    info: text(row, "Info"),
    ...errorOf(row),
    ...versionOf(row),
    creationTime: text(row, "CreationTime") ?? "",
    startTime: text(row, "StartTime"),
    endTime: text(row, "EndTime"),
  };
}

/** `JobError` says more than `ErrorCode`; older servers have neither (OpenAPI 20.0). */
function errorOf(row: Row): Pick<LiveJob, "error"> {
  const error = row["JobError"];
  const parts = isRecord(error) ? ["code", "title", "detail"].map((name) => text(lowered(error), name)) : [];
  const said = [...new Set(parts)].filter((part) => part !== null && part !== "");
  const found = said.length > 0 ? said.join(": ") : text(row, "ErrorCode");
  return found === null || found === "" ? {} : { error: found };
}

/** The document spells the members in lower case, and documents have been wrong about that before. */
function lowered(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name.toLowerCase(), value]));
}

function versionOf(row: Row): Pick<LiveJob, "releaseVersionId"> {
  const id = number(row, "ReleaseVersionId");
  return id === null ? {} : { releaseVersionId: id };
}

/** Rows under each key: by the batch key, or by the reference where a server kept only that. */
function group(
  folder: PlanFolder,
  runKeys: readonly string[],
  jobs: readonly LiveJob[],
): ReadonlyMap<string, readonly LiveJob[]> {
  return new Map(
    runKeys.map((runKey) => {
      const key = batchKey(folder.key, runKey);
      const own = jobs.filter((job) => fold(job.batchExecutionKey ?? "") === key || job.reference === runKey);
      return [runKey, own.toSorted((a, b) => a.id - b.id)];
    }),
  );
}

function byReference(runKey: string): Filter {
  return eq("Reference", str(runKey));
}

function byBatchKey(key: string): Filter {
  return eq("BatchExecutionKey", guid(key));
}

function placeOf(folder: PlanFolder, process: string): string {
  return JSON.stringify([folder.id, fold(process)]);
}
