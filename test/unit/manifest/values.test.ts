import { describe, expect, it } from "vitest";
import { revealed, type JsonWithSecrets } from "../../../src/core/secret.ts";
import { loadManifests } from "../../../src/manifest/load.ts";
import { inFolder, items, load, manifest, places } from "./folder.ts";

const job = (spec: string, metadata?: string): string => manifest("Job", spec, metadata);
const given = (variables: Readonly<Record<string, string>>) => ({ variables: new Map(Object.entries(variables)) });

describe("a text made of references alone", () => {
  it("is read as the number, or true or false, that belongs there", async () => {
    const text = job(
      '  process: A\n  strategy: { type: Dynamic, count: "${var:jobs}" }\n  runAsMe: "${var:me}"\n  rerunOn: { processVersion: "${var:me}", build: "${var:jobs}" }\n  inputArguments: { n: "${var:jobs}" }',
    );
    const { resources, diagnostics } = await load({ "m.yaml": text }, given({ jobs: "3", me: "true" }));
    expect(diagnostics).toEqual([]);
    expect(resources[0]?.spec).toMatchObject({
      strategy: { count: 3 },
      runAsMe: true,
      rerunOn: { processVersion: true, values: { build: "3" } },
      inputArguments: { n: "3" }, // text is fine there
    });
  });

  it.each(["03", "3.5", "0x3", "three", "", " 3", "12345678901234567890", "true"])(
    "is not read as a number: %j",
    async (jobs) => {
      const text = job('  process: A\n  strategy: { type: Dynamic, count: "${var:jobs}" }');
      const { diagnostics } = await load({ "m.yaml": text }, given({ jobs }));
      expect(diagnostics.map(({ code, source }) => [code, source?.line, source?.column])).toEqual([["MF012", 6, 37]]);
    },
  );

  it("is no other text around one", async () => {
    const text = job('  process: A\n  strategy: { type: Dynamic, count: "1${var:jobs}" }');
    expect(places(await load({ "m.yaml": text }, given({ jobs: "3" })))).toEqual(["m.yaml:6:37 MF012"]);
  });

  it("is held to the limits of its place", async () => {
    const text = job('  process: A\n  strategy: { type: Dynamic, count: "${var:jobs}" }');
    expect(places(await load({ "m.yaml": text }, given({ jobs: "0" })))).toEqual(["m.yaml:6:37 MF014"]);
  });
});

describe("a variable of a target that is not chosen", () => {
  it("keeps the places of what stands beside it", async () => {
    const text = job('  process: A\n  dependsOn: ["${var:x}", "Job/none"]');
    expect(places(await load({ "m.yaml": text }, { pending: new Set(["x"]) }))).toEqual(["m.yaml:6:27 MF020"]);
  });

  it("is no problem, wherever it stands, and one that nobody gives is", async () => {
    const text = job(
      '  process: "${var:process}"\n  strategy: { type: Dynamic, count: "${var:jobs}" }\n  startUntil: "${var:end}"\n  dependsOn: ["${var:process}", "Job/${var:jobs}"]\n  run: "${var:nope}"',
    );
    const pending = new Set(["process", "jobs", "end"]);
    expect(places(await load({ "m.yaml": text }, { pending }))).toEqual(["m.yaml:9:8 MF030"]);
    expect(places(await load({ "m.yaml": text.replace("${var:nope}", "once") }, { pending }))).toEqual([]);
  });
});

