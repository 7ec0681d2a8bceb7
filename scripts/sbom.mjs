// `npm run sbom`: what a user of the package installs, as CycloneDX JSON on stdout. By the lock file, so the same lock file
// gives the same bytes: no time, and a serial number that is made of the rest.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const { name } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
const { status, stdout, stderr } = spawnSync("npm", ["sbom", "--sbom-format", "cyclonedx", "--package-lock-only"], {
  cwd: root,
  encoding: "utf8",
  shell: process.platform === "win32",
  maxBuffer: 1 << 28,
});
if (status !== 0) {
  process.stderr.write(stderr);
  process.exit(1);
}
const { serialNumber: _random, ...bom } = JSON.parse(stdout);
const { timestamp: _now, ...metadata } = bom.metadata;
// `--omit dev` would leave out what both users and tests need, yaml for one: so the lock file decides.
const lock = JSON.parse(readFileSync(new URL("../package-lock.json", import.meta.url), "utf8"));
const kept = new Set([
  metadata.component["bom-ref"],
  ...Object.entries(lock.packages).flatMap(([path, { version, dev, devOptional, link }]) =>
    path.startsWith("node_modules/") && !dev && !devOptional && !link
      ? [`${path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length)}@${version}`]
      : [],
  ),
]);
/** Once each, where a version lies in several folders. */
const only = (list, refOf) =>
  [...new Map(list.map((each) => [refOf(each), each])).values()].filter((each) => kept.has(refOf(each)));
const components = only(bom.components, (each) => each["bom-ref"]);
const dependencies = only(bom.dependencies, (each) => each.ref).map(({ ref, dependsOn }) => {
  return { ref, dependsOn: [...new Set(dependsOn)].filter((each) => kept.has(each)) };
});
// npm calls it by the name of the folder that it is in.
const component = { ...metadata.component, name };
const made = { ...bom, metadata: { ...metadata, component }, components, dependencies };
const hex = createHash("sha256").update(JSON.stringify(made)).digest("hex");
// A UUID of version 8: made of whatever its maker likes (RFC 9562).
const uuid = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
const { $schema, bomFormat, specVersion, ...rest } = made;
const document = { $schema, bomFormat, specVersion, serialNumber: `urn:uuid:${uuid}`, ...rest };
process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
