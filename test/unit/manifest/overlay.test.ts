import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { formatPlace } from "../../../src/core/source.ts";
import { loadManifests, type LoadedManifests } from "../../../src/manifest/load.ts";
import { inFolder, load, places, type Files } from "./folder.ts";

const header = (kind: string, metadata: string): string =>
  `apiVersion: orch-sync/v1\nkind: ${kind}\nmetadata: { ${metadata} }\n`;
const job = (spec: string, metadata = "name: smoke, folder: Finance"): string =>
  `${header("Job", metadata)}spec:\n${spec}\n`;
const base = job("  process: A\n  strategy: { type: Dynamic, count: 1 }\n  inputArguments: { age: 32 }");

function overlay(files: Files, overlays: readonly string[] = ["prod"]): Promise<LoadedManifests> {
  return load({ "base/smoke.yaml": base, ...files }, { paths: ["base"], overlays });
}

/** Message, hint and remark of what was found. */
function words({ diagnostics }: LoadedManifests): string[] {
  return diagnostics.map(({ message, hint = "", remark = "" }) => [message, hint, remark].join(" | "));
}

describe("an overlay", () => {
  it("patches the manifest of its kind and name, key by key", async () => {
    const { resources, diagnostics } = await overlay({
      "prod/a.yaml": job(
        "  process: B\n  strategy: { count: 3 }\n  inputArguments: { age: null, month: May }",
        "name: smoke",
      ),
    });
    expect(diagnostics).toEqual([]);
    expect(resources[0]?.key).toEqual({ kind: "Job", name: "smoke", folder: "Finance" });
    expect(resources[0]?.spec).toMatchObject({
      process: { name: "B" },
      strategy: { type: "Dynamic", count: 3 },
      inputArguments: { month: "May" },
    });
  });

  it("replaces a list whole", async () => {
    const items = (list: string): string => `${header("QueueItems", "name: march, folder: F")}spec:\n${list}\n`;
    const { resources } = await overlay({
      "base/items.yaml": items("  queue: Q\n  items: [{ reference: A }, { reference: B }]"),
      "prod/items.yaml": items("  items: [{ reference: C, dueDate: null }]"),
    });
    const [march] = resources;
    expect(
      march?.kind === "QueueItems" && [...march.spec.items].map(({ reference, dueDate }) => [reference, dueDate]),
    ).toEqual([["C", null]]);
  });

  it("replaces a value that is not set, and brings values of its own", async () => {
    const files = {
      "base/smoke.yaml": base.replace("process: A", 'process: "${env:NOT_SET}"'),
      "prod/a.yaml": job('  process: "${env:PROCESS}"', "name: smoke"),
    };
    const { resources, diagnostics } = await load(files, {
      paths: ["base"],
      overlays: ["prod"],
      env: { PROCESS: "B" },
    });
    expect([diagnostics, resources[0]?.spec]).toMatchObject([[], { process: { name: "B" } }]);
  });

  it("moves a resource when it names another folder", async () => {
    const { resources } = await overlay({
      "prod/a.yaml": header("Job", "name: SMOKE, folder: /Ops/, labels: { env: prod }"),
    });
    expect(resources[0]).toMatchObject({ key: { name: "smoke", folder: "Ops" }, labels: { env: "prod" } });
  });

  it("is told by its folder which of several manifests it is for, and moves none", async () => {
    const files = {
      "base/other.yaml": job("  process: A", "name: smoke, folder: Ops"),
      "prod/a.yaml": job("  process: B", "name: smoke, folder: /ops/"),
    };
    const { resources, diagnostics } = await overlay(files);
    expect(diagnostics).toEqual([]);
    expect(resources.map(({ key, spec }) => [key.folder, spec])).toMatchObject([
      ["Ops", { process: { name: "B" } }],
      ["Finance", { process: { name: "A" } }],
    ]);
  });

  it("finds the manifest without a folder in the target's", async () => {
    const files = {
      "base/other.yaml": job("  process: A", "name: smoke"),
      "prod/a.yaml": job("  process: B", "name: smoke, folder: Shared"),
    };
    const { resources } = await load(
      { "base/smoke.yaml": base, ...files },
      { paths: ["base"], overlays: ["prod"], defaultFolder: "Shared" },
    );
    expect(resources.map(({ key, spec }) => [key.folder, spec])).toMatchObject([
      ["Shared", { process: { name: "B" } }],
      ["Finance", { process: { name: "A" } }],
    ]);
  });

  it("applies after those that were given before", async () => {
    const files = {
      "one/a.yaml": job("  process: One\n  priority: High", "name: smoke"),
      "two.yaml": job("  process: Two", "name: smoke"),
    };
    const process = async (overlays: readonly string[]): Promise<unknown> =>
      (await overlay(files, overlays)).resources.map(({ spec }) => spec);
    expect(await process(["one", "two.yaml"])).toMatchObject([{ process: { name: "Two" }, priority: "High" }]);
    expect(await process(["two.yaml", "one"])).toMatchObject([{ process: { name: "One" }, priority: "High" }]);
  });
});

