import type { Retention } from "./store/retention.ts";

/** What differs between versions of Orchestrator, as data: one entry a version. Fields of bodies: `model/lifetimes.ts`. */
export interface Edition {
  /** The header `api-supported-versions`. */
  readonly apiVersions: string;
  /** Whether the path begins with organization and tenant, whatever layout is asked for. */
  readonly inCloud: boolean;
  /** Bytes of a query string. */
  readonly maxQueryBytes: number;
  /** What a longer one is answered, before Orchestrator sees the call: IIS hides it behind a 404. */
  readonly longQueryStatus: 404 | 414;
  /** The largest `$top`, which is also what a list gives when `$top` is left out. */
  readonly maxTop: number;
  /** The largest `$top` of entity sets that have one of their own. */
  readonly maxTopOf: Readonly<Record<string, number>>;
  /** Entity sets whose lists count only where `$count=true` asks for it; all others always count. */
  readonly countsWhenAsked: ReadonlySet<string>;
  /** Entity sets whose lists have a quota a minute and tenant. */
  readonly limitedLists: ReadonlySet<string>;
  /** List calls a minute of each of them; undefined where nothing limits them. */
  readonly listCallsPerMinute: number | undefined;
  /** Whether lists of jobs leave input and output arguments out: null there, whatever the job has. */
  readonly hidesArguments: boolean;
  /** What AddQueueItem and StartJobs answer. The contracts say 201; the requests pages of 2022.10 and 2023.4 show 200. */
  readonly createdStatus: 200 | 201;
  /** UTF-16 units of an item's content and of its progress. */
  readonly maxContentLength: number;
  readonly maxProgressLength: number;
  /** UTF-16 units of what a robot says of an item: output, analytics; reason and details of an exception each. */
  readonly maxOutputLength: number;
  readonly maxAnalyticsLength: number;
  readonly maxReasonLength: number;
  /** When items and jobs are purged where their queue or process does not say. */
  readonly retention: Retention;
}

export type EditionName = "2022.10" | "2023.4" | "cloud";

/** An IIS of one's own in front: the query string of 2,048 bytes that it allows, and no quota unless one is set. */
const onPremises: Omit<Edition, "apiVersions"> = {
  inCloud: false,
  maxQueryBytes: 2048,
  longQueryStatus: 404,
  maxTop: 1000,
  maxTopOf: {},
  countsWhenAsked: new Set(),
  limitedLists: new Set(["Jobs", "QueueItems"]),
  listCallsPerMinute: undefined,
  hidesArguments: false,
  createdStatus: 200,
  maxContentLength: 524_288, // the hard limit of 1 MB, at two bytes each
  maxProgressLength: 524_288,
  maxOutputLength: 524_288,
  maxAnalyticsLength: 524_288,
  maxReasonLength: 524_288,
  retention: { finalDays: 30, newDays: undefined, jobDays: undefined }, // queue retention policy requests, 2023.4
};

export const editions: Readonly<Record<EditionName, Edition>> = {
  "2022.10": { ...onPremises, apiVersions: "15.0" },
  "2023.4": { ...onPremises, apiVersions: "16.0" },
  cloud: {
    apiVersions: "20.0",
    inCloud: true,
    maxQueryBytes: 8192,
    longQueryStatus: 414,
    maxTop: 1000,
    maxTopOf: { QueueItems: 100 }, // OpenAPI 20.0, release notes, June 2024
    countsWhenAsked: new Set(["Jobs", "QueueItems"]), // release notes, June 2024
    limitedLists: new Set(["Jobs", "QueueItems"]), // rate limits, July 2024: 100 for callers other than robots
    listCallsPerMinute: 100,
    hidesArguments: true, // UiPath's own SDK says so of lists
    createdStatus: 201,
    maxContentLength: 256_000, // 500 KB, at two bytes each (release notes, June 2024)
    maxProgressLength: 104_857,
    maxOutputLength: 51_200,
    maxAnalyticsLength: 5_120,
    maxReasonLength: 102_400,
    retention: { finalDays: 30, newDays: 180, jobDays: 30 },
  },
};

/** The version of the API as a number. */
export function apiVersion({ apiVersions }: Edition): number {
  return Number.parseFloat(apiVersions);
}
