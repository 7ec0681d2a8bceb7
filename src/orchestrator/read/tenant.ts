import type { MakeSpool } from "../../core/list.ts";
import type { PlanFolder, Price } from "../../core/plan.ts";
import type { ItemEvent, ListedItem } from "../../core/listing.ts";
import type { Reads } from "../../core/reads.ts";
import type { QueueStatus } from "../../core/tenant-status.ts";
import { assumedVersion, type Capabilities } from "../../kinds/capabilities.ts";
import type { LiveEntryPoint, LivePlace, LiveProcess, LiveRobot } from "../../kinds/job/live.ts";
import { isMissing, type Ambiguous, type Missing } from "../../kinds/live.ts";
import type { LiveQueue } from "../../kinds/queue-items/live.ts";
import type { LiveReviewer, Unfit } from "../../kinds/review/live.ts";
import type { OrchestratorClient } from "../http/client.ts";
import { CommentReader } from "./comments.ts";
import { readEntryPoint } from "./entry-points.ts";
import { readFolders } from "./folders.ts";
import { JobReader } from "./jobs.ts";
import { readItemEvents } from "./item-events.ts";
import { listItems, readLastRetry, readListedItem } from "./listed-items.ts";
import { listJobs, readListedJob } from "./listed-jobs.ts";
import { byName, miss, Once } from "./names.ts";
import { Pager } from "./pages.ts";
import { readPermissions } from "./permissions.ts";
import { QueueItemReader } from "./queue-items.ts";
import { readQueueStatus } from "./queue-status.ts";
import { readQueues, type QueueRow } from "./queues.ts";
import { readProcesses, readVersion } from "./processes.ts";
import { findReviewer, readReviewers, type ReviewerRow } from "./reviewers.ts";
import { ReviewItemReader } from "./review-items.ts";
import { findRobot, readMachines, readRobots } from "./robots.ts";