describe("an overlay is refused", () => {
  it.each<[string, Files, string, string]>([
    [
      "that matches nothing",
      { "prod/a.yaml": job("  process: B", "name: smok") },
      "prod/a.yaml:3:19 MF043",
      'there is no Job/smok to overlay | did you mean "smoke"? | ',
    ],
    [
      "of another kind than the manifest",
      { "prod/a.yaml": header("Review", "name: smoke") },
      "prod/a.yaml:3:19 MF043",
      "there is no Review/smoke to overlay | did you mean kind Job? | ",
    ],
    [
      "that fits several manifests",
      { "base/b.yaml": job("  process: A", "name: smoke, folder: Ops"), "prod/a.yaml": header("Job", "name: smoke") },
      "prod/a.yaml:3:1 MF045",
      "Job/smoke exists in several folders | set metadata.folder to one of them: Finance, Ops | ",
    ],
    [
      "whose folder is none of several",
      {
        "base/b.yaml": job("  process: A", "name: smoke, folder: Ops"),
        "prod/a.yaml": header("Job", "name: smoke, folder: F"),
      },
      "prod/a.yaml:3:34 MF045",
      "Job/smoke exists in several folders, and not in F | set metadata.folder to one of them: Finance, Ops | ",
    ],
    [
      "when a folder has two for one manifest",
      { "prod/a.yaml": header("Job", "name: smoke"), "prod/b.yaml": header("Job", "name: smoke, folder: F") },
      "prod/b.yaml:3:19 MF044",
      "two overlays are for Job/smoke | merge them, or pass one of them as another --overlay | the other one is at prod/a.yaml:1:1",
    ],
    [
      "of kind Config",
      { "prod/a.yaml": header("Config", "name: smoke") },
      "prod/a.yaml:2:7 MF046",
      "an overlay is for a manifest, not for kind Config | kinds are QueueItems, Job, StoppedJobs, Review | ",
    ],
    ["of no kind", { "prod/a.yaml": "name: ci\n" }, "prod/a.yaml:1:1 MF007", "apiVersion and kind are missing"],
    [
      "of an unknown kind",
      { "prod/a.yaml": header("Jop", "name: smoke") },
      "prod/a.yaml:2:7 MF009",
      'did you mean "Job"?',
    ],
    [
      "without a name",
      { "prod/a.yaml": header("Job", "folder: F") },
      "prod/a.yaml:3:1 MF046",
      "metadata.name is missing, which says what manifest the overlay is for",
    ],
    [
      "with a name that is no text",
      { "prod/a.yaml": header("Job", "name: [orders]") },
      "prod/a.yaml:3:19 MF046",
      "metadata.name must be text, which says what manifest the overlay is for, not a list",
    ],
    [
      "with empty metadata",
      { "prod/a.yaml": "apiVersion: orch-sync/v1\nkind: Job\nmetadata: null\n" },
      "prod/a.yaml:3:11 MF046",
      "metadata must be a mapping with the name, which says what manifest the overlay is for, not empty",
    ],
    [
      "of another version",
      { "prod/a.yaml": header("Job", "name: smoke").replace("v1", "v2") },
      "prod/a.yaml:1:13 MF008",
      "write apiVersion: orch-sync/v1",
    ],
    ["that is empty", { "prod/a.yaml": "# nothing\n" }, "nowhere MF048", "no overlay found in prod"],
    ["that is not there", {}, "prod:1:1 MF001", "the path does not exist"],
  ])("%s", async (_name, files, place, text) => {
    const loaded = await overlay(files);
    expect(places(loaded)).toEqual([place]);
    expect(words(loaded)[0]).toContain(text);
  });

  it("once, however many folders and documents there are, and in no order of files", async () => {
    const [a, b] = [header("Job", "name: smoke"), job("  process: B", "name: smoke")];
    const [one, other] = [
      await overlay({ "prod/a.yaml": a, "prod/b.yaml": b }),
      await overlay({ "prod/b.yaml": a, "prod/a.yaml": b }),
    ];
    expect(places(one)).toEqual(["prod/b.yaml:3:19 MF044"]);
    expect(places(other)).toEqual(places(one));
  });
});

