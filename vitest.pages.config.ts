import { defineConfig } from "vitest/config";

/** Pages in a real browser: apart from the other tests, which need nothing but npm. */
export default defineConfig({
  test: {
    include: ["test/pages/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ["default", ["json", { outputFile: "reports/pages.json" }]],
  },
});
