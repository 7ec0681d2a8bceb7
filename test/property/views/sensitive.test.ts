import * as fc from "fast-check";
import { expect, it } from "vitest";
import type { Change } from "../../../src/core/change.ts";
import { diffFields } from "../../../src/core/field-diff.ts";
import { notApplied } from "../../../src/workflow/apply/not-applied.ts";
import { everyView } from "../../unit/views/every-view.ts";
import { keyOf, planOf, resource } from "../../unit/views/sample.ts";

/** A value that nothing else in a plan can look like. */
const secret = fc.stringMatching(/^[A-Z]{12}$/);
const names = fc.uniqueArray(fc.stringMatching(/^[a-z][a-z.]{0,5}$/), { minLength: 1, maxLength: 6 });

it("no sensitive value comes out of any view of a plan", () => {
  fc.assert(
    fc.property(names, secret, secret, (keys, before, after) => {
      const content = (value: string): Record<string, string> => Object.fromEntries(keys.map((name) => [name, value]));
      const sensitive = keys.map((name) => `content.${name}`);
      const base = { key: keyOf("QueueItems", "march", "INV-1"), label: "INV-1", summary: "", sensitive };
      const precondition = { type: "absent" } as const;
      const changes: readonly Change[] = [
        {
          ...base,
          action: "update",
          before: { content: content(before) },
          after: { content: content(after) },
          fields: diffFields(content(before), content(after), { prefix: "content." }),
          precondition,
        },
        { ...base, action: "create", after: { content: content(after) }, precondition },
        { ...base, action: "delete", before: { content: content(before) }, precondition },
      ];
      const plan = planOf([resource("QueueItems", "march", "queue DocQueue", changes)]);
      const shown = { plan, report: notApplied(plan, "declined", new Date(0)), diagnostics: [] };
      const telling = Object.keys(everyView).filter((view) => {
        const text = everyView[view]?.draw(shown) ?? "";
        return text.includes(before) || text.includes(after);
      });
      expect(telling).toEqual([]);
    }),
  );
});
