import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { startEmulator, type Emulator, type TenantSpec } from "../../../src/emulator/index.ts";
import { temporaryFolder } from "../../support/cli.ts";
import { inProcess, type InProcessResult } from "../../support/in-process.ts";
import { manifests, tenant, writeFiles } from "../../support/server.ts";

interface Place {
  readonly folder: string;
  readonly emulator: Emulator;
  readonly run: (args: readonly string[], env?: Readonly<Record<string, string>>) => Promise<InProcessResult>;
  /** Calls the server as somebody else would. */
  readonly call: (method: string, path: string, body?: unknown) => Promise<Record<string, unknown>>;
  /** How many requests were writes so far. */
  readonly writes: () => number;
}

async function place(
  spec: Partial<TenantSpec>,
  files: Readonly<Record<string, string>>,
  guards = "maxDeletes: 10, maxStops: 10",
): Promise<Place> {
  const emulator = await startEmulator({ tenant: tenant(spec) });
  onTestFinished(() => emulator.close());
  const folder = temporaryFolder();
  const config = (url: string): string =>
    `{ url: "${url}", folder: Finance, auth: { type: token, token: "\${env:TOKEN}" }, guards: { ${guards} }, timing: { request: 2s, settle: 50ms, poll: 5ms } }`;
  writeFiles(folder, {
    "orch-sync.yaml": `apiVersion: orch-sync/v1\nkind: Config\nmanifests: [manifests/]\ndefaultTarget: test\ntargets:\n  test: ${config(emulator.url)}\n  other: ${config("http://127.0.0.1:9")}\n`,
    ...files,
  });
  return {
    folder,
    emulator,
    writes: () => emulator.requests().filter(({ method, path }) => method !== "GET" && path.includes("/odata/")).length,
    run: (args, env = {}) => inProcess(args, { cwd: folder, env: { TOKEN: emulator.token, ...env } }),
    async call(method, path, body) {
      const response = await fetch(`${emulator.url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${emulator.token}`,
          "content-type": "application/json",
          "X-UIPATH-FolderPath": "Finance",
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      expect([response.ok, text]).toEqual([true, text]);
      return text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
    },
  };
}

const queues = [{ name: "Q", folder: "Finance", uniqueReferences: true }];
const two = manifests.items("{ queue: Q, items: [{ reference: A, content: { n: 1 } }, { reference: B }] }");
const add = (reference: string, content = {}): unknown => ({
  itemData: { Name: "Q", Priority: "Normal", Reference: reference, SpecificContent: content },
});
const apply = ["apply", "--auto-approve", "--plan", "p.plan"];

async function references({ call }: Place): Promise<string[]> {
  const { value } = await call("GET", "/odata/QueueItems?$orderby=Id");
  return (value as { Reference: string; Status: string }[])
    .filter((row) => row.Status === "New")
    .map((row) => row.Reference);
}

describe("apply --plan", () => {
  it("does what was planned and nothing else, under the plan's id, and once", async () => {
    const here = await place({ queues }, { "manifests/a.yaml": two });
    await here.run(["plan", "--out", "p.plan"]);
    const { id } = JSON.parse(readFileSync(join(here.folder, "p.plan"), "utf8").split("\n").at(-2) ?? "") as {
      id: string;
    };
    // The manifests have moved on: they are not looked at.
    writeFileSync(join(here.folder, "manifests/a.yaml"), "no manifest");
    const first = await here.run([...apply, "-o", "json", "--expect", id.slice(0, 12), "--max-age", "2h", "--quiet"]);
    expect([first.code, JSON.parse(first.output)]).toMatchObject([0, { planId: id, counts: { applied: 2 } }]);
    const wrote = here.writes();
    const second = await here.run([...apply, "-o", "json", "--quiet"]);
    expect([second.code, JSON.parse(second.output)]).toMatchObject([
      0,
      { planId: id, counts: { applied: 0, "already-done": 2 } },
    ]);
    expect([here.writes(), await references(here)]).toEqual([wrote, ["A", "B"]]);
  });

  it("goes on where something was done meanwhile, and refuses before the first write where something else is there", async () => {
    const here = await place({ queues }, { "manifests/a.yaml": two });
    await here.run(["plan", "--out", "p.plan"]);
    await here.call("POST", "/odata/Queues/UiPathODataSvc.AddQueueItem", add("A", { n: 2 }));
    const wrote = here.writes();
    const refused = await here.run([...apply, "--report", "r.json"]);
    expect([refused.code, here.writes()]).toEqual([4, wrote]);
    expect(refused.output).toContain("conflict QueueItems/march@Finance#A: planned to create, now to update");
    expect(refused.output).toContain("1 change of the plan is no longer possible as reviewed: nothing was written");
    expect(JSON.parse(readFileSync(join(here.folder, "r.json"), "utf8"))).toMatchObject({ counts: { applied: 0 } });
  });

  it("looks secrets up again, and says which are missing", async () => {
    const items = manifests.items('{ queue: Q, items: [{ reference: A, content: { Key: "<${secret:S}>" } }] }');
    const here = await place({ queues }, { "manifests/a.yaml": items });
    await here.run(["plan", "--out", "p.plan"], { S: "first-one" });
    expect(readFileSync(join(here.folder, "p.plan"), "utf8")).not.toContain("first-one");
    const missing = await here.run(apply);
    expect([missing.code, missing.output]).toEqual([3, expect.stringContaining("secret S is not set")]);
    const applied = await here.run(apply, { S: "second-one" });
    expect([applied.code, applied.output.includes("second-one")]).toEqual([0, false]);
    const { value } = await here.call("GET", "/odata/QueueItems");
    expect(value).toMatchObject([{ SpecificContent: { Key: "<second-one>" } }]);
  });

  it("deletes only what the plan shows", async () => {
    const prune = manifests.items("{ queue: Q, items: [{ reference: X-1 }], prune: { referencePrefix: X- } }");
    const item = { queue: "Q", folder: "Finance" };
    const here = await place({ queues, items: [{ ...item, reference: "X-2" }] }, { "manifests/a.yaml": prune });
    await here.run(["plan", "--out", "p.plan"]);
    await here.call("POST", "/odata/Queues/UiPathODataSvc.AddQueueItem", add("X-3"));
    const { code, output } = await here.run(apply);
    expect([code, output]).toEqual([0, expect.stringContaining("X-2")]);
    expect(await references(here)).toEqual(["X-3", "X-1"]);
  });

  it("starts a run of run: always once, however often the plan is applied", async () => {
    const processes = [{ name: "P", folder: "Finance", run: { pending: "1ms", duration: "1ms" } }];
    const job = manifests.job("{ process: P, run: always }");
    const here = await place({ processes }, { "manifests/a.yaml": job });
    await here.run(["plan", "--out", "p.plan"]);
    const codes = [await here.run(apply), await here.run(apply)].map(({ code }) => code);
    expect(codes).toEqual([0, 0]);
    const { value } = await here.call("GET", "/odata/Jobs");
    expect(value).toHaveLength(1);
    const { sha256 } = JSON.parse(readFileSync(join(here.folder, "p.plan"), "utf8").split("\n").at(-2) ?? "") as {
      sha256: string;
    };
    expect(value).toMatchObject([{ Reference: `smoke@${sha256.slice(0, 12)}` }]);
  });

  it("stops exactly the jobs of the plan, and notes the others", async () => {
    const processes = [{ name: "P", folder: "Finance", run: { pending: "1ms", duration: "1h" } }];
    const running = { process: "P", folder: "Finance", state: "Running" } as const;
    const stopped = manifests.stopped("{ select: { process: P }, strategy: Kill }");
    const here = await place({ processes, jobs: [running] }, { "manifests/a.yaml": stopped });
    await here.run(["plan", "--out", "p.plan"]);
    const { value } = await here.call("GET", "/odata/Releases");
    const [{ Key: ReleaseKey }] = value as [{ Key: string }];
    await here.call("POST", "/odata/Jobs/UiPath.Server.Configuration.OData.StartJobs", {
      startInfo: { ReleaseKey, Strategy: "ModernJobsCount", JobsCount: 1 },
    });
    const { code, output } = await here.run(apply);
    expect([code, output]).toEqual([
      0,
      expect.stringContaining("note: StoppedJobs/retire: 1 more matches now and stays as it is"),
    ]);
    const jobs = (await here.call("GET", "/odata/Jobs?$orderby=Id"))["value"] as { State: string }[];
    expect(jobs.map(({ State }) => State === "Stopped")).toEqual([true, false]);
  });

  it("gives each item of a review to the reviewer of the plan, whatever matches now", async () => {
    const users = ["ana", "ion"].map((userName) => ({ userName, reviewer: true, folders: ["Finance"] }));
    const failed = (reference: string) =>
      ({
        queue: "Q",
        folder: "Finance",
        reference,
        status: "Failed",
        exception: { type: "BusinessException", reason: "x" },
      }) as const;
    const review = manifests.review("{ queue: Q, reviewers: [ana, ion] }");
    const here = await place(
      { queues, users, items: [failed("A"), failed("B")] },
      {
        "manifests/a.yaml": review,
      },
    );
    const planned = await here.run(["plan", "--out", "p.plan"]);
    expect([planned.code, planned.output]).toEqual([0, expect.stringContaining("2 to assign")]);
    const first = await here.run([...apply, "-o", "json", "--quiet"]);
    expect(first.output).toContain('"applied": 2');
    const again = await here.run([...apply, "-o", "json", "--quiet"]);
    expect(JSON.parse(again.output)).toMatchObject({ counts: { applied: 0, "already-done": 2 } });
  });

  it("refuses another target, another id, an old plan, and what guards of now forbid", async () => {
    const here = await place({ queues }, { "manifests/a.yaml": two }, "maxCreates: 1");
    expect((await here.run(["plan", "--out", "p.plan"])).code).toBe(4); // and it is saved all the same
    here.emulator.clock.advance(3 * 3_600_000);
    const codes: [string, number][] = [];
    for (const more of [["--target", "other"], ["--expect", "0123456789ab"], ["--max-age", "2h"], []]) {
      const { code, output } = await here.run([...apply, ...more]);
      codes.push([
        /orch-sync: (.*)/.exec(output)?.[1]?.replace(/http[\w:/.]+|[0-9a-f]{64}|10,8\d\d/g, "…") ?? output,
        code,
      ]);
    }
    expect(codes).toEqual([
      ["the plan was made for …, and the target other is …", 4],
      ["the plan has the id …, and --expect says 0123456789ab: it is not the one reviewed", 4],
      ["the plan is … s old by the server's clock, and --max-age allows 7,200 s", 4],
      ["the plan is refused: nothing was written", 4],
    ]);
    expect(here.writes()).toBe(0);
    expect((await here.run([...apply, "--force", "maxCreates"])).code).toBe(0);
  });

  it.each([
    [["manifests/a.yaml"], "PATH"],
    [["--select", "kind=Job"], "--select"],
    [["--exclude", "kind=Job"], "--exclude"],
    [["--var", "a=b"], "--var"],
    [["--var-file", "v.yaml"], "--var-file"],
    [["--overlay", "o"], "--overlay"],
  ])("takes nothing that says what to apply: %s", async (more, what) => {
    const { code, output } = await inProcess([...apply, ...more], { cwd: temporaryFolder(), env: {} });
    expect([code, output]).toEqual([64, expect.stringContaining(`${what} and --plan exclude each other`)]);
  });

  it("expects an id of a plan that it makes itself, too", async () => {
    const here = await place({ queues }, { "manifests/a.yaml": two });
    const { output } = await here.run(["plan", "-o", "json"]);
    const { id } = JSON.parse(output) as { id: string };
    const wrong = await here.run(["apply", "--auto-approve", "--expect", "0".repeat(64)]);
    expect([wrong.code, here.writes()]).toEqual([4, 0]);
    expect((await here.run(["apply", "--auto-approve", "--expect", id])).code).toBe(0);
    expect((await here.run(["apply", "--auto-approve", "--expect", "abc"])).code).toBe(64);
    expect((await here.run(["apply", "--auto-approve", "--max-age", "2h"])).code).toBe(64);
  });
});
