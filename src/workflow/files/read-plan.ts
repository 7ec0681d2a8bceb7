import { ChangeSpool } from "../../core/change-spool.ts";
import type { Action, Change } from "../../core/change.ts";
import { PlanRefusedError } from "../../core/errors.ts";
import { planFormat } from "../../core/formats.ts";
import { isRecord, type JsonValue } from "../../core/json.ts";
import type { List } from "../../core/list.ts";
import { lineText, PlanDigests } from "../../core/plan-file.ts";
import {
  changeOf,
  type ChangeLine,
  type EndLine,
  type HeaderLine,
  type PlanLine,
  type ResourceLine,
} from "../../core/plan-line.ts";
import { summarize, type Plan, type PlannedResource } from "../../core/plan.ts";
import { keyIdentity } from "../../core/resource.ts";
import { withSecrets } from "../../core/secret-json.ts";
import { SecretValue } from "../../core/secret.ts";
import { canonicalJson } from "../../core/json.ts";
import { templateOf } from "../../document/values.ts";
import { fileLines, type FileLine } from "./file-lines.ts";
import { checkPlanLine } from "./plan-schema.ts";
import { earlySpool } from "./spool.ts";

/** How to get a plan that can be trusted again. */
const again = "make it again: orch-sync plan --out FILE";

/**
 * Reads a saved plan and checks everything that can be checked without its target: format, schema, order, counts and
 * every byte. Secrets have their names and no values.
 * @throws OrchSyncError when the file cannot be read, PlanRefusedError when it is no plan, or not as it was saved.
 */
export async function readPlan(path: string, name: string): Promise<Plan> {
  const reader = new PlanReader(name);
  for await (const line of fileLines(path, name)) reader.add(line);
  return reader.plan();
}

class PlanReader {
  readonly #name: string;
  readonly #digests = new PlanDigests();
  readonly #resources: { readonly line: ResourceLine; readonly changes: ChangeSpool }[] = [];
  readonly #keys = new Set<string>();
  readonly #secrets = new Map<string, SecretValue>();
  #header: HeaderLine | undefined;
  #end: EndLine | undefined;
  #changes = 0;

  constructor(name: string) {
    this.#name = name;
  }

  add({ number, bytes, text }: FileLine): void {
    if (this.#end !== undefined) throw this.#changed(number, "something follows its end");
    const line = this.#parsed(number, text);
    switch (line.type) {
      case "header":
        if (number > 1) throw this.#changed(number, "it has a second header");
        this.#header = line;
        break;
      case "resource":
        this.#addResource(number, line);
        break;
      case "change":
        this.#addChange(number, line);
        break;
      case "end":
        // No digest covers it, so there is one way to write it.
        if (bytes.toString() !== lineText(line)) throw this.#changed(number, "its end is written in another way");
        this.#end = line;
        return;
    }
    this.#digests.add(line, bytes);
  }

  plan(): Plan {
    const [header, end] = [this.#header, this.#end];
    if (header === undefined) throw this.#refused("it is empty");
    if (end === undefined) throw this.#refused("its end is missing: it was cut off");
    const { id, sha256 } = this.#digests.end();
    if (sha256 !== end.sha256)
      throw this.#refused("it was changed after it was saved: its bytes do not have its digest");
    if (id !== end.id) throw this.#refused("it was changed after it was saved: its lines do not have its id");
    const resources = this.#resources.map(({ line, changes }) => resourceOf(line, changes.done(), this.#secret));
    const counted = end.resources === resources.length && end.changes === this.#changes;
    if (!counted || canonicalJson(summarize(resources)) !== canonicalJson(header.summary)) {
      throw this.#refused("its lines are not those that it counts");
    }
    const { type: _type, format: _format, ...members } = header;
    return { ...members, id, sha256, resources };
  }

  #addResource(number: number, line: ResourceLine): void {
    const key = keyIdentity(line.key);
    if (this.#keys.has(key)) throw this.#changed(number, "it names a resource twice");
    const last = this.#resources.at(-1)?.line.level ?? 0;
    if (line.level < last) throw this.#changed(number, "its resources are out of order");
    this.#keys.add(key);
    this.#resources.push({ line, changes: new ChangeSpool(earlySpool<Change>()) });
  }

  #addChange(number: number, line: ChangeLine): void {
    const resource = this.#resources.at(-1);
    const { entry: _entry, ...key } = line.key;
    if (resource === undefined || keyIdentity(key) !== keyIdentity(resource.line.key)) {
      throw this.#changed(number, "a change is not below its resource");
    }
    const missing = needs[line.action].find((member) => line[member] === undefined);
    if (missing !== undefined) throw this.#changed(number, `${missing} is missing`);
    this.#changes++;
    resource.changes.push(changeOf(line, this.#secret));
  }

  /** One value for all that have a name: spools keep secrets in memory. */
  readonly #secret = (written: string): SecretValue => {
    const known = this.#secrets.get(written) ?? secretNamed(written);
    this.#secrets.set(written, known);
    return known;
  };

  #parsed(number: number, text: string): PlanLine {
    const value = parsed(text);
    if (number === 1) this.#checkFormat(value);
    const [problem] = checkPlanLine(value, { file: this.#name, line: number, column: 1 });
    if (problem !== undefined) throw this.#changed(number, problem);
    return value as unknown as PlanLine;
  }

  #checkFormat(value: JsonValue | undefined): void {
    const format = isRecord(value) && value["type"] === "header" ? value["format"] : undefined;
    if (format === planFormat) return;
    if (typeof format === "string" && /^orch-sync\/plan\/v\d+$/.test(format)) {
      throw new PlanRefusedError(
        `${this.#name} is a plan of the format ${format}, and this orch-sync reads ${planFormat}`,
        {
          hint: "use the version of orch-sync that made it, or make the plan again",
        },
      );
    }
    throw new PlanRefusedError(`${this.#name} is no saved plan`, {
      hint: "plans are saved with orch-sync plan --out FILE",
    });
  }

  #changed(number: number, why: string): PlanRefusedError {
    return new PlanRefusedError(`${this.#name}:${number} is not as orch-sync writes it: ${why}`, { hint: again });
  }

  #refused(why: string): PlanRefusedError {
    return new PlanRefusedError(`the plan ${this.#name} cannot be used: ${why}`, { hint: again });
  }
}

/** What a change of each action has. */
const needs: Readonly<Record<Action, readonly (keyof ChangeLine)[]>> = {
  create: ["after", "precondition"],
  update: ["before", "after", "fields", "precondition"],
  assign: ["before", "after", "fields", "precondition"],
  delete: ["before", "precondition"],
  stop: ["before", "precondition"],
  start: ["run", "after", "fields", "precondition"],
  blocked: ["reason"],
  wait: [],
  "no-op": [],
};

function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

function resourceOf(
  { type: _type, desired, ...members }: ResourceLine,
  changes: List<Change>,
  secret: (written: string) => SecretValue,
): PlannedResource {
  if (desired === undefined) return { ...members, changes };
  return { ...members, changes, desired: { ...desired, spec: withSecrets(desired.spec, secret) } };
}

/** A secret by the text that names it; what it is, is not known here. */
function secretNamed(written: string): SecretValue {
  return new SecretValue("", templateOf(written), [], written);
}
