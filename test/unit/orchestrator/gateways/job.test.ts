import { describe, expect, test } from "vitest";
import type { Change } from "../../../../src/core/change.ts";
import type { JobSettings, JobStart } from "../../../../src/kinds/job/payload.ts";
import { gateways } from "../../../../src/orchestrator/index.ts";
import type { Operation } from "../../../../src/orchestrator/gateways/port.ts";
import { batchKey } from "../../../../src/orchestrator/jobs/batch-key.ts";
import type { TenantReader } from "../../../../src/orchestrator/read/tenant.ts";
import { applyRun, folder, planned, readerFor, refused, serve, signal, type Reaction, type Seen } from "../support.ts";

const releaseKey = "795cbab2-8008-4a54-b1cb-f9ff1ece139e";
const settings: JobSettings = {
  releaseKey,
  process: "Smoke",
  expected: 2,
  wait: { until: "completed", timeout: 60_000, success: ["Successful"] },
};
const start: JobStart = {
  runKey: "r@once",
  releaseKey,
  process: "Smoke",
  strategy: { type: "ModernJobsCount", count: 2 },
};
const key = { kind: "Job", folder: folder.path, name: "r" } as const;
const starts = (after: Partial<JobStart> = {}): Change => ({
  key,
  label: "",
  summary: "",
  action: "start",
  run: "first",
  after: { ...start, ...after },
  fields: [],
  precondition: { type: "absent" },
});
const job = (Id: number, rest: object = {}): object => ({
  Id,
  Key: `k${Id}`,
  State: "Pending",
  ReleaseName: "Smoke",
  Reference: "r@once",
  BatchExecutionKey: batchKey(folder.key, "r@once"),
  Info: null,
  CreationTime: "2026-11-21T10:00:00Z",
  ...rest,
});
const startsPath = "/odata/Jobs/UiPath.Server.Configuration.OData.StartJobs";

function operation(reader: TenantReader, change: Change): Operation {
  const run = applyRun(reader, "0123456789abcdef".repeat(4));
  const [first] = gateways.Job.operations(planned("Job", settings, [change]), run);
  if (first === undefined) throw new Error("no operation");
  return first;
}

describe("a start", () => {
  test.each<[string, Partial<JobStart>, object]>([
    ["the least", {}, { Strategy: "ModernJobsCount", JobsCount: 2 }],
    ["on robots", { strategy: { type: "Specific", robotIds: [121] } }, { Strategy: "Specific", RobotIds: [121] }],
    ["on some robots", { strategy: { type: "RobotCount", count: 3 } }, { Strategy: "RobotCount", NoOfRobots: 3 }],
    [
      "with limits, machines and a priority of its own",
      { priority: 70, stopAfter: 1800, killAfter: 300, machines: [{ machineId: 7, robotId: 8 }, { robotId: 9 }] },
      {
        Strategy: "ModernJobsCount",
        JobsCount: 2,
        SpecificPriorityValue: 70,
        MachineRobots: [{ MachineId: 7, RobotId: 8 }, { RobotId: 9 }],
        StopProcessExpression: "1800",
        StopStrategy: "SoftStop",
        KillProcessExpression: "300",
      },
    ],
    [
      "that is stopped, never killed",
      { stopAfter: 60 },
      { Strategy: "ModernJobsCount", JobsCount: 2, StopProcessExpression: "60", StopStrategy: "SoftStop" },
    ],
    ["on all robots", { strategy: { type: "All" } }, { Strategy: "All" }],
    [
      "with all that can be set",
      {
        inputArguments: '{"age":33}',
        priority: "High",
        runtimeType: "Unattended",
        runAsMe: false,
        requiresUserInteraction: true,
      },
      {
        Strategy: "ModernJobsCount",
        JobsCount: 2,
        InputArguments: '{"age":33}',
        JobPriority: "High",
        RuntimeType: "Unattended",
        RunAsMe: false,
        RequiresUserInteraction: true,
      },
    ],
  ])("sends what is set and nothing else: %s", async (_, after, fields) => {
    await using server = await serve(() => ({ status: 201, json: { value: [job(1), job(2)] } }));
    const change = starts(after);
    await operation(readerFor(server.url), change).send([change], signal);
    expect(server.seen).toHaveLength(1);
    expect(server.seen[0]).toMatchObject({ method: "POST", path: startsPath });
    expect(server.seen[0]?.body).toEqual({
      startInfo: {
        ReleaseKey: releaseKey,
        ...fields,
        Reference: "r@once",
        BatchExecutionKey: batchKey(folder.key, "r@once"),
      },
    });
  });

  test("run: always is completed with the plan's digest", async () => {
    await using server = await serve(() => ({ json: { value: [job(1), job(2)] } }));
    const change = starts({ runKey: "r@" });
    await operation(readerFor(server.url), change).send([change], signal);
    expect(server.seen[0]?.body).toMatchObject({
      startInfo: { Reference: "r@0123456789ab", BatchExecutionKey: batchKey(folder.key, "r@0123456789ab") },
    });
  });

  test.each<[string, Reaction, object]>([
    [
      "as many jobs as wanted",
      { json: { value: [job(1), job(2)] } },
      { status: "applied", ids: [1, 2], note: "started jobs 1, 2 (r@once)" },
    ],
    ["fewer jobs", { json: { value: [job(1)] } }, { status: "failed", ids: [1], note: "1 of 2 created" }],
    ["no job", { json: { value: [] } }, { status: "failed", note: "0 of 2 created" }],
    [
      "a server that drops the run key",
      { json: { value: [job(1, { Reference: null }), job(2)] } },
      {
        status: "applied",
        note: "started jobs 1, 2 (r@once), but the server dropped the run key: the next apply cannot find this run",
      },
    ],
  ])("%s", async (_, reaction, ending) => {
    await using server = await serve(() => reaction);
    const change = starts();
    const answer = await operation(readerFor(server.url), change).send([change], signal);
    expect(answer.ending === "answered" ? answer.endings.get(change) : answer).toMatchObject(ending);
  });

  test.each<[string, Reaction, string]>([
    ["200 without jobs", { json: {} }, "open"],
    ["a part of the jobs", refused(409, "PartiallyCreatedJobs"), "open"],
    ["503", { status: 503 }, "open"],
    ["no robot", refused(409, 1671), "refused"],
  ])("%s is %s", async (_, reaction, ending) => {
    await using server = await serve(() => reaction);
    const change = starts();
    const starting = operation(readerFor(server.url), change);
    expect((await starting.send([change], signal)).ending).toBe(ending);
    expect(starting).toMatchObject({ repeat: "never", divisible: false });
    expect(server.seen).toHaveLength(1);
  });

  test("no other run is started where the server drops run keys", async () => {
    await using server = await serve(({ method }) => ({
      json: { value: method === "POST" ? [job(1, { Reference: null }), job(2)] : [] },
    }));
    const reader = readerFor(server.url);
    const first = starts();
    await operation(reader, first).send([first], signal);
    const second = starts({ runKey: "s@once" });
    expect((await operation(reader, second).check?.([second], signal))?.get(second)).toMatchObject({
      status: "failed",
    });
  });

  test.each([
    ["as many", [job(1), job(2)], "applied", "already-done"],
    ["fewer", [job(1)], "failed", "failed"],
  ])("that was lost is found by its run key: %s", async (_, rows, found, checked) => {
    await using server = await serve(({ query }) => ({
      json: { value: (query["$filter"] ?? "").includes("Id gt") ? [] : rows },
    }));
    const change = starts();
    const starting = operation(readerFor(server.url), change);
    expect((await starting.find([change], signal)).get(change)?.status).toBe(found);
    expect((await starting.check?.([change], signal))?.get(change)?.status).toBe(checked);
  });
});

