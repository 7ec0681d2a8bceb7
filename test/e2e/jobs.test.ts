import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Emulator } from "../../src/emulator/index.ts";
import { manifests, tenant, workplace } from "../support/server.ts";

type Row = Readonly<Record<string, unknown>>;

async function call(emulator: Emulator, method: string, path: string, body?: object): Promise<Row> {
  const response = await fetch(`${emulator.url}/odata/${path}`, {
    method,
    headers: {
      authorization: `Bearer ${emulator.token}`,
      "content-type": "application/json",
      "X-UIPATH-FolderPath": "Finance",
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(response.status).toBeLessThan(300);
  return JSON.parse((await response.text()) || "{}") as Row;
}

/** How a run goes, by its month. */
const closing = {
  pending: "10ms",
  duration: "20ms",
  output: { total: 5 },
  softStop: "never",
  cases: [
    { when: { month: 4 }, duration: "1h" },
    {
      when: { month: 5 },
      state: "Faulted" as const,
      info: "It \u001b[31mbroke",
      error: { code: "Robot.NoPrice", title: "There is no price" },
    },
  ],
};

const place = tenant({
  edition: "cloud",
  folders: [
    { path: "Finance", type: "modern" },
    { path: "Next", type: "modern" },
  ],
  machines: [{ name: "VM-01" }],
  robots: [{ name: "DocBot", folders: ["Finance"], userName: "bot.finance" }],
  processes: [
    {
      name: "Close",
      folder: "Finance",
      version: "1.4.2",
      entryPoints: [
        { path: "Main.xaml", input: [{ name: "month", type: "System.Int32", required: true }] },
        { path: "Check.xaml", input: [{ name: "strict", type: "System.Boolean" }] },
      ],
      run: closing,
    },
    { name: "Later", folder: "Next", package: "Close", version: "1.5.0", run: closing },
  ],
});

const smoke = manifests.job(
  "{ process: Close, inputArguments: { month: 1 }, machines: [{ machine: VM-01, account: bot.finance }], rerunOn: { processVersion: true } }",
);

test("a job in all that may become of it", { timeout: 120_000 }, async () => {
  const {
    inProcess: run,
    emulator,
    folder,
  } = await workplace({
    tenant: place,
    files: {
      "manifests/smoke.yaml": smoke,
      "blocked/a.yaml": manifests.job("{ process: Close, entryPoint: Mian.xaml }", "no-entry"),
      "blocked/b.yaml": manifests.job(
        "{ process: Close, entryPoint: Check.xaml, inputArguments: { strict: maybe } }",
        "no-boolean",
      ),
      "slow/a.yaml": manifests.job(
        "{ process: Close, inputArguments: { month: 4 }, wait: { timeout: 200ms } }",
        "slow",
      ),
      "then/a.yaml": manifests.job("{ process: Close, dependsOn: [Job/slow], inputArguments: { month: 2 } }", "then"),
      "bad/a.yaml": manifests.job("{ process: Close, inputArguments: { month: 5 } }", "bad"),
      "stop/a.yaml": manifests.stopped("{ select: { process: Close, states: [Running] }, escalateAfter: 200ms }"),
    },
  });

  // What an entry point does not take is seen before anything is sent.
  const blocked = await run(["plan", "blocked"]);
  expect(blocked.code).toBe(4);
  expect(blocked.stdout).toContain("process Close has no entry point Mian.xaml");
  expect(blocked.stdout).toContain("did you mean Main.xaml?");
  expect(blocked.stdout).toContain("strict");

  // Outputs for the next step; the pair of machine and account that was asked for.
  const outputs = join(folder, "outputs.json");
  const apply = ["apply", "--auto-approve"];
  expect(await run([...apply, "--outputs", outputs])).toMatchObject({ code: 0 });
  const first = JSON.parse(readFileSync(outputs, "utf8")) as Record<string, Row[]>;
  expect(first["Job/smoke@Finance"]).toMatchObject([{ state: "Successful", outputs: { total: 5 } }]);
  const id = Number(first["Job/smoke@Finance"]?.[0]?.["id"]);
  expect(await call(emulator, "GET", `Jobs(${id})?$expand=Robot`)).toMatchObject({
    HostMachineName: "VM-01",
    Robot: { Username: "bot.finance" },
  });

  // Another version of the process is another run, and the plan says which; one more attempt is asked for by name.
  const { value } = (await call(emulator, "GET", "Releases?$filter=Name eq 'Close'")) as { readonly value: Row[] };
  const release = value[0] ?? {};
  await call(emulator, "PUT", `Releases(${Number(release["Id"])})`, { ...release, ProcessVersion: "1.5.0" });
  const upgraded = await run([...apply, "--outputs", outputs]);
  expect(upgraded).toMatchObject({ code: 0 });
  expect(upgraded.stdout).toContain("process version 1.4.2 → 1.5.0");
  const again = await run([...apply, "--rerun", "smoke", "--outputs", outputs, "-o", "json"]);
  expect(again).toMatchObject({ code: 0 });
  const { value: jobs } = (await call(emulator, "GET", "Jobs?$orderby=Id")) as { readonly value: Row[] };
  const keys = jobs.map(({ Reference }) => String(Reference));
  expect(keys).toHaveLength(3);
  expect(keys[2]).toBe(`${keys[1] ?? ""}#2`);

  // A job that fails says why, in its own words, cleaned.
  const bad = await run([...apply, "bad"]);
  expect(bad.code).toBe(5);
  expect(bad.stdout).toContain("Robot.NoPrice: There is no price");
  expect(bad.stdout).not.toContain("\u001b");

  // A wait that runs out is no failure by itself, and one with what depends on it is; the job is found again.
  expect((await run([...apply, "slow"])).code).toBe(7);
  const both = await run([...apply, "slow", "then", "-o", "json"]);
  expect(both.code).toBe(5);
  const slow = (await call(emulator, "GET", "Jobs?$filter=State eq 'Running'")) as { readonly value: Row[] };
  expect(slow.value).toHaveLength(1);
  expect((await run(["wait", "--job", String(slow.value[0]?.["Reference"]), "--timeout", "100ms"])).code).toBe(7);

  // It does not stop when it is asked to, and is killed.
  const stopped = await run([...apply, "stop", "--force", "maxStops"]);
  expect(stopped).toMatchObject({ code: 0 });
  expect(stopped.stdout).toContain("then kill");
  expect(await call(emulator, "GET", `Jobs(${Number(slow.value[0]?.["Id"])})`)).toMatchObject({
    State: "Stopped",
    StopStrategy: "Kill",
  });
});
