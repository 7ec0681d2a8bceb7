import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { shardOf } from "../../../src/core/shard-of.ts";
import { desk, type Desk } from "../../support/desk.ts";
import { inProcess, type InProcessResult } from "../../support/in-process.ts";
import { manifests, tenant } from "../../support/server.ts";

const queues = [{ name: "Q", folder: "Finance", uniqueReferences: true }];
const references = Array.from({ length: 40 }, (_, n) => `R-${n}`);
const items = (more = ""): string =>
  `{ queue: Q, items: [${references.map((reference) => `{ reference: ${reference} }`).join(", ")}]${more} }`;
const numberOf = (reference: string, count: number): number =>
  shardOf(["QueueItem", "q", reference.toLowerCase()], count);
const mine = (index: number, count: number): string[] => references.filter((each) => numberOf(each, count) === index);

async function place(files: Readonly<Record<string, string>>, spec: object = {}): Promise<Desk> {
  return desk({
    tenant: tenant({ queues, ...spec }),
    place: "Finance",
    manifests: "manifests/",
    files: Object.fromEntries(Object.entries(files).map(([name, text]) => [`manifests/${name}`, text])),
  });
}

/** The first target of the config, with other members. */
function retarget({ folder }: Desk, members: object): void {
  const file = join(folder, "orch-sync.yaml");
  const config = JSON.parse(readFileSync(file, "utf8")) as { targets: { test: object } };
  Object.assign(config.targets.test, members);
  writeFileSync(file, JSON.stringify(config));
}

const json = ({ stdout }: InProcessResult): Record<string, unknown> => JSON.parse(stdout) as Record<string, unknown>;
const entriesOf = (plan: Record<string, unknown>, action: string): string[] =>
  (plan["resources"] as { changes: { action: string; key: { entry: string } }[] }[])
    .flatMap(({ changes }) => changes)
    .filter((change) => change.action === action)
    .map(({ key }) => key.entry);

