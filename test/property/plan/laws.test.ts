import * as fc from "fast-check";
import { expect, it } from "vitest";
import type { Change } from "../../../src/core/change.ts";
import { lineText, planLines } from "../../../src/core/plan-file.ts";
import { changeLine } from "../../../src/core/plan-line.ts";
import type { Plan } from "../../../src/core/plan.ts";
import { fullKey } from "../../../src/core/resource.ts";
import { parseSelector, selectorOf, selectSome } from "../../../src/core/selector.ts";
import { load, openDesk, type Files } from "./desk.ts";
import { documentsOf, tenantOf, withSpec, world, type Document } from "./world.ts";

const numRuns = 30;
const timeout = 60_000;

/** Every change as a plan file has it, without its place; whoever wants no order sorts. */
function changesOf({ resources }: Plan): string[] {
  return resources.flatMap(({ changes }) => [...changes].map(textOf));
}

function textOf(change: Change): string {
  const { source: _source, ...line } = changeLine(change);
  return lineText(line);
}

/** What a plan file says besides when and at which price it was made. */
function bodyOf(plan: Plan): string[] {
  return [...planLines(plan)].slice(1, -1);
}

it("planning the same state twice gives the same id, line by line, whatever is read first", { timeout }, async () => {
  await fc.assert(
    fc.asyncProperty(world, async (made) => {
      const resources = await load({ "all.yaml": documentsOf(made) });
      await using desk = await openDesk(tenantOf(made, resources));
      const first = await desk.plan(resources);
      const second = await desk.plan(resources, { parallelism: 1 });
      expect(second.id).toBe(first.id);
      expect(bodyOf(second)).toEqual(bodyOf(first));
    }),
    { numRuns },
  );
});

it("the order of files and documents never matters", { timeout }, async () => {
  const inOrder = world.chain((made) => {
    const documents = documentsOf(made);
    const order = fc.shuffledSubarray(documents, { minLength: documents.length });
    const homes = fc.array(fc.constantFrom("a.yaml", "b/a.yml", "z.yaml"), {
      minLength: documents.length,
      maxLength: documents.length,
    });
    return fc.record({ made: fc.constant(made), order, homes });
  });
  await fc.assert(
    fc.asyncProperty(inOrder, async ({ made, order, homes }) => {
      const resources = await load({ "all.yaml": documentsOf(made) });
      await using desk = await openDesk(tenantOf(made, resources));
      const plain = await desk.plan(resources);
      const shuffled = await desk.plan(await load(spread(order, homes)));
      expect(shuffled.id).toBe(plain.id);
      expect(shuffled.resources.map(({ key, level }) => [fullKey(key), level])).toEqual(
        plain.resources.map(({ key, level }) => [fullKey(key), level]),
      );
      expect(changesOf(shuffled)).toEqual(changesOf(plain));
    }),
    { numRuns },
  );
});

function spread(documents: readonly Document[], homes: readonly string[]): Files {
  const files: Record<string, Document[]> = {};
  for (const [index, document] of documents.entries()) (files[homes[index] ?? ""] ??= []).push(document);
  return files;
}

it("the order within a set decides only the order of its lines", { timeout }, async () => {
  await fc.assert(
    fc.asyncProperty(world, fc.infiniteStream(fc.nat()), async (made, chance) => {
      const documents = documentsOf(made);
      const resources = await load({ "all.yaml": documents });
      await using desk = await openDesk(tenantOf(made, resources));
      const plain = await desk.plan(resources);
      const shuffled = await desk.plan(await load({ "all.yaml": documents.map((each) => shuffledSet(each, chance)) }));
      expect(changesOf(shuffled).toSorted()).toEqual(changesOf(plain).toSorted());
      expect(shuffled.summary).toEqual(plain.summary);
      expect(shuffled.guards).toEqual(plain.guards);
    }),
    { numRuns },
  );
});

function shuffledSet(document: Document, chance: Iterator<number>): Document {
  const { items } = document.spec;
  if (!Array.isArray(items)) return document;
  const drawn = items.map((item: unknown) => ({ item, by: chance.next().value as number }));
  return withSpec(document, { items: drawn.toSorted((a, b) => a.by - b.by).map(({ item }) => item) });
}

it(
  "without prune there is no delete, and prune deletes only what waits under its prefix and nobody names",
  { timeout },
  async () => {
    let deleted = 0;
    await fc.assert(
      fc.asyncProperty(world, async (made) => {
        const documents = documentsOf(made);
        const resources = await load({ "all.yaml": documents });
        await using desk = await openDesk(tenantOf(made, resources));
        const deletes = deletesOf(await desk.plan(resources));
        deleted += deletes.length;
        const stale = made.sets.flatMap(({ prune, stale: count }, set) =>
          Array.from({ length: prune ? count : 0 }, (_, n) => `s${set}-old-${n}`),
        );
        expect(deletes.map(({ before }) => (before as { reference: string }).reference).toSorted()).toEqual(
          stale.toSorted(),
        );
        const unpruned = documents.map((each) => withSpec(each, { prune: undefined }));
        const kept = await desk.plan(await load({ "all.yaml": unpruned }));
        expect(deletesOf(kept)).toEqual([]);
      }),
      { numRuns },
    );
    expect(deleted).toBeGreaterThan(0);
  },
);

function deletesOf({ resources }: Plan): (Change & { readonly action: "delete" })[] {
  return resources.flatMap(({ changes }) => Iterator.from(changes).filter(isDelete).toArray());
}

function isDelete(change: Change): change is Change & { readonly action: "delete" } {
  return change.action === "delete";
}

it("selected parts add up to the whole", { timeout }, async () => {
  await fc.assert(
    fc.asyncProperty(world, fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }), async (made, chosen) => {
      const project = await load({ "all.yaml": documentsOf(made) });
      const keys = project.map(({ key }) => key);
      const some = keys.filter((_, index) => chosen[index]);
      fc.pre(some.length > 0 && some.length < keys.length);
      const part = (flag: "--select" | "--exclude"): typeof project =>
        selectSome(
          project,
          some.map((key) => parseSelector(selectorOf(key, keys), flag)),
        );
      await using desk = await openDesk(tenantOf(made, project));
      const whole = await desk.plan(project);
      const first = await desk.plan(part("--select"), { project });
      const second = await desk.plan(part("--exclude"), { project });
      expect([...changesOf(first), ...changesOf(second)].toSorted()).toEqual(changesOf(whole).toSorted());
      for (const [action, count] of Object.entries(whole.summary)) {
        const of = ({ summary }: Plan): number => summary[action as keyof typeof summary];
        expect(of(first) + of(second)).toBe(count);
      }
    }),
    { numRuns },
  );
});
