import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { formatPlace } from "../../../src/core/source.ts";
import { loadManifests } from "../../../src/manifest/load.ts";
import { inFolder, items, load, manifest, places } from "./folder.ts";

const job = (name: string, spec = "  process: A", folder = "F"): string =>
  manifest("Job", spec, `name: ${name}, folder: ${folder}`);

it("reads a queue's items, with dates in UTC and the place of each item", async () => {
  const text = items("    - reference: INV-1\n      dueDate: 2026-12-05T19:00:00+02:00\n    - { reference: INV-2 }");
  const { resources, diagnostics, files } = await load({ "m.yaml": text });
  expect({ diagnostics, files }).toEqual({ diagnostics: [], files: 1 });
  expect(resources).toEqual([
    {
      kind: "QueueItems",
      key: { kind: "QueueItems", folder: "Finance", name: "m" },
      labels: {},
      dependsOn: [],
      places: {
        folder: { file: "m.yaml", line: 3, column: 30 },
        queue: { file: "m.yaml", line: 5, column: 10 },
      },
      source: { file: "m.yaml", line: 1, column: 1 },
      spec: {
        queue: "DocQueue",
        items: [
          {
            reference: "INV-1",
            dueDate: "2026-12-05T17:00:00Z",
            source: { file: "m.yaml", line: 7, column: 7 },
          },
          { reference: "INV-2", source: { file: "m.yaml", line: 9, column: 7 } },
        ],
        commit: "ProcessAllIndependently",
        order: "manifest",
        typeHints: false,
        onDrift: "update",
        recreateDeleted: false,
        sensitive: [],
      },
    },
  ]);
});

it("reads every .yaml and .yml below a folder, names with a dot aside", async () => {
  const files = {
    "a.yaml": job("a"),
    "deep/er/b.yml": job("b"),
    ".hidden.yaml": job("c"),
    ".git/d.yaml": job("d"),
    "e.json": job("e"),
    "f.yaml.bak": job("f"),
  };
  const { resources, files: read } = await load(files);
  expect(resources.map(({ key }) => key.name)).toEqual(["a", "b"]);
  expect(read).toBe(2);
});

it("reads a named file whatever its name, and each file once", async () => {
  const paths = ["e.json", "./e.json", ".", "-", "-"];
  const readStdin = (): Promise<string> => Promise.resolve(job("stdin"));
  const { resources, files } = await load({ "e.json": job("e") }, { paths, readStdin });
  expect(resources.map(({ source }) => source.file)).toEqual(["<stdin>", "e.json"]);
  expect(files).toBe(2);
});

it("follows links to files and folders, not in circles, and not to nowhere", async () => {
  await inFolder({ "real/a.yaml": job("a") }, async (cwd) => {
    await mkdir(join(cwd, "given"));
    await symlink(join(cwd, "real"), join(cwd, "given/folder"));
    await symlink(join(cwd, "given"), join(cwd, "real/circle"));
    await symlink(join(cwd, "nowhere"), join(cwd, "given/nowhere"));
    await symlink(join(cwd, "given/itself"), join(cwd, "given/itself"));
    const loaded = await loadManifests({ paths: ["given"], cwd, env: {}, root: cwd });
    expect(loaded.resources.map(({ source }) => source.file)).toEqual(["given/folder/a.yaml"]);
    expect(loaded.diagnostics).toEqual([]);
  });
});

it("says of paths why they cannot be read", async () => {
  await inFolder({ "a.yaml": job("a") }, async (cwd) => {
    await writeFile(join(cwd, "latin.yaml"), Buffer.from("a: 1\nb: \xe4\n", "latin1"));
    await writeFile(join(cwd, "large.yaml"), `# ${"x".repeat(5 * 1024 * 1024)}`);
    await writeFile(join(cwd, "nul.yaml"), "a:\0 1\n");
    await writeFile(join(cwd, "utf-16.yaml"), Buffer.from("\uFEFFa: 1\n", "utf16le"));
    const paths = ["nowhere.yaml", "a.yaml/b.yaml", "latin.yaml", "large.yaml", "nul.yaml", "utf-16.yaml"];
    const { diagnostics } = await loadManifests({ paths, cwd, env: {} });
    const told = diagnostics.map(({ code, message, source }) => `${code} ${source && formatPlace(source)} ${message}`);
    expect(told).toEqual([
      "MF001 a.yaml/b.yaml:1:1 the path does not exist",
      "MF002 large.yaml:1:1 the file is larger than 5 MB",
      "MF001 latin.yaml:2:4 the file is not UTF-8 text: save it as UTF-8",
      "MF001 nowhere.yaml:1:1 the path does not exist",
      "MF001 nul.yaml:1:3 the file holds a NUL byte, which no text has",
      "MF001 utf-16.yaml:1:1 the file is UTF-16 text: save it as UTF-8",
    ]);
  });
});

it("passes over documents of kind Config and Tenant, and over empty ones", async () => {
  const text = "# nothing\n---\nkind: Config\nwhatever: 1\n---\nkind: Tenant\n---\n";
  expect(places(await load({ "m.yaml": text + job("a") }))).toEqual([]);
});

it("counts lines of later documents, with CRLF and a byte order mark", async () => {
  const text = `\uFEFF${job("a")}---\n${job("b", "  proces: A")}`.replaceAll("\n", "\r\n");
  const { diagnostics } = await load({ "m.yaml": text });
  expect(diagnostics[0]?.source).toEqual({ file: "m.yaml", line: 11, column: 3, length: 6, text: "  proces: A" });
});

