import * as fc from "fast-check";
import { expect, it } from "vitest";
import type { JsonObject, JsonValue } from "../../../src/core/json.ts";
import { revealed } from "../../../src/core/secret.ts";
import { parseYaml } from "../../../src/document/parse.ts";
import { resolveValues } from "../../../src/document/values.ts";
import { writeYaml } from "../../../src/document/write.ts";
import { loadManifests, type LoadedManifests } from "../../../src/manifest/load.ts";
import { manifestSecrets } from "../../../src/manifest/secrets.ts";
import { writeManifests } from "../../../src/manifest/write.ts";

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: JsonObject;
  readonly spec: JsonObject;
}

function manifest(kind: string, name: string, spec: JsonObject): Manifest & JsonObject {
  return { apiVersion: "orch-sync/v1", kind, metadata: { name, folder: "Finance" }, spec };
}

/** What YAML readers take for something else, what terminals and CI systems obey, and what values are made of. */
const tricky = fc.constantFrom(
  ..."|no|yes|on|NULL|null|~|012|007|1e3|0x1F|0o7|-0|.inf|1_000|2026-12-01|<<|=|- a|a: b|a #b|# c|'|\"|\\|&a|*a|!x".split(
    "|",
  ),
  ..."% @ ` | > --- ... ${env:HOME} $${env:HOME} ${ $${ ${a${b} $$${} ${}${ a${b } $ 😀 é".split(" "),
  ..."a\nb|a\n\nb\n|\n| a|a |\ta|a\n  b\n\tc\n|a\r\nb|\u001b[31m|\u202eabc|\u0085".split("|"),
  ..."::set-output name=a::b,a\n::error::b,##vso[task.complete],##[error],\u{e0041},\uFEFF,e\u0301".split(","),
);
const text = fc.oneof(
  tricky,
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.array(tricky, { maxLength: 4 }).map((all) => all.join("")),
);
const number = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(-0, 1e21, 5e-324),
);
const primitive = fc.oneof(text, number, fc.boolean(), fc.constant(null));
const key = text.filter((name) => name !== "__proto__");
const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    primitive,
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(key, tie("value"), { maxKeys: 3 }),
  ),
}));
const job = fc
  .dictionary(key, value, { maxKeys: 4 })
  .map((inputArguments) => manifest("Job", "smoke", { process: "A", inputArguments }));
const contentKey = key.filter((name) => name !== "" && !/[.#@:]/.test(name));
const items = fc.array(fc.dictionary(contentKey, primitive, { maxKeys: 4 }), { maxLength: 3 }).map((contents) => {
  const list = contents.map((content, index) => ({ reference: `R${index}`, dueDate: null, content }));
  return manifest("QueueItems", "march", { queue: "Q", items: list });
});

function load(written: string): Promise<LoadedManifests> {
  const env = { HOME: "another" };
  return loadManifests({ paths: ["-"], cwd: "/", env, readStdin: () => Promise.resolve(written) });
}

/** What manifests mean: everything but where it stands. */
function meaning({ resources, diagnostics }: LoadedManifests): unknown {
  const kept = JSON.stringify(resources, (name, member: unknown) =>
    name === "source" || name === "places" ? undefined : member,
  );
  return { diagnostics, resources: JSON.parse(kept) as unknown };
}

it("writes YAML that reads as the same value", () => {
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 3 }), (values) => {
      const documents = values.map((each) => ({ value: each })); // a document of nothing would be none
      const written = writeYaml(documents);
      const { documents: read, diagnostics } = parseYaml(written, "-");
      expect(diagnostics).toEqual([]);
      const policy = manifestSecrets("Job");
      const resolved = read.map((each) => resolveValues(each.value, each.locate(), { env: {} }, policy));
      const asGiven = { diagnostics: [], pending: [], referenceOnly: [] };
      expect(resolved).toEqual(values.map((each) => Object.assign({ value: { value: each } }, asGiven)));
    }),
    { numRuns: 300 },
  );
});

it("keeps the meaning from YAML to manifest to YAML", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(job, items), { minLength: 1, maxLength: 2 }), async (documents) => {
      fc.pre(new Set(documents.map(({ kind }) => kind)).size === documents.length);
      const once = await load(writeManifests(documents.map((each) => ({ value: each, pending: [] }))));
      expect(once.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
      expect(once.manifests.map(({ document }) => document.value)).toEqual(documents);
      const written = writeManifests(once.manifests.map(({ document }) => document));
      const again = await load(written);
      expect(meaning(again)).toEqual(meaning(once));
      expect(writeManifests(again.manifests.map(({ document }) => document))).toBe(written);
    }),
    { numRuns: 200 },
  );
});

const secretTexts = fc
  .array(
    fc.constantFrom(
      ..."$|$$|{|}|a|${env:HOME}|${var:dollar}|${secret:SET}|${secret:UNSET:-d}|${secret:UNSET:-${secret:SET}}|$${x}".split(
        "|",
      ),
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(""));

it("keeps secrets as references that mean the same, defaults and dollars beside them", async () => {
  const read = async (written: string): Promise<unknown> => {
    const env = { HOME: "$", SET: "s3cret" };
    const variables = new Map([["dollar", "$"]]);
    const readStdin = (): Promise<string> => Promise.resolve(written);
    const { resources, manifests, diagnostics } = await loadManifests({
      paths: ["-"],
      cwd: "/",
      env,
      variables,
      readStdin,
    });
    const [resource] = resources;
    const values = resource?.kind === "Job" ? revealed(resource.spec.inputArguments ?? {}) : undefined;
    return {
      values,
      diagnostics,
      hashed: JSON.stringify(resource?.spec),
      again: writeManifests(manifests.map(({ document }) => document)),
    };
  };
  await fc.assert(
    fc.asyncProperty(secretTexts, async (each) => {
      const once = (await read(writeYamlOf(each))) as {
        readonly diagnostics: readonly object[];
        readonly again: string;
      };
      fc.pre(once.diagnostics.length === 0);
      expect(await read(once.again)).toEqual(once);
    }),
    { numRuns: 300 },
  );
});

/** A Job with a text as it is: nothing of it is escaped. */
function writeYamlOf(each: string): string {
  return JSON.stringify(manifest("Job", "smoke", { process: "A", inputArguments: { a: each } }));
}

it("writes no character that a terminal obeys, and no line that a CI system does", () => {
  fc.assert(
    fc.property(value, (each) => {
      const written = writeYaml([{ value: each }]);
      expect(written).not.toMatch(/[^\P{Cc}\n]|\p{Cf}|\p{Zl}|\p{Zp}/u);
      expect(written).not.toMatch(/^\s*::|##\w*\[/m);
    }),
    { numRuns: 300 },
  );
});
