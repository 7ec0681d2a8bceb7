import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as api from "../../src/index.ts";
import * as emulator from "../../src/emulator/index.ts";

interface LockEntry {
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly hasInstallScript?: boolean;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly resolved?: string;
}
const json = (file: string): unknown => JSON.parse(readFileSync(new URL(`../../${file}`, import.meta.url), "utf8"));
const packages = (json("package-lock.json") as { readonly packages: Readonly<Record<string, LockEntry>> }).packages;

describe("the lock file", () => {
  it("holds the binaries of every platform: npm leaves out, without a word, what the registry lacks", () => {
    const missing = Object.values(packages)
      .flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}))
      .filter((name) => !Object.keys(packages).some((path) => path.endsWith(`node_modules/${name}`)));
    expect(missing).toEqual([]);
  });

  it("hashes everything that is fetched, and names no registry", () => {
    const fetched = Object.entries(packages).filter(
      ([path, { link }]) => path.includes("node_modules/") && link !== true,
    );
    expect(fetched.length).toBeGreaterThan(100);
    expect(fetched.filter(([, { integrity }]) => integrity === undefined)).toEqual([]);
    expect(fetched.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
  });

  it("brings no install script of a package that users get", () => {
    const scripted = Object.entries(packages).filter(([, { hasInstallScript }]) => hasInstallScript === true);
    const { dependencies } = json("package.json") as { readonly dependencies: Readonly<Record<string, string>> };
    expect(
      scripted
        .map(([path]) => path)
        .filter((path) => Object.keys(dependencies).some((name) => path.endsWith(`/${name}`))),
    ).toEqual([]);
    expect(Object.values(dependencies).filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });
});

describe("the public API", () => {
  it("is this and nothing else", () => {
    expect(Object.keys(api).toSorted()).toEqual([
      "ApiError",
      "AuthError",
      "CancelledError",
      "InternalError",
      "ManifestError",
      "NetworkError",
      "OrchSyncError",
      "PlanRefusedError",
      "RateLimitError",
      "UsageError",
      "WaitTimeoutError",
      "apply",
      "applySaved",
      "loadManifests",
      "plan",
      "savePlan",
    ]);
    expect(Object.keys(emulator).toSorted()).toEqual([
      "DataFileError",
      "FaultFileError",
      "TenantFileError",
      "startEmulator",
    ]);
  });
});
