import { describe, expect, it } from "vitest";
import { apply, plan, PlanRefusedError, ManifestError, loadManifests } from "../../src/index.ts";
import { emulatorFor, manifestsOf, targetOf } from "../support/contract.ts";
import { manifests, tenant } from "../support/server.ts";

const plainQueue = { queues: [{ name: "Q", folder: "Finance" }] };
const many = (count: number): string =>
  manifests.items(
    `{ queue: Q, seedUntil: never, items: [${Array.from({ length: count }, (_, index) => `{ reference: R-${index} }`).join(", ")}] }`,
  );

describe("the public API", () => {
  it("adds nothing twice that appeared between plan and apply, in whichever batch it stands", async () => {
    const emulator = await emulatorFor(tenant(plainQueue));
    const target = targetOf(emulator);
    const made = await plan({ manifests: await manifestsOf(many(1002)), target, guards: "none" });
    // Somebody else adds one that the plan could not see.
    const other = await plan({
      manifests: await manifestsOf(manifests.items("{ queue: Q, seedUntil: never, items: [{ reference: R-1001 }] }")),
      target,
    });
    expect((await apply(other, { target })).counts.applied).toBe(1);

    expect((await apply(made, { target })).counts).toMatchObject({ applied: 1001, "already-done": 1, failed: 0 });
    const rows = await fetch(`${emulator.url}/odata/QueueItems?$filter=Reference eq 'R-1001'`, {
      headers: { authorization: `Bearer ${emulator.token}`, "X-UIPATH-FolderPath": "Finance" },
    });
    expect(((await rows.json()) as { value: unknown[] }).value).toHaveLength(1);
  });

  it("guards by default: no deletion, no stop, unless it is told otherwise", async () => {
    const items = [{ queue: "Q", folder: "Finance", reference: "OLD-1" }];
    const emulator = await emulatorFor(
      tenant({ queues: [{ name: "Q", folder: "Finance", uniqueReferences: true }], items }),
    );
    const target = targetOf(emulator);
    const loaded = await manifestsOf(
      manifests.items("{ queue: Q, items: [{ reference: A }], prune: { referencePrefix: OLD } }"),
    );
    const guarded = await plan({ manifests: loaded, target });
    expect(guarded.guards.map(({ guard }) => guard)).toEqual(["maxDeletes"]);
    await expect(apply(guarded, { target })).rejects.toBeInstanceOf(PlanRefusedError);
    const forced = await plan({ manifests: loaded, target, force: ["maxDeletes"] });
    expect((await apply(forced, { target })).counts.applied).toBe(2);
  });

  it("refuses a plan for another target, and manifests with errors", async () => {
    const emulator = await emulatorFor(tenant(plainQueue));
    const target = targetOf(emulator);
    const made = await plan({ manifests: await manifestsOf(many(1)), target });
    await expect(apply(made, { target: { ...target, url: "http://127.0.0.1:1" } })).rejects.toBeInstanceOf(
      PlanRefusedError,
    );
    const broken = await loadManifests({ paths: ["nowhere.yaml"], env: {} });
    await expect(plan({ manifests: broken, target })).rejects.toBeInstanceOf(ManifestError);
  });

  it("loses no report when whoever watches throws", async () => {
    const emulator = await emulatorFor(tenant(plainQueue));
    const target = targetOf(emulator);
    const made = await plan({ manifests: await manifestsOf(many(3)), target });
    const onEvent = (): never => {
      throw new Error("display");
    };
    expect((await apply(made, { target, onEvent })).counts.applied).toBe(3);
  });
});
