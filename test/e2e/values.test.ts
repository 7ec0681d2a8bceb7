import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { root, temporaryFolder } from "../support/cli.ts";
import { manifests, tenant, workplace, writeFiles, type Workplace } from "../support/server.ts";
import { inProcess } from "../support/in-process.ts";

const queues = [{ name: "Q", folder: "Finance", uniqueReferences: true }];
const processes = [
  { name: "P", folder: "Finance", run: { pending: "1ms", duration: "1ms", state: "Successful" as const } },
];

async function rows<T>({ emulator }: Workplace, path: string): Promise<T[]> {
  const headers = { authorization: `Bearer ${emulator.token}`, "X-UIPATH-FolderPath": "Finance" };
  const response = await fetch(`${emulator.url}${path}`, { headers });
  return ((await response.json()) as { value: T[] }).value;
}

async function contents(place: Workplace): Promise<Record<string, unknown>> {
  const items = await rows<{ Reference: string; SpecificContent: unknown }>(place, "/odata/QueueItems");
  return Object.fromEntries(items.map(({ Reference, SpecificContent }) => [Reference, SpecificContent]));
}

describe("variables", () => {
  const item = manifests.items(
    '{ queue: "${var:queue}", items: [{ reference: "${var:month}-1", content: { Month: "${var:month:-none}" } }] }',
  );

  it("come from --var over --var-file over the target", async () => {
    const place = await workplace({
      tenant: tenant({ queues }),
      target: "variables: { queue: Q, month: target, unused: x }",
      files: { "a.yaml": item, "vars.yaml": "month: file\n", "more.yaml": "month: more\n" },
    });
    const summary = async (...flags: string[]): Promise<string> =>
      /\+ \S+/.exec((await place.inProcess(["plan", "a.yaml", ...flags])).stdout)?.[0] ?? "";
    expect(await summary()).toBe("+ target-1");
    expect(await summary("--var-file", "vars.yaml")).toBe("+ file-1");
    expect(await summary("--var-file", "vars.yaml", "--var-file", "more.yaml")).toBe("+ more-1");
    expect(await summary("--var", "month=cli", "--var-file", "vars.yaml", "--var", "month=last")).toBe("+ last-1");
    expect(
      await place.inProcess(["apply", "a.yaml", "--auto-approve", "--var", "month=a=b", "--var", "spare=1"]),
    ).toMatchObject({
      code: 0,
    });
    expect(await contents(place)).toEqual({ "a=b-1": { Month: "a=b" } });
  });

  it("serve in the config, numbers as numbers", async () => {
    const place = await workplace({
      tenant: tenant({ queues }),
      target: 'guards: { maxCreates: "${var:creates}" }, variables: { queue: Q, month: m }',
      files: { "a.yaml": item },
    });
    expect((await place.inProcess(["plan", "a.yaml", "--var", "creates=0"])).code).toBe(4);
    expect((await place.inProcess(["plan", "a.yaml", "--var", "creates=1"])).code).toBe(0);
    const { code, stderr } = await place.inProcess(["plan", "a.yaml", "--var", "creates=01"]);
    expect([code, stderr]).toEqual([3, expect.stringContaining("orch-sync.yaml:6:")]);
  });

  it.each([
    ["--var", "month"],
    ["--var", "=x"],
    ["--var", "a b=x"],
  ])("%s %s is a usage error", async (...flags) => {
    const folder = temporaryFolder();
    writeFiles(folder, { "a.yaml": item });
    const { code, stderr, stdout } = await inProcess(["validate", "a.yaml", ...flags], { cwd: folder });
    expect([code, stdout]).toEqual([64, ""]);
    expect(stderr).toContain("write --var NAME=VALUE");
  });

  it("that nobody gives are named with their place", async () => {
    const folder = temporaryFolder();
    writeFiles(folder, { "a.yaml": item, "vars.yaml": "queue: Q\nmont: { a: 1 }\n" });
    const { code, stdout } = await inProcess(["validate", "a.yaml", "--var-file", "vars.yaml", "--var", "mnth=x"], {
      cwd: folder,
    });
    expect(code).toBe(3);
    expect(stdout).toContain("a.yaml:4:");
    expect(stdout).toContain("MF030: variable month is not set (items[0].reference)");
    expect(stdout).toContain("did you mean ${var:mnth}?");
    expect(stdout).toContain(
      'vars.yaml:2:7 error MF034: variable "mont" must be text, a number, true or false, not a mapping',
    );
  });

  it("of a target that is not chosen are no problem offline, and one of the target that plans", async () => {
    const folder = temporaryFolder();
    const target = (variables: string): string =>
      `{ embedded: { tenant: documented }, folder: F, variables: ${variables} }`;
    const config = `apiVersion: orch-sync/v1\nkind: Config\ntargets:\n  a: ${target("{ queue: Q, month: m }")}\n  b: ${target("{ queue: Q }")}\n`;
    writeFiles(folder, { "a.yaml": item, "orch-sync.yaml": config });
    const run = async (...args: string[]): Promise<number | null> => (await inProcess(args, { cwd: folder })).code;
    expect(await run("validate", "a.yaml")).toBe(0);
    expect(await run("validate", "a.yaml", "--target", "a")).toBe(0);
    expect(await run("validate", "a.yaml", "--target", "b")).toBe(3);
    expect(await run("plan", "a.yaml", "--target", "b")).toBe(3);
  });
});

