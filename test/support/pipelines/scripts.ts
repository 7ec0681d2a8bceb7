import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { root } from "../cli.ts";
import { bash, type Checkout } from "./shell.ts";

/** How a pipeline ended: whether its page shows green, and its log. */
export interface Run {
  readonly ok: boolean;
  readonly said: string;
}

type Texts = Readonly<Record<string, string>>;
const recipe = (file: string): string => readFileSync(join(root, "examples/pipelines", file), "utf8");

/** Everything that stands under a key, wherever that is. */
export function valuesOf(value: unknown, key: string): unknown[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    name === key ? [inner, valuesOf(inner, key)].flat() : valuesOf(inner, key),
  );
}

async function inTurn(
  scripts: readonly { readonly script: string; readonly env: Texts }[],
  at: Checkout,
  flags: readonly string[],
): Promise<Run> {
  let said = "";
  for (const { script, env } of scripts) {
    const { code, stdout, stderr } = await bash(script, { ...at, env: { ...at.env, ...env } }, flags);
    said += stdout + stderr;
    if (code !== 0) return { ok: false, said };
  }
  return { ok: true, said };
}

/** The `bash` steps of an Azure pipeline: without -e, and with those secrets alone that a step names. */
export async function runAzure(file: string, macros: Texts, settings: Texts, at: Checkout): Promise<Run> {
  const document = parse(recipe(`azure-devops/${file}`)) as {
    readonly variables: readonly { readonly name?: string; readonly value?: string }[];
  };
  const variables = Object.fromEntries(
    document.variables.flatMap(({ name, value }) => (name === undefined ? [] : [[name, value ?? ""]])),
  );
  const filled = (text: string): string =>
    text.replaceAll(
      /\$\{\{ (.*?) \}\}|\$\((.*?)\)/g,
      (all, expression: string, macro: string) => macros[expression ?? macro] ?? all,
    );
  const steps = valuesOf(document, "steps").flat() as readonly { readonly bash?: string; readonly env?: Texts }[];
  const scripts = steps.flatMap(({ bash: script, env = {} }) => {
    const own = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, filled(value)]));
    return script === undefined ? [] : [{ script, env: { ...variables, ...settings, ...own } }];
  });
  return inTurn(scripts, at, []);
}

/** Jobs of the GitLab recipe, one after the other; their lines make one script, as the runner does it. */
export async function runGitlab(jobs: readonly string[], settings: Texts, at: Checkout): Promise<Run> {
  const document = parse(recipe("gitlab/gitlab-ci.yml")) as {
    readonly default: { readonly before_script: readonly string[] };
    readonly variables: Texts;
  } & Readonly<Record<string, { readonly script: readonly string[] }>>;
  const scripts = jobs.map((job) => ({
    script: [...document.default.before_script, ...(document[job]?.script ?? [])].join("\n"),
    env: { ...document.variables, ...settings },
  }));
  return inTurn(scripts, at, ["-eo", "pipefail"]);
}

/** The `sh` steps of stages of the Jenkinsfile. Groovy is read no further than that. */
export async function runJenkins(stages: readonly string[], settings: Texts, at: Checkout): Promise<Run> {
  const text = recipe("jenkins/Jenkinsfile");
  const parts = Object.fromEntries(
    text
      .split("stage('")
      .slice(1)
      .map((part) => [part.slice(0, part.indexOf("'")), part]),
  );
  const block = text.slice(text.indexOf("environment {"), text.indexOf("stages {"));
  const variables = Object.fromEntries(
    [...block.matchAll(/(\w+) = '(.*?)'/g)].map(([, name = "", value = ""]) => [name, value]),
  );
  const scripts = stages.flatMap((stage) =>
    [...(parts[stage] ?? "").matchAll(/\bsh (?:'''([\s\S]*?)'''|'([^']*)')/g)].map(([, long, short]) => ({
      // Groovy takes \\ for \ in both kinds of quotes, and what it does not know for an error.
      script: (long ?? short ?? "").replaceAll("\\\\", "\\"),
      env: { ...variables, ...settings },
    })),
  );
  return inTurn(scripts, at, ["-xe"]);
}
