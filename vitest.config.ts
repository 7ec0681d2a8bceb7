import { defineConfig } from "vitest/config";

const project = (name: string, extra: object = {}): object => ({
  extends: true,
  test: { name, include: [`test/${name}/**/*.test.ts`], ...extra },
});

export default defineConfig({
  test: {
    reporters: ["default", ["json", { outputFile: "reports/vitest.json" }]],
    projects: [
      project("unit"),
      project("property"),
      project("contract", { testTimeout: 60_000 }),
      project("e2e", { testTimeout: 60_000 }),
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