describe("--dotenv", () => {
  const job = manifests.job(
    '{ process: P, run: once, startUntil: 2099-01-01T00:00:00Z, inputArguments: { a: "${env:A}", b: "${secret:B}" } }',
  );

  it("adds to the environment, never over it, and is read only when asked for", async () => {
    const place = await workplace({
      tenant: tenant({ processes }),
      files: { "a.yaml": job, ".env": "A=file\nB=s3cr3t-b\n" },
    });
    const unset = await place.inProcess(["plan", "a.yaml"]);
    expect(unset.code).toBe(3);
    expect(unset.stderr).toContain("MF016: environment variable A is not set (inputArguments.a)");
    expect(unset.stderr).toContain("MF031: secret B is not set (inputArguments.b)");
    const done = await place.inProcess(["apply", "a.yaml", "--auto-approve", "--dotenv", ".env"], {
      env: { A: "process" },
    });
    expect(done.code).toBe(0);
    const [started] = await rows<{ InputArguments: string }>(place, "/odata/Jobs");
    expect(JSON.parse(started?.InputArguments ?? "")).toEqual({ a: "process", b: "s3cr3t-b" });
  });

  it("may name the target", async () => {
    const place = await workplace({ tenant: tenant({ queues }), files: {} });
    const folder = temporaryFolder();
    writeFiles(folder, {
      "a.yaml": manifests.items("{ queue: Q, items: [{ reference: A }] }"),
      "ci.env": `ORCH_SYNC_URL=${place.emulator.url}\nORCH_SYNC_TOKEN=${place.emulator.token}\nORCH_SYNC_FOLDER=Finance\n`,
    });
    expect(await inProcess(["plan", "a.yaml", "--dotenv", "ci.env"], { cwd: folder })).toMatchObject({
      code: 0,
      stderr: "",
    });
    const missing = await inProcess(["validate", "a.yaml", "--dotenv", "no.env"], { cwd: folder });
    expect(missing.code).toBe(3);
    expect(missing.stdout).toContain("no.env:1:1 error MF001: the .env file does not exist");
  });
});