/** Every name of the tenant, looked up once a run; and the readers of rows that gateways share. */
export interface TenantReader {
  readonly client: OrchestratorClient;
  readonly items: QueueItemReader;
  readonly jobs: JobReader;
  readonly reviews: ReviewItemReader;
  readonly comments: CommentReader;
  apiVersion(signal: AbortSignal): Promise<number>;
  /** What this server's version can do, as far as it has said which one it is. */
  readonly capabilities: Capabilities;
  /** How queues were read and what else it would have cost; every call by its path. */
  reads(): Reads;
  folder(path: string, signal: AbortSignal): Promise<PlanFolder | Missing>;
  /** Every folder that the account sees. */
  folders(signal: AbortSignal): Promise<readonly PlanFolder[]>;
  /** Every queue of the folder. */
  queues(folder: PlanFolder, signal: AbortSignal): Promise<readonly LiveQueue[]>;
  queue(folder: PlanFolder, name: string, signal: AbortSignal): Promise<LiveQueue | Missing>;
  /** What the folder's queues are doing now, or the one of that name. */
  queueStatus(folder: PlanFolder, name: string | undefined, signal: AbortSignal): Promise<readonly QueueStatus[]>;
  /** The newest rows that a filter takes. */
  listItems: BoundTo<typeof listItems>;
  listJobs: BoundTo<typeof listJobs>;
  /** One of them by its id; undefined when there is none in the folder. */
  listedItem(folder: PlanFolder, id: number, signal: AbortSignal): Promise<ListedItem | undefined>;
  listedJob: BoundTo<typeof readListedJob>;
  lastRetry: BoundTo<typeof readLastRetry>;
  itemEvents(folder: PlanFolder, id: number, signal: AbortSignal): Promise<readonly ItemEvent[]>;
  process(
    folder: PlanFolder,
    wanted: { readonly name: string } | { readonly key: string },
    signal: AbortSignal,
  ): Promise<LiveProcess | Missing>;
  /** Undefined where the server does not tell. */
  entryPoint(
    folder: PlanFolder,
    process: LiveProcess,
    wanted: string,
    signal: AbortSignal,
  ): Promise<LiveEntryPoint | Missing | undefined>;
  /** The number of a version that a process had once, as far as the server kept it. */
  processVersion(
    folder: PlanFolder,
    process: number,
    version: number,
    signal: AbortSignal,
  ): Promise<string | undefined>;
  /** By the robot's name, else by its account. */
  robot(folder: PlanFolder, name: string, signal: AbortSignal): Promise<LiveRobot | Missing | Ambiguous>;
  /** Machines are the tenant's. */
  machine(name: string, signal: AbortSignal): Promise<NonNullable<LivePlace["machine"]>>;
  reviewer(folder: PlanFolder, name: string, signal: AbortSignal): Promise<LiveReviewer | Missing | Ambiguous | Unfit>;
  /** Whether the account has permissions in a folder; undefined for those that the server does not tell of. */
  permissions(
    folder: PlanFolder,
    names: readonly string[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, boolean | undefined>>;
  /** User names of all who may review in the folder, by id. */
  reviewerNames(folder: PlanFolder, signal: AbortSignal): Promise<ReadonlyMap<number, string>>;
  /** The server's clock: this machine's plus the difference seen in `Date` headers. */
  now(): Date;
  /** Calls made so far. */
  spent(): Price;
}

/** A read without the client that makes it. */
type BoundTo<Read> = Read extends (client: OrchestratorClient, ...rest: infer Rest) => infer Found
  ? (...rest: Rest) => Found
  : never;

export function openTenant(client: OrchestratorClient, makeSpool: MakeSpool): TenantReader {
  return new Tenant(client, makeSpool);
}

class Tenant implements TenantReader {
  readonly client: OrchestratorClient;
  readonly items: QueueItemReader;
  readonly jobs: JobReader;
  readonly reviews: ReviewItemReader;
  readonly comments: CommentReader;
  readonly #pager: Pager;
  readonly #folders = new Once<readonly PlanFolder[]>();
  readonly #queues = new Once<readonly QueueRow[]>();
  readonly #processes = new Once<readonly LiveProcess[]>();
  readonly #robots = new Once<readonly LiveRobot[]>();
  readonly #machines = new Once<readonly { readonly id: number; readonly name: string }[]>();
  readonly #reviewers = new Once<readonly ReviewerRow[]>();

  constructor(client: OrchestratorClient, makeSpool: MakeSpool) {
    this.client = client;
    this.#pager = new Pager(client);
    this.items = new QueueItemReader(client, this.#pager, makeSpool);
    this.jobs = new JobReader(client, this.#pager);
    this.reviews = new ReviewItemReader(client, this.#pager);
    this.comments = new CommentReader(client, this.#pager);
  }

  async apiVersion(signal: AbortSignal): Promise<number> {
    if (this.client.apiVersion === undefined) await this.#allFolders(signal);
    return this.client.apiVersion ?? assumedVersion;
  }

  get capabilities(): Capabilities {
    return this.client.capabilities;
  }

  reads(): Reads {
    return { queues: [...this.items.reads(), ...this.reviews.reads()], calls: this.client.callsByPath() };
  }

  async folder(path: string, signal: AbortSignal): Promise<PlanFolder | Missing> {
    return byName(await this.#allFolders(signal), (folder) => folder.path, path);
  }

  folders(signal: AbortSignal): Promise<readonly PlanFolder[]> {
    return this.#allFolders(signal);
  }

  async queues(folder: PlanFolder, signal: AbortSignal): Promise<readonly LiveQueue[]> {
    return (await this.#allQueues(folder, signal)).map(({ queue }) => queue);
  }

  async queue(folder: PlanFolder, name: string, signal: AbortSignal): Promise<LiveQueue | Missing> {
    const queues = await this.#allQueues(folder, signal);
    const found = byName(queues, (row) => row.queue.name, name);
    if (isMissing(found)) return found;
    const triggerProcess = await this.#triggerProcess(folder, found, signal);
    return triggerProcess === undefined ? found.queue : { ...found.queue, triggerProcess };
  }

  queueStatus(folder: PlanFolder, name: string | undefined, signal: AbortSignal): Promise<readonly QueueStatus[]> {
    return readQueueStatus(this.client, folder, name, signal);
  }

  listItems(...rest: Parameters<TenantReader["listItems"]>): ReturnType<TenantReader["listItems"]> {
    return listItems(this.client, ...rest);
  }

  async listedItem(folder: PlanFolder, id: number, signal: AbortSignal): Promise<ListedItem | undefined> {
    return readListedItem(this.client, { folder, queues: await this.queues(folder, signal) }, id, signal);
  }

  listedJob(...rest: Parameters<TenantReader["listedJob"]>): ReturnType<TenantReader["listedJob"]> {
    return readListedJob(this.client, ...rest);
  }

  lastRetry(...rest: Parameters<TenantReader["lastRetry"]>): ReturnType<TenantReader["lastRetry"]> {
    return readLastRetry(this.client, ...rest);
  }

  itemEvents(folder: PlanFolder, id: number, signal: AbortSignal): Promise<readonly ItemEvent[]> {
    return readItemEvents(this.client, folder.id, id, signal);
  }

  listJobs(...rest: Parameters<TenantReader["listJobs"]>): ReturnType<TenantReader["listJobs"]> {
    return listJobs(this.client, ...rest);
  }

  async process(
    folder: PlanFolder,
    wanted: { readonly name: string } | { readonly key: string },
    signal: AbortSignal,
  ): Promise<LiveProcess | Missing> {
    const processes = await this.#allProcesses(folder, signal);
    if ("name" in wanted) return byName(processes, (process) => process.name, wanted.name);
    const key = wanted.key.toLowerCase();
    return processes.find((process) => process.key.toLowerCase() === key) ?? { missing: wanted.key };
  }

  async entryPoint(
    folder: PlanFolder,
    process: LiveProcess,
    wanted: string,
    signal: AbortSignal,
  ): Promise<LiveEntryPoint | Missing | undefined> {
    return readEntryPoint(this.client, folder.id, process, wanted, signal);
  }

  async processVersion(
    folder: PlanFolder,
    process: number,
    version: number,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    return readVersion(this.client, folder.id, process, version, signal);
  }

  async robot(folder: PlanFolder, name: string, signal: AbortSignal): Promise<LiveRobot | Missing | Ambiguous> {
    const robots = await this.#robots.get(folder.id, async () => readRobots(this.#pager, folder, signal));
    return findRobot(robots, name);
  }

  async machine(name: string, signal: AbortSignal): Promise<NonNullable<LivePlace["machine"]>> {
    const machines = await this.#machines.get("all", async () => readMachines(this.#pager, signal));
    return byName(machines, (machine) => machine.name, name);
  }

  async reviewer(
    folder: PlanFolder,
    name: string,
    signal: AbortSignal,
  ): Promise<LiveReviewer | Missing | Ambiguous | Unfit> {
    const reviewers = await this.#allReviewers(folder, signal);
    return (
      findReviewer(reviewers, name) ??
      miss(
        name,
        reviewers.flatMap(({ names, unfit }) => (unfit === undefined ? names : [])),
      )
    );
  }

  async reviewerNames(folder: PlanFolder, signal: AbortSignal): Promise<ReadonlyMap<number, string>> {
    return new Map((await this.#allReviewers(folder, signal)).map(({ id, userName }) => [id, userName]));
  }

  permissions(...rest: Parameters<TenantReader["permissions"]>): ReturnType<TenantReader["permissions"]> {
    return readPermissions(this.#pager, ...rest);
  }

  now(): Date {
    return this.client.now();
  }

  spent(): Price {
    return this.client.spent();
  }

  async #allFolders(signal: AbortSignal): Promise<readonly PlanFolder[]> {
    return this.#folders.get("all", async () => readFolders(this.#pager, signal));
  }

  async #allQueues(folder: PlanFolder, signal: AbortSignal): Promise<readonly QueueRow[]> {
    return this.#queues.get(folder.id, async () => readQueues(this.#pager, folder.id, signal));
  }

  async #allProcesses(folder: PlanFolder, signal: AbortSignal): Promise<readonly LiveProcess[]> {
    return this.#processes.get(folder.id, async () => readProcesses(this.#pager, folder.id, signal));
  }

  async #allReviewers(folder: PlanFolder, signal: AbortSignal): Promise<readonly ReviewerRow[]> {
    return this.#reviewers.get(folder.id, async () => readReviewers(this.#pager, folder.id, signal));
  }

  /** Only for a note in the plan: an account that may not see processes plans all the same. */
  async #triggerProcess(folder: PlanFolder, row: QueueRow, signal: AbortSignal): Promise<string | undefined> {
    if (row.triggerReleaseId === undefined) return undefined;
    try {
      return (await this.#allProcesses(folder, signal)).find(({ id }) => id === row.triggerReleaseId)?.name;
    } catch (error) {
      if (signal.aborted) throw error;
      return undefined;
    }
  }
}
