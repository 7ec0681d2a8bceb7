import { describe, expect, it } from "vitest";
import { reportJunit } from "../../../src/views/junit/report.ts";
import { notApplied } from "../../../src/workflow/apply/not-applied.ts";
import { readXml, type XmlElement } from "../../support/markup.ts";
import { reportOf, withNote } from "./reports.ts";
import { job, keyOf, planOf, queueItems, resource, stoppedJobs } from "./sample.ts";

const plan = planOf([
  resource("QueueItems", "invoices-march", "queue DocQueue", []),
  resource("Job", "nightly", "process Nightly", []),
  resource("Review", "failed-invoices", "queue DocQueue", []),
]);

describe("a report as JUnit XML", () => {
  it("has a suite for each resource and a case for each change", async () => {
    await expect(reportJunit(reportOf(), plan)).toMatchFileSnapshot("../../fixtures/views/report.xml.txt");
  });

  it("names what came to match after the plan, which is no failure", () => {
    const note = "job 7 came to match after the plan and was not touched";
    const root = readXml(reportJunit(withNote(reportOf(), `${note}\u001b[2J`), plan));
    expect(root.attributes).toMatchObject({ tests: "5", failures: "1" });
    const said = root.children[0]?.children.filter(({ name }) => name === "system-out");
    expect(said?.map(({ text }) => text)).toEqual([`${note}\\u001b[2J`]);
  });

  it("calls what failed a failure, what is unknown an error, and adds up", () => {
    const root = readXml(reportJunit(reportOf(), plan));
    expect(root.attributes).toMatchObject({ tests: "5", failures: "1", errors: "1", skipped: "1" });
    expect(cases(root).map(({ children }) => children[0]?.name)).toEqual([
      "system-out",
      "failure",
      undefined,
      "error",
      "skipped",
    ]);
  });

  it("fails blocked lines and guards of a plan that was refused, and skips the rest", () => {
    const guards = [{ guard: "maxStops", count: 1, limit: 0, message: "1 to stop", forced: false }] as const;
    const refused = planOf([queueItems, job, stoppedJobs], { guards });
    const root = readXml(reportJunit(notApplied(refused, "the plan is refused", new Date(0)), refused));
    expect(root.attributes).toMatchObject({ tests: "6", failures: "2", errors: "0", skipped: "4" });
    const failures = cases(root).flatMap(({ children }) => children.filter(({ name }) => name === "failure"));
    expect(failures.map(({ attributes }) => attributes["type"])).toEqual(["blocked", "guard"]);
    expect(failures[0]?.text).toBe("add it to the content, or relax the schema of DocQueue");
  });

  it("has no suite when there is nothing to do", () => {
    const nothing = planOf([]);
    expect(readXml(reportJunit(notApplied(nothing, "", new Date(0)), nothing)).children).toEqual([]);
  });

  it("finds the outcomes of a folder whose name has another case", () => {
    const key = { ...keyOf("QueueItems", "invoices-march"), folder: "FINANCE/Invoices" };
    const other = planOf([resource("QueueItems", "invoices-march", "queue Q", [], { key })]);
    expect(readXml(reportJunit(reportOf(), other)).attributes["tests"]).toBe("3");
  });
});

function cases(root: XmlElement): XmlElement[] {
  return root.children.flatMap(({ children }) => children.filter(({ name }) => name === "testcase"));
}
