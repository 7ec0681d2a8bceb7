import { createHash } from "node:crypto";
import type { Change } from "./change.ts";
import { ChangeSpool } from "./change-spool.ts";
import type { List, Spelling } from "./list.ts";
import type { Plan } from "./plan.ts";
import {
  binding,
  changeLine,
  changeOf,
  headerLine,
  resourceLine,
  type ChangeLine,
  type EndLine,
  type HeaderLine,
  type PlanLine,
  type ResourceLine,
} from "./plan-line.ts";
import { liveSecret } from "./secret.ts";
import { harmlessJson } from "./text.ts";

/** A plan as it is before it is sealed. */
type Unsealed = Omit<Plan, "id" | "sha256">;

/**
 * The plan file, line by line, each with its line feed: a header, each resource with its changes, an end. What is
 * saved, what `-o ndjson` prints and what the plan's digests are made of is this text. There may be a million lines:
 * nobody should hold them all.
 */
export function* planLines(plan: Plan): Generator<string, void> {
  const counts = { resources: 0, changes: 0 };
  yield lineText(headerLine(plan));
  for (const resource of plan.resources) {
    counts.resources++;
    counts.changes += resource.changes.length;
    yield lineText(resourceLine(resource));
    for (const each of spelled(resource.changes)) yield typeof each === "string" ? each : lineText(changeLine(each));
  }
  yield lineText({ type: "end", id: plan.id, sha256: plan.sha256, ...counts } satisfies EndLine);
}

/** One line as text: valid JSON that is harmless wherever it is printed. */
export function lineText(line: PlanLine): string {
  return `${harmlessJson(JSON.stringify(line))}\n`;
}

/**
 * Changes in a file are kept as their lines, where these tell all of them: most of a large plan is creations and what is
 * in line. Others hold what no plan file may. Beside them is what the plan is bound to.
 */
export const changeSpelling: Spelling<Change> = {
  spell(change) {
    const { action, sensitive, source } = change;
    const line = changeLine(change);
    const beside = bindingText(line);
    const tellsAll = (action === "create" || action === "no-op") && sensitive === undefined;
    if (!tellsAll || source?.text !== undefined) return { text: undefined, beside };
    const text = lineText(line);
    return { text: text.includes('$secret"') ? undefined : text, beside };
  },
  value: (text) => changeOf(JSON.parse(text) as ChangeLine, () => liveSecret(null)), // there is none
};

function bindingText(line: HeaderLine | ResourceLine | ChangeLine): string {
  return `${binding(line)}\n`;
}

function spelled(changes: List<Change>): Iterable<Change | string> {
  return changes instanceof ChangeSpool ? (changes as ChangeSpool).spelled() : changes;
}

/** The plan with the two digests over its lines. */
export function seal(plan: Unsealed): Plan {
  const digests = new PlanDigests();
  const add = (line: HeaderLine | ResourceLine): void => digests.add(line, lineText(line));
  add(headerLine(plan));
  for (const resource of plan.resources) {
    add(resourceLine(resource));
    digests.addChanges(resource.changes);
  }
  return { ...plan, ...digests.end() };
}

/** The digests of a plan file while it is made or read. */
export class PlanDigests {
  readonly #id = new Digest();
  readonly #bytes = new Digest();

  /** The next line, and its bytes with the line feed. */
  add(line: HeaderLine | ResourceLine | ChangeLine, text: string | Uint8Array): void {
    this.#id.add(bindingText(line));
    this.#bytes.add(text);
  }

  /** All changes of a resource: where their lines are in a file, nothing is made of its bytes. */
  addChanges(changes: List<Change>): void {
    const written = changes instanceof ChangeSpool ? (changes as ChangeSpool).written() : undefined;
    if (written === undefined) {
      for (const line of Iterator.from(changes).map(changeLine)) this.add(line, lineText(line));
      return;
    }
    for (const bytes of written.beside) this.#id.add(bytes);
    for (const each of written.texts) this.#bytes.add(each instanceof Uint8Array ? each : lineText(changeLine(each)));
  }

  /** `id` is of what the plan is bound to, `sha256` of every byte. */
  end(): Pick<Plan, "id" | "sha256"> {
    return { id: this.#id.end(), sha256: this.#bytes.end() };
  }
}

/** A SHA-256 of texts, taken of many lines at once: each update costs more than its line. */
class Digest {
  readonly #hash = createHash("sha256");
  #waiting = "";

  add(text: string | Uint8Array): void {
    if (typeof text === "string") this.#waiting += text;
    if (typeof text !== "string" || this.#waiting.length >= 1 << 16) this.#flush();
    if (typeof text !== "string") this.#hash.update(text);
  }

  end(): string {
    this.#flush();
    return this.#hash.digest("hex");
  }

  #flush(): void {
    this.#hash.update(this.#waiting);
    this.#waiting = "";
  }
}
