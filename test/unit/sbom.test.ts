import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Ajv, type ValidateFunction } from "ajv";
import { expect, it } from "vitest";
import { root } from "../support/cli.ts";

interface Component {
  readonly "bom-ref": string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
}
interface Bom {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly serialNumber: string;
  readonly metadata: { readonly component: Component; readonly timestamp?: string };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

/** CycloneDX's own schema, as its library brings it: shape, enumerations, SPDX licence ids. */
function schemaCheck(): ValidateFunction {
  const library = createRequire(import.meta.url).resolve("@cyclonedx/cyclonedx-library/package.json");
  const schema = (name: string): object =>
    JSON.parse(readFileSync(join(dirname(library), "res/schema", `${name}.SNAPSHOT.schema.json`), "utf8")) as object;
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  for (const name of ["spdx", "jsf-0.82"]) {
    ajv.addSchema(schema(name), `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`);
  }
  return ajv.compile(schema("bom-1.5"));
}

it(
  "npm run sbom lists what users install, each with the hash of the lock file, and the same every time",
  { timeout: 30_000 },
  () => {
    const made = (): string => {
      const { stdout, stderr } = spawnSync(process.execPath, [join(root, "scripts/sbom.mjs")], { encoding: "utf8" });
      expect(stderr).toBe("");
      return stdout;
    };
    const text = made();
    expect(made()).toBe(text);
    const bom = JSON.parse(text) as Bom;
    const isValid = schemaCheck();
    expect([isValid(bom), isValid.errors]).toEqual([true, null]);
    expect(isValid({ ...bom, components: [{ ...bom.components[0], type: "nonsense" }] })).toBe(false);
    expect(bom).toMatchObject({
      bomFormat: "CycloneDX",
      specVersion: "1.5",
      metadata: { component: { name: "orch-sync" } },
    });
    expect(bom.serialNumber).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);

    const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
      readonly packages: Readonly<
        Record<
          string,
          {
            readonly version: string;
            readonly integrity: string;
            readonly dev?: boolean;
            readonly devOptional?: boolean;
            readonly link?: boolean;
          }
        >
      >;
    };
    const installed = Object.entries(packages).flatMap(([path, { version, integrity, dev, devOptional, link }]) => {
      if (!path.startsWith("node_modules/") || dev === true || devOptional === true || link === true) return [];
      const hex = Buffer.from(integrity.replace("sha512-", ""), "base64").toString("hex");
      return [`${path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length)}@${version} ${hex}`];
    });
    expect(installed.length).toBeGreaterThan(10);
    expect(
      bom.components.map(({ name, version, hashes }) => `${name}@${version} ${hashes?.[0]?.content ?? ""}`).toSorted(),
    ).toEqual([...new Set(installed)].toSorted());
    const references = new Set([bom.metadata.component, ...bom.components].map((each) => each["bom-ref"]));
    expect(references.size).toBe(bom.components.length + 1);
    const named = bom.dependencies.flatMap(({ ref, dependsOn }) => [ref, ...dependsOn]);
    expect(named.filter((ref) => !references.has(ref))).toEqual([]);
    for (const { purl, name, version } of bom.components) {
      expect(purl).toBe(`pkg:npm/${name.replace("@", "%40")}@${version}`);
    }
  },
);
