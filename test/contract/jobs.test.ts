import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { apply, plan } from "../../src/index.ts";
import { emulatorFor, manifestsOf, targetOf } from "../support/contract.ts";
import { inProcess } from "../support/in-process.ts";
import { manifests, tenant } from "../support/server.ts";
import { temporaryFolder } from "../support/cli.ts";

const { job, stopped } = manifests;
const faulting = {
  name: "P",
  folder: "Finance",
  run: { pending: "20ms", duration: "30ms", state: "Faulted" as const, info: "Selector not found" },
};

describe("another attempt", () => {
  it("follows a run that ended badly, as often as the manifest says, each under a key of its own", async () => {
    const emulator = await emulatorFor(tenant({ processes: [faulting] }));
    const loaded = await manifestsOf(job("{ process: P, run: once, retries: { limit: 2, backoff: 20ms } }"));
    const target = targetOf(emulator);
    const made = await plan({ manifests: loaded, target, guards: { maxStarts: 2 } });
    expect(made.guards.map(({ message }) => message)).toEqual(["3 jobs to start, maxStarts allows 2"]);
    const report = await apply(await plan({ manifests: loaded, target, guards: "none" }), { target });
    expect(report.outcomes).toMatchObject([
      {
        status: "failed",
        ids: [1, 2, 3],
        note: "job 3 Faulted: not Successful; attempt 3 of 3",
        fault: { message: "Selector not found" },
      },
    ]);
    const keys = emulator
      .requests()
      .filter(({ path }) => path.endsWith("StartJobs"))
      .map(({ body }) => (JSON.parse(body ?? "{}") as { startInfo: { Reference: string } }).startInfo.Reference);
    expect(keys).toEqual(["smoke@once", "smoke@once#2", "smoke@once#3"]);
    const again = await plan({ manifests: loaded, target });
    expect(again.resources[0]?.changes).toMatchObject([{ action: "wait", reason: { code: "previous-run-failed" } }]);
  });
});

describe("a start that shall be alone", () => {
  const busy = tenant({
    processes: [{ ...faulting, run: { pending: "20ms", duration: "1d", softStop: "20ms" } }],
    jobs: [{ process: "P", folder: "Finance", state: "Running" }],
  });

  it("fails unsent while another job of its process goes on", async () => {
    const emulator = await emulatorFor(busy);
    const target = targetOf(emulator);
    const made = await plan({ manifests: await manifestsOf(job("{ process: P, concurrency: forbid }")), target });
    expect((await apply(made, { target })).outcomes).toMatchObject([
      { status: "failed", note: "not started: job 1 Running, and concurrency is forbid" },
    ]);
    expect(emulator.requests().filter(({ path }) => path.endsWith("StartJobs"))).toEqual([]);
  });

  it("does not stop what began after the plan", async () => {
    const emulator = await emulatorFor(busy);
    const target = targetOf(emulator);
    const options = { target, guards: "none" } as const;
    const alone = job("{ process: P, concurrency: stopOthers, wait: { until: none, timeout: 200ms } }");
    const made = await plan({ manifests: await manifestsOf(alone), ...options });
    const other = await plan({
      manifests: await manifestsOf(job("{ process: P, wait: { until: none } }", "x")),
      ...options,
    });
    await apply(other, { target });
    const { outcomes } = await apply(made, { target });
    expect(outcomes.map(({ status, label, note }) => [status, label, note])).toMatchObject([
      ["applied", "job 1", expect.stringContaining("is Stop")],
      ["failed", "", "not started: job 2 Running, and concurrency is stopOthers"],
    ]);
  });
});

describe("jobs that are stopped", () => {
  it("are those of the plan: what came to match after it is told and left alone", async () => {
    const legacy = { name: "Legacy", folder: "Finance", run: { pending: "20ms", duration: "1d", softStop: "20ms" } };
    const emulator = await emulatorFor(
      tenant({ processes: [legacy], jobs: [{ process: "Legacy", folder: "Finance", state: "Running" }] }),
    );
    const target = targetOf(emulator);
    const options = { target, guards: "none" } as const;
    const made = await plan({ manifests: await manifestsOf(stopped("{ select: { process: Legacy } }")), ...options });
    const start = await manifestsOf(job("{ process: Legacy, wait: { until: none } }"));
    await apply(await plan({ manifests: start, ...options }), { target });
    const report = await apply(made, { target });
    expect(report.resources).toMatchObject([{ note: "job 2 came to match after the plan and was not touched" }]);
    expect(report.outcomes).toMatchObject([{ status: "applied", label: "job 1" }]);
  });
});