describe("following a run", () => {
  const byId = (...polls: readonly (readonly object[])[]): ((call: Seen) => Reaction) => {
    let seen = 0;
    return ({ path }) => {
      const id = Number(/\((\d+)\)/.exec(path)?.[1]);
      const rows = polls[Math.min(Math.floor(seen++ / 2), polls.length - 1)] ?? [];
      const row = rows.find((each) => (each as { Id: number }).Id === id);
      return row === undefined ? refused(404, 1002) : { json: row };
    };
  };
  const follow = (url: string, wait: Partial<JobSettings["wait"]> = {}) => {
    const change = starts();
    const resource = planned("Job", { ...settings, wait: { ...settings.wait, ...wait } }, [change]);
    const run = applyRun(readerFor(url));
    return gateways.Job.follow?.(resource, change, { status: "applied", ids: [1, 2] }, run);
  };

  test("reads each job by id until all have ended, and those that have no more", async () => {
    const ended = { State: "Successful" };
    await using server = await serve(
      byId([job(1, { State: "Running" }), job(2, ended)], [job(1, ended), job(2, ended)]),
    );
    const following = follow(server.url);
    expect(await following?.look(signal)).toEqual({ type: "running", text: "jobs 1, 2: 1 Running, 1 Successful" });
    expect(await following?.look(signal)).toMatchObject({ type: "ended", ending: { status: "applied", ids: [1, 2] } });
    expect(server.seen.map(({ path }) => path)).toEqual(["/odata/Jobs(1)", "/odata/Jobs(2)", "/odata/Jobs(1)"]);
  });

  test("a job that ends badly fails the run, with what it says of itself", async () => {
    await using server = await serve(
      byId([job(1, { State: "Faulted", Info: "Logon failure" }), job(2, { State: "Successful" })]),
    );
    expect(await follow(server.url)?.look(signal)).toEqual({
      type: "ended",
      ending: {
        status: "failed",
        ids: [1, 2],
        note: "jobs 1, 2: 1 Faulted, 1 Successful: not Successful",
        retriable: true,
        fault: { kind: "http", call: "GET /odata/Jobs(1)", message: "Logon failure" },
      },
    });
  });

  test("until started: no job is Pending any more", async () => {
    const running = { State: "Running" };
    await using server = await serve(byId([job(1), job(2, running)], [job(1, running), job(2, running)]));
    const following = follow(server.url, { until: "started" });
    expect(await following?.look(signal)).toEqual({ type: "running", text: "jobs 1, 2: 1 Pending, 1 Running" });
    expect(await following?.look(signal)).toMatchObject({ type: "ended", ending: { status: "applied" } });
  });

  test("a run of which nothing has begun is new", async () => {
    await using server = await serve(byId([job(1), job(2)]));
    expect(await follow(server.url)?.look(signal)).toMatchObject({ type: "running", isNew: true });
  });

  test("until none: nothing is followed", () => {
    expect(follow("http://127.0.0.1:1", { until: "none" })).toBeUndefined();
  });

  test("a job that cannot be seen is no failure of the run: the look fails, and there is patience for looks", async () => {
    await using server = await serve(byId([job(1)]));
    await expect(follow(server.url)?.look(signal)).rejects.toThrow("job 2 is gone");
  });
});
