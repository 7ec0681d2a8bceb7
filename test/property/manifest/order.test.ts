import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { loadManifests, type LoadedManifests } from "../../../src/manifest/load.ts";

const header = (kind: string, name: string, folder: string): string =>
  `apiVersion: orch-sync/v1\nkind: ${kind}\nmetadata: { name: ${name}, folder: ${folder} }\nspec:\n`;

/** Documents that agree and disagree with each other in all ways that rules know. */
const document = fc
  .record({
    name: fc.constantFrom("a", "b", "c"),
    folder: fc.constantFrom("F", "f", "G"),
    body: fc.constantFrom(
      "Job  process: P\n  dependsOn: [Job/a]",
      "Job  process: p\n  dependsOn: [Job/b, Job/c]",
      "Job  process: Q",
      "Job  proces: Q",
      "StoppedJobs  select: { process: P }",
      "QueueItems  queue: q\n  items: [{ reference: x }, { reference: Y }]\n  prune: { referencePrefix: x }",
      "QueueItems  queue: Q\n  items: [{ reference: y }]\n  prune: { referencePrefix: X- }",
    ),
  })
  .map(({ name, folder, body }) => {
    const [kind = ""] = body.split("  ", 1);
    return `${header(kind, name, folder)}${body.slice(kind.length)}\n`;
  });

function summary({ resources, diagnostics, files }: LoadedManifests): unknown {
  return { resources, diagnostics, files };
}

it("does not depend on the order of paths", async () => {
  const folder = await mkdtemp(join(tmpdir(), "orch-sync-test-"));
  try {
    await fc.assert(
      fc.asyncProperty(
        fc.array(document, { minLength: 2, maxLength: 5 }).chain((texts) =>
          fc.tuple(
            fc.constant(texts),
            fc.shuffledSubarray(
              texts.map((_, index) => `${index}.yaml`),
              { minLength: texts.length },
            ),
          ),
        ),
        async ([texts, shuffled]) => {
          await Promise.all(texts.map((text, index) => writeFile(join(folder, `${index}.yaml`), text)));
          const load = (paths: readonly string[]): Promise<LoadedManifests> =>
            loadManifests({ paths, cwd: folder, env: {} });
          expect(summary(await load(shuffled))).toEqual(summary(await load(shuffled.toSorted())));
        },
      ),
      { numRuns: 60 },
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});

it("finds the same number of problems in any order of documents", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc
        .array(document, { minLength: 2, maxLength: 5 })
        .chain((texts) => fc.tuple(fc.constant(texts), fc.shuffledSubarray(texts, { minLength: texts.length }))),
      async ([texts, shuffled]) => {
        const load = async (all: readonly string[]): Promise<unknown> => {
          const readStdin = (): Promise<string> => Promise.resolve(all.join("---\n"));
          const { resources, diagnostics } = await loadManifests({ paths: ["-"], cwd: "/", env: {}, readStdin });
          // Of two that clash the later one is told, so only the codes are the same; a cycle is told where it begins.
          const codes = diagnostics.map(({ code }) => code).filter((code) => code !== "MF021");
          const keys = resources.map(({ key }) => JSON.stringify(key));
          return { keys: keys.toSorted(), codes: codes.toSorted() };
        };
        expect(await load(shuffled)).toEqual(await load(texts));
      },
    ),
    { numRuns: 60 },
  );
});
