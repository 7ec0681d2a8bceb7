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
      runAsMe: false,
      requiresUserInteraction: true,
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
    runAsMe: false,
    requiresUserInteraction: true,
  });
});

it.each([
  [{ type: "Dynamic" } as const, { type: "Dynamic", count: 1 }],
  [{ type: "Dynamic", count: 3 } as const, { type: "Dynamic", count: 3 }],
  [{ type: "All" } as const, { type: "All" }],
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
