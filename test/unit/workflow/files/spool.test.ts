import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { memorySpool } from "../../../../src/core/list.ts";
import { SecretValue } from "../../../../src/core/secret.ts";
import type { Spool } from "../../../../src/core/list.ts";
import { fileSpools } from "../../../../src/workflow/files/spool.ts";

const disk = vi.hoisted(() => ({ full: false, short: false, keepsNames: false }));

vi.mock("node:fs", async (importOriginal) => {
  const fs = await importOriginal<typeof import("node:fs")>();
  const failing = (code: string): never => {
    throw Object.assign(new Error(code), { code });
  };
  return {
    ...fs,
    writeSync: (file: number, bytes: Uint8Array, from: number, length: number, at: number) =>
      disk.full ? failing("ENOSPC") : fs.writeSync(file, bytes, from, disk.short ? Math.min(length, 7) : length, at),
    unlinkSync: (path: string) => (disk.keepsNames ? failing("EBUSY") : fs.unlinkSync(path)),
  };
});

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "orch-sync-test-"));
});

afterEach(() => {
  Object.assign(disk, { full: false, short: false, keepsNames: false });
  rmSync(folder, { recursive: true, force: true });
});

/** What the process has open in the folder: its path, and what is in it. */
function openFiles(): { readonly path: string; readonly descriptor: string }[] {
  return readdirSync("/proc/self/fd").flatMap((name) => {
    const descriptor = `/proc/self/fd/${name}`;
    try {
      const path = readlinkSync(descriptor);
      return path.startsWith(folder) ? [{ path, descriptor }] : [];
    } catch {
      return []; // it was open for looking
    }
  });
}

const isLinux = process.platform === "linux";

