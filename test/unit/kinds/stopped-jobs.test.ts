import { describe, expect, it } from "vitest";
import type { Change } from "../../../src/core/change.ts";
import type { LiveJob } from "../../../src/kinds/job/live.ts";
import { stoppedJobs } from "../../../src/kinds/stopped-jobs/definition.ts";
import type { StoppedJobsSpec } from "../../../src/kinds/stopped-jobs/spec.ts";
import { context, desired, liveJob } from "../../support/desired.ts";

const process = { id: 1, key: "k", name: "LegacyImport", version: "1" };
const states = ["Pending", "Running", "Resumed"] as const;

function plan(
  select: Partial<StoppedJobsSpec["select"]>,
  jobs: readonly LiveJob[],
  strategy: "SoftStop" | "Kill" = "SoftStop",
): readonly Change[] {
  const spec: StoppedJobsSpec = { select: { states, ...select }, strategy };
  const live = { jobs, ...(select.process === undefined ? {} : { process }) };
  return [...stoppedJobs.plan(desired("StoppedJobs", "retire", spec), live, context).changes];
}

const stopped = (select: Partial<StoppedJobsSpec["select"]>, ...jobs: LiveJob[]): string[] =>
  plan(select, jobs)
    .filter((change) => change.action === "stop")
    .map((change) => change.label);

describe("stopped jobs", () => {
  it("lists exactly the jobs that match, by id", () => {
    const jobs = [
      liveJob(3, { releaseName: "legacyimport" }),
      liveJob(1, { releaseName: "LegacyImport", state: "Pending", startTime: null }),
      liveJob(2, { releaseName: "Other" }),
      liveJob(4, { releaseName: null }),
      liveJob(5, { releaseName: "LegacyImport", state: "Successful" }),
    ];
    const changes = plan({ process: "LegacyImport" }, jobs);
    expect(changes.map((change) => `${change.label}: ${change.summary}`)).toEqual([
      "job 1: stop LegacyImport, Pending created 2026-11-21 10:00Z",
      "job 3: stop legacyimport, Running since 2026-11-21 10:00:05Z",
    ]);
    expect(changes[0]).toMatchObject({ precondition: { type: "fingerprint", id: 1, fingerprint: "job-key-1" } });
  });

  it.each([
    ["ids", { ids: [1] }, ["job 1"]],
    ["reference, folded", { reference: "NIGHTLY@once" }, ["job 1"]],
    ["creation", { ids: [1, 2], createdBefore: "2026-11-21T10:00:00Z" }, ["job 2"]],
    ["running time", { ids: [1, 2, 3], runningFor: 3_600_000 }, ["job 1"]],
  ])("selects by %s", (_name, select, expected) => {
    const jobs = [
      liveJob(1, { reference: "nightly@ONCE" }),
      liveJob(2, { creationTime: "2026-11-21T09:59:59.99Z", startTime: "2026-11-21T11:30:00Z" }),
      liveJob(3, { startTime: null, state: "Pending" }),
    ];
    expect(stopped(select, ...jobs)).toEqual(expected);
  });

  it("shows what becomes of jobs that do not stop, and asks for no more than a look", () => {
    const spec: StoppedJobsSpec = { select: { states, ids: [1] }, strategy: "SoftStop", escalateAfter: 600_000 };
    const { changes, settings } = stoppedJobs.plan(
      desired("StoppedJobs", "retire", spec),
      { jobs: [liveJob(1)] },
      context,
    );
    expect([...changes][0]?.summary).toBe(
      "stop InvoiceSmokeTest, Running since 2026-11-21 10:00:05Z, then kill after 10 min",
    );
    expect(settings).toMatchObject({ escalateAfter: 600_000, select: { ids: [1] } });
  });

  it("says kill for Kill, and names a job without a process", () => {
    expect(plan({ ids: [1] }, [liveJob(1, { releaseName: null })], "Kill")[0]?.summary).toBe(
      "kill the job, Running since 2026-11-21 10:00:05Z",
    );
  });

  it("is in line when nothing matches", () => {
    expect(plan({ reference: "x" }, [])).toMatchObject([{ action: "no-op", summary: "no job matches" }]);
  });

  it("heads its lines with what it selects by", () => {
    const title = (select: Partial<StoppedJobsSpec["select"]>): string =>
      stoppedJobs.plan(
        desired("StoppedJobs", "r", { select: { states, ...select }, strategy: "Kill" }),
        { jobs: [] },
        context,
      ).title;
    expect([title({ ids: [1, 2] }), title({ reference: "n@once" })]).toEqual([
      "jobs 1, 2",
      "jobs with reference n@once",
    ]);
  });

  it("is blocked for an unknown process", () => {
    const spec: StoppedJobsSpec = { select: { states, process: "Legacy" }, strategy: "Kill" };
    const result = stoppedJobs.plan(
      desired("StoppedJobs", "r", spec),
      { process: { missing: "Legacy" }, jobs: [] },
      context,
    );
    expect([...result.changes]).toMatchObject([{ action: "blocked", reason: { code: "process-unknown" } }]);
    expect(stoppedJobs.entries(spec, [])).toBe(1);
  });
});
