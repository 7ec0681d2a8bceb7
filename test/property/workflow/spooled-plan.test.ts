import * as fc from "fast-check";
import { expect, test } from "vitest";
import { memorySpool, type MakeSpool } from "../../../src/core/list.ts";
import { planLines } from "../../../src/core/plan-file.ts";
import type { Plan } from "../../../src/core/plan.ts";
import { SecretValue } from "../../../src/core/secret.ts";
import { startEmulator, type Emulator } from "../../../src/emulator/index.ts";
import type { QueueItemEntry } from "../../../src/kinds/queue-items/spec.ts";
import { connect } from "../../../src/orchestrator/index.ts";
import { planFindings } from "../../../src/views/ci/findings.ts";
import { planHtml } from "../../../src/views/html/plan.ts";
import { planView } from "../../../src/views/human/plan.ts";
import { planJson, planJsonText } from "../../../src/views/json/plan.ts";
import { planMarkdown } from "../../../src/views/markdown/plan.ts";
import { fileSpools } from "../../../src/workflow/files/spool.ts";
import { makePlan } from "../../../src/workflow/plan.ts";
import { desired, entry, itemsSpec } from "../../support/desired.ts";
import { ManualClock, signal } from "../../unit/orchestrator/support.ts";

const reference = fc.integer({ min: 1, max: 40 }).map((number) => `INV-${number}`);
const content = fc.record({ Amount: fc.integer({ min: 0, max: 2 }), Note: fc.constantFrom("a", "b", "ä€") });
const secret = new SecretValue("s3cr3t", "${secret:TOKEN}", ["s3cr3t"]);
const wanted = fc.uniqueArray(fc.record({ reference, content, isSecret: fc.boolean() }), {
  selector: (each) => each.reference,
  maxLength: 30,
});
const live = fc.uniqueArray(
  fc.record({ reference, content, status: fc.constantFrom("New", "New", "New", "Successful", "Deleted") }),
  { selector: (each) => each.reference, maxLength: 30 },
);

async function planned(
  emulator: Emulator,
  entries: readonly QueueItemEntry[],
  sensitive: readonly string[],
  makeSpool: MakeSpool,
): Promise<Plan> {
  const items = makeSpool<QueueItemEntry>();
  for (const each of entries) items.push(each);
  const manifest = (name: string, folder: string, own: typeof items): ReturnType<typeof desired> => {
    const more = { queue: "Q", items: own.done(), sensitive, secretKeys: ["Token"] };
    const spec = itemsSpec([], { ...more, prune: { referencePrefix: "INV-" } });
    return { ...desired("QueueItems", name, spec), key: { kind: "QueueItems", folder, name } };
  };
  const few = makeSpool<QueueItemEntry>();
  for (const each of entries.slice(0, 3)) few.push(each); // in the other folder of the linked queue: a conflict
  const auth = { type: "token", token: emulator.token } as const;
  const { reader } = connect({
    baseUrl: emulator.url,
    auth,
    clock: new ManualClock(),
    userAgent: "orch-sync/test",
    makeSpool,
  });
  const names = new Set(entries.map((each) => each.reference));
  return makePlan({
    resources: [manifest("march", "A", items), manifest("april", "B", few)],
    isNamed: (_queue, name) => names.has(name),
    target: { name: "test", url: "https://orchestrator.example" },
    forced: [],
    reader,
    parallelism: 2,
    toolVersion: "test",
    diagnostics: [],
    locate: (place) => place,
    makeSpool,
    emit: () => undefined,
    signal,
  });
}

/** What a plan says, the time of its making aside. */
function said(plan: Plan): unknown {
  const made = { ...plan, createdAt: "2026-11-22T00:00:00.000Z", sha256: "" };
  const style = { color: false, width: 100, verbose: false };
  return {
    lines: [...planLines(made)],
    json: [...planJsonText(made, { explain: true })].join(""),
    document: planJson(made),
    texts: [planView(made, style), planMarkdown(made, style), planHtml(made, style)],
    findings: planFindings(made),
    secrets: plan.resources.flatMap(({ changes }) =>
      Array.from(changes, (change) => ("after" in change ? JSON.stringify(change.after) : "")),
    ),
  };
}

test("a plan made in files is the plan made in memory, to the byte", async () => {
  await fc.assert(
    fc.asyncProperty(wanted, live, fc.constantFrom([], ["Token"]), async (entries, rows, sensitive) => {
      await using emulator = await startEmulator({
        edition: "cloud",
        listCallsPerMinute: null,
        tenant: {
          apiVersion: "orch-sync/v1",
          kind: "Tenant",
          metadata: { name: "test" },
          spec: {
            folders: [{ path: "A" }, { path: "B" }],
            queues: [{ name: "Q", folder: "A", linkedFolders: ["B"], uniqueReferences: true }],
            items: rows.map((each) => ({ queue: "Q", folder: "A", ...each, status: each.status as "New" })),
          },
        },
      });
      const items = entries.map(({ isSecret, ...each }) =>
        entry(each.reference, { content: isSecret ? { ...each.content, Token: secret } : each.content }),
      );
      const inMemory = await planned(emulator, items, sensitive, memorySpool);
      const inFiles = await planned(emulator, items, sensitive, fileSpools({ held: 0 }));
      expect(inFiles.id).toBe(inMemory.id);
      expect(said(inFiles)).toEqual(said(inMemory));
      expect(JSON.stringify(said(inFiles))).not.toContain("s3cr3t");
    }),
    { numRuns: 40 },
  );
}, 60_000);