describe("secrets in manifests", () => {
  const item = manifests.items(
    '{ queue: Q, items: [{ reference: A, content: { Auth: "Bearer ${secret:API_TOKEN}", Site: x } }] }',
  );

  it("reach the server and nobody else, and a rotated one is an update", async () => {
    const place = await workplace({ tenant: tenant({ queues }), files: { "a.yaml": item } });
    const apply = (secret: string) =>
      place.inProcess(["apply", "a.yaml", "--auto-approve", "--verbose"], { env: { API_TOKEN: secret } });
    const plan = (secret: string, ...flags: string[]) =>
      place.inProcess(["plan", "a.yaml", ...flags], { env: { API_TOKEN: secret } });

    expect((await plan("hunter2", "--verbose")).stdout).toContain("Auth  (sensitive)");
    expect((await apply("hunter2")).code).toBe(0);
    expect(await contents(place)).toEqual({ A: { Auth: "Bearer hunter2", Site: "x" } });
    expect((await plan("hunter2")).stdout).toContain("Nothing to do");

    const rotated = await plan("hunter3");
    expect(rotated.stdout).toContain("@@ Auth @@\n         (sensitive) → (sensitive)");
    const json = JSON.parse((await plan("hunter3", "-o", "json")).stdout) as {
      resources: { changes: { before: unknown; after: unknown; fields: unknown }[] }[];
    };
    expect(json.resources[0]?.changes[0]).toMatchObject({
      before: { content: { Auth: { sensitive: true }, Site: "x" } },
      after: { content: { Auth: { sensitive: true }, Site: "x" } },
      fields: [{ path: "content.Auth", sensitive: true }],
    });
    const all = [rotated, await apply("hunter3"), json];
    expect(await contents(place)).toEqual({ A: { Auth: "Bearer hunter3", Site: "x" } });
    expect(JSON.stringify(all)).not.toContain("hunter");
  });

  it("leave the plan's id alone: no fingerprint of one is kept", async () => {
    const place = await workplace({ tenant: tenant({ queues, processes }), files: { "a.yaml": item } });
    const id = async (secret: string): Promise<unknown> => {
      const { stdout } = await place.inProcess(["plan", "a.yaml", "-o", "json"], { env: { API_TOKEN: secret } });
      return (JSON.parse(stdout) as { id: string }).id;
    };
    expect(await id("one")).toBe(await id("two"));
  });

  it("make no job run again when they are rotated: they count by their names", async () => {
    const place = await workplace({
      tenant: tenant({ processes }),
      files: {
        "a.yaml": manifests.job(
          '{ process: P, startUntil: 2099-01-01T00:00:00Z, inputArguments: { db: { password: "${secret:DB}" } } }',
        ),
      },
    });
    const apply = (DB: string) => place.inProcess(["apply", "a.yaml", "--auto-approve", "-o", "json"], { env: { DB } });
    const outputs = [await apply("hunter2"), await apply("hunter3")];
    expect(outputs.map(({ code }) => code)).toEqual([0, 0]);
    const jobs = await rows<{ InputArguments: string }>(place, "/odata/Jobs");
    expect(jobs.map(({ InputArguments }) => InputArguments)).toEqual(['{"db":{"password":"hunter2"}}']);
    expect(JSON.stringify(outputs)).not.toContain("hunter");
  });

  it("come from the file that NAME_FILE names, and from a target's variables", async () => {
    const place = await workplace({
      tenant: tenant({ queues }),
      target: 'variables: { auth: "Bearer ${secret:API_TOKEN}" }',
      files: {
        "a.yaml": manifests.items('{ queue: Q, items: [{ reference: A, content: { Auth: "${var:auth}" } }] }'),
        "token.txt": "hunter2\n",
        "b.yaml": manifests.job('{ process: "${var:auth}" }'),
      },
    });
    const env = { API_TOKEN_FILE: join(place.folder, "token.txt") };
    const { code, stdout } = await place.inProcess(["apply", "a.yaml", "--auto-approve", "--verbose"], { env });
    expect([code, stdout.includes("hunter2")]).toEqual([0, false]);
    expect(await contents(place)).toEqual({ A: { Auth: "Bearer hunter2" } });
    const refused = await place.inProcess(["plan", "b.yaml"], { env });
    expect([refused.code, refused.stderr.includes("hunter2")]).toEqual([3, false]);
    expect(refused.stderr).toContain("b.yaml:4:18 error MF032: ${var:auth} holds a secret and is not allowed here");
  });

  it("are not shown by a server that quotes what it refuses", async () => {
    const place = await workplace({
      tenant: tenant({ queues }),
      files: { "a.yaml": item },
      faults: [
        {
          match: { method: "POST", path: "/odata/Queues/**" },
          handle: "no",
          answer: { status: 400, errorCode: 1000, message: 'Auth "Bearer hunter2" is not valid' },
        },
      ],
    });
    const { code, stdout, stderr } = await place.inProcess(["apply", "a.yaml", "--auto-approve"], {
      env: { API_TOKEN: "hunter2" },
    });
    expect(code).toBe(5);
    expect(stdout).toContain('Auth "Bearer [secret]" is not valid');
    expect(stdout + stderr).not.toContain("hunter2");
  });
});

it.skipIf(process.platform === "win32")("takes a secret from what another command prints", async () => {
  const item = manifests.items('{ queue: Q, items: [{ reference: A, content: { Auth: "${secret:S}" } }] }');
  const { folder, emulator } = await workplace({ tenant: tenant({ queues }), files: { "a.yaml": item } });
  const script = 'S_FILE=<(printf hunter2) "$0" "$@"';
  const args = ["-c", script, process.execPath, join(root, "dist/bin.js"), "plan", "a.yaml", "--verbose"];
  const env = { PATH: process.env["PATH"] ?? "", TOKEN: emulator.token };
  const { stdout } = await promisify(execFile)("bash", args, { cwd: folder, env, timeout: 30_000 });
  expect(stdout).toContain("Auth  (sensitive)");
});