it("replaces values from the environment, and nothing else", async () => {
  const spec = `  process: "\${env:NAME}"
  rerunOn: { a: "\${env:EMPTY:-none}", b: "x\${env:NAME}y\${env:NOPE:-}", c: "$\${env:NAME}", d: "$NAME {x}" }
  inputArguments: { "\${env:NAME}": [ "\${env:EMPTY}" ] }`;
  const { resources, diagnostics } = await load(
    { "m.yaml": manifest("Job", spec) },
    { env: { NAME: "Ana", EMPTY: "" } },
  );
  expect(diagnostics).toEqual([]);
  expect(resources[0]?.spec).toMatchObject({
    process: { name: "Ana" },
    rerunOn: { values: { a: "none", b: "xAnay", c: "${env:NAME}", d: "$NAME {x}" } },
    inputArguments: { "${env:NAME}": [""] },
  });
});

it("does not take inherited names for variables", async () => {
  const text = manifest("Job", '  process: "${env:toString}"');
  expect(places(await load({ "m.yaml": text }))).toEqual(["m.yaml:5:12 MF016"]);
});

it("takes the target's folder where a manifest names none", async () => {
  const text = manifest("Job", "  process: A", "name: a");
  const { resources, diagnostics } = await load({ "m.yaml": text }, { defaultFolder: "/Shared/" });
  expect([resources[0]?.key.folder, diagnostics]).toEqual(["Shared", []]);
});

it("needs no folder where no target is known", async () => {
  const text = manifest("Job", "  process: A", "name: a");
  const { resources, diagnostics } = await load({ "m.yaml": text }, { requireFolder: false });
  expect([resources[0]?.key.folder, diagnostics]).toEqual(["", []]);
});

it("takes two spellings of a folder for one", async () => {
  const files = { "a.yaml": job("a", "  process: A", "finance/x"), "b.yaml": job("b", "  process: A", "/Finance/X") };
  const { resources } = await load(files);
  expect(resources.map(({ key }) => key.folder)).toEqual(["Finance/X", "Finance/X"]);
});

it("finds dependencies in the same folder, and elsewhere by its name", async () => {
  const files = {
    "a.yaml": job("a", "  process: A\n  dependsOn: [Job/b, JOB/x]", "F").replace(", JOB/x", ", Job/b@g, Job/b"),
    "b.yaml": job("b"),
    "c.yaml": job("b", "  process: A", "G"),
  };
  const { resources, diagnostics } = await load(files);
  expect(diagnostics).toEqual([]);
  expect(resources[0]?.dependsOn).toEqual([
    { kind: "Job", folder: "F", name: "b" },
    { kind: "Job", folder: "G", name: "b" },
  ]);
});

it("only warns of dependencies outside, when told so, and keeps them", async () => {
  const text = job("a", "  process: A\n  dependsOn: [Job/b]");
  const loaded = await load({ "m.yaml": text }, { outside: "warning" });
  expect(places(loaded)).toEqual(["m.yaml:6:15 MF020 (warning)"]);
  expect(loaded.resources[0]?.dependsOn).toEqual([{ kind: "Job", folder: "F", name: "b" }]);
});

it.each([
  ["names none of its own, either", "", "", "Job/y is not among the manifests", "pass the file that holds it, too"],
  [
    "is in one",
    ", folder: F",
    "Job/yy",
    "Job/y@F is not among the manifests",
    "Job/y is, without a folder: set its metadata.folder, or name a target",
  ],
])(
  "never prints an empty folder where no target gives one, and the dependant %s",
  async (_, folder, name, message, hint) => {
    const files = {
      "a.yaml": manifest("Job", "  process: A\n  dependsOn: [Job/y]", `name: x${folder}`),
      "b.yaml": manifest("Job", "  process: A", name === "" ? "name: other" : "name: y"),
    };
    const { diagnostics } = await load(files, { requireFolder: false, outside: "warning" });
    expect(diagnostics).toMatchObject([{ code: "MF020", message, hint }]);
  },
);

it("never shows a line that holds a sensitive value", async () => {
  const lines = "    - reference: a\n      content:\n        Email: { nested: ana@corp.example }\n        Name: [Ana]";
  const { diagnostics } = await load({ "m.yaml": items(lines, "  sensitive: [Email]\n") });
  expect(diagnostics.map(({ code, source }) => [code, source?.text])).toEqual([
    ["QI006", undefined],
    ["QI006", "        Name: [Ana]"],
  ]);
});

it("shows no line that YAML cannot be made of in a file that calls anything sensitive", async () => {
  const lines = "    - reference: a\n      content: { Card: 0411 }";
  const texts = async (more: string): Promise<unknown> =>
    (await load({ "m.yaml": items(lines, more) })).diagnostics.map(({ code, source }) => [code, source?.text]);
  expect(await texts("  sensitive: [Card]\n")).toEqual([["MF041", undefined]]);
  expect(await texts("")).toEqual([["MF041", "      content: { Card: 0411 }"]]);
});

it("sorts diagnostics by place", async () => {
  const files = { "b.yaml": job("b", "  x: 1\n  process: A\n  y: 1"), "a.yaml": job("a", "  z: 1\n  process: A") };
  expect(places(await load(files))).toEqual(["a.yaml:5:3 MF010", "b.yaml:5:3 MF010", "b.yaml:7:3 MF010"]);
});

it("reads 10,000 items", { timeout: 60_000 }, async () => {
  const lines = Array.from(
    { length: 10_000 },
    (_, index) => `    - { reference: INV-${index}, content: { Amount: ${index}, Name: x } }`,
  );
  const { resources, diagnostics } = await load({ "m.yaml": items(lines.join("\n")) });
  expect([resources.length, diagnostics.length]).toEqual([1, 0]);
});
