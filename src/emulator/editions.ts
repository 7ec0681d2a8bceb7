/** What differs between versions of Orchestrator, as data: one entry a version. */
export interface Edition {
  /** The header `api-supported-versions`. */
  readonly apiVersions: string;
  /** Bytes of a query string; beyond, IIS answers 404 with a page before Orchestrator sees the call. */
  readonly maxQueryBytes: number;
  /** The largest `$top`, which is also what a list gives when `$top` is left out. */
  readonly maxTop: number;
  /** Whether the lists of jobs and queue items count without `$count=true`. */
  readonly alwaysCounts: boolean;
  /** What AddQueueItem and StartJobs answer. The contract says 201; the requests pages of this version show 200. */
  readonly createdStatus: 200 | 201;
  /** UTF-16 units of one item's content: the hard limit of the older versions is 1 MB at two bytes each. */
  readonly maxContentLength: number;
}

export type EditionName = "2023.4";

export const editions: Readonly<Record<EditionName, Edition>> = {
  "2023.4": {
    apiVersions: "16.0",
    maxQueryBytes: 2048,
    maxTop: 1000,
    alwaysCounts: true,
    createdStatus: 200,
    maxContentLength: 524_288,
  },
};
