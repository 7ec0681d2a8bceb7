import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { PlanRefusedError } from "../../../src/core/errors.ts";
import type { JsonObject } from "../../../src/core/json.ts";
import { planLines } from "../../../src/core/plan-file.ts";
import { binding, type PlanLine } from "../../../src/core/plan-line.ts";
import type { Plan } from "../../../src/core/plan.ts";
import { planHtml } from "../../../src/views/html/plan.ts";
import { planView } from "../../../src/views/human/plan.ts";
import { planJson } from "../../../src/views/json/plan.ts";
import { jsonText } from "../../../src/views/json/text.ts";
import { planMarkdown } from "../../../src/views/markdown/plan.ts";
import { readPlan } from "../../../src/workflow/files/read-plan.ts";
import { temporaryFolder } from "../../support/cli.ts";
import { job, planOf, queueItems, reads, review, stoppedJobs } from "../../unit/views/sample.ts";

const sample = planOf([queueItems, job, stoppedJobs, review], { reads });
const bytes = Buffer.from([...planLines(sample)].join(""));
const lines = [...planLines(sample)];

/** Reads a file of these bytes; gives the plan, or the error that refused it. Any other error is a defect. */
async function read(file: string, content: Uint8Array | string): Promise<Plan | PlanRefusedError> {
  writeFileSync(file, content);
  try {
    return await readPlan(file, "saved.plan");
  } catch (error) {
    if (error instanceof PlanRefusedError) return error;
    throw error;
  }
}

function isRefused(found: Plan | PlanRefusedError): boolean {
  return found instanceof PlanRefusedError;
}

it("a plan that was read is written as it was, byte for byte, and looks the same in every view", async () => {
  const found = await read(join(temporaryFolder(), "saved.plan"), bytes);
  if (found instanceof PlanRefusedError) throw found;
  expect([...planLines(found)].join("")).toBe(bytes.toString());
  const style = { color: false, width: 80, verbose: true };
  for (const draw of [
    (plan: Plan) => jsonText(planJson(plan)),
    (plan: Plan) => planView(plan, style),
    (plan: Plan) => planMarkdown(plan, style),
    (plan: Plan) => planHtml(plan, style),
  ]) {
    expect(draw(found)).toBe(draw(sample));
  }
});

it("a plan file with a changed, added or missing byte is refused", async () => {
  const file = join(temporaryFolder(), "saved.plan");
  const place = fc.nat(bytes.length - 1);
  const mutated = fc.oneof(
    fc
      .tuple(place, fc.integer({ min: 1, max: 255 }))
      .map(([at, flip]) => bytes.map((byte, index) => (index === at ? byte ^ flip : byte))),
    place.map((length) => bytes.subarray(0, length)),
    fc
      .tuple(place, fc.uint8Array({ minLength: 1, maxLength: 3 }))
      .map(([at, more]) => Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at)])),
    fc
      .tuple(place, fc.integer({ min: 1, max: 300 }))
      .map(([at, length]) => Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)])),
  );
  await fc.assert(
    fc.asyncProperty(mutated, async (content) => {
      fc.pre(!Buffer.from(content).equals(bytes));
      expect(isRefused(await read(file, content))).toBe(true);
    }),
    { numRuns: 300 },
  );
});

it("a plan file with lines dropped, doubled or in another order is refused", async () => {
  const file = join(temporaryFolder(), "saved.plan");
  const chosen = fc.array(fc.nat(lines.length - 1), { maxLength: lines.length + 2 });
  const near = fc.shuffledSubarray([...lines.keys()], { minLength: lines.length - 1 });
  await fc.assert(
    fc.asyncProperty(fc.oneof(chosen, near), async (order) => {
      const content = order.map((index) => lines[index]).join("");
      fc.pre(content !== bytes.toString());
      expect(isRefused(await read(file, content))).toBe(true);
    }),
    { numRuns: 200 },
  );
});

it("a plan file that somebody has made up, digests and all, is refused or can be shown, and never a crash", async () => {
  const file = join(temporaryFolder(), "saved.plan");
  const bodies = lines.slice(0, -1).map((line) => JSON.parse(line) as JsonObject);
  const anything = fc.oneof(fc.jsonValue(), fc.dictionary(fc.string(), fc.jsonValue()), fc.string(), fc.constant([]));
  const edit = fc.record({ at: fc.nat(bodies.length - 1), member: fc.nat(20), value: anything });
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 3 }), async (edits) => {
      const made = structuredClone(bodies) as Record<string, unknown>[];
      for (const { at, member, value } of edits) {
        const line = made[at] ?? {};
        const names = Object.keys(line);
        line[names[member % names.length] ?? ""] = value;
      }
      const found = await read(file, sealed(made as JsonObject[]));
      if (found instanceof PlanRefusedError) return;
      expect(planView(found, { color: false, width: 80, verbose: true })).toContain("Target");
      planMarkdown(found, { verbose: true });
      planHtml(found, { verbose: true });
      jsonText(planJson(found));
    }),
    { numRuns: 300 },
  );
});

it("garbage is refused", async () => {
  const file = join(temporaryFolder(), "saved.plan");
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.json()), async (content) => {
      expect(isRefused(await read(file, content))).toBe(true);
    }),
  );
});

/** With the digests that fit. */
function sealed(made: readonly JsonObject[]): string {
  const texts = made.map((line) => `${JSON.stringify(line)}\n`);
  const id = createHash("sha256");
  for (const line of made) {
    try {
      id.update(binding(line as unknown as Exclude<PlanLine, { type: "end" }>) ?? "").update("\n");
    } catch {
      id.update("nothing that a reader would accept");
    }
  }
  const end = {
    type: "end",
    id: id.digest("hex"),
    sha256: createHash("sha256").update(texts.join("")).digest("hex"),
    resources: made.filter(({ type }) => type === "resource").length,
    changes: made.filter(({ type }) => type === "change").length,
  };
  return `${texts.join("")}${JSON.stringify(end)}\n`;
}
