import * as fc from "fast-check";
import { expect, it } from "vitest";
import type { LoadedManifests } from "../../../src/manifest/load.ts";
import { load } from "../../unit/manifest/folder.ts";

const header = (name: string, folder: string | undefined): string =>
  `apiVersion: orch-sync/v1\nkind: Job\nmetadata: { name: ${name}${folder === undefined ? "" : `, folder: ${folder}`} }\n`;
const base = [
  `${header("a", "F")}spec: { process: P, inputArguments: { x: 1, y: { z: 2 } } }\n`,
  `${header("b", "F")}spec: { process: P }\n`,
  `${header("b", "G")}spec: { process: P, priority: High }\n`,
].join("---\n");

const overlay = fc
  .record({
    name: fc.constantFrom("a", "a", "b", "b", "c"),
    folder: fc.constantFrom(undefined, "F", "g", "H"),
    spec: fc.constantFrom(
      "{ process: Q }",
      "{ inputArguments: { x: null, y: { z: 3 } } }",
      "{ inputArguments: [1] }",
      "{ priority: null, run: once }",
      "{ proces: Q }",
    ),
  })
  .map(({ name, folder, spec }) => `${header(name, folder)}spec: ${spec}\n`);

function codes({ diagnostics }: LoadedManifests): string[] {
  return diagnostics.map(({ code }) => code).toSorted();
}

function specs({ resources }: LoadedManifests): unknown {
  return resources.map(({ key, spec }) => ({ key, spec }));
}

it("says the same whatever the files of an overlay are called, and whichever document comes first", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc
        .array(overlay, { minLength: 1, maxLength: 4 })
        .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
      fc.boolean(),
      async ([overlays, shuffled], inOneFile) => {
        const open = (all: readonly string[]): Promise<LoadedManifests> => {
          const files = inOneFile ? [all.join("---\n")] : all;
          const named = files.map((text, index) => [`prod/${index}.yaml`, text] as const);
          return load(
            { "base.yaml": base, ...Object.fromEntries(named) },
            { paths: ["base.yaml"], overlays: ["prod"] },
          );
        };
        const [one, other] = [await open(overlays), await open(shuffled)];
        expect(codes(other)).toEqual(codes(one));
        expect(specs(other)).toEqual(specs(one));
      },
    ),
    { numRuns: 40 },
  );
});
