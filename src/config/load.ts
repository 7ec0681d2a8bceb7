import { dirname, resolve } from "node:path";
import { sortDiagnostics, withoutExcerpt, type Diagnostic } from "../core/diagnostic.ts";
import { manifestApiVersion } from "../core/formats.ts";
import { isRecord, type JsonValue } from "../core/json.ts";
import type { Locate, Path } from "../core/locate.ts";
import { nearest } from "../core/nearest.ts";
import { concealed } from "../core/secret.ts";
import { parseYaml, type YamlDocument } from "../document/parse.ts";
import { readTextFile } from "../document/read.ts";
import { resolveValues, type Environment, type ValueSources, type Variables } from "../document/values.ts";
import type { Config, UnresolvedTarget } from "./config.ts";
import { displayPath } from "../document/display.ts";
import { checkConfig } from "./schema.ts";
import { configSecrets, isPrivate } from "./secrets.ts";
import { unreadableFile } from "./unreadable.ts";
import { writtenTexts } from "./variables.ts";

export interface LoadConfigOptions {
  /** Absolute, or relative to `cwd`. */
  readonly file: string;
  readonly cwd: string;
  readonly env: Environment;
  /** What the command line gives for `${var:NAME}`. */
  readonly variables?: Variables;
}

export interface LoadedConfig {
  /** Missing when the file could not be understood. */
  readonly config?: Config;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads and checks the config file. `${…}` of targets stays: see `resolveTarget`. */
export async function loadConfig({ file, cwd, env, variables }: LoadConfigOptions): Promise<LoadedConfig> {
  const path = resolve(cwd, file);
  const shown = displayPath(path, cwd);
  const read = await readTextFile(path);
  if (read.type !== "text") return { diagnostics: [unreadableFile("the config", shown, read)] };
  const { documents, diagnostics } = parseYaml(read.text, shown);
  // What is not understood may be a secret: no excerpts.
  if (diagnostics.length > 0) return { diagnostics: diagnostics.map(withoutExcerpt) };
  const [document] = documents;
  if (document === undefined || documents.length > 1) {
    const message = `the config ${document === undefined ? "is empty" : `has ${documents.length} documents`}`;
    return {
      diagnostics: [{ code: "CF001", severity: "error", message, source: { file: shown, line: 1, column: 1 } }],
    };
  }
  return understand(document, path, { env, variables });
}

function understand(document: YamlDocument, path: string, sources: ValueSources): LoadedConfig {
  const value = withWrittenVariables(document.value, document.locate());
  const at = document.locate(() => privatePaths(value));
  const envelope = envelopeProblems(value, at);
  if (envelope.length > 0 || !isRecord(value)) return { diagnostics: envelope };
  const { targets, ...rest } = value as Readonly<Record<string, JsonValue>>;
  const resolved = resolveValues(rest, at, sources, configSecrets);
  const whole = {
    ...(concealed(resolved.value) as Record<string, JsonValue>),
    ...(targets === undefined ? {} : { targets }),
  };
  const problems = checkConfig(whole, at, { unresolved: true });
  const diagnostics = [...resolved.diagnostics, ...problems.map(({ diagnostic }) => diagnostic)];
  const config = asConfig(whole, path, at);
  return { config, diagnostics: sortDiagnostics([...diagnostics, ...defaultProblems(config, at)]) };
}

/** Numbers among the variables of targets are texts, spelled as they are. */
function withWrittenVariables(value: JsonValue, at: Locate): JsonValue {
  const targets = isRecord(value) ? value["targets"] : undefined;
  if (!isRecord(value) || !isRecord(targets)) return value;
  const written = Object.entries(targets).map(([name, target]) => {
    const variables = isRecord(target) ? target["variables"] : undefined;
    if (!isRecord(target) || !isRecord(variables)) return [name, target] as const;
    return [name, { ...target, variables: writtenTexts(variables, at, ["targets", name, "variables"]) }] as const;
  });
  return { ...value, targets: Object.fromEntries(written) };
}

/** What can be read, also of a file with mistakes: the caller sees them in the diagnostics. */
function asConfig(value: Readonly<Record<string, JsonValue>>, path: string, at: Locate): Config {
  const { manifests, defaultTarget, targets } = value;
  const root = dirname(path);
  const paths = Array.isArray(manifests) ? manifests.filter((entry) => typeof entry === "string") : [];
  const entries = isRecord(targets) ? Object.entries(targets as Readonly<Record<string, JsonValue>>) : [];
  return {
    file: path,
    root,
    manifests: paths.map((entry) => resolve(root, entry)),
    ...(typeof defaultTarget === "string" ? { defaultTarget } : {}),
    targets: new Map(entries.map(([name, target]): [string, UnresolvedTarget] => [name, { name, value: target, at }])),
  };
}

function defaultProblems({ defaultTarget, targets }: Config, at: Locate): Diagnostic[] {
  if (defaultTarget === undefined || targets.has(defaultTarget)) return [];
  const meant = nearest(defaultTarget, targets.keys());
  const known = [...targets.keys()].join(", ");
  const hint =
    meant === undefined ? `known are ${known === "" ? "none" : known}` : `did you mean ${JSON.stringify(meant)}?`;
  const message = `there is no target ${JSON.stringify(defaultTarget)}`;
  return [{ code: "CF002", severity: "error", message, hint, source: at(["defaultTarget"]) }];
}

function envelopeProblems(value: JsonValue, at: Locate): Diagnostic[] {
  if (!isRecord(value) || value["kind"] !== "Config") {
    const hint = "it begins with apiVersion: orch-sync/v1 and kind: Config";
    const source = at(isRecord(value) && value["kind"] !== undefined ? ["kind"] : []);
    return [{ code: "CF001", severity: "error", message: "this is no config file", hint, source }];
  }
  if (value["apiVersion"] === manifestApiVersion) return [];
  const message = value["apiVersion"] === undefined ? "apiVersion is missing" : "apiVersion is not known";
  const source = at(value["apiVersion"] === undefined ? [] : ["apiVersion"]);
  return [{ code: "MF008", severity: "error", message, hint: `write apiVersion: ${manifestApiVersion}`, source }];
}

/** Lines that hold a credential are not shown: what stands under `auth`, and what looks like it stands in the wrong place. */
function privatePaths(value: JsonValue, path: Path = []): Path[] {
  if (!isRecord(value)) return [];
  return Object.entries(value as Readonly<Record<string, JsonValue>>).flatMap(([key, member]) => {
    const place = [...path, key];
    if (isRecord(member)) return privatePaths(member, place);
    return isPrivate(place) || /token|secret|password/i.test(key) ? [place] : [];
  });
}
