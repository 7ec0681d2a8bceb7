import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { actions } from "../../../src/core/change.ts";
import { planLines } from "../../../src/core/plan-file.ts";
import type { Plan } from "../../../src/core/plan.ts";
import { kinds } from "../../../src/core/resource.ts";
import { runKey } from "../../../src/kinds/job/run-key.ts";
import type { TenantDocument } from "../../../src/emulator/index.ts";
import { planHtml } from "../../../src/views/html/plan.ts";
import { planView } from "../../../src/views/human/plan.ts";
import { planJson } from "../../../src/views/json/plan.ts";
import { jsonText } from "../../../src/views/json/text.ts";
import { planMarkdown } from "../../../src/views/markdown/plan.ts";
import { readPlan } from "../../../src/workflow/files/read-plan.ts";
import { planAgain } from "../../../src/workflow/saved/plan-again.ts";
import { problemsBy } from "../../support/schema.ts";
import { loadText, openDesk } from "./desk.ts";
import { environment } from "./world.ts";

/** What an earlier version wrote: test/fixtures/golden/v1/README.md. */
const pathOf = (name: string): string => fileURLToPath(new URL(`../../fixtures/golden/v1/${name}`, import.meta.url));
const textOf = (name: string): string => readFileSync(pathOf(name), "utf8");
const read = async (name: string): Promise<Plan> => readPlan(pathOf(name), name);
const linesOf = (name: string): { readonly type: string }[] =>
  textOf(name)
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { readonly type: string });

const tenant = JSON.parse(textOf("tenant.json")) as TenantDocument;

describe.each(["applicable.plan", "whole.plan"])("%s", (name) => {
  it("is read with its id and its digest, and written as it was", async () => {
    const plan = await read(name);
    const written = [...planLines(plan)];
    expect(written.join("")).toBe(textOf(name));
    expect(JSON.parse(written.at(-1) ?? "")).toMatchObject({ id: plan.id, sha256: plan.sha256 });
  });

  it("is shown in every view", async () => {
    const plan = await read(name);
    const style = { color: false, width: 100, verbose: true };
    for (const text of [planView(plan, style), planMarkdown(plan, style), planHtml(plan, style)]) {
      for (const shown of ["INV-001", "retire", "failed"]) {
        expect(text).toContain(shown);
      }
      expect(text).not.toContain(environment.KEY);
    }
    expect(problemsBy("plan")(JSON.parse(jsonText(planJson(plan))))).toEqual([]);
  });

  it("fits the schema of plan files, line by line", () => {
    expect(linesOf(name).flatMap(problemsBy("plan-file"))).toEqual([]);
  });
});

it("the two plans have every kind and every action", async () => {
  const plans = [await read("applicable.plan"), await read("whole.plan")];
  const resources = plans.flatMap((plan) => plan.resources);
  expect(new Set(resources.map(({ key }) => key.kind))).toEqual(new Set(kinds));
  expect(new Set(resources.flatMap(({ changes }) => Array.from(changes, ({ action }) => action)))).toEqual(
    new Set(actions),
  );
  expect(plans[1]?.guards.map(({ guard, forced }) => [guard, forced])).toEqual([
    ["maxCreates", false],
    ["maxDeletes", false],
    ["maxStops", true],
  ]);
});

it("what was reviewed then is what would be applied now", async () => {
  const saved = await read("applicable.plan");
  await using desk = await openDesk(tenant);
  const again = await planAgain({
    saved,
    target: { name: "acme", url: desk.url },
    values: { env: environment, variables: new Map() },
    forced: [],
    reader: desk.reader,
    parallelism: 4,
    emit: () => undefined,
    signal: new AbortController().signal,
  });
  expect(again.conflicts).toEqual([]);
  expect(again.settled).toEqual([]);
  expect(again.plan.id).toBe(saved.id);
  expect({ ...again.plan.summary, "no-op": 0 }).toEqual({ ...saved.summary, "no-op": 0 });
});

it.each(["apply.ndjson", "every-event.ndjson"])("%s has events as the schema says", (name) => {
  expect(linesOf(name).flatMap(problemsBy("events"))).toEqual([]);
});

it("the events are of every sort that the schema knows", () => {
  const { $defs } = JSON.parse(readFileSync("schemas/events.schema.json", "utf8")) as {
    $defs: Readonly<Record<string, { properties?: { type?: { const?: string } } }>>;
  };
  const known = Object.values($defs).flatMap(({ properties }) => properties?.type?.const ?? []);
  const told = [...linesOf("apply.ndjson"), ...linesOf("every-event.ndjson")].map(({ type }) => type);
  expect(known.length).toBeGreaterThan(10);
  expect(new Set(told)).toEqual(new Set(known));
});

it("runs have the keys that they had", async () => {
  const process = { key: "00000000-0000-4000-8000-00000000000a", version: "1.4.2" };
  const resources = await loadText({ "jobs.yaml": textOf("jobs.yaml") });
  const keys = resources.flatMap(({ kind, key, spec }) =>
    kind === "Job" ? [[key.name, runKey(key.name, spec, process)] as const] : [],
  );
  expect(Object.fromEntries(keys)).toEqual(JSON.parse(textOf("run-keys.json")));
});
