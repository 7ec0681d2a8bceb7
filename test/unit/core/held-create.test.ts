import { expect, it } from "vitest";
import type { Change } from "../../../src/core/change.ts";
import { ChangeSpool, heldPending } from "../../../src/core/change-spool.ts";
import { HeldCreate, letGo, readAhead } from "../../../src/core/held-create.ts";
import { changeSpelling } from "../../../src/core/plan-file.ts";
import { fileSpools } from "../../../src/workflow/files/spool.ts";

const key = { kind: "QueueItems", folder: "A", name: "march" } as const;
const create = (entry: string, more: object = {}): Change => ({
  action: "create",
  key: { ...key, entry },
  label: entry,
  summary: "Normal",
  after: { reference: entry, priority: "Normal", content: { Amount: 1, $secret: "a name" } },
  desired: { fields: ["content"] },
  precondition: { type: "absent" },
  source: { file: "rows.csv", line: 2, column: 1 },
  ...more,
});
const inLine: Change = { action: "no-op", key: { ...key, entry: "INV-3" }, label: "INV-3", summary: "in line" };

it("holds what an apply asks of creations again and again, and reads the rest when it is asked for", () => {
  const reason = { code: "deleted-recreated", text: "it was deleted" } as const;
  const all = [create("INV-1"), create("INV-2", { reason }), inLine, create("INV-4")];
  const spool = new ChangeSpool(fileSpools({ held: 0 })(changeSpelling));
  for (const each of all) spool.push(each);
  const pending = heldPending(spool.done());
  expect(pending.map(({ label }) => label)).toEqual(["INV-1", "INV-2", "INV-4"]);
  const said = (change: Change): unknown => {
    const { action, label, summary, source, reason: why, desired } = change;
    const { after, precondition } = change as Extract<Change, { readonly action: "create" }>;
    return { action, key: change.key, label, summary, source, why, desired, after, precondition };
  };
  expect(pending.map(said)).toEqual(all.filter(({ action }) => action === "create").map(said));
  expect(heldPending(all)).toEqual(all.filter(({ action }) => action === "create"));
});

it("reads a creation once, ahead of who asks for it, until it is let go", () => {
  const read: number[] = [];
  const kept = {
    at: (index: number): Change => {
      read.push(index);
      if (index > 2) throw new Error("the file is gone");
      return create(`INV-${index}`);
    },
  };
  const held = [1, 2, 3].map((index) => new HeldCreate(kept, index) as Change);
  readAhead(held);
  expect(read.splice(0)).toEqual([1, 2, 3]);
  expect(held.slice(0, 2).map(({ label, summary }) => `${label} ${summary}`)).toEqual(["INV-1 Normal", "INV-2 Normal"]);
  expect(() => held[2]?.label).toThrow("the file is gone");
  expect(read.splice(0)).toEqual([3]);
  for (const each of held) letGo(each);
  expect(held[0]?.key.entry).toBe("INV-1");
  expect(read).toEqual([1]);
});
