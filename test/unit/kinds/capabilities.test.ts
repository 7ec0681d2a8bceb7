import { describe, expect, it } from "vitest";
import { capabilitiesOf, lacking, productOf, sendable } from "../../../src/kinds/capabilities.ts";
import { definitions } from "../../../src/kinds/registry.ts";
import { context, desired, jobSpec } from "../../support/desired.ts";

describe("capabilities", () => {
  it.each([
    [11.1, 11],
    [14, 13],
    [15, 15],
    [15.5, 15],
    [18.9, 18],
    [20, 20],
    [23, 20],
    [9, 11],
  ])("a server of API %d is taken for one of %d", (said, taken) => {
    expect(capabilitiesOf(said).version).toBe(taken);
  });

  it("has a name for each version that it knows, and says where it knows none", () => {
    expect(productOf(16)).toBe("Orchestrator 2023.4");
    expect(productOf(14)).toContain("no version that orch-sync knows");
  });

  it("writes from 15 on, pages of 100 items and long queries from 18 on", () => {
    expect([13, 14, 15, 20].map((version) => capabilitiesOf(version).canWrite)).toEqual([false, false, true, true]);
    expect([17, 18].map((version) => capabilitiesOf(version).queueItemsPage)).toEqual([1000, 100]);
    expect([17, 18].map((version) => capabilitiesOf(version).queryBytes)).toEqual([2000, 8000]);
  });

  it("takes a server that does not say for 2023.4, with the smallest pages and queries", () => {
    expect(capabilitiesOf(undefined)).toMatchObject({
      version: 16,
      canWrite: true,
      queueItemsPage: 100,
      queryBytes: 2000,
    });
  });

  it("knows what a probe has found out, of the same version alone", () => {
    const kept = { apiVersion: 20, referenceIn: false, queueItemsPage: 1000 };
    expect(capabilitiesOf(20, kept)).toMatchObject({ queueItemsPage: 1000, filters: { referenceIn: false } });
    for (const version of [18, 20.1, undefined]) {
      expect(capabilitiesOf(version, kept)).toMatchObject({ queueItemsPage: 100, filters: {} });
      expect(capabilitiesOf(version, kept).filters).toEqual({});
    }
  });

  it("leaves out of a body what the version does not have, and what is not given", () => {
    const body = { Reference: "A", Source: "x", ParentOperationId: "y", DueDate: undefined };
    const sent = (version: number): string[] =>
      Object.keys(sendable(capabilitiesOf(version), "QueueItemDataDto", body));
    expect(sent(16)).toEqual(["Reference"]);
    expect(sent(17)).toEqual(["Reference", "Source"]);
    expect(sent(18)).toEqual(["Reference", "Source", "ParentOperationId"]);
  });

  it("names what a server lacks, with the version that has it", () => {
    const members = { runAsMe: "RunAsMe", entryPoint: "EntryPointPath" } as const;
    const needs = { body: "StartProcessDto", members, runtimeType: "Hosting" } as const;
    expect(lacking(needs, 13).map(({ what, version }) => `${what} ${version}`)).toEqual([
      "runAsMe 15",
      "entryPoint 19",
      "runtimeType Hosting 20",
    ]);
    expect(lacking(needs, 20)).toEqual([]);
    expect(lacking({ ...needs, members: {}, runtimeType: "NewerThanWeAre" }, 15), "the server's to judge").toEqual([]);
  });
});

describe("a job that needs more than the server has", () => {
  const plan = (runtimeType: string, apiVersion: number) => {
    const spec = jobSpec({ runtimeType, priority: "High", runAsMe: true, requiresUserInteraction: false });
    const resource = {
      ...desired("Job", "smoke", spec),
      places: { runtimeType: { file: "manifests/march.yaml", line: 7, column: 3 } },
    };
    const process = { id: 1, key: "k", name: "InvoiceSmokeTest", version: "1.0" };
    const live = { process, robots: [], attempts: [] };
    return [...definitions.Job.plan(resource as never, live as never, { ...context, apiVersion }).changes];
  };

  it("is blocked, with the version that has it, at the manifest's line", () => {
    expect(plan("PerformanceTest", 16)).toMatchObject([
      {
        action: "blocked",
        reason: {
          code: "version-too-old",
          text: "runtimeType PerformanceTest needs API 20 or later, and this server speaks API 16",
        },
        source: { line: 7 },
      },
    ]);
    expect(plan("AutomationCloudTestAutomation", 15)).toMatchObject([{ action: "blocked" }]);
  });

  it("is planned where the version has it", () => {
    expect(plan("PerformanceTest", 20)).toMatchObject([{ action: "start" }]);
    expect(plan("Unattended", 15)).toMatchObject([{ action: "start" }]);
  });
});
