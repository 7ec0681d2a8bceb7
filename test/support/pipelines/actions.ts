import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { data, Evaluator, Lexer, Parser, type Expr } from "@actions/expressions";
import { parse } from "yaml";
import { root } from "../cli.ts";
import { bash, type Checkout } from "./shell.ts";

/** A step of a workflow or of a composite action. */
interface Step {
  readonly id?: string;
  readonly if?: string | boolean;
  readonly uses?: string;
  readonly run?: string;
  readonly shell?: string;
  readonly env?: Texts;
  readonly with?: Texts;
}

type Texts = Readonly<Record<string, string | number | boolean>>;
type Contexts = Readonly<Record<string, unknown>>;

interface Job {
  readonly if?: string;
  readonly needs?: string;
  readonly env?: Texts;
  readonly steps: readonly Step[];
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
}

/** What GitHub knows when a workflow begins. */
export interface Event {
  readonly github: Readonly<Record<string, unknown>>;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly vars: Readonly<Record<string, string>>;
  /** In place of what the workflow's own `env` has. */
  readonly settings: Readonly<Record<string, string>>;
}

export interface JobResult {
  readonly result: "success" | "failure" | "skipped";
  readonly log: string;
  readonly outputs: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Runs the jobs of a workflow one after the other: conditions by GitHub's own evaluator, steps by bash, `uses` only our action. */
export async function runWorkflow(file: string, event: Event, at: Checkout): Promise<Record<string, JobResult>> {
  const workflow = parse(readFileSync(join(root, file), "utf8")) as {
    readonly env: Texts;
    readonly jobs: Readonly<Record<string, Job>>;
  };
  const { github, inputs = {}, secrets, vars, settings } = event;
  const results: Record<string, JobResult> = {};
  for (const [name, job] of Object.entries(workflow.jobs)) {
    const contexts = { github, inputs, secrets, vars, needs: results };
    const needed = job.needs === undefined || results[job.needs]?.result === "success";
    if (!needed || !holds(job.if ?? "true", contexts, "success")) {
      results[name] = { result: "skipped", log: "", outputs: {} };
      continue;
    }
    const env = filled({ ...workflow.env, ...settings, ...job.env }, contexts);
    results[name] = await runSteps(job.steps, { ...contexts, env }, { ...at, env: { ...at.env, ...env } });
  }
  return results;
}

async function runSteps(steps: readonly Step[], given: Contexts, at: Checkout): Promise<JobResult> {
  const outputs: Record<string, Record<string, string>> = {};
  let result: "success" | "failure" = "success";
  let log = "";
  for (const step of steps) {
    const contexts = { ...given, steps: mapped(outputs, (own) => ({ outputs: own })) };
    if (!holds(String(step.if ?? "success()"), contexts, result)) continue;
    const ran = await runStep(step, contexts, at);
    log += ran.log;
    if (step.id !== undefined) outputs[step.id] = ran.outputs;
    if (!ran.ok) result = "failure";
  }
  return { result, log, outputs };
}

interface Ran {
  readonly ok: boolean;
  readonly log: string;
  readonly outputs: Record<string, string>;
}

async function runStep(step: Step, contexts: Contexts, at: Checkout): Promise<Ran> {
  if (step.uses !== undefined) return runUses(step, contexts, at);
  const file = join(at.folder, ".tools/output");
  writeFileSync(file, "");
  const env = { ...at.env, ...filled(step.env ?? {}, contexts), GITHUB_OUTPUT: file };
  const flags = step.shell === "bash" ? ["-eo", "pipefail"] : ["-e"];
  const { code, stdout, stderr } = await bash(step.run ?? "", { ...at, env }, flags);
  const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
  rmSync(file);
  const outputs = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
  return { ok: code === 0, log: stdout + stderr, outputs };
}

/** Of all actions only ours does something here: a checkout is there, Node.js too, and artifacts go nowhere. */
async function runUses(step: Step, contexts: Contexts, at: Checkout): Promise<Ran> {
  if (step.uses?.includes("/orch-sync@") !== true) return { ok: true, log: "", outputs: {} };
  const action = parse(readFileSync(join(root, "action.yml"), "utf8")) as Action;
  const defaults = mapped(action.inputs, (input) => input.default ?? "");
  const inputs = { ...filled(defaults, contexts), ...filled(step.with ?? {}, contexts) };
  const unknown = Object.keys(inputs).filter((name) => !Object.hasOwn(action.inputs, name));
  if (unknown.length > 0) throw new Error(`the action has no input ${unknown.join(", ")}`);
  // The environment of the step is that of the action's steps, too.
  const env = { ...at.env, ...filled(step.env ?? {}, contexts), GITHUB_ACTION_PATH: root };
  const inner = { ...contexts, inputs };
  const { result, log, outputs } = await runSteps(action.runs.steps, inner, { ...at, env });
  const known = { ...inner, steps: mapped(outputs, (own) => ({ outputs: own })) };
  const made = filled(
    mapped(action.outputs, ({ value }) => value),
    known,
  );
  return { ok: result === "success", log, outputs: made };
}

function mapped<From, To>(record: Readonly<Record<string, From>>, to: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, to(value)]));
}

/** Texts with what their `${{ … }}` stand for. */
function filled(texts: Texts, contexts: Contexts): Record<string, string> {
  return mapped(texts, (text) =>
    String(text).replaceAll(/\$\{\{(.*?)\}\}/g, (_all, expression: string) =>
      evaluated(expression, contexts, "success").coerceString(),
    ),
  );
}

function holds(condition: string, contexts: Contexts, status: JobResult["result"]): boolean {
  const expression = /^\s*\$\{\{(.*)\}\}\s*$/.exec(condition)?.[1] ?? condition;
  const whole = /\b(?:always|cancelled|failure|success)\(\)/.test(expression)
    ? expression
    : `success() && (${expression})`;
  return evaluated(`!(${whole})`, contexts, status).coerceString() === "false";
}

function evaluated(expression: string, contexts: Contexts, status: JobResult["result"]): data.ExpressionData {
  const functions = Object.entries({
    always: true,
    cancelled: false,
    failure: status === "failure",
    success: status === "success",
  }).map(([name, value]) => ({ name, minArgs: 0, maxArgs: 0, call: () => new data.BooleanData(value) }));
  const { tokens } = new Lexer(expression.trim()).lex();
  const tree: Expr = new Parser(tokens, Object.keys(contexts), functions).parse();
  const known = JSON.parse(JSON.stringify(contexts), data.reviver) as data.Dictionary;
  return new Evaluator(tree, known, new Map(functions.map((each) => [each.name, each]))).evaluate();
}