describe("--shard", () => {
  it("plans and applies its own items, and says whose part it is", async () => {
    const here = await place({ "a.yaml": manifests.items(items()) });
    const planned = await here.run(["plan", "--shard", "2/4"]);
    expect(planned.code).toBe(0);
    expect(planned.stdout).toContain("API 16, shard 2/4)");
    expect(planned.stdout).toContain("order holds within this shard");
    for (const format of ["markdown", "html"]) {
      expect((await here.run(["plan", "--shard", "2/4", "-o", format])).stdout).toContain("shard 2/4");
    }
    const { stdout: markdown } = await here.run(["plan", "--shard", "2/4", "-o", "markdown"]);
    expect(markdown).toMatch(/^<!-- orch-sync plan target=test shard=2\/4 id=\w{64} -->\n/);
    const plan = json(await here.run(["plan", "--shard", "2/4", "-o", "json"]));
    expect(plan["target"]).toMatchObject({ shard: { index: 2, count: 4 } });
    expect(entriesOf(plan, "create")).toEqual(mine(2, 4));
    const report = json(await here.run(["apply", "--auto-approve", "--shard", "2/4", "-o", "json", "--quiet"]));
    expect(report).toMatchObject({ target: { shard: { index: 2, count: 4 } }, counts: { applied: mine(2, 4).length } });
    const rest = json(await here.run(["plan", "-o", "json"]));
    expect(entriesOf(rest, "create")).toEqual(references.filter((each) => numberOf(each, 4) !== 2));
  });

  it("1/1 is everything, and another plan than no shard only where there are several", async () => {
    const here = await place({ "a.yaml": manifests.items(items()) });
    const id = async (...shard: string[]): Promise<unknown> =>
      json(await here.run(["plan", "-o", "json", ...shard]))["id"];
    const whole = await id();
    expect(await id("--shard", "1/1")).toBe(whole);
    expect(await id("--shard", "1/2")).not.toBe(await id("--shard", "2/2"));
  });

  it("goes by what the system says with auto", async () => {
    const here = await place({ "a.yaml": manifests.items(items()) });
    const run = (env: Readonly<Record<string, string>>): Promise<InProcessResult> =>
      inProcess(["plan", "--shard", "auto"], { cwd: here.folder, env });
    const known: readonly Readonly<Record<string, string>>[] = [
      { JOB_COMPLETION_INDEX: "1", JOB_COMPLETIONS: "4" },
      { CI_NODE_INDEX: "2", CI_NODE_TOTAL: "4" },
      { SYSTEM_JOBPOSITIONINPHASE: "2", SYSTEM_TOTALJOBSINPHASE: "4" },
      { JOB_COMPLETION_INDEX: "1", JOB_COMPLETIONS: "4", CI_NODE_INDEX: "2", CI_NODE_TOTAL: "4" },
    ];
    for (const env of known) expect((await run(env)).output).toContain("shard 2/4");
    const unknown: readonly (readonly [Readonly<Record<string, string>>, string])[] = [
      [{}, "nothing in the environment says which of how many machines this is"],
      [{ JOB_COMPLETION_INDEX: "1" }, "JOB_COMPLETION_INDEX is set and JOB_COMPLETIONS is not"],
      [{ CI_NODE_TOTAL: "1" }, "CI_NODE_TOTAL is set and CI_NODE_INDEX is not"],
      [{ CI_NODE_INDEX: "0", CI_NODE_TOTAL: "4" }, "CI_NODE_INDEX is 0 and CI_NODE_TOTAL is 4"],
      [{ JOB_COMPLETION_INDEX: "4", JOB_COMPLETIONS: "4" }, "from 0 to one less than JOB_COMPLETIONS"],
      [
        { JOB_COMPLETION_INDEX: "0", JOB_COMPLETIONS: "4", CI_NODE_INDEX: "2", CI_NODE_TOTAL: "4" },
        "this machine is 1/4 by JOB_COMPLETION_INDEX, and 2/4 by CI_NODE_INDEX",
      ],
    ];
    for (const [env, text] of unknown) {
      const { code, output } = await run(env);
      expect([code, output]).toEqual([64, expect.stringContaining(text)]);
    }
    expect((await here.run(["plan", "--shard", "0/4"])).code).toBe(64);
  });

  it("shares the quota, and is refused where there is none to share, or a lease", async () => {
    const here = await place({ "a.yaml": manifests.items(items()) });
    retarget(here, { timing: { listCallsPerMinute: 90 } });
    expect((await here.run(["plan", "--shard", "2/4"])).stdout).toContain("of 22 a minute");
    const many = await here.run(["plan", "--shard", "2/91"]);
    expect([many.code, many.output]).toEqual([64, expect.stringContaining("91 shards cannot share the 90 list calls")]);
    await here.run(["plan", "--shard", "2/4", "--out", "2.plan"]);
    retarget(here, { lease: { queue: "lock", folder: "Finance" } });
    for (const args of [
      ["plan", "--shard", "2/4"],
      ["apply", "--auto-approve", "--plan", "2.plan"],
    ]) {
      const { code, output } = await here.run(args);
      expect([code, output]).toEqual([64, expect.stringContaining("--shard 2/4 and the lease of the target test")]);
    }
  });

  it("refuses to take a batch apart that holds together, in whichever shard has some of it", async () => {
    for (const commit of ["AllOrNothing", "StopOnFirstFailure"]) {
      const here = await place({ "a.yaml": manifests.items(items(`, commit: ${commit}`)) });
      const { code, output } = await here.run(["plan", "--shard", "2/4"]);
      expect([code, output]).toEqual([4, expect.stringContaining(`--shard 2/4 would split its 40 items`)]);
      expect((await here.run(["plan"])).code).toBe(0);
    }
    // All of it in one shard is not split.
    const [first = ""] = references;
    const spec = `{ queue: Q, commit: AllOrNothing, items: [{ reference: ${first} }] }`;
    const whole = await place({ "a.yaml": manifests.items(spec) });
    expect((await whole.run(["plan", "--shard", `${numberOf(first, 4)}/4`])).code).toBe(0);
  });

  it("prunes what is its own, and never for want of items of its own", async () => {
    const stale = Array.from({ length: 12 }, (_, n) => ({ queue: "Q", folder: "Finance", reference: `R-old-${n}` }));
    const [named = ""] = references;
    const spec = `{ queue: Q, items: [{ reference: ${named} }], prune: { referencePrefix: R- } }`;
    const here = await place({ "a.yaml": manifests.items(spec) }, { items: stale });
    retarget(here, { guards: { maxDeletes: 100 } });
    const deleted: string[] = [];
    for (const index of [1, 2, 3]) {
      const file = `${index}.plan`;
      const plan = json(await here.run(["plan", "--shard", `${index}/3`, "-o", "json", "--out", file]));
      const own = entriesOf(plan, "delete");
      expect(own).toEqual(stale.map(({ reference }) => reference).filter((each) => numberOf(each, 3) === index));
      deleted.push(...own);
      // The saved plan keeps its shard: what it deletes it deletes, also where the shard has no items to name.
      const { code, output } = await here.run(["apply", "--auto-approve", "--plan", file]);
      expect([code, output]).toEqual([0, expect.stringContaining(`shard ${index}/3`)]);
    }
    expect(deleted.toSorted()).toEqual(stale.map(({ reference }) => reference).toSorted());
    const empty = await place(
      { "a.yaml": manifests.items("{ queue: Q, items: [], prune: { referencePrefix: R- } }") },
      { items: stale },
    );
    expect((await empty.run(["plan", "--shard", "1/3"])).output).toContain("the manifest names no items");
  });

  it("uses a share of the guards, and says so", async () => {
    const here = await place({ "a.yaml": manifests.items(items()) });
    retarget(here, { guards: { maxCreates: 10 } });
    const { code, output } = await here.run(["plan", "--shard", "2/4"]);
    expect([code, output]).toEqual([
      4,
      expect.stringContaining(`${mine(2, 4).length} to create, maxCreates allows 10, 3 in each of 4 shards`),
    ]);
  });

  it("does a job in one shard, with what depends on it, and refuses what waits for several", async () => {
    const processes = [{ name: "P", folder: "Finance" }];
    const job = (name: string, more = ""): string =>
      manifests.job(`{ process: P, startUntil: 2099-01-01T00:00:00Z${more} }`, name);
    const files = {
      "a.yaml": job("a"),
      "b.yaml": job("b", ", dependsOn: [Job/a]"),
      "c.yaml": job("c", ", dependsOn: [Job/b]"),
    };
    const here = await place(files, { processes });
    const counts: number[] = [];
    for (const index of [1, 2, 3, 4, 5]) {
      const plan = json(await here.run(["plan", "--shard", `${index}/5`, "-o", "json", "--rerun", "c"]));
      counts.push((plan["summary"] as { start: number }).start);
    }
    expect(counts.toSorted((a, b) => a - b)).toEqual([0, 0, 0, 0, 3]);

    writeFileSync(join(here.folder, "manifests/d.yaml"), manifests.items(items()));
    writeFileSync(join(here.folder, "manifests/e.yaml"), job("e", ", dependsOn: [QueueItems/march]"));
    const refused = await here.run(["plan", "--shard", "1/5"]);
    expect([refused.code, refused.output]).toEqual([3, expect.stringContaining("MF051")]);
    expect(refused.output).toContain("--exclude 'kind=Job,name=e'");
    expect((await here.run(["plan", "--shard", "1/5", "--exclude", "kind=Job,name=e"])).code).toBe(0);
  });

  it("has journals of its own: it neither ends those of others nor resumes them", async () => {
    const here = await place({ "a.yaml": manifests.items(items()) });
    const folder = join(here.folder, ".orch-sync/journal/test");
    await here.run(["apply", "--auto-approve", "--shard", "1/2"]);
    const name = readdirSync(folder).find((each) => each.endsWith(".ndjson")) ?? "";
    // As a crash leaves it: the plan beside it, and no end.
    const journal = readFileSync(join(folder, name), "utf8");
    const lines = journal.trimEnd().split("\n");
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ target: { shard: { index: 1, count: 2 } } });
    const id = name.replace(".ndjson", "");
    await here.run(["plan", "--shard", "1/2", "--out", `.orch-sync/journal/test/${id}.plan`]);
    writeFileSync(join(folder, name), `${lines.slice(0, -1).join("\n")}\n`);
    const left = (): boolean => readdirSync(folder).includes(`${id}.plan`);
    await here.run(["apply", "--auto-approve", "--shard", "2/2"]);
    expect(left()).toBe(true);
    const resumed = await here.run(["apply", "--auto-approve", "--resume"]);
    expect(resumed.output).toContain("there are those of shards: --resume --shard 1/2");
    expect((await here.run(["apply", "--auto-approve", "--resume", "--shard", "2/2"])).output).toContain(
      "there is no apply of shard 2/2 of this target to resume",
    );
    // An apply of another division has done some of the same since: what was planned before it is not carried on.
    const carriedOn = (): Promise<InProcessResult> =>
      here.run(["apply", "--auto-approve", "--resume", "--shard", "1/2"]);
    writeFileSync(join(here.folder, "manifests/a.yaml"), manifests.items(items().replace("R-0 }", "R-0-b }")));
    const index = numberOf("R-0-b", 3);
    expect((await here.run(["apply", "--auto-approve", "--shard", `${index}/3`])).code).toBe(0);
    expect((await carriedOn()).output).toContain("there is no apply of shard 1/2 of this target to resume");
    await here.run(["apply", "--auto-approve", "--shard", "1/2"]);
    expect(left()).toBe(false);
  });

  it("is part of a saved plan, so it is not said again", async () => {
    const here = await place({ "a.yaml": manifests.items(items()) });
    await here.run(["plan", "--shard", "1/2", "--out", "1.plan"]);
    const { code, output } = await here.run(["apply", "--auto-approve", "--plan", "1.plan", "--shard", "1/2"]);
    expect([code, output]).toEqual([64, expect.stringContaining("--shard and --plan exclude each other")]);
    expect((await here.run(["show", "1.plan"])).output).toContain("shard 1/2");
  });
});
