import { join } from "node:path";
import { expect, it } from "vitest";
import { authority } from "../../support/certificates.ts";
import { temporaryFolder } from "../../support/cli.ts";
import { inProcess } from "../../support/in-process.ts";
import { writeFiles } from "../../support/server.ts";

const ca = authority();
const { cert } = ca.issue();
const { key } = ca.issue();

it.each<[string, readonly string[], number, string]>([
  ["a certificate without its key", ["--tls-cert", "cert.pem"], 64, "--tls-cert and --tls-key go together"],
  [
    "a file that is not there",
    ["--tls-cert", "cert.pem", "--tls-key", "nowhere.pem"],
    1,
    "nowhere.pem could not be read: ENOENT",
  ],
  ["a file that is no PEM", ["--tls-cert", "note.txt", "--tls-key", "key.pem"], 1, "cannot be used"],
  ["a key of another certificate", ["--tls-cert", "cert.pem", "--tls-key", "key.pem"], 1, "do not belong together"],
])("the emulator refuses %s", async (_, args, exit, text) => {
  const folder = temporaryFolder();
  writeFiles(folder, { "cert.pem": cert, "key.pem": key, "note.txt": "no certificate" });
  const inFolder = args.map((arg) => (arg.startsWith("--") ? arg : join(folder, arg)));
  const { code, output } = await inProcess(["emulator", ...inFolder], { cwd: folder, env: {} });
  expect(code).toBe(exit);
  expect(output.replaceAll(/\s+/g, " ")).toContain(text);
  expect(output).not.toContain(key.split("\n")[1]);
});
