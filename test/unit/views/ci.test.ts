import { describe, expect, it } from "vitest";
import { codeQuality } from "../../../src/views/ci/code-quality.ts";
import { azureCommand, azureSummaryCommand, findingCommands, githubCommand } from "../../../src/views/ci/commands.ts";
import { diagnosticFindings, outcomeFindings, planFindings, type Finding } from "../../../src/views/ci/findings.ts";
import { reportOf } from "./reports.ts";
import { planOf, queueItems } from "./sample.ts";

const source = { file: "manifests/a,b: c.yaml", line: 3, column: 5 };
const finding: Finding = { severity: "error", code: "QI004", message: "100% wrong, see a:b; or c]", source };

describe("findings", () => {
  it("are guards, blocked lines and diagnostics of a plan", () => {
    const guards = [
      { guard: "maxStops", count: 1, limit: 0, message: "1 to stop", forced: false },
      { guard: "maxStarts", count: 1, limit: 0, message: "1 to start", forced: true },
    ] as const;
    const diagnostics = [{ code: "MF006", severity: "warning", message: "odd", hint: "mend it" }] as const;
    expect(planFindings(planOf([queueItems], { guards, diagnostics }))).toEqual([
      { severity: "error", code: "maxStops", message: "1 to stop" },
      {
        severity: "error",
        code: "blocked",
        message:
          "QueueItems/invoices-march INV-009 is blocked: content.Email is required by the queue's schema: " +
          "add it to the content, or relax the schema of DocQueue",
        source: { file: "manifests/march.yaml", line: 31, column: 5 },
      },
      { severity: "warning", code: "MF006", message: "odd: mend it", source: undefined },
    ]);
  });

  it("are what an apply did not do, or does not know", () => {
    expect(outcomeFindings(reportOf().outcomes).map(({ code, message }) => [code, message.slice(0, 45)])).toEqual([
      ["failed", "QueueItems/invoices-march INV-017 failed: 400"],
      ["unknown", "Job/nightly is unknown: StartJobs was sent at"],
    ]);
  });
});

describe("commands", () => {
  it("escape for GitHub Actions what ends a property or a line", () => {
    expect(githubCommand(finding)).toBe(
      "::error file=manifests/a%2Cb%3A c.yaml,line=3,col=5,title=orch-sync QI004::100%25 wrong, see a:b; or c]",
    );
  });

  it("escape for Azure Pipelines what ends a property or a line", () => {
    expect(azureCommand({ ...finding, message: "100% wrong", source: { ...source, file: "a;b]c" } })).toBe(
      "##vso[task.logissue type=error;sourcepath=a%3Bb%5Dc;linenumber=3;columnnumber=5;code=QI004;]100%AZP25 wrong",
    );
    expect(azureSummaryCommand("/tmp/a%0Ab.md")).toBe("##vso[task.uploadsummary]/tmp/a%AZP250Ab.md");
  });

  it("go without a place where there is none", () => {
    expect(githubCommand({ severity: "warning", code: "x", message: "y" })).toBe("::warning title=orch-sync x::y");
  });

  it("stop at ten of each severity, and say how many more there are", () => {
    const lines = findingCommands(
      Array.from({ length: 30 }, () => finding),
      githubCommand,
    ).split("\n");
    expect(lines).toHaveLength(11);
    expect(lines[9]).toBe("::error title=orch-sync more::21 more errors: see the log");
  });
});

describe("a Code Quality report", () => {
  const read = (text: string): readonly Record<string, unknown>[] => JSON.parse(text) as Record<string, unknown>[];

  it("names file, line and severity, and leaves out what has no place", () => {
    const entries = read(codeQuality([finding, { ...finding, source: undefined }]));
    expect(entries).toEqual([
      {
        description: "100% wrong, see a:b; or c]",
        check_name: "QI004",
        fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
        severity: "major",
        location: { path: "manifests/a,b: c.yaml", lines: { begin: 3 } },
      },
    ]);
  });

  it("gives the same fingerprint when a line moves, and another when it occurs twice", () => {
    const moved = { ...finding, source: { ...source, line: 9 } };
    const [first, second] = read(codeQuality([finding, moved]));
    const [alone] = read(codeQuality([moved]));
    expect(first?.["fingerprint"]).toBe(alone?.["fingerprint"]);
    expect(second?.["fingerprint"]).not.toBe(first?.["fingerprint"]);
  });

  it("is an empty list when nothing is wrong", () => {
    expect(codeQuality(diagnosticFindings([]))).toBe("[]\n");
  });
});
