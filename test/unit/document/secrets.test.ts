import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { secretFinder } from "../../../src/document/secrets.ts";
import { temporaryFolder } from "../../support/cli.ts";

const find = (file: string): object => secretFinder({ S_FILE: file })("S");

it("reads no more of a secret's file than a secret may have", () => {
  const file = join(temporaryFolder(), "s");
  writeFileSync(file, "x".repeat(5 * 1024 * 1024));
  expect(find(file)).toEqual({ value: "x".repeat(5 * 1024 * 1024) });
  writeFileSync(file, "x".repeat(5 * 1024 * 1024 + 1));
  expect(find(file)).toEqual({ why: ": the file of S_FILE is larger than 5 MB" });
});

it("says of a folder that it is one", () => {
  expect(find(temporaryFolder())).toEqual({ why: ": the file of S_FILE is a folder" });
});

it.skipIf(process.platform === "win32")(
  "does not wait for a pipe without a writer, nor for a file without an end",
  () => {
    const pipe = join(temporaryFolder(), "s");
    execFileSync("mkfifo", [pipe]);
    expect(find(pipe)).toEqual({ why: ": the file of S_FILE is empty" });
    expect(find("/dev/zero")).toEqual({ why: ": the file of S_FILE is larger than 5 MB" });
  },
);
