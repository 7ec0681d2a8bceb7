import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const module = fileURLToPath(new URL("../../../src/cli/young-generation.ts", import.meta.url));

/** In a process of its own, in which much survives for a while: without the limit it comes to 128. */
const work = `
  import { getHeapSpaceStatistics } from "node:v8";
  (await import(${JSON.stringify(module)})).limitYoungGeneration();
  let kept = [];
  for (let index = 0; index < 2_000_000; index++) {
    kept.push({ index, pair: [index, index + 1] });
    if (kept.length > 100_000) kept = [];
    if (index % 10_000 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  console.log(getHeapSpaceStatistics().find((each) => each.space_name === "new_space").space_size / 1024 / 1024);
`;

it("keeps the space for new objects where it is once it is large enough", () => {
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", work], { encoding: "utf8" });
  expect(Number(stdout)).toBeGreaterThanOrEqual(32);
  expect(Number(stdout)).toBeLessThanOrEqual(64);
});
