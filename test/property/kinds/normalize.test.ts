import * as fc from "fast-check";
import { expect, it } from "vitest";
import { readInstant } from "../../../src/core/read-instant.ts";
import { normalizeQueueItems, referenceOf } from "../../../src/kinds/queue-items/normalize.ts";
import type { Locate } from "../../../src/core/locate.ts";

const source = { file: "m.yaml", line: 1, column: 1 };
const at: Locate = () => source;

const instant = fc.date({
  min: new Date("1900-01-01T00:00:00Z"),
  max: new Date("9000-01-01T00:00:00Z"),
  noInvalidDate: true,
});
const primitive = fc.oneof(
  fc.string(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
);
const key = fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{0,5}$/);
const content = fc.dictionary(key, primitive, { noNullPrototype: true });

it("reads an instant again as itself", () => {
  fc.assert(
    fc.property(instant, fc.integer({ min: -14 * 60, max: 14 * 60 }), (date, offset) => {
      const sign = offset < 0 ? "-" : "+";
      const minutes = Math.abs(offset);
      const zone = `${sign}${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
      const local = new Date(date.getTime() + offset * 60_000).toISOString().replace("Z", zone);
      const read = readInstant(local);
      expect(read.type).toBe("instant");
      const text = read.type === "instant" ? read.instant : "";
      expect(Date.parse(text)).toBe(date.getTime());
      expect(readInstant(text)).toEqual({ type: "instant", instant: text });
    }),
  );
});

it("makes a reference of content, not of the order of its keys", () => {
  fc.assert(
    fc.property(content, (one) => {
      const reversed = Object.fromEntries(Object.entries(one).toReversed());
      expect(referenceOf(reversed)).toBe(referenceOf(one));
      expect(referenceOf(one)).toMatch(/^c-[0-9a-f]{24}$/);
    }),
  );
});

it("normalizes what is normal to itself", () => {
  const item = fc.record(
    {
      reference: fc.string({ minLength: 1, maxLength: 20 }).map((text) => `r${text}`),
      content,
      dueDate: fc.oneof(
        fc.constant(null),
        instant.map((date) => date.toISOString()),
      ),
    },
    { requiredKeys: ["reference"] },
  );
  fc.assert(
    fc.property(fc.array(item), (items) => {
      const { spec, diagnostics } = normalizeQueueItems({ queue: "Q", items }, at);
      const again = [...spec.items].map(({ reference, content: data, dueDate }) =>
        Object.assign(
          { reference },
          data && { content: { ...(data as Record<string, string>) } },
          dueDate !== undefined && { dueDate },
        ),
      );
      expect(diagnostics).toEqual([]);
      expect(normalizeQueueItems({ queue: "Q", items: again }, at).spec).toEqual(spec);
    }),
  );
});
