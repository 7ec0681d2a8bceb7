import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { expect, it, onTestFinished } from "vitest";
import { startEmulator } from "../../../src/emulator/index.ts";
import { temporaryFolder } from "../../support/cli.ts";
import { inProcess, type InProcessResult } from "../../support/in-process.ts";
import { tenant, writeFiles } from "../../support/server.ts";

const ajv = new Ajv2020({ strict: true });
addFormats.default(ajv);
const schema = new URL("../../../schemas/lease.schema.json", import.meta.url);
const validate = ajv.compile(JSON.parse(readFileSync(schema, "utf8")) as object);

/** A target whose lease somebody holds. */
async function leased(): Promise<(...args: string[]) => Promise<InProcessResult>> {
  const at = (ms: number): string => new Date(Date.now() + ms).toISOString();
  const content = { runId: "r", owner: "ana@ci", since: at(-60_000), until: at(600_000) };
  const emulator = await startEmulator({
    tenant: tenant({
      queues: [{ name: "lock", folder: "Finance", uniqueReferences: true, autoRetry: false }],
      items: [{ queue: "lock", folder: "Finance", reference: "lease/default", status: "New", content }],
    }),
  });
  onTestFinished(() => emulator.close());
  const auth = { type: "token", token: emulator.token };
  const target = { url: emulator.url, auth, lease: { queue: "lock", folder: "Finance" } };
  const cwd = temporaryFolder();
  const config = { apiVersion: "orch-sync/v1", kind: "Config", defaultTarget: "test", targets: { test: target } };
  writeFiles(cwd, { "orch-sync.yaml": JSON.stringify(config) });
  return (...args) => inProcess(args, { cwd, env: {} });
}

it("unlock -o json is one document, whether the lease was ended or not", async () => {
  const run = await leased();
  const found = async (code: number, ...more: string[]): Promise<object> => {
    const result = await run("unlock", "-o", "json", ...more);
    expect(result.code).toBe(code);
    const document = JSON.parse(result.stdout) as object;
    expect([validate(document), validate.errors]).toEqual([true, null]);
    return document;
  };
  const place = { name: "default", queue: "lock", folder: "Finance" };
  const held = { ...place, state: "held", item: 1, holder: { owner: "ana@ci", runId: "r" } };
  expect(await found(64)).toMatchObject({ ...held, ended: false });
  expect(await found(0, "--auto-approve")).toMatchObject({ ...held, ended: true });
  expect(await found(0)).toEqual({ format: "orch-sync/lease/v1", ...place, state: "free", ended: false });
});
