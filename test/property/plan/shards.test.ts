import * as fc from "fast-check";
import { expect, it } from "vitest";
import type { Change } from "../../../src/core/change.ts";
import { lineText } from "../../../src/core/plan-file.ts";
import { changeLine } from "../../../src/core/plan-line.ts";
import type { Plan } from "../../../src/core/plan.ts";
import type { Shard } from "../../../src/core/shard.ts";
import { load, loadShard, openDesk, type Files } from "./desk.ts";
import { documentsOf, tenantOf, withSpec, world, type Document } from "./world.ts";

const timeout = 60_000;
const count = fc.integer({ min: 2, max: 5 });
const split = new Set(["QueueItems", "Review"]);

const shardsOf = (number: number): Shard[] =>
  Array.from({ length: number }, (_, index) => ({ index: index + 1, count: number }));

/** Every change as a plan file has it. That nothing is to be reviewed, each shard says for itself. */
function changesOf({ resources }: Plan): string[] {
  const isMeant = ({ action, key }: Change): boolean =>
    action !== "no-op" || key.entry !== undefined || key.kind !== "Review";
  return resources.flatMap(({ changes }) => Array.from(changes).filter(isMeant)).map(textOf);
}

function textOf(change: Change): string {
  const { source: _source, ...line } = changeLine(change);
  return lineText(line);
}

/** Sets that may come apart, and dependencies that one machine alone can keep. */
function divisible(documents: readonly Document[]): Document[] {
  return documents.map((document) => {
    const whole = !split.has(document.kind) && !dependsOnSplit(document);
    return withSpec(document, {
      ...(document.kind === "QueueItems" ? { commit: "ProcessAllIndependently" } : {}),
      ...(whole ? {} : { dependsOn: undefined }),
    });
  });
}

function dependsOnSplit({ spec }: Document): boolean {
  const { dependsOn = [] } = spec as { readonly dependsOn?: readonly string[] };
  return dependsOn.some((text) => split.has(text.split("/")[0] ?? ""));
}

it("the shards add up to the whole, and none has what another has", { timeout }, async () => {
  await fc.assert(
    fc.asyncProperty(world, count, async (made, number) => {
      const files: Files = { "all.yaml": divisible(documentsOf(made)) };
      const resources = await load(files);
      await using desk = await openDesk(tenantOf(made, resources));
      const whole = await desk.plan(resources);
      const found: string[] = [];
      for (const shard of shardsOf(number)) {
        const { manifests, diagnostics } = await loadShard(files, shard);
        expect(diagnostics).toEqual([]);
        found.push(...changesOf(await desk.plan(manifests.map(({ resource }) => resource))));
      }
      expect(found.toSorted()).toEqual(changesOf(whole).toSorted());
    }),
    { numRuns: 30 },
  );
});

it("every shard refuses a dependency that none of them could keep", async () => {
  await fc.assert(
    fc.asyncProperty(world, count, async (made, number) => {
      const documents = documentsOf(made);
      const bad = documents.filter(
        (document) => dependsOnSplit(document) || (split.has(document.kind) && "dependsOn" in document.spec),
      );
      for (const shard of shardsOf(number)) {
        const { diagnostics } = await loadShard({ "all.yaml": documents }, shard);
        expect(diagnostics.map(({ code, key }) => [code, key?.name])).toEqual(
          bad.map(({ metadata }) => ["MF051", metadata.name]),
        );
      }
    }),
    { numRuns: 30 },
  );
});