describe("a sensitive value in the wrong place", () => {
  const shown = async (text: string): Promise<string> =>
    JSON.stringify((await load({ "m.yaml": manifest("QueueItems", `  queue: Q\n${text}`) })).diagnostics);

  it.each([
    ["under a misspelled key", '  items:\n    - { reference: a, contents: { Card: "CANARY" } }\n  sensitive: [Card]'],
    ["in a list", '  items:\n    - { reference: a, content: [{ Card: "CANARY" }] }\n  sensitive: [Card]'],
    ["beside the content", '  items:\n    - { reference: a, Card: "CANARY" }\n  sensitive: [Card]'],
    ["in an item that is none", '  items:\n    - "CANARY"\n  sensitive: [Card]'],
    [
      "where sensitive is misspelled",
      '  items:\n    - { reference: a, content: { Card: { x: "CANARY" } } }\n  sensitiv: [Card]',
    ],
  ])("is not shown: %s", async (_name, text) => {
    const diagnostics = await shown(text);
    expect(diagnostics).toMatch(/"code":"(?:QI|MF)/);
    expect(diagnostics).not.toContain("CANARY");
  });
});

it("hides what an overlay no longer calls sensitive, and another still holds", async () => {
  const spec = '  queue: Q\n  items: [{ reference: a, content: { Card: "CANARY" }, x: 1 }]';
  const files = {
    "m/a.yaml": manifest("QueueItems", "  queue: Q\n  items: []\n  sensitive: [Card]"),
    "o1/a.yaml": manifest("QueueItems", spec),
    "o2/a.yaml": manifest("QueueItems", "  sensitive: null"),
  };
  const { diagnostics } = await inFolder(files, (cwd) =>
    loadManifests({ paths: ["m"], overlays: ["o1", "o2"], cwd, env: {} }),
  );
  expect(diagnostics.map(({ code, source }) => [code, source?.file])).toEqual([["QI004", "o1/a.yaml"]]);
  expect(JSON.stringify(diagnostics)).not.toContain("CANARY");
});

describe("a secret", () => {
  const env = { TOKEN: "hunter2", OTHER: "s3cret" };
  const secretItems = (more = ""): string =>
    items(
      '    - { reference: A, content: { Key: "${secret:TOKEN}", Site: x } }\n    - { reference: B, content: { Key: plain } }',
      more,
    );

  it("is carried to the content and hides its key in all items", async () => {
    const { resources, diagnostics } = await load({ "m.yaml": secretItems("  sensitive: [Site]\n") }, { env });
    expect(diagnostics).toEqual([]);
    const [resource] = resources;
    expect(resource?.spec).toMatchObject({ sensitive: ["Site", "Key"], secretKeys: ["Key"] });
    expect(JSON.stringify(resource)).not.toContain("hunter2");
    const spec = resource?.kind === "QueueItems" ? resource.spec : undefined;
    expect(revealed([...(spec?.items ?? [])][0]?.content ?? {})).toEqual({ Key: "hunter2", Site: "x" });
  });

  it("is carried to arguments at any depth", async () => {
    const text = job(
      '  process: A\n  inputArguments: { db: { users: [{ password: "${secret:TOKEN}-${env:OTHER}" }] } }',
    );
    const { resources } = await load({ "m.yaml": text }, { env });
    const spec = resources[0]?.kind === "Job" ? resources[0].spec : undefined;
    expect(revealed(spec?.inputArguments as JsonWithSecrets)).toEqual({
      db: { users: [{ password: "hunter2-s3cret" }] },
    });
  });

  it("counts by its name in references from content", async () => {
    const text = items('    - { content: { Key: "${secret:TOKEN}" } }', "  references: fromContent\n");
    const references = async (token: string): Promise<unknown> => {
      const { resources } = await load({ "m.yaml": text }, { env: { TOKEN: token } });
      return resources[0]?.kind === "QueueItems" ? [...resources[0].spec.items][0]?.reference : undefined;
    };
    expect(await references("one")).toBe(await references("two"));
    expect(await references("one")).toBe("c-232ac93f7315d46dbd658b97");
  });

  it("is measured as it is sent", async () => {
    const content = items('    - { reference: A, content: { Key: "${secret:TOKEN}" } }');
    const long = await load({ "m.yaml": content }, { env: { TOKEN: "x".repeat(256_000) } });
    expect(places(long)).toEqual(["m.yaml:7:23 QI008"]);
    const text = job('  process: A\n  inputArguments: { a: "${secret:TOKEN}" }');
    expect(places(await load({ "m.yaml": text }, { env: { TOKEN: "x".repeat(10_000) } }))).toEqual([
      "m.yaml:6:3 JB001",
    ]);
  });
});

describe("no diagnostic shows", () => {
  const sensitive = "  sensitive: [Card]\n";

  it.each([
    ["a sensitive number that loses digits", "{ Card: 12345678901234567890 }", "MF006"],
    ["a sensitive key that occurs twice", "{ Card: 4111, Card: 12345678901234567 }", "MF004"],
    ["a sensitive list", "{ Card: [12345678901234567] }", "QI006"],
    ["a mistake on its line", "{ Card: '12345678901234567', 'a.b': 1 }", "QI005"],
  ])("%s", async (_name, content, code) => {
    const { diagnostics } = await load({ "m.yaml": items(`    - { reference: A, content: ${content} }`, sensitive) });
    expect(diagnostics.map((diagnostic) => diagnostic.code)).toContain(code);
    expect(JSON.stringify(diagnostics)).not.toContain("1234567890");
  });

  it("a sensitive value where its anchor stands", async () => {
    const text = items(
      "    - { reference: A, priority: Hi, content: { Note: &c 4111111 } }\n    - { reference: B, content: { Card: *c } }",
      sensitive,
    );
    const { diagnostics } = await load({ "m.yaml": text });
    expect(diagnostics).toHaveLength(1);
    expect(JSON.stringify(diagnostics)).not.toContain("4111111");
  });

  it("the value beside a mistake where another item has a secret", async () => {
    const text = items(
      '    - { reference: A, content: { Key: "${secret:TOKEN}" } }\n    - { reference: B, content: { Key: hunter1 }, priority: Hi }',
    );
    const { diagnostics } = await load({ "m.yaml": text }, { env: { TOKEN: "hunter2" } });
    expect(diagnostics).toHaveLength(1);
    expect(JSON.stringify(diagnostics)).not.toContain("hunter");
  });
});
