import { expect, it } from "vitest";
import { normalizeJob } from "../../../../src/kinds/job/normalize.ts";
import { at } from "./at.ts";

it("fills in defaults", () => {
  expect(normalizeJob({ process: "A" }, at)).toEqual({
    spec: {
      process: { name: "A" },
      strategy: { type: "Dynamic", count: 1 },
      run: "onChange",
      rerunOn: { processVersion: false, values: {} },
      onPreviousFailure: "fail",
      wait: { until: "completed", timeout: 1_800_000, success: ["Successful"] },
    },
    diagnostics: [],
  });
});

it("takes over what is set", () => {
  const { spec } = normalizeJob(
    {
      releaseKey: "4f1f2b0e-0f5c-4d3b-9a53-2f8a4ff2a9d1",
      strategy: { type: "Specific", robots: ["R"] },
      inputArguments: { a: { b: [1] } },
      run: "once",
      rerunOn: { processVersion: true, build: "7", n: 1, b: false },
      onPreviousFailure: "rerun",
      startUntil: "2026-12-31T01:00:00+01:00",
      wait: { until: "started", timeout: "90s", success: ["Successful", "Stopped"] },
      priority: "High",
      runtimeType: "Unattended",
      entryPoint: "Main.xaml",
      environmentVariables: { MODE: "test" },
      machines: [{ machine: "VM-01", account: "bot" }, { account: "b" }],
      runAsMe: false,
      requiresUserInteraction: true,
      stopAfter: "30m",
      killAfter: "5m",
      concurrency: "forbid",
      retries: { limit: 2 },
    },
    at,
  );
  expect(spec).toEqual({
    process: { key: "4f1f2b0e-0f5c-4d3b-9a53-2f8a4ff2a9d1" },
    strategy: { type: "Specific", robots: ["R"] },
    inputArguments: { a: { b: [1] } },
    run: "once",
    rerunOn: { processVersion: true, values: { build: "7", n: 1, b: false } },
    onPreviousFailure: "rerun",
    startUntil: "2026-12-31T00:00:00Z",
    wait: { until: "started", timeout: 90_000, success: ["Successful", "Stopped"] },
    priority: "High",
    runtimeType: "Unattended",
    entryPoint: "Main.xaml",
    environmentVariables: { MODE: "test" },
    machines: [{ machine: "VM-01", account: "bot" }, { account: "b" }],
    runAsMe: false,
    requiresUserInteraction: true,
    stopAfter: 1800,
    killAfter: 300,
    concurrency: "forbid",
    retries: { limit: 2, backoff: 60_000 },
  });
});

it("leaves out what says no more than leaving it out", () => {
  const raw = { concurrency: "allow", retries: { limit: 0 }, wait: { whenSuspended: "wait" } } as const;
  expect(normalizeJob({ process: "A", ...raw }, at).spec).toEqual(normalizeJob({ process: "A" }, at).spec);
  const { wait } = normalizeJob({ process: "A", wait: { whenSuspended: "succeed" } }, at).spec;
  expect(wait.whenSuspended).toBe("succeed");
});

it.each([
  [{ killAfter: "5m" }, ["killAfter counts from stopAfter, which is not set"]],
  [{ stopAfter: "500ms" }, ["stopAfter is 500ms: Orchestrator takes whole seconds, at most 2147483647"]],
  [
    { stopAfter: "1m", killAfter: "1500ms" },
    ["killAfter is 1500ms: Orchestrator takes whole seconds, at most 2147483647"],
  ],
  [{ stopAfter: "1m", killAfter: "999999999999d" }, [expect.stringContaining("at most 2147483647")]],
  [{ retries: { limit: 1, backoff: "25d" } }, ["retries.backoff is 25d, at most 24d are allowed"]],
  [
    { environmentVariables: { "A=B": "x", C: "1\n2", "": "y" } },
    [
      "the name of a variable is empty, or holds = or a line break",
      "the name of a variable is empty, or holds = or a line break",
      "the value of C holds a line break",
    ],
  ],
  [
    { environmentVariables: { A: "x".repeat(3999) } },
    ["environmentVariables have 4001 characters as NAME=VALUE lines, at most 4000 are allowed"],
  ],
  [{ environmentVariables: { A: "x".repeat(3998) } }, []],
] as const)("refuses what cannot be sent or waited for: %j", (raw, messages) => {
  const { diagnostics } = normalizeJob({ process: "A", ...raw }, at);
  expect(diagnostics.map(({ message }) => message)).toEqual(messages);
});

it.each([
  [{ type: "Dynamic" } as const, { type: "Dynamic", count: 1 }],
  [{ type: "Dynamic", count: 3 } as const, { type: "Dynamic", count: 3 }],
  [{ type: "All" } as const, { type: "All" }],
  [{ type: "RobotCount", count: 2 } as const, { type: "RobotCount", count: 2 }],
  [{ type: "JobsCount", count: 2 } as const, { type: "JobsCount", count: 2 }],
])("reads strategy %j", (raw, strategy) => {
  expect(normalizeJob({ process: "A", strategy: raw }, at).spec.strategy).toEqual(strategy);
});

it("fills in what a wait leaves out", () => {
  expect(normalizeJob({ process: "A", wait: { until: "none" } }, at).spec.wait).toEqual({
    until: "none",
    timeout: 1_800_000,
    success: ["Successful"],
  });
});

it("counts escapes and brackets of input arguments", () => {
  const long = normalizeJob({ process: "A", inputArguments: { a: '"'.repeat(4997) } }, at).diagnostics;
  expect(long.map(({ code, source }) => [code, source?.file])).toEqual([["JB001", "key of inputArguments"]]);
  expect(normalizeJob({ process: "A", inputArguments: { a: '"'.repeat(4996) } }, at).diagnostics).toEqual([]);
});
