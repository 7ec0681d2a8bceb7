import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { knownFaults } from "../contract/known-faults.ts";
import { trafficFolder } from "../support/judge/exchange.ts";
import { readDocument } from "../support/judge/document.ts";
import { judgeTraffic } from "../support/judge/traffic.ts";
import { faultLine, faultLines, findingLine } from "../support/judge/verdict.ts";

/**
 * Runs after all other tests and judges what went over the wire in them: every request that orch-sync has sent and
 * every answer of the emulator, by the OpenAPI document of the version that answered.
 */
const folder = process.env["CONTRACT_DIR"];
const spec = process.env["CONTRACT_SPEC"];
const versions = ["15.0", "16.0", "20.0"] as const;
const documents = spec === undefined ? documentsOf(folder) : new Map(versionFor(spec));

function documentsOf(directory: string | undefined): ReadonlyMap<string, string> {
  const files = versions.map((version) => [version, join(directory ?? "", `orchestrator-openapi-${version}.json`)]);
  return new Map(directory === undefined ? [] : (files as [string, string][]));
}

/** A document of one's own judges the version of the emulator that is next to it: the highest that is not above. */
function versionFor(file: string): readonly (readonly [string, string])[] {
  const own = Number(readDocument(file).version);
  const next = versions.findLast((version) => Number(version) <= own) ?? versions[0];
  return [[next, file]];
}

if (documents.size === 0) {
  process.stdout.write(
    "No document judges what went over the wire: set CONTRACT_DIR to the folder of the documents.\n",
  );
}

describe.skipIf(documents.size === 0)("what went over the wire", () => {
  const judged = judgeTraffic(trafficFolder, documents);
  const { findings, unused } = judged.verdicts.verdict(knownFaults);

  test.each([...documents])("the document of API %s is there, and calls were judged by it", (version, file) => {
    expect(existsSync(file)).toBe(true);
    expect(judged.exchanges.get(version) ?? 0).toBeGreaterThan(0);
  });

  test.each([...documents.keys()])("every call of API %s is as its document says, known faults aside", (version) => {
    expect(findings.filter((finding) => finding.version === version).map(findingLine)).toEqual([]);
  });

  test.skipIf(spec !== undefined)("every known fault of the documents was met", () => {
    process.stdout.write(`Known faults of the documents:\n${faultLines(knownFaults).join("\n")}\n`);
    expect(unused.map(faultLine)).toEqual([]);
  });
});