it("lists the first 20 of many folders, and says how many more there are", async () => {
  const folders = Array.from({ length: 22 }, (_, index) => `F${index + 10}`);
  const many = folders.map((folder) => job("  process: A", `name: many, folder: ${folder}`)).join("---\n");
  const { diagnostics } = await overlay({ "base/many.yaml": many, "prod/a.yaml": header("Job", "name: many") });
  expect(diagnostics).toMatchObject([{ code: "MF045", hint: expect.stringMatching(/: F10, F11, .*, F29 or 2 more$/) }]);
});

it("says what was meant for the first 50 overlays that match nothing", async () => {
  const many = Array.from({ length: 51 }, () => header("Job", "name: smok")).join("---\n");
  const hints = (await overlay({ "prod/a.yaml": many })).diagnostics.map(({ hint }) => hint);
  expect(hints.filter((hint) => hint === 'did you mean "smoke"?')).toHaveLength(50);
  expect(hints.at(-1)).toBe("pass the file that holds the manifest, or remove the overlay");
});

describe("a place is in the file that the value comes from", () => {
  it.each<[string, string, string]>([
    ["a value of the overlay", "  strategy: { count: many }", "prod/a.yaml:5:22 MF012"],
    ["an unknown key of the overlay", "  proces: B", "prod/a.yaml:5:3 MF010"],
    ["a key that the overlay removes", "  process: null", "prod/a.yaml:5:3 MF015"],
    ["a key below one that the overlay replaces", "  strategy: [1]", "prod/a.yaml:5:13 MF012"],
    ["a mapping that the overlay brings", "  wait: { timeout: 30min }", "prod/a.yaml:5:20 MF014"],
  ])("%s", async (_name, spec, place) => {
    const loaded = await overlay({ "prod/a.yaml": job(spec, "name: smoke") });
    expect(places(loaded)).toEqual([place]);
  });

  it("a value of the base, which the overlay leaves alone", async () => {
    const loaded = await overlay({
      "base/smoke.yaml": base.replace("count: 1", "count: many"),
      "prod/a.yaml": job("  strategy: { type: Dynamic }\n  priority: High", "name: smoke"),
    });
    expect(places(loaded)).toEqual(["base/smoke.yaml:6:37 MF012"]);
  });

  it("a required key that the overlay removes, and one that nobody wrote", async () => {
    const review = `${header("Review", "name: r, folder: F")}spec:\n  queue: Q\n  unassign: true\n`;
    const removed = await overlay({
      "base/r.yaml": review,
      "prod/r.yaml": `${header("Review", "name: r")}spec:\n  queue: null\n`,
    });
    expect(places(removed)).toEqual(["prod/r.yaml:5:3 MF011"]);
    const missing = await overlay({
      "base/r.yaml": review.replace("  queue: Q\n", ""),
      "prod/r.yaml": `${header("Review", "name: r")}spec:\n  unassign: true\n`,
    });
    expect(places(missing)).toEqual(["base/r.yaml:4:1 MF011"]);
  });

  it("without a line that holds what either file calls sensitive", async () => {
    const items = (more: string, list: string): string =>
      `${header("QueueItems", "name: march, folder: F")}spec:\n  queue: Q\n${more}  items:\n${list}\n`;
    const secret = "    - { reference: A, priority: Hihg, content: { Email: ana@corp.example } }";
    const { diagnostics } = await overlay({
      "base/items.yaml": items("  sensitive: [Email]\n", "    - { reference: B }"),
      "prod/items.yaml": items("", secret),
    });
    expect(diagnostics.map(({ code, source }) => [code, source && formatPlace(source), source?.text])).toEqual([
      ["MF013", "prod/items.yaml:7:33", undefined],
    ]);
    const other = await overlay({
      "base/items.yaml": items("", secret),
      "prod/items.yaml": `${header("QueueItems", "name: march, folder: F")}spec: { sensitive: [Email] }\n`,
    });
    expect(other.diagnostics.map(({ source }) => [source && formatPlace(source), source?.text])).toEqual([
      ["base/items.yaml:7:33", undefined],
    ]);
  });
});

