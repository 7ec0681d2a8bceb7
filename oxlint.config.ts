import { readFileSync } from "node:fs";
import { defineConfig, type OxlintOverride } from "oxlint";

interface Room {
  /** Rooms of src/ that this one may import. */
  readonly rooms: readonly string[];
  /** Packages that this room may import; ky, listr2 and diff each stop in one folder. */
  readonly packages: readonly string[];
  /** False: not even node:*, apart from what `pure` lists. */
  readonly node: boolean;
}

const pure = ["node:crypto"]; // core and kinds: only createHash
const rooms: Record<string, Room> = {
  core: { rooms: [], packages: [], node: false },
  kinds: { rooms: ["core"], packages: [], node: false },
  document: { rooms: ["core"], packages: ["yaml", "ajv", "ajv-formats"], node: true },
  config: { rooms: ["document", "core"], packages: [], node: true },
  manifest: { rooms: ["document", "kinds", "core"], packages: ["csv-parse"], node: true },
  orchestrator: { rooms: ["kinds", "core"], packages: ["ky"], node: true },
  workflow: { rooms: ["config", "manifest", "orchestrator", "document", "kinds", "core"], packages: [], node: true },
  views: { rooms: ["core"], packages: ["listr2", "diff", "csv-stringify"], node: true },
  emulator: { rooms: [], packages: ["yaml", "ajv", "ajv-formats"], node: true },
  cli: {
    rooms: ["workflow", "views", "emulator", "config", "manifest", "orchestrator", "document", "kinds", "core"],
    packages: ["commander", "@bomb.sh/tab"],
    node: true,
  },
};

const { dependencies } = JSON.parse(readFileSync("package.json", "utf8")) as { dependencies: Record<string, string> };

/** The import arrows of docs/architecture: one override a room. The regex dialect is Rust's: no lookaround. */
function arrows([room, may]: [string, Room]): OxlintOverride {
  const closed = Object.keys(rooms).filter((other) => other !== room && !may.rooms.includes(other));
  const packages = Object.keys(dependencies).filter((name) => !may.packages.includes(name));
  const patterns = [
    { regex: `^(${packages.join("|")})(/|$)`, message: `This package does not belong into src/${room}.` },
    {
      regex: `^(\\.\\./)+(${[...closed, "bin", "index"].join("|")})(/|\\.ts$)`,
      message: `src/${room} must not know it.`,
    },
    ...(may.node
      ? []
      : [{ group: ["node:*", ...pure.map((name) => `!${name}`)], message: `src/${room} is pure: no clock, no I/O.` }]),
  ];
  return { files: [`src/${room}/**`], rules: { "no-restricted-imports": ["error", { patterns }] } };
}

export default defineConfig({
  plugins: ["eslint", "typescript", "unicorn", "oxc", "import", "node", "promise", "vitest"],
  categories: { correctness: "error", suspicious: "error", perf: "error" },
  options: { typeAware: true },
  ignorePatterns: ["dist/", "reports/", "**/generated/"],
  overrides: [
    ...Object.entries(rooms).map(arrows),
    // A helper beside the one test that uses it reads better than one at the top of the file.
    { files: ["test/**"], rules: { "unicorn/consistent-function-scoping": "off" } },
    // node:test awaits its tests by itself.
    {
      files: ["test/foreign-clients/**"],
      rules: {
        "typescript/no-floating-promises": [
          "error",
          { allowForKnownSafeCalls: [{ from: "package", name: ["test", "after", "before"], package: "node:test" }] },
        ],
      },
    },
  ],
  rules: {
    "import/no-cycle": "error",
    "typescript/no-explicit-any": "error",
    "typescript/switch-exhaustiveness-check": "error",
    "typescript/consistent-return": "off", // tsc's noImplicitReturns knows exhaustive switches
    "no-await-in-loop": "off", // order is part of the promise here: pages, batches and levels go one after the other
    // Data is checked at the door (ajv, the readers of rows) and then asserted to be what its schema says.
    "typescript/no-unsafe-type-assertion": "off",
  },
});