describe("output arguments", () => {
  it("are in the report and in the file of --outputs, of runs in line too, and hold no secret", async () => {
    const output = { total: 5, echo: "hunter2-hunter2" };
    const process = { ...faulting, run: { pending: "20ms", duration: "30ms", output } };
    const emulator = await emulatorFor(tenant({ processes: [process] }));
    const cwd = temporaryFolder();
    writeFileSync(
      join(cwd, "orch-sync.yaml"),
      `apiVersion: orch-sync/v1\nkind: Config\nmanifests: [m.yaml]\ndefaultTarget: t\ntargets:\n  t: { url: "${emulator.url}", folder: Finance, auth: { type: token, token: "\${env:TOKEN}" }, timing: { settle: 100ms, poll: 20ms } }\n`,
    );
    writeFileSync(join(cwd, "m.yaml"), job('{ process: P, inputArguments: { pin: "${secret:PIN}" } }'));
    const env = { TOKEN: emulator.token, PIN: "hunter2-hunter2" };
    const applying = (...more: string[]): ReturnType<typeof inProcess> =>
      inProcess(["apply", "--auto-approve", "--outputs", "out.json", ...more], { cwd, env });
    const first = await applying("-o", "json");
    expect(first.code).toBe(0);
    expect(first.output).toContain('"total": 5');
    const wanted = { "Job/smoke@Finance": [{ id: 1, state: "Successful", outputs: { total: 5, echo: "[secret]" } }] };
    expect(JSON.parse(readFileSync(join(cwd, "out.json"), "utf8"))).toEqual(wanted);
    expect(statSync(join(cwd, "out.json")).mode & 0o777).toBe(0o600);
    writeFileSync(join(cwd, "out.json"), "");
    expect((await applying()).code).toBe(0);
    expect(JSON.parse(readFileSync(join(cwd, "out.json"), "utf8"))).toEqual(wanted);
    expect(`${first.output}${readFileSync(join(cwd, "out.json"), "utf8")}`).not.toContain("hunter2");

    const rerun = await applying("--rerun", "smoke");
    expect(rerun.output).toMatch(/>> Job\/smoke .*start P again/);
    expect(JSON.parse(readFileSync(join(cwd, "out.json"), "utf8"))).toMatchObject({ "Job/smoke@Finance": [{ id: 2 }] });
    const unknown = await applying("--rerun", "smok");
    expect([unknown.code, unknown.output]).toEqual([64, expect.stringContaining("did you mean smoke?")]);
    const taken = await applying("--outputs", "none/out.json");
    expect([taken.code, taken.output]).toEqual([1, expect.stringContaining("cannot write --outputs none/out.json")]);
  });
});

describe("waits", () => {
  it("go over folders: a job that fails keeps items and jobs of other folders away, one that succeeds lets them go", async () => {
    const emulator = await emulatorFor(
      tenant({
        folders: [{ path: "Finance" }, { path: "Sales" }],
        processes: [
          faulting,
          { ...faulting, name: "Good", folder: "Sales", run: { pending: "20ms", duration: "30ms" } },
        ],
        queues: [{ name: "Q", folder: "Sales", uniqueReferences: true }],
      }),
    );
    const target = targetOf(emulator);
    const inSales = (kind: string, name: string, spec: string): string =>
      `apiVersion: orch-sync/v1\nkind: ${kind}\nmetadata: { name: ${name}, folder: Sales }\nspec: ${spec}\n`;
    const loaded = await manifestsOf(
      job("{ process: P }", "bad"),
      inSales("Job", "good", "{ process: Good }"),
      inSales("QueueItems", "after-bad", "{ queue: Q, items: [{ reference: A }], dependsOn: [Job/bad@Finance] }"),
      inSales("QueueItems", "after-good", "{ queue: Q, items: [{ reference: B }], dependsOn: [Job/good] }"),
      inSales("Job", "last", "{ process: Good, run: once, dependsOn: [QueueItems/after-bad, QueueItems/after-good] }"),
    );
    const { outcomes } = await apply(await plan({ manifests: loaded, target }), { target });
    expect(Object.fromEntries(outcomes.map(({ key, status }) => [key.name, status]))).toEqual({
      bad: "failed",
      good: "applied",
      "after-bad": "skipped",
      "after-good": "applied",
      last: "skipped",
    });
  });
});
