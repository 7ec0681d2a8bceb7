import { describe, expect, it } from "vitest";
import { loadManifests } from "../../../src/workflow/api.ts";
import { loadProject, type LoadedProject, type LoadProjectOptions } from "../../../src/workflow/load.ts";
import { inFolder, manifest, type Files } from "../manifest/folder.ts";

const config = `apiVersion: orch-sync/v1
kind: Config
manifests: [manifests]
defaultTarget: prod
targets:
  prod: { url: https://cloud.uipath.com/a/b/orchestrator_, folder: Finance, auth: { type: token, token: x } }
`;
const job = (name: string, more = ""): string =>
  manifest("Job", `  process: A\n${more}`, `name: ${name}, folder: Finance`);
const items = (name: string, reference: string, more = ""): string =>
  manifest("QueueItems", `  queue: Q\n${more}  items: [{ reference: ${reference} }]`, `name: ${name}, folder: Finance`);

const files: Files = {
  "orch-sync.yaml": config,
  "manifests/march.yaml": items("march", "INV-1", "  prune: { referencePrefix: INV- }\n"),
  "manifests/april.yaml": items("april", "INV-2"),
  "manifests/smoke.yaml": job("smoke", "  dependsOn: [QueueItems/march, Job/nightly, QueueItems/march@finance]"),
  "manifests/nightly.yaml": job("nightly"),
};

function open(options: Partial<LoadProjectOptions>, all: Files = files): Promise<LoadedProject> {
  return inFolder(all, (cwd) =>
    loadProject({
      paths: [],
      cwd,
      env: {},
      variables: [],
      varFiles: [],
      dotenvFiles: [],
      overlays: [],
      select: [],
      exclude: [],
      readStdin: () => Promise.resolve(""),
      allowOutside: false,
      mode: "online",
      ...options,
    }),
  );
}

const names = ({ resources }: LoadedProject): string[] => resources.map(({ key }) => key.name).toSorted();

describe("a selection", () => {
  it("keeps some manifests of all that were read", async () => {
    const project = await open({ select: ["kind=QueueItems"], exclude: ["name=april"] });
    expect([names(project), project.manifests, project.files]).toEqual([["march"], 4, 4]);
    expect(project.documents).toHaveLength(1);
  });

  it("never narrows what counts as named: prune must not touch it", async () => {
    const { isNamed, resources } = await open({ select: ["name=march"] });
    expect(resources).toHaveLength(1);
    expect([isNamed("Q", "INV-2"), isNamed("q", "inv-1 "), isNamed("Q", "INV-3")]).toEqual([true, true, false]);
  });

  it("nor does it with PATHs, for what the config's manifests name", async () => {
    const { isNamed, resources } = await open({ paths: ["manifests/march.yaml"], select: ["kind=*"] });
    expect(resources).toHaveLength(1);
    expect(isNamed("Q", "INV-2")).toBe(true);
  });

  it("warns of each dependency that is left out, at its place", async () => {
    const { diagnostics } = await open({ select: ["name=smoke"] });
    expect(
      diagnostics.map(({ code, severity, message, source }) => [code, severity, message, source?.text, source?.column]),
    ).toEqual([
      [
        "MF047",
        "warning",
        "Job/smoke depends on QueueItems/march, which is not selected: it counts as done",
        "  dependsOn: [QueueItems/march, Job/nightly, QueueItems/march@finance]",
        15,
      ],
      [
        "MF047",
        "warning",
        "Job/smoke depends on Job/nightly, which is not selected: it counts as done",
        "  dependsOn: [QueueItems/march, Job/nightly, QueueItems/march@finance]",
        33,
      ],
    ]);
    expect((await open({ exclude: ["name=april"] })).diagnostics).toEqual([]);
  });

  it("names the folder of a dependency that lies in another one", async () => {
    const elsewhere = {
      "manifests/a.yaml": job("a", "  dependsOn: [Job/b@Ops]"),
      "manifests/b.yaml": manifest("Job", "  process: A", "name: b, folder: Ops"),
    };
    const { diagnostics } = await open({ select: ["name=a"] }, { "orch-sync.yaml": config, ...elsewhere });
    expect(diagnostics[0]?.message).toBe("Job/a depends on Job/b@Ops, which is not selected: it counts as done");
  });

  it.each([
    [{ select: ["name=nothing"] }, '--select "name=nothing" matches no manifest'],
    [{ exclude: ["name=*", "name=nothing"] }, '--exclude "name=nothing" matches no manifest'],
    [{ exclude: ["name=*"] }, "--select and --exclude leave no manifest"],
    [{ select: ["smoke"] }, '--select "smoke" has no = in "smoke"'],
  ])("is refused when it is of no use: %j", async (options, message) => {
    await expect(open(options)).rejects.toMatchObject({ name: "UsageError", message });
  });

  it("comes after mistakes, which may be why it matches nothing", async () => {
    const broken = { ...files, "manifests/other.yaml": job("other", "  proces: B") };
    const { diagnostics } = await open({ select: ["name=other-one"] }, broken);
    expect(diagnostics.map(({ code }) => code)).toEqual(["MF010"]);
  });
});

describe("an overlay in a project", () => {
  const overlay = {
    "prod/april.yaml": `apiVersion: orch-sync/v1\nkind: QueueItems\nmetadata: { name: april }\nspec: { items: [{ reference: INV-9 }] }\n`,
  };

  it("also changes what the manifests aside from PATH name", async () => {
    const { isNamed, diagnostics } = await open(
      { paths: ["manifests/march.yaml"], overlays: ["prod"] },
      { ...files, ...overlay },
    );
    expect(diagnostics).toEqual([]);
    expect([isNamed("Q", "INV-9"), isNamed("Q", "INV-2")]).toEqual([true, false]);
  });

  it("is there for programs, too", async () => {
    const { resources, diagnostics } = await inFolder({ ...files, ...overlay }, (cwd) =>
      loadManifests({ paths: ["manifests/april.yaml"], overlays: ["prod"], cwd, env: {} }),
    );
    expect(diagnostics).toEqual([]);
    expect(resources).toMatchObject([{ key: { name: "april" }, spec: { items: [{ reference: "INV-9" }] } }]);
  });

  it("reads standard input once", async () => {
    let reads = 0;
    const readStdin = (): Promise<Uint8Array | string> =>
      Promise.resolve(reads++ === 0 ? (files["manifests/march.yaml"] ?? "") : "");
    const stdin = { ...files, ...overlay };
    const { diagnostics, isNamed } = await open({ paths: ["-"], overlays: ["prod"], readStdin }, stdin);
    expect([reads, diagnostics.map(({ code }) => code), isNamed("Q", "INV-9")]).toEqual([1, [], true]);
  });
});
