import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const script = fileURLToPath(new URL("../../../scripts/generate.mjs", import.meta.url));

it("no generated file is stale: references, error codes, types, the schema of any manifest", async () => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [script, "--check"]).catch(
    (error: unknown) => error as { readonly stdout: string; readonly stderr: string },
  );
  expect([stdout, stderr]).toEqual(["", ""]);
}, 30_000);
