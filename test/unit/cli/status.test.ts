import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { describe, expect, it } from "vitest";
import { desk, type Desk } from "../../support/desk.ts";
import { manifests, tenant } from "../../support/server.ts";

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
addFormats.default(ajv);
const schema = new URL("../../../schemas/status.schema.json", import.meta.url);
const validate = ajv.compile(JSON.parse(readFileSync(schema, "utf8")) as object);

const busy = tenant({
  folders: [
    { path: "Finance", type: "modern" },
    { path: "Sales", type: "modern" },
  ],
  queues: [
    { name: "Q", folder: "Finance", uniqueReferences: true },
    { name: "Orders", folder: "Sales" },
  ],
  items: [
    { queue: "Q", folder: "Finance", count: 1200, reference: "R-{n}" },
    {
      queue: "Q",
      folder: "Finance",
      reference: "F",
      status: "Failed",
      exception: { type: "BusinessException", reason: "x" },
    },
  ],
  processes: [
    { name: "Import", folder: "Finance" },
    { name: "Export", folder: "Sales" },
  ],
  jobs: [
    { process: "Import", folder: "Finance", state: "Running" },
    { process: "Import", folder: "Finance", state: "Faulted", count: 2, created: "2020-01-01T00:00:00Z" },
    { process: "Export", folder: "Sales", state: "Successful" },
  ],
});
const project = {
  "manifests/a.yaml": [
    manifests
      .items("{ queue: Q, items: [{ reference: R-1 }] }", "done")
      .replace("name: done", "name: done, folder: Finance"),
    manifests
      .items("{ queue: Q, items: [{ reference: NEW }] }", "new")
      .replace("name: new", "name: new, folder: Finance"),
    manifests.job("{ process: Nope }", "lost").replace("name: lost", "name: lost, folder: Finance"),
    manifests.job("{ process: Import, run: once }", "due").replace("name: due", "name: due, folder: Finance"),
  ].join("---\n"),
};

async function busyDesk(): Promise<Desk> {
  return desk({ tenant: busy, files: project, manifests: "manifests/" });
}

describe("status", () => {
  it("shows queues, processes and manifests of every folder, and ends with 0", async () => {
    const { run } = await busyDesk();
    const { code, stdout } = await run(["status"]);
    expect(code).toBe(0);
    const [, ...lines] = stdout.split("\n");
    expect(lines.join("\n")).toBe(`
Queues  folder   waiting  in progress  failed  successful  mean time
Q       Finance    1,200            0       1           0      0.0 s
Orders  Sales          0            0       0           0

Processes  folder   running  successful
Import     Finance        1           0
Export     Sales          0           1

Manifests
QueueItems/done  = in line
QueueItems/new   ~ differs       1 to create
Job/due          > waits to run  1 to start
Job/lost         ! blocked       1 blocked
`);
  });

  it("follows its schema as JSON, a look a line as NDJSON", async () => {
    const { run } = await busyDesk();
    const { stdout } = await run(["status", "-o", "json", "--since", "9000d"]);
    expect(validate(JSON.parse(stdout)) ? [] : validate.errors).toEqual([]);
    expect(JSON.parse(stdout)).toMatchObject({
      processes: [{ folder: "Finance", name: "Import", jobs: { Running: 1, Faulted: 2 } }, { name: "Export" }],
      manifests: [{ state: "in-line" }, { state: "differs" }, { state: "waits" }, { state: "blocked" }],
    });
    const lines = await run(["status", "-o", "ndjson", "--no-plan", "--folder", "Sales"]);
    const [line = "", ...none] = lines.stdout.split("\n");
    expect(none).toEqual([""]);
    expect(JSON.parse(line)).toMatchObject({ queues: [{ name: "Orders" }] });
    expect(JSON.parse(line)).not.toHaveProperty("manifests");
  });

  it("costs two calls a folder, and asks for a queue by its name", async () => {
    const { run, emulator } = await busyDesk();
    await run(["status", "--no-plan", "--folder", "finance", "--queue", "Q"]);
    const queries = emulator.requests().map(({ path, query }) => decodeURIComponent(`${path}?${query}`));
    expect(queries).toHaveLength(3);
    expect(queries[1]).toContain("RetrieveQueuesProcessingStatus?$filter=QueueDefinitionName eq 'Q'");
    expect(queries[2]).toMatch(/^\/odata\/Jobs\?/);
  });

  it("redraws a terminal until time is up, and refuses to where there is none", async () => {
    const { run } = await busyDesk();
    const watched = await run(["status", "--watch", "--no-plan", "--every", "50ms", "--timeout", "900ms"], {
      terminal: true,
    });
    expect(watched.stdout.split("\u001b[2J").length).toBeGreaterThan(2);
    expect(watched.code).toBe(0);
    expect(await run(["status", "--watch"])).toMatchObject({ code: 64, stdout: "" });
    expect(await run(["status", "--watch", "-o", "json"])).toMatchObject({ code: 64, stdout: "" });
  });

  it("ends with 1 for a folder that is not there, naming the nearest", async () => {
    const { run } = await busyDesk();
    const { code, output } = await run(["status", "--folder", "Finanze"]);
    expect([code, output]).toEqual([1, expect.stringContaining("did you mean Finance?")]);
  });
});
