import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkGuards, guardNames, type GuardName, type Guards } from "../../../src/core/guard.ts";
import { summarize } from "../../../src/core/plan.ts";

const counts = fc.nat({ max: 50 });
const limit = fc.oneof(
  fc.nat({ max: 60 }),
  fc.nat({ max: 100 }).map((share): `${number}%` => `${share}%`),
);
const guards: fc.Arbitrary<Partial<Guards>> = fc.record(
  {
    maxCreates: limit,
    maxUpdates: limit,
    maxStarts: limit,
    maxDeletes: limit,
    maxStops: limit,
    maxAssignments: limit,
  },
  { requiredKeys: [] },
);
const summary = fc
  .record({ create: counts, update: counts, start: counts, delete: counts, stop: counts, assign: counts })
  .map((some) => Object.assign({}, summarize([]), some));
const base = fc.record({ entries: counts, delete: counts, stop: counts, jobs: fc.constant(0) });
const forced = fc.subarray<GuardName>([...guardNames]);

describe("guards", () => {
  it("name exactly what is exceeded, and --force lifts exactly what it names", () => {
    fc.assert(
      fc.property(summary, guards, base, forced, (made, limits, of, lifted) => {
        const plain = checkGuards(made, limits, of, []);
        const some = checkGuards(made, limits, of, lifted);
        expect(some.map((each) => ({ ...each, forced: false }))).toEqual(plain);
        expect(some.filter((each) => each.forced).map(({ guard }) => guard)).toEqual(
          plain.map(({ guard }) => guard).filter((guard) => lifted.includes(guard)),
        );
      }),
    );
  });

  it("as a share allow what is at most that share of their base, and nothing more", () => {
    fc.assert(
      fc.property(summary, fc.nat({ max: 100 }), base, (made, share, of) => {
        const violations = checkGuards(made, { maxCreates: `${share}%`, maxDeletes: `${share}%` }, of, []);
        const exceeded = new Set(violations.map(({ guard }) => guard));
        expect(exceeded.has("maxCreates")).toBe(made.create * 100 > share * of.entries);
        expect(exceeded.has("maxDeletes")).toBe(made.delete * 100 > share * of.delete);
      }),
    );
  });

  it("never hold an empty plan, and never anything where the target has none", () => {
    fc.assert(
      fc.property(summary, guards, base, (made, limits, of) => {
        expect(checkGuards(summarize([]), limits, of, [])).toEqual([]);
        expect(checkGuards(made, undefined, of, [])).toEqual([]);
      }),
    );
  });
});