describe("a spool", () => {
  it("keeps a few values in memory, and opens no file for them", () => {
    using spool = fileSpools({ held: 3, folder: join(folder, "missing") })<number>();
    for (const value of [1, 2, 3]) spool.push(value);
    expect([...spool]).toEqual([1, 2, 3]);
    expect(spool.done()).toEqual([1, 2, 3]);
    expect(Array.isArray(spool.done())).toBe(true);
    expect(spool.at(1)).toBe(2);
    expect(() => spool.at(3)).toThrow(RangeError);
  });

  it("keeps as many in memory as have room there, however small or large they are", () => {
    const missing = fileSpools({ folder: join(folder, "missing") });
    using small = missing<number>();
    for (let n = 0; n < 100_000; n++) small.push(n);
    expect(small.at(99_999)).toBe(99_999);
    using large = missing<string>();
    const fill = (): void => {
      for (let n = 0; n < 100; n++) large.push("x".repeat(500_000));
    };
    expect(fill).toThrow(/cannot be made: ENOENT$/);
  });

  it("shares the room in memory with the others, and gives it back", () => {
    const missing = fileSpools({ folder: join(folder, "missing") });
    const filled = (): Spool<string> => {
      const spool = missing<string>();
      for (let n = 0; n < 5000; n++) spool.push("x".repeat(4000));
      return spool;
    };
    const all = [filled(), filled(), filled()];
    expect(filled).toThrow(/cannot be made: ENOENT$/);
    for (const spool of all) spool[Symbol.dispose]();
    expect(filled().length).toBe(5000);
  });

  it("says so when a file is needed and cannot be made", () => {
    using spool = fileSpools({ held: 0, folder: join(folder, "missing") })<number>();
    expect(() => spool.push(1)).toThrow(/^a temporary file in .*missing cannot be made: ENOENT$/);
  });

  it("gives what went to the file in its order and by number, while more is added", () => {
    using spool = fileSpools({ held: 2, folder })<{ readonly n: number; readonly text: string }>();
    const value = (n: number): { n: number; text: string } => ({ n, text: "ä\n€😀".repeat(n % 50) });
    for (let n = 0; n < 5000; n++) {
      spool.push(value(n));
      expect(spool.at(n - (n % 977))).toEqual(value(n - (n % 977)));
    }
    expect(spool.length).toBe(5000);
    expect(spool.done()).toBe(spool);
    expect([...spool]).toEqual(Array.from({ length: 5000 }, (_, n) => value(n)));
    for (const n of [4999, 0, 1, 2, 2500, 2400]) expect(spool.at(n)).toEqual(value(n));
    expect(() => spool.at(5000)).toThrow(RangeError);
  });

  it("takes values that are larger than what is written at once", () => {
    using spool = fileSpools({ held: 0, folder })<string>();
    const texts = ["a", "x".repeat(700_000), "b", "ß".repeat(300_000), ""];
    for (const text of texts) spool.push(text);
    expect([...spool]).toEqual(texts);
    expect(texts.map((_, index) => spool.at(index))).toEqual(texts);
  });

  it("goes on where the system has written only a part", () => {
    disk.short = true;
    using spool = fileSpools({ held: 0, folder })<string>();
    for (const text of ["one", "two", "three"]) spool.push(text);
    expect([...spool]).toEqual(["one", "two", "three"]);
  });

  it("keeps values in the file as they are spelled, and as JSON what has no spelling", () => {
    const spelling = {
      spell: (n: number | string) => ({
        text: typeof n === "number" ? `{ "n": ${n} }\n` : undefined,
        beside: `<${n}>`,
      }),
      value: (text: string): number => (JSON.parse(text) as { n: number }).n,
    };
    using spool = fileSpools({ held: 1, folder })(spelling);
    spool.push(1);
    expect([spool.longest, ...spool.spelled!()]).toEqual([undefined, 1]); // in memory still
    spool.push(234);
    expect([spool.longest, ...spool.spelled!()]).toEqual(['{ "n": 234 }\n'.length, '{ "n": 1 }\n', '{ "n": 234 }\n']);
    spool.push("{}");
    expect([spool.longest, ...spool.spelled!()].slice(2)).toEqual(['{ "n": 234 }\n', "{}"]);
    expect(spool.longest).toBeUndefined();
    expect([...spool]).toEqual([1, 234, "{}"]);
    expect(spool.at(2)).toBe("{}");
  });

  it("gives what is written as bytes, and what is kept beside each value", () => {
    const text = (n: number): string => `{ "ä": ${n}, "long": "${"€".repeat(1000)}" }\n`;
    const spelling = {
      spell: (n: number | string) => ({ text: typeof n === "number" ? text(n) : undefined, beside: `<${n}>` }),
      value: (line: string): number => (JSON.parse(line) as { ä: number }).ä,
    };
    using spool = fileSpools({ held: 1, folder })<number | string>(spelling);
    spool.push("none");
    expect(spool.written!()).toBeUndefined(); // in memory still
    for (let n = 0; n < 300; n++) spool.push(n === 150 ? "one" : n);
    spool.push("other");
    const { texts, beside } = spool.written!()!;
    const joined: (number | string)[] = [];
    let decoder = new TextDecoder();
    for (const each of texts) {
      if (each instanceof Uint8Array) joined.push(decoder.decode(each, { stream: true }));
      else {
        joined.push(`|${each}|`);
        decoder = new TextDecoder();
      }
    }
    const lines = Array.from({ length: 300 }, (_, n) => (n === 150 ? "|one|" : text(n)));
    expect(joined.join("") === ["|none|", ...lines, "|other|"].join("")).toBe(true);
    expect(joined.length).toBeLessThan(20);
    const kept = Array.from(beside, (bytes) => new TextDecoder().decode(bytes)).join("");
    expect(kept).toBe([...spool].map((value) => `<${value}>`).join(""));
  });

  it("can be gone through twice at once", () => {
    using spool = fileSpools({ held: 0, folder })<number>();
    for (let n = 0; n < 100; n++) spool.push(n);
    const pairs = Iterator.from(spool).flatMap((a) => Iterator.from(spool).map((b) => a * 100 + b));
    expect(pairs.reduce((sum, pair) => sum + pair, 0)).toBe((9999 * 10_000) / 2);
  });

  it("says that the disk is full, and where", () => {
    using spool = fileSpools({ held: 0, folder })<string>();
    disk.full = true;
    const fill = (): void => {
      for (let n = 0; n < 100; n++) spool.push("x".repeat(10_000));
    };
    expect(fill).toThrow(/^a temporary file in .* cannot be written: ENOSPC$/);
  });

  it.runIf(isLinux)("leaves nothing in the folder, and holds a file that only its owner may read", () => {
    const spool = fileSpools({ held: 0, folder })<string>();
    spool.push("one");
    expect(readdirSync(folder)).toEqual([]);
    const [file] = openFiles();
    expect(file?.path).toMatch(/orch-sync-[-0-9a-f]{36}\.tmp \(deleted\)$/);
    expect(statSync(file?.descriptor ?? "").mode & 0o777).toBe(0o600);
    spool[Symbol.dispose]();
    spool[Symbol.dispose]();
    expect(openFiles()).toEqual([]);
  });

  it("removes its file in the end where the system does not let go of it before", () => {
    disk.keepsNames = true;
    const spool = fileSpools({ held: 0, folder })<string>();
    const forgotten = fileSpools({ held: 0, folder })<string>();
    for (const each of [spool, forgotten]) each.push("one");
    expect(readdirSync(folder)).toHaveLength(2);
    disk.keepsNames = false;
    spool[Symbol.dispose]();
    expect(readdirSync(folder)).toHaveLength(1);
    process.listeners("exit").at(-1)?.call(process, 0);
    expect(readdirSync(folder)).toEqual([]);
    forgotten[Symbol.dispose]();
  });

  it.runIf(isLinux)("keeps secrets out of the file, and gives the very same ones back", () => {
    const spool = fileSpools({ held: 0, folder })<unknown>();
    const secret = new SecretValue("s3cr3t-canary", "${secret:TOKEN}", ["s3cr3t-canary"]);
    const number = new SecretValue(424_242, "${secret:PIN}", ["424242"]);
    const value = { after: { content: { Token: secret, Plain: "$secret", pins: [1, number] } }, $secret: "a name" };
    spool.push(value);
    spool.push(secret);
    spool.push({ $secret: 0 });
    const [first, second, third] = [...spool];
    expect(first).toEqual(value);
    expect((first as typeof value).after.content.Token).toBe(secret);
    expect((first as typeof value).after.content.pins[1]).toBe(number);
    expect(second).toBe(secret);
    expect(third).toEqual({ $secret: 0 });
    const text = readFileSync(openFiles()[0]?.descriptor ?? "", "utf8");
    expect(text).toContain("secret:TOKEN");
    expect(text).not.toMatch(/s3cr3t|424242/);
    spool[Symbol.dispose]();
  });
});

describe("a spool in memory", () => {
  it("is an array", () => {
    using spool = memorySpool<string>();
    spool.push("a");
    spool.push("b");
    expect([spool.length, spool.at(1), ...spool]).toEqual([2, "b", "a", "b"]);
    expect(spool.done()).toEqual(["a", "b"]);
    expect(() => spool.at(2)).toThrow(RangeError);
  });
});
