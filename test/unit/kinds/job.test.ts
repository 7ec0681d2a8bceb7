import { describe, expect, it } from "vitest";
import { job } from "../../../src/kinds/job/definition.ts";
import type { JobLive } from "../../../src/kinds/job/live.ts";
import { attemptKey, completeRunKey, isRunOf, laterKey, runKey } from "../../../src/kinds/job/run-key.ts";
import type { JobSpec } from "../../../src/kinds/job/spec.ts";
import type { PlanContext } from "../../../src/kinds/definition.ts";
import type { Change } from "../../../src/core/change.ts";
import { SecretValue } from "../../../src/core/secret.ts";
import { context, desired, folder, jobSpec, liveJob } from "../../support/desired.ts";

const process = { id: 1, key: "795CBAB2-8008-4a54-b1cb-f9ff1ece139e", name: "InvoiceSmokeTest", version: "1.4.2" };

function plan(
  spec: Partial<JobSpec>,
  live: Partial<JobLive> = {},
  with_: Partial<PlanContext> = {},
): readonly Change[] {
  const state = { process, robots: [], attempts: [], ...live };
  return [...job.plan(desired("Job", "smoke-test", jobSpec(spec)), state, { ...context, ...with_ }).changes];
}

const run = (...states: ("Successful" | "Faulted" | "Running" | "Pending" | "Suspended")[]): JobLive["attempts"] => [
  { runKey: "smoke-test@x", jobs: states.map((state, index) => liveJob(100 + index, { state })) },
];

describe("run keys", () => {
  // Frozen for orch-sync/v1: a key that changes here starts every run-once job of every user again.
  it.each([
    [{ run: "once" }, "smoke-test@once"],
    [{ run: "always" }, "smoke-test@"],
    [{}, "smoke-test@a7212bccff2c"],
    [{ inputArguments: { month: "March", count: 3 } }, "smoke-test@bd7a6fb21526"],
    [
      { strategy: { type: "Specific", robots: ["b", "a"] }, runtimeType: "Unattended", runAsMe: true },
      "smoke-test@ceb7db6a7af3",
    ],
    [{ rerunOn: { processVersion: true, values: { build: "77" } } }, "smoke-test@1a53f0d82360"],
    [{ strategy: { type: "JobsCount", count: 3 } }, "smoke-test@c76672df640e"],
    [{ entryPoint: "Main.xaml" }, "smoke-test@5aed93d8cbe7"],
    [{ environmentVariables: { MODE: "test", A: "1" } }, "smoke-test@6ab741ca8c8c"],
    [{ machines: [{ machine: "VM-01", account: "bot.finance" }, { account: "b" }] }, "smoke-test@08d156e006e2"],
    // By its name: another value is the same run.
    [{ inputArguments: { password: new SecretValue("any", "${secret:TOKEN}", ["any"]) } }, "smoke-test@764ca05544ad"],
  ] as const)("of %o is %s", (spec, key) => {
    expect(runKey("smoke-test", jobSpec(spec), process)).toBe(key);
  });

  it("do not depend on the order of arguments or robots, or on what does not count as an input", () => {
    const key = (spec: Partial<JobSpec>): string => runKey("j", jobSpec(spec), process);
    expect(key({ inputArguments: { a: 1, b: 2 } })).toBe(key({ inputArguments: { b: 2, a: 1 } }));
    expect(key({ strategy: { type: "Specific", robots: ["b", "a"] } })).toBe(
      key({ strategy: { type: "Specific", robots: ["a", "b"] } }),
    );
    const others = {
      priority: "High",
      onPreviousFailure: "rerun",
      stopAfter: 60,
      killAfter: 5,
      concurrency: "forbid",
      retries: { limit: 2, backoff: 1 },
      wait: { until: "none", timeout: 1, success: ["Faulted"], whenSuspended: "fail" },
    } as const;
    expect(key(others)).toBe(key({}));
    expect(key({ environmentVariables: { A: "1", B: "2" } })).toBe(key({ environmentVariables: { B: "2", A: "1" } }));
    expect(key({ inputArguments: { a: 1 } })).not.toBe(key({ inputArguments: { a: 2 } }));
  });

  it("count the process version only when asked", () => {
    const key = (processVersion: boolean, version: string): string =>
      runKey("j", jobSpec({ rerunOn: { processVersion, values: {} } }), { ...process, version });
    expect(key(false, "1.4.2")).toBe(key(false, "1.5.0"));
    expect(key(true, "1.4.2")).not.toBe(key(true, "1.5.0"));
  });

  it("number later attempts, and complete an always key from the plan", () => {
    expect([attemptKey("j@once", 1), attemptKey("j@once", 3)]).toEqual(["j@once", "j@once#3"]);
    expect([laterKey("j@once", 0), laterKey("j@once", 1), laterKey("j@once#2", 2)]).toEqual([
      "j@once",
      "j@once#2",
      "j@once#4",
    ]);
    expect(completeRunKey("j@", "0123456789abcdef")).toBe("j@0123456789ab");
    expect(completeRunKey("j@once", "0123456789abcdef")).toBe("j@once");
    expect([isRunOf("j", "j@once#2"), isRunOf("j", "jj@once"), isRunOf("j", null)]).toEqual([true, false, false]);
  });
});

