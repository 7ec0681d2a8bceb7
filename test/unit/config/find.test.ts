import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { findConfig } from "../../../src/config/find.ts";
import { inFolder } from "./folder.ts";

it("finds the nearest config upwards", async () => {
  await inFolder({ "orch-sync.yaml": "", "a/orch-sync.yaml": "", "a/b/c/x": "" }, async (folder) => {
    expect(findConfig(join(folder, "a/b/c"))).toBe(join(folder, "a/orch-sync.yaml"));
    expect(findConfig(folder)).toBe(join(folder, "orch-sync.yaml"));
  });
});

it("looks at the root of the repository, and not beyond", async () => {
  await inFolder(
    { "orch-sync.yaml": "", "repo/.git/HEAD": "", "repo/a/x": "", "tree/.git": "gitdir: x", "tree/a/x": "" },
    async (folder) => {
      expect(findConfig(join(folder, "repo/a"))).toBeUndefined();
      expect(findConfig(join(folder, "tree/a"))).toBeUndefined();
      await mkdir(join(folder, ".git"));
      expect(findConfig(folder)).toBe(join(folder, "orch-sync.yaml"));
    },
  );
});