it("shows no line that YAML cannot be made of where a manifest or an overlay calls anything sensitive", async () => {
  const items = (rest: string): string => `${header("QueueItems", "name: march, folder: F")}spec: { ${rest} }\n`;
  const card = "items: [{ reference: A, content: { Card: 0411 } }]";
  const texts = async (below: string, above: string): Promise<unknown> =>
    (await overlay({ "base/i.yaml": items(below), "prod/i.yaml": items(above) })).diagnostics.map(
      ({ code, source }) => [code, source?.file, source?.text],
    );
  expect(await texts("queue: Q, sensitive: [Card], items: []", card)).toEqual([["MF041", "prod/i.yaml", undefined]]);
  expect(await texts(`queue: Q, ${card}`, "sensitive: [Card]")).toEqual([["MF041", "base/i.yaml", undefined]]);
});

describe("an overlay for a manifest that the paths leave out", () => {
  const files = {
    "base/other.yaml": job("  process: A", "name: other, folder: Ops"),
    "base/twin.yaml": job("  process: A", "name: smoke, folder: Ops"),
  };

  it("is fine, where the project has it elsewhere", async () => {
    const all = { "base/smoke.yaml": base, ...files, "prod/a.yaml": header("Job", "name: other") };
    const given = { paths: ["base/smoke.yaml"], overlays: ["prod"] };
    expect((await load(all, { ...given, otherPaths: ["base"] })).diagnostics).toEqual([]);
    expect(places(await load(all, given))).toEqual(["prod/a.yaml:3:19 MF043"]);
  });

  it("names the file that could not be read, in which it may be", async () => {
    const broken = { "base/smoke.yaml": base, "base/z.yaml": "a: [" };
    const given = { paths: ["base/smoke.yaml"], overlays: ["prod"], otherPaths: ["base"] };
    const missed = await load({ ...broken, "prod/a.yaml": header("Job", "name: other") }, given);
    expect([places(missed), words(missed)]).toEqual([
      ["prod/a.yaml:3:19 MF043"],
      ["there is no Job/other to overlay | it may be in base/z.yaml, which could not be read | "],
    ]);
    const found = await load({ ...broken, "prod/a.yaml": header("Job", "name: smoke") }, given);
    expect(found.diagnostics).toEqual([]);
  });

  it("never patches its twin among the paths in its stead", async () => {
    const all = { "base/smoke.yaml": base, ...files, "prod/a.yaml": job("  process: B", "name: smoke, folder: Ops") };
    const { resources, diagnostics } = await load(all, {
      paths: ["base/smoke.yaml"],
      overlays: ["prod"],
      otherPaths: ["base"],
    });
    expect(diagnostics).toEqual([]);
    expect(resources).toMatchObject([{ key: { folder: "Finance" }, spec: { process: { name: "A" } } }]);
  });
});