describe("a job", () => {
  it("is started first when no run is known, with a warning about purged runs", () => {
    const [change] = plan({
      inputArguments: { age: 33 },
      priority: "High",
      runtimeType: "Unattended",
      runAsMe: false,
      requiresUserInteraction: true,
    });
    expect(change).toMatchObject({
      action: "start",
      run: "first",
      summary: "start InvoiceSmokeTest",
      reason: { code: "first-run" },
      after: {
        inputArguments: '{"age":33}',
        strategy: { type: "ModernJobsCount", count: 1 },
        priority: "High",
        runtimeType: "Unattended",
        runAsMe: false,
        requiresUserInteraction: true,
      },
      warnings: ["a run that retention has deleted is started again: set startUntil to prevent that"],
    });
  });

  it("is started again when inputs changed, and says which", () => {
    const lastRun = liveJob(9, { state: "Successful", inputArguments: '{"age":32,"keep":1}' });
    const [change] = plan({ inputArguments: { age: 33, keep: 1 } }, { lastRun });
    expect(change).toMatchObject({
      run: "again",
      summary: "start InvoiceSmokeTest again",
      reason: { code: "inputs-changed", text: "inputArguments.age changed (last run: job 9 Successful)" },
      fields: [{ path: "inputArguments.age", before: 32, after: 33 }],
    });
  });

  it("says what else changed, as far as the server kept it", () => {
    const rerunOn = { processVersion: true, values: {} };
    const ran = liveJob(9, { state: "Successful", inputArguments: '{"month":1,"kept":2}' });
    const text = (spec: Partial<JobSpec>, live: Partial<JobLive>): string | undefined =>
      plan(spec, { lastRun: ran, ...live })[0]?.reason?.text;
    const defaults = { process: { ...process, defaults: ["kept"] } };
    expect(text({ rerunOn, inputArguments: { month: 1 } }, { ...defaults, lastVersion: "1.3.9" })).toBe(
      "process version 1.3.9 → 1.4.2 (last run: job 9 Successful)",
    );
    expect(text({ inputArguments: { month: 1 } }, { ...defaults, lastVersion: "1.3.9" }), "nobody asked").toBe(
      "no run has these inputs (last run: job 9 Successful)",
    );
    expect(text({ inputArguments: { a: 1, b: 2, c: 3, d: 4, month: 1, kept: 2 } }, {})).toBe(
      "inputArguments.a changed, inputArguments.b changed, inputArguments.c changed, 1 more changed (last run: job 9 Successful)",
    );
  });

  it("is started again by --rerun when its run is over, never beside it, and never after startUntil", () => {
    const isRerun = (): boolean => true;
    const [again] = plan({}, { attempts: run("Successful") }, { isRerun });
    expect(again).toMatchObject({
      action: "start",
      run: "again",
      reason: { code: "rerun", text: "--rerun asks for it (last run: job 100 Successful)" },
      after: { runKey: "smoke-test@x#2".replace("@x", "@a7212bccff2c") },
    });
    expect(plan({}, { attempts: run("Faulted") }, { isRerun })).toMatchObject([{ reason: { code: "rerun" } }]);
    expect(plan({}, { attempts: run("Running") }, { isRerun })).toMatchObject([{ action: "wait" }]);
    expect(plan({}, {}, { isRerun })).toMatchObject([{ run: "first", reason: { code: "first-run" } }]);
    const past = { startUntil: "2026-11-21T12:00:00Z" };
    expect(plan(past, { attempts: run("Successful") }, { isRerun })).toMatchObject([{ action: "no-op" }]);
  });

  it("stops the others of its process first when it is told to, and warns of them when it may not", () => {
    const others = [
      liveJob(8, { state: "Stopping" }),
      liveJob(7, { state: "Pending", startTime: null }),
      liveJob(5, { state: "Running" }),
    ];
    expect(
      plan({ concurrency: "stopOthers" }, { others }).map((each) => [each.action, each.label, each.summary]),
    ).toEqual([
      ["stop", "job 5", "stop InvoiceSmokeTest, Running since 2026-11-21 10:00:05Z"],
      ["stop", "job 7", "stop InvoiceSmokeTest, Pending created 2026-11-21 10:00Z"],
      ["start", "", "start InvoiceSmokeTest"],
    ]);
    const [start, ...none] = plan({ concurrency: "forbid" }, { others });
    expect([start?.action, none]).toEqual(["start", []]);
    expect(start?.warnings).toContain(
      "jobs 8, 7, 5: 1 Stopping, 1 Pending, 1 Running: concurrency is forbid, so the start fails unsent while that is so",
    );
    expect(plan({ concurrency: "stopOthers" }, { others, attempts: run("Running") })).toMatchObject([
      { action: "wait" },
    ]);
    expect(plan({ concurrency: "stopOthers" }, { others: [] })).toHaveLength(1);
  });

  it.each([
    [{}, 1],
    [{ strategy: { type: "Dynamic", count: 500 } }, 500],
    [{ strategy: { type: "Dynamic", count: 3 }, retries: { limit: 2, backoff: 1 } }, 9],
  ] as const)("%j counts for guards as the jobs that it may start", (spec, jobs) => {
    const live = { process, robots: [], attempts: [] };
    const { selected } = job.plan(desired("Job", "smoke-test", jobSpec(spec)), live, context);
    expect(selected).toEqual({ start: jobs });
  });

  it("holds arguments against what its entry point declares, never against another's", () => {
    const declared = (name: string) => ({ name, type: "System.Int32", required: true, hasDefault: false });
    const spec = { entryPoint: "Other.xaml", inputArguments: { n: 1 } };
    const reasons = (entryPoint?: JobLive["entryPoint"]): unknown[] =>
      plan(
        spec,
        {
          process: { ...process, inputs: [declared("main")] },
          ...(entryPoint === undefined ? {} : { entryPoint }),
        },
        { apiVersion: 20 },
      ).map(({ action, reason }) => [action, reason?.code]);
    expect(reasons({ path: "Other.xaml", inputs: [declared("n")] })).toEqual([["start", "first-run"]]);
    expect(reasons({ path: "Other.xaml", inputs: [declared("m")] })).toEqual([
      ["blocked", "argument-unknown"],
      ["blocked", "argument-missing"],
    ]);
    expect(reasons(), "where nothing is known, nothing is judged").toEqual([["start", "first-run"]]);
    expect(reasons({ missing: "Other.xaml", nearest: "Main.xaml" })).toEqual([["blocked", "entry-point-unknown"]]);
  });

  it("shows how many attempts one apply may make", () => {
    const summary = (limit: number): string | undefined => plan({ retries: { limit, backoff: 1 } })[0]?.summary;
    expect([summary(1), summary(2)]).toEqual([
      "start InvoiceSmokeTest, up to 1 retry",
      "start InvoiceSmokeTest, up to 2 retries",
    ]);
  });

  it("sends secrets and shows their names, on neither side what they are", () => {
    const secret = new SecretValue('hun"ter2', "${secret:TOKEN}", ['hun"ter2']);
    const lastRun = liveJob(9, { state: "Successful", inputArguments: '{"pin":"hunter1","list":["hunter0"],"n":1}' });
    const [change] = plan({ inputArguments: { pin: secret, list: [{ a: secret }], n: 2 } }, { lastRun });
    expect(change).toMatchObject({
      sensitive: ["inputArguments.pin", "inputArguments.list.0.a"],
      fields: [
        { path: "inputArguments.pin", sensitive: true },
        { path: "inputArguments.list", sensitive: true },
        { path: "inputArguments.n", before: 1, after: 2 },
      ],
    });
    const { after } = change as unknown as { after: { inputArguments: SecretValue<string> } };
    expect(JSON.parse(after.inputArguments.reveal())).toEqual({ pin: 'hun"ter2', list: [{ a: 'hun"ter2' }], n: 2 });
    expect(after.inputArguments.pieces()).toEqual(['hun"ter2', 'hun"ter2']);
    expect(JSON.stringify(change)).not.toMatch(/hun/);
  });

  it.each([["not JSON"], ["[1]"], [null]])("survives last arguments that are %s", (inputArguments) => {
    const [change] = plan({ inputArguments: { a: 1 } }, { lastRun: liveJob(9, { inputArguments }) });
    expect(change?.action).toBe("start");
  });

  it.each([
    ["succeeded", {}, run("Successful"), "no-op", "succeeded"],
    ["is in progress", {}, run("Running"), "wait", "in-progress"],
    [
      "is in progress, but nobody waits",
      { wait: { until: "none", timeout: 1, success: ["Successful"] } },
      run("Running"),
      "no-op",
      "in-progress",
    ],
    [
      "has begun, and that is waited for",
      { wait: { until: "started", timeout: 1, success: ["Successful"] } },
      run("Running"),
      "no-op",
      "in-progress",
    ],
    [
      "has begun, but another of its jobs has failed already",
      { strategy: { type: "Dynamic", count: 2 }, wait: { until: "started", timeout: 1, success: ["Successful"] } },
      run("Running", "Faulted"),
      "wait",
      "previous-run-failed",
    ],
    [
      "is in progress with fewer jobs than expected",
      { strategy: { type: "Dynamic", count: 2 }, wait: { until: "none", timeout: 1, success: ["Successful"] } },
      run("Running"),
      "wait",
      "previous-run-failed",
    ],
    [
      "has not begun, and that is waited for",
      { wait: { until: "started", timeout: 1, success: ["Successful"] } },
      run("Pending"),
      "wait",
      "in-progress",
    ],
    ["is suspended", {}, run("Suspended"), "wait", "in-progress"],
    [
      "is suspended, which will do",
      { wait: { until: "completed", timeout: 1, success: ["Successful"], whenSuspended: "succeed" } },
      run("Suspended"),
      "no-op",
      "succeeded",
    ],
    [
      "is suspended, which will not do",
      { wait: { until: "completed", timeout: 1, success: ["Successful"], whenSuspended: "fail" } },
      run("Suspended"),
      "wait",
      "previous-run-failed",
    ],
    ["failed, and fails again", {}, run("Faulted"), "wait", "previous-run-failed"],
    ["failed, and is skipped", { onPreviousFailure: "skip" }, run("Faulted"), "no-op", "previous-run-failed"],
    ["failed, and is run again", { onPreviousFailure: "rerun" }, run("Faulted"), "start", "retry-after-failure"],
    [
      "faulted as allowed",
      { wait: { until: "completed", timeout: 1, success: ["Faulted"] } },
      run("Faulted"),
      "no-op",
      "succeeded",
    ],
    ["lacks a job", { strategy: { type: "Dynamic", count: 2 } }, run("Successful"), "wait", "previous-run-failed"],
    [
      "failed in one of two jobs",
      { strategy: { type: "Dynamic", count: 2 } },
      run("Successful", "Faulted"),
      "wait",
      "previous-run-failed",
    ],
  ] as const)("whose run %s", (_name, spec, attempts, action, code) => {
    expect(plan(spec as Partial<JobSpec>, { attempts })).toMatchObject([{ action, reason: { code } }]);
  });

  it("numbers the attempt after a failure, and starts none once startUntil has passed", () => {
    const attempts = run("Faulted");
    const [again] = plan({ onPreviousFailure: "rerun", run: "once" }, { attempts });
    expect(again).toMatchObject({ run: "again", after: { runKey: "smoke-test@once#2" } });
    const third = [{ runKey: "smoke-test@once#3", jobs: [liveJob(9, { state: "Faulted" })] }];
    const [afterPurge] = plan({ onPreviousFailure: "rerun", run: "once" }, { attempts: third });
    expect(afterPurge, "earlier attempts may be purged").toMatchObject({ after: { runKey: "smoke-test@once#4" } });
    const past = { startUntil: "2026-11-21T12:00:00Z" };
    expect(plan({ ...past, onPreviousFailure: "rerun" }, { attempts })).toMatchObject([
      { action: "no-op", reason: { code: "starting-over" } },
    ]);
    expect(plan(past)).toMatchObject([{ action: "no-op", reason: { code: "starting-over" } }]);
    expect(plan({ startUntil: "2026-11-22T00:00:00Z" })[0]?.warnings).toBeUndefined();
  });

  it("runs always or never when told so", () => {
    expect(plan({ run: "always" })).toMatchObject([{ action: "start", reason: { code: "always-run" } }]);
    expect(plan({ run: "never" })).toMatchObject([{ action: "no-op", reason: { code: "run-never" } }]);
  });

  it.each([
    ["modern", { type: "Dynamic", count: 3 }, { type: "ModernJobsCount", count: 3 }, "start InvoiceSmokeTest, 3 jobs"],
    ["classic", { type: "Dynamic", count: 1 }, { type: "JobsCount", count: 1 }, "start InvoiceSmokeTest"],
    ["classic", { type: "All" }, { type: "All" }, "start InvoiceSmokeTest, on all robots"],
    [
      "modern",
      { type: "JobsCount", count: 2 },
      { type: "ModernJobsCount", count: 2 },
      "start InvoiceSmokeTest, 2 jobs",
    ],
    ["classic", { type: "JobsCount", count: 2 }, { type: "JobsCount", count: 2 }, "start InvoiceSmokeTest, 2 jobs"],
    ["classic", { type: "RobotCount", count: 2 }, { type: "RobotCount", count: 2 }, "start InvoiceSmokeTest, 2 robots"],
    [
      "modern",
      { type: "Specific", robots: ["DocBot"] },
      { type: "Specific", robotIds: [749] },
      "start InvoiceSmokeTest, 1 robot",
    ],
  ] as const)("in a %s folder sends %o", (type, strategy, wire, summary) => {
    const robots = strategy.type === "Specific" ? [{ id: 749, name: "DocBot" }] : [];
    expect(plan({ strategy }, { robots }, { folder: { ...folder, type } })).toMatchObject([
      { after: { strategy: wire }, summary },
    ]);
  });

  it("is blocked for an unknown process, an unknown robot, and strategy All in a modern folder", () => {
    expect(plan({}, { process: { missing: "InvoiceSmoke" } })).toMatchObject([
      { action: "blocked", reason: { code: "process-unknown" } },
    ]);
    const robots = [{ missing: "DocBott", nearest: "DocBot" }, { missing: "X" }];
    const strategy = { type: "Specific", robots: ["DocBott", "X"] } as const;
    expect(plan({ strategy }, { robots })).toMatchObject([
      { hint: "did you mean DocBot?" },
      { reason: { code: "robot-unknown" } },
    ]);
    expect(plan({ strategy: { type: "All" } })).toMatchObject([{ reason: { code: "strategy-unfit" } }]);
    const robotCount = { strategy: { type: "RobotCount", count: 1 } } as const;
    expect(plan(robotCount)).toMatchObject([{ reason: { code: "strategy-unfit" } }]);
    const several = [{ ambiguous: "bot.finance", candidates: ["A", "B"] }];
    expect(plan({ strategy: { type: "Specific", robots: ["bot.finance"] } }, { robots: several })).toMatchObject([
      {
        reason: { code: "robot-ambiguous", text: "account bot.finance has several robots: A, B" },
        hint: "use the name of a robot",
      },
    ]);
  });

  it("sends whatever the manifest sets", () => {
    const machines = [{ machine: "VM-01", account: "bot.finance" }, { account: "b" }];
    const places = [
      { machine: { id: 7, name: "VM-01" }, account: { id: 8, name: "Bot", account: "bot.finance" } },
      { account: { id: 9, name: "b" } },
    ];
    const spec: Partial<JobSpec> = {
      machines,
      priority: 70,
      entryPoint: "Main.xaml",
      environmentVariables: { MODE: "test", A: "x=y" },
      stopAfter: 1800,
      killAfter: 300,
    };
    const [change] = plan(spec, { places }, { apiVersion: 20 });
    expect(change).toMatchObject({
      after: {
        priority: 70,
        entryPoint: "Main.xaml",
        environmentVariables: "MODE=test\nA=x=y",
        machines: [{ machineId: 7, robotId: 8 }, { robotId: 9 }],
        stopAfter: 1800,
        killAfter: 300,
      },
    });
    expect(plan(spec, { places }, { apiVersion: 16 }).map(({ reason }) => reason?.text)).toEqual([
      "entryPoint needs API 19 or later, and this server speaks API 16",
      "environmentVariables needs API 19 or later, and this server speaks API 16",
    ]);
  });

  it("is blocked for machines that are not there, and for machines in a classic folder", () => {
    const machines = [{ machine: "VM-1", account: "bot" }];
    const places = [{ machine: { missing: "VM-1", nearest: "VM-01" }, account: { missing: "bot" } }];
    expect(plan({ machines }, { places })).toMatchObject([
      { reason: { code: "machine-unknown" }, hint: "did you mean VM-01?" },
      { reason: { code: "robot-unknown", text: "there is no robot or account bot in folder Finance" } },
    ]);
    expect(plan({ machines }, { places: [{}] }, { folder: { ...folder, type: "classic" } })).toMatchObject([
      { reason: { code: "strategy-unfit", text: "machines apply to modern folders, and Finance is a classic one" } },
    ]);
  });

  it("counts as one entry, and describes a run of several jobs", () => {
    expect(job.entries(jobSpec(), [])).toBe(1);
    const spec = { strategy: { type: "Dynamic", count: 2 } } as const;
    expect(plan(spec, { attempts: run("Running", "Pending") })[0]?.summary).toBe("jobs 100, 101: 1 Running, 1 Pending");
  });
});
