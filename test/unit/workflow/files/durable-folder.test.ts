import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { durableFolder } from "../../../../src/workflow/files/durable-folder.ts";
import { temporaryFolder } from "../../../support/cli.ts";

/** A lock as a process leaves it. */
function held(holder: object | string): { readonly path: string; readonly lock: string } {
  const path = temporaryFolder();
  const lock = join(path, "a.lock");
  writeFileSync(lock, typeof holder === "string" ? holder : JSON.stringify(holder));
  return { path, lock };
}

/** The number of a process that is gone. */
function deadPid(): number {
  return spawnSync("true").pid;
}

describe("a lock", () => {
  it("is a file of its own process, read by nobody else, until it is released", async () => {
    const path = join(temporaryFolder(), "deep", "er");
    const folder = durableFolder(path);
    const first = await folder.lock("a");
    expect(JSON.parse(readFileSync(join(path, "a.lock"), "utf8"))).toMatchObject({
      host: hostname(),
      pid: process.pid,
    });
    expect(statSync(join(path, "a.lock")).mode & 0o777).toBe(0o600);
    expect(await folder.lock("a")).toBeUndefined();
    expect(await folder.lock("b")).toBeDefined();
    expect(await folder.list()).toEqual([]);
    await first?.release();
    expect(existsSync(join(path, "a.lock"))).toBe(false);
    expect(await folder.lock("a")).toBeDefined();
    expect(readdirSync(path).toSorted()).toEqual(["a.lock", "b.lock"]);
  });

  it.each([
    ["a process that is gone", () => ({ host: hostname(), pid: deadPid(), nonce: "1" })],
    ["a process whose number another one has now", () => ({ host: hostname(), pid: process.pid, begun: "1" })],
    ["nobody: no lock of ours", () => "what?"],
  ])("is taken over from %s", async (_, holder) => {
    const { path, lock } = held(holder());
    const taken = await durableFolder(path).lock("a");
    expect(taken).toBeDefined();
    expect(JSON.parse(readFileSync(lock, "utf8"))).toMatchObject({ pid: process.pid });
    await taken?.release();
    expect(readdirSync(path)).toEqual([]);
  });

  it.each([
    ["a living process", () => ({ host: hostname(), pid: process.ppid })],
    ["a process on another machine, which may live", () => ({ host: "build-8.example", pid: deadPid() })],
  ])("is left to %s", async (_, holder) => {
    const { path, lock } = held(holder());
    const before = readFileSync(lock, "utf8");
    expect(await durableFolder(path).lock("a")).toBeUndefined();
    expect(readFileSync(lock, "utf8")).toBe(before);
  });

  it("is got by one alone of many that find the same dead one", async () => {
    const { path } = held({ host: hostname(), pid: deadPid() });
    const locks = await Promise.all(Array.from({ length: 20 }, () => durableFolder(path).lock("a")));
    expect(locks.filter((each) => each !== undefined).length).toBeLessThanOrEqual(1);
    for (const each of locks) await each?.release();
    expect(await durableFolder(path).lock("a")).toBeDefined();
  });
});

it("a link is never followed, and a file never written twice", async () => {
  const path = temporaryFolder();
  const other = join(temporaryFolder(), "theirs");
  writeFileSync(other, "theirs");
  symlinkSync(other, join(path, "link"));
  const folder = durableFolder(path);
  await expect(folder.open("link")).rejects.toMatchObject({ code: "ELOOP" });
  await expect(folder.lines("link")).rejects.toMatchObject({ code: "ELOOP" });
  await expect(folder.create("link")).rejects.toMatchObject({ code: "EEXIST" });
  expect(await folder.lines("none")).toBeUndefined();
  const file = await folder.create("own");
  await file.append("one\n");
  await file.sync();
  await file.close();
  const again = await folder.open("own");
  await again.append("two\n");
  await again.close();
  expect(readFileSync(join(path, "own"), "utf8")).toBe("one\ntwo\n");
  expect(readFileSync(other, "utf8")).toBe("theirs");
});
