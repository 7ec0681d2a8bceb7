import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { root } from "../support/cli.ts";
import { tenant, workplace, type Workplace } from "../support/server.ts";

const count = 4;
const indexes = Array.from({ length: count }, (_, index) => index);
const rows = Array.from({ length: 600 }, (_, n) => `INV-${n}`);
const example = (name: string): string => readFileSync(join(root, "examples/pipelines", name), "utf8");

interface KubernetesJob {
  readonly spec: {
    readonly completions: number;
    readonly template: {
      readonly spec: {
        readonly containers: readonly {
          readonly args: readonly string[];
          readonly env: readonly { readonly name: string; readonly value: string }[];
        }[];
      };
    };
  };
}

/** What a pod of the example runs; its config is the one of the test. */
function ofPod(index: number): { readonly args: readonly string[]; readonly env: Readonly<Record<string, string>> } {
  const { spec } = parse(example("kubernetes/apply-sharded-job.yaml")) as KubernetesJob;
  const [container] = spec.template.spec.containers;
  const { args = [], env = [] } = container ?? {};
  const set = Object.fromEntries(env.map(({ name, value }) => [name, value]));
  expect(set["JOB_COMPLETIONS"]).toBe(String(spec.completions));
  return {
    args: args.filter((each, at) => ![each, args[at - 1]].some((flag) => flag === "--config" || flag === "--target")),
    env: { JOB_COMPLETIONS: String(spec.completions), JOB_COMPLETION_INDEX: String(index) },
  };
}

/** The flags that a step of a recipe gives orch-sync, those of the pipeline's own files and target aside. */
function flagsOf(text: string, command: string): readonly string[] {
  const joined = text.replaceAll("\\\n", " ");
  const [, flags = ""] = new RegExp(`orch-sync (${command} .*)`).exec(joined) ?? [];
  return flags
    .replaceAll(/--(?:target|report) \S+/g, "")
    .split(/\s+/)
    .filter((each) => each !== "");
}

async function references({ emulator }: Workplace): Promise<string[]> {
  const found: string[] = [];
  for (let skip = 0; ; skip += 500) {
    const response = await fetch(`${emulator.url}/odata/QueueItems?$orderby=Id&$top=500&$skip=${skip}`, {
      headers: { authorization: `Bearer ${emulator.token}`, "X-UIPATH-FolderPath": "Finance" },
    });
    const { value } = (await response.json()) as { readonly value: readonly { readonly Reference: string }[] };
    if (value.length === 0) return found;
    found.push(...value.map((row) => row.Reference));
  }
}

it("four machines at once do everything once: pods, then a matrix with saved plans, then one of Azure's agents", async () => {
  const here = await workplace({
    tenant: tenant({
      queues: [
        { name: "Q", folder: "Finance", uniqueReferences: true },
        { name: "Free", folder: "Finance" },
      ],
      processes: [{ name: "P", folder: "Finance" }],
      listCallsPerMinute: null,
    }),
    files: {
      "manifests/rows.csv": ["id", ...rows].join("\n"),
      "manifests/a.yaml": [
        "{ apiVersion: orch-sync/v1, kind: QueueItems, metadata: { name: rows }, spec: { queue: Q, source: { file: rows.csv, reference: '{id}' } } }",
        "{ apiVersion: orch-sync/v1, kind: QueueItems, metadata: { name: free }, spec: { queue: Free, seedUntil: never, items: [{ reference: F-1 }, { reference: F-2 }, { reference: F-3 }] } }",
        "{ apiVersion: orch-sync/v1, kind: Job, metadata: { name: after }, spec: { process: P, startUntil: 2099-01-01T00:00:00Z, wait: { until: none } } }",
      ].join("\n---\n"),
    },
    target: "timing: { request: 10s, settle: 300ms, poll: 20ms }, guards: { maxStarts: 4 }",
  });
  const pods = await Promise.all(
    indexes.map((index) => {
      const { args, env } = ofPod(index);
      return here.run(args, { env });
    }),
  );
  expect(pods.map(({ code, stderr }) => [code, stderr])).toEqual(indexes.map(() => [0, expect.any(String)]));
  const everything = [...rows, "F-1", "F-2", "F-3"].toSorted();
  expect((await references(here)).toSorted()).toEqual(everything);
  const starts = here.emulator.requests().filter(({ path }) => path.includes("StartJobs"));
  expect(starts).toHaveLength(1);

  // The same again, with more rows: what is there stays as it is, and what is new is added once.
  const more = [...rows, ...rows.map((row) => `${row}-b`)];
  writeFileSync(join(here.folder, "manifests/rows.csv"), ["id", ...more].join("\n"));
  const github = example("github/apply-sharded.yml");
  const ofMatrix = (index: number): Readonly<Record<string, string>> => ({
    CI_NODE_INDEX: String(index + 1),
    CI_NODE_TOTAL: String(count),
  });
  const named = (flags: readonly string[], index: number): string[] =>
    flags.map((flag) => flag.replace("shard.plan", `shard-${index}.plan`));
  const plans = await Promise.all(
    indexes.map((index) => here.run(named(flagsOf(github, "plan"), index), { env: ofMatrix(index) })),
  );
  expect(plans.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
  const applies = await Promise.all(indexes.map((index) => here.run(named(flagsOf(github, "apply"), index))));
  expect(applies.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
  expect((await references(here)).toSorted()).toEqual([...everything, ...rows.map((row) => `${row}-b`)].toSorted());

  const before = here.emulator.requests().length;
  const agent = await here.run(flagsOf(example("azure-devops/apply-sharded.yml"), "apply"), {
    env: { SYSTEM_JOBPOSITIONINPHASE: "3", SYSTEM_TOTALJOBSINPHASE: String(count) },
  });
  expect([agent.code, agent.stdout]).toEqual([0, expect.stringContaining("shard 3/4")]);
  const writes = here.emulator
    .requests()
    .slice(before)
    .filter(({ method }) => method !== "GET");
  expect(writes.filter(({ path }) => !path.includes("RetrieveQueuesProcessingStatus"))).toEqual([]);
});
