import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Change } from "../../../src/core/change.ts";
import { planLines, seal } from "../../../src/core/plan-file.ts";
import { changeLine, changeOf, type ChangeLine } from "../../../src/core/plan-line.ts";
import { summarize, type Plan } from "../../../src/core/plan.ts";
import { SecretValue, liveSecret } from "../../../src/core/secret.ts";
import { reconcileItem } from "../../../src/kinds/queue-items/reconcile.ts";
import { entry, row } from "../../support/desired.ts";
import { keyOf, planOf, resource } from "../views/sample.ts";

const key = keyOf("QueueItems", "march");
const rules = {
  onDrift: "update",
  recreateDeleted: false,
  seedingOver: false,
  sensitive: new Set(["Email", "Token"]),
  secretKeys: new Set(["Token"]),
} as const;
const token = new SecretValue("s3cret", "${secret:TOKEN}", ["s3cret"], "${secret:TOKEN:-none}");
const item = entry("INV-1", { deferDate: "+2d", content: { Email: "new@x.example", Token: token, $secret: "plain" } });
const create = reconcileItem(key, item, [], rules);
const update = reconcileItem(
  key,
  item,
  [row(7, "INV-1", { content: { Email: "old@x.example", Token: "yesterday", Kept: 1 } })],
  rules,
);
const text = (change: Change): string => JSON.stringify(changeLine(change));
const parse = (json: string): ChangeLine => JSON.parse(json) as ChangeLine;
const unknown = (written: string): SecretValue => new SecretValue("", written, [], written);

function linesOf(plan: Plan): string[] {
  return [...planLines(plan)];
}

describe("the lines of a plan file", () => {
  const plan = planOf([resource("QueueItems", "march", "queue Q", [create, update])]);

  it("are a header, a resource, its changes, and an end with the digest of every byte before it", () => {
    const lines = linesOf(plan);
    expect(lines.map((line) => parse(line).type)).toEqual(["header", "resource", "change", "change", "end"]);
    const sha256 = createHash("sha256").update(lines.slice(0, -1).join("")).digest("hex");
    expect(lines.at(-1)).toBe(`{"type":"end","id":"${plan.id}","sha256":"${sha256}","resources":1,"changes":2}\n`);
    expect(plan.sha256).toBe(sha256);
  });

  it("name secrets and never hold them, nor what the tenant has of secret and sensitive values", () => {
    const all = linesOf(plan).join("");
    expect(all).not.toMatch(/s3cret|yesterday|old@x/);
    expect(all).toContain(String.raw`{"$secret":"${"${secret:TOKEN:-none}"}"}`);
    expect(all).toContain("new@x.example"); // an apply needs it
    expect(text(update)).toContain('"before":{"id":7,"reference":"INV-1","rowVersion":"v7"');
  });

  it("hold what an update changes once, and give it back whole", () => {
    const line = parse(text(update));
    expect(Object.keys(line.after as object)).toEqual(["content"]);
    expect(line.desired).toEqual({ fields: ["deferDate", "content"], apart: { deferDate: "+2d" } });
    expect(changeOf(line, unknown)).toMatchObject({
      after: { id: 7, reference: "INV-1", content: { $secret: "plain", Email: "new@x.example" } },
    });
  });

  it("come back as they were: written, read and written again they are the same", () => {
    for (const change of [create, update]) expect(text(changeOf(parse(text(change)), unknown))).toBe(text(change));
  });

  it("make a secret of nothing that only looks like one", () => {
    const change: Change = { ...create, action: "stop", before: { $secret: "${secret:PATH}", $$secret: 1 } } as Change;
    expect(changeOf(parse(text(change)), unknown)).toMatchObject({
      before: { $secret: "${secret:PATH}", $$secret: 1 },
    });
  });

  it("print harmlessly", () => {
    const bad: Change = { ...create, label: "##vso[x]\u202e\u0085" };
    expect(linesOf(planOf([resource("QueueItems", "march", "q", [bad])])).join("")).not.toMatch(/##vso|\u202e|\u0085/);
  });
});

describe("the id of a plan", () => {
  const idOf = (changes: readonly Change[], more: Partial<Plan> = {}): string => {
    const resources = [resource("QueueItems", "march", "queue Q", changes)];
    return seal({ ...planOf(resources), summary: summarize(resources), ...more }).id;
  };

  it("stays when an item that is in line is taken by a robot", () => {
    const content = { Email: "new@x.example", Token: "s3cret", $secret: "plain" };
    const untouched = reconcileItem(key, item, [row(7, "INV-1", { content })], rules);
    const taken = reconcileItem(key, item, [row(7, "INV-1", { content, status: "InProgress" })], rules);
    expect([untouched.reason?.code, taken.reason?.code]).toEqual(["equal", "already-processed"]);
    expect(idOf([untouched])).toBe(idOf([taken]));
  });

  it("is another for another value, precondition or order, and not for another old value", () => {
    const other = reconcileItem(key, { ...item, priority: "High" }, [], rules);
    const newer = reconcileItem(key, item, [row(7, "INV-1", { content: { Email: "x" }, rowVersion: "v8" })], rules);
    expect(
      new Set([[create, update], [update, create], [create], [other], [newer], [update]].map((each) => idOf(each)))
        .size,
    ).toBe(6);
    expect(idOf([{ ...update, before: { Token: liveSecret("older") } } as Change])).toBe(idOf([update]));
  });
});