describe("a link", () => {
  const outside = { "outside/a.yaml": job("  process: A", "name: a, folder: F"), "project/base/smoke.yaml": base };
  const lead = async (cwd: string, from = "project/base/link.yaml", to = "outside/a.yaml"): Promise<void> => {
    await mkdir(join(cwd, "project/base"), { recursive: true });
    await symlink(join(cwd, to), join(cwd, from));
  };
  const names = ({ resources }: LoadedManifests): string[] => resources.map(({ key }) => key.name);

  it.each([
    ["a file", "project/base/link.yaml", "outside/a.yaml"],
    ["a folder", "project/base/link", "outside"],
  ])("to %s outside the project is an error, unless that is allowed", async (_name, from, to) => {
    await inFolder(outside, async (cwd) => {
      await lead(cwd, from, to);
      const options = { paths: ["project/base"], cwd, env: {}, root: join(cwd, "project") };
      const refused = await loadManifests(options);
      expect([places(refused), words(refused)]).toEqual([
        [`${from}:1:1 MF042`],
        [
          "the link leads out of the project | put the file into the project, name its path, or pass --allow-outside | ",
        ],
      ]);
      const allowed = await loadManifests({ ...options, allowOutside: true });
      expect([names(allowed), allowed.diagnostics]).toEqual([["smoke", "a"].toSorted(), []]);
    });
  });

  it("may lead anywhere in the project, and without a config anywhere in the given folders", async () => {
    await inFolder(outside, async (cwd) => {
      await lead(cwd);
      const within = await loadManifests({ paths: ["project/base"], cwd, env: {}, root: cwd });
      expect(names(within).toSorted()).toEqual(["a", "smoke"]);
      const without = await loadManifests({ paths: ["project/base"], cwd, env: {} });
      expect(places(without)).toEqual(["project/base/link.yaml:1:1 MF042"]);
      for (const paths of [
        ["project/base", "outside"],
        ["outside", "project/base"],
      ]) {
        const both = await loadManifests({ paths, cwd, env: {} });
        expect([names(both).toSorted(), both.diagnostics]).toEqual([["a", "smoke"], []]);
      }
    });
  });

  it("may lead anywhere when a person named it, not when the config did", async () => {
    await inFolder(outside, async (cwd) => {
      await lead(cwd, "project/link", "outside");
      const options = { paths: ["project/link"], cwd, env: {}, root: join(cwd, "project") };
      expect(names(await loadManifests(options))).toEqual(["a"]);
      expect(places(await loadManifests({ ...options, namedBy: "config" }))).toEqual(["project/link:1:1 MF042"]);
      const elsewhere = await loadManifests({ ...options, paths: ["outside"], namedBy: "config" });
      expect(names(elsewhere)).toEqual(["a"]);
    });
  });

  it("does not excuse overlays", async () => {
    await inFolder({ ...outside, "prod/x.txt": "" }, async (cwd) => {
      await writeFile(join(cwd, "outside/o.yaml"), header("Job", "name: smoke"));
      await symlink(join(cwd, "outside/o.yaml"), join(cwd, "prod/o.yaml"));
      const loaded = await loadManifests({ paths: ["project"], overlays: ["prod"], cwd, env: {} });
      expect(places(loaded)).toEqual(["prod/o.yaml:1:1 MF042"]);
    });
  });
});
