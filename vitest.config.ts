import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";

const project = (name: string, extra: object = {}): object => ({
  extends: true,
  test: { name, include: [`test/${name}/**/*.test.ts`], ...extra },
});

/** Traffic is recorded only where documents are given to judge it by, each run into a folder of its own. */
if (process.env["CONTRACT_DIR"] !== undefined || process.env["CONTRACT_SPEC"] !== undefined) {
  const folder = mkdtempSync(join(tmpdir(), "orch-sync-traffic-"));
  process.env["TRAFFIC_DIR"] = folder;
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
}
const recorder = { setupFiles: ["test/support/judge/setup.ts"] };
/** For machines with other work to do: a test that starts with reading half the program takes seconds there. */
const patient = { testTimeout: 30_000 };
const slow = { testTimeout: 60_000 };

export default defineConfig({
  test: {
    sequence: { groupOrder: 1 }, // not 0: on a machine of few cores, Vitest would run that group last
    reporters: ["default", ["json", { outputFile: "reports/vitest.json" }]],
    projects: [
      project("unit", { ...patient, ...recorder }),
      project("property"),
      project("contract", { ...slow, ...recorder }),
      project("e2e", { ...slow, ...recorder }),
      project("judge", { ...slow, sequence: { groupOrder: 2 } }), // after all the others
    ],
    coverage: {
      provider: "v8",
      include: ["src/core/**", "src/kinds/**"],
      exclude: ["**/generated/**"],
      reporter: ["text-summary", "json-summary"],
      reportsDirectory: "reports/coverage",
      thresholds: { branches: 95, lines: 95 },
    },
  },
});
