import { describe, expect, it } from "vitest";
import { sentEffects } from "../checker/writes.ts";
import { manifests, tenant, workplace } from "../support/server.ts";

const queue = { name: "DocQueue", folder: "Finance", uniqueReferences: true };
const one = (reference: string, content = "{ a: 1 }"): string =>
  `{ queue: DocQueue, items: [{ reference: "${reference}", content: ${content} }] }`;

describe("an item that was retried by hand", () => {
  it("is the same item, never changed and never pruned", async () => {
    const { run, emulator } = await workplace({
      tenant: tenant({
        edition: "cloud",
        queues: [queue],
        items: [{ queue: "DocQueue", reference: "INV-1", status: "Failed", content: { a: 0 } }],
      }),
      files: {
        "manifests/a.yaml": manifests.items(one("INV-1")),
        "prune.yaml": manifests.items(
          "{ queue: DocQueue, items: [{ reference: X-1 }], prune: { referencePrefix: INV- } }",
        ),
      },
    });
    const call = async (method: string, path: string, body?: object): Promise<{ value: Record<string, unknown>[] }> => {
      const headers = {
        authorization: `Bearer ${emulator.token}`,
        "content-type": "application/json",
        "X-UIPATH-FolderPath": "Finance",
      };
      const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
      return (await (await fetch(`${emulator.url}/odata/${path}`, init)).json()) as {
        value: Record<string, unknown>[];
      };
    };
    const [failed] = (await call("GET", "QueueItems")).value;
    await call("POST", "QueueItems/UiPathODataSvc.SetItemReviewStatus", {
      queueItems: [{ Id: failed?.["Id"], RowVersion: failed?.["RowVersion"] }],
      status: "Retried",
    });
    expect((await call("GET", "QueueItems?$orderby=Id")).value).toMatchObject([
      { Status: "Retried" },
      { Status: "New", RetryNumber: 0, AncestorId: null, ManualAncestorId: failed?.["Id"] },
    ]);
    expect((await run(["plan", "--verbose"])).stdout).toMatch(/= INV-1 +waits for a retry/);
    const pruning = await run(["plan", "prune.yaml", "--force", "maxDeletes", "--force", "emptySet"]);
    expect(pruning.stdout).toContain("Plan: 1 to create.");
  });
});

describe("a queue that is linked to two folders", () => {
  const linked = (uniqueReferences: boolean): ReturnType<typeof tenant> =>
    tenant({
      folders: [{ path: "Finance" }, { path: "Sales" }],
      queues: [{ ...queue, uniqueReferences, linkedFolders: ["Sales"] }],
    });
  const inFolder = (folder: string, spec: string): string =>
    `apiVersion: orch-sync/v1\nkind: QueueItems\nmetadata: { name: it, folder: ${folder} }\nspec: ${spec}\n`;

  it.each([true, false])("has each reference once over all manifests (unique references: %s)", async (unique) => {
    const spec = (reference: string): string =>
      `{ queue: DocQueue, seedUntil: never, items: [{ reference: "${reference}" }] }`;
    const { inProcess: run, emulator } = await workplace({
      tenant: linked(unique),
      files: {
        "manifests/a.yaml": inFolder("Finance", spec("INV-1")),
        "manifests/b.yaml": inFolder("Sales", spec("inv-1")),
      },
    });
    const { code, stdout } = await run(["plan"]);
    expect(code).toBe(4);
    expect(stdout.replaceAll(/\s+/g, " ")).toContain(
      "! inv-1 blocked: QueueItems/it@Finance names this reference, and the two folders share the queue manifests/b.yaml:4",
    );
    expect((await run(["apply", "--auto-approve"])).code).toBe(4);
    expect(sentEffects(emulator.requests())).toEqual([]);
  });

  it("counts each of its items once, in whichever folder it is looked at", async () => {
    const { inProcess: run } = await workplace({
      tenant: {
        ...linked(true),
        spec: { ...linked(true).spec, items: [{ queue: "DocQueue", folder: "Finance", reference: "INV-1" }] },
      },
      files: { "manifests/a.yaml": inFolder("Sales", "{ queue: DocQueue, items: [{ reference: INV-1 }] }") },
    });
    const { stdout } = await run(["plan", "--verbose"]);
    expect(stdout).toMatch(/= INV-1 +in line/);
    expect(stdout).not.toContain("live items have the reference");
  });

  it("is reviewed by one manifest, not by one in each folder", async () => {
    const { inProcess: run } = await workplace({
      tenant: {
        ...linked(true),
        spec: {
          ...linked(true).spec,
          items: [{ queue: "DocQueue", folder: "Finance", reference: "F-1", status: "Failed" }],
          users: [{ userName: "ana", reviewer: true }],
        },
      },
      files: {
        "manifests/a.yaml": inFolder("Finance", "{ queue: DocQueue, reviewers: [ana] }").replace(
          "QueueItems",
          "Review",
        ),
        "manifests/b.yaml": inFolder("Sales", "{ queue: DocQueue, reviewers: [ana] }").replace("QueueItems", "Review"),
      },
    });
    const { code, stdout } = await run(["plan"]);
    expect(code).toBe(4);
    expect(stdout).toContain("Review/it@Finance selects it, too");
  });
});

describe("an item that retention has purged", () => {
  it("counts as done in a unique queue: the server still knows its reference", async () => {
    const { inProcess: run, emulator } = await workplace({
      tenant: tenant({
        clock: { start: "2026-01-01T00:00:00Z", mode: "manual" },
        queues: [{ ...queue, retention: { finalDays: 1 } }],
        items: [{ queue: "DocQueue", reference: "INV-1", status: "Successful", created: "-90d" }],
      }),
      files: { "manifests/a.yaml": manifests.items(one("INV-1")) },
    });
    emulator.clock.advance(40 * 86_400_000);
    expect((await run(["plan"])).stdout).toContain("Plan: 1 to create.");
    const { code, stdout } = await run(["apply", "--auto-approve"]);
    expect(code).toBe(0);
    expect(stdout).toContain("already done 1");
  });
});
