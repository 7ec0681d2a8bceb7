import type { Diagnostic } from "../../core/diagnostic.ts";
import { fold } from "../../core/fold.ts";
import { shortKey } from "../../core/resource.ts";
import { isOpenEnded } from "../../kinds/stopped-jobs/normalize.ts";
import { lineOf, ofKind, type Rule } from "./rule.ts";

/** What one manifest starts, another must not stop for ever. A process given by its key is known only to the server. */
export const stoppedProcesses: Rule = function* (manifests): Iterable<Diagnostic> {
  const stopping = new Map(
    ofKind(manifests, "StoppedJobs")
      .filter(({ resource }) => isOpenEnded(resource.spec))
      .map(
        (manifest) => [identity(manifest.key.folder, manifest.resource.spec.select.process ?? ""), manifest] as const,
      ),
  );
  for (const { resource, key, at } of ofKind(manifests, "Job")) {
    const { process, run } = resource.spec;
    if (run === "never" || !("name" in process)) continue;
    const stop = stopping.get(identity(key.folder, process.name));
    if (stop === undefined) continue;
    yield {
      code: "JB002",
      severity: "error",
      message: `${shortKey(stop.key)} stops every job of process ${process.name}`,
      hint: "narrow its selection by createdBefore, runningFor, ids or reference",
      source: at(["spec", "process"]),
      remark: `stopped at ${lineOf(stop.at(["spec", "select"], "place"))}`,
      key,
    };
  }
};

function identity(folder: string, process: string): string {
  return JSON.stringify([fold(folder), fold(process)]);
}
