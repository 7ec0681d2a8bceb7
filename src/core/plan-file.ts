import { createHash } from "node:crypto";
import type { Plan } from "./plan.ts";
import {
  binding,
  changeLine,
  headerLine,
  resourceLine,
  type ChangeLine,
  type EndLine,
  type HeaderLine,
  type PlanLine,
  type ResourceLine,
} from "./plan-line.ts";
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
  for (const line of body(plan)) {
    if (line.type === "resource") counts.resources++;
    if (line.type === "change") counts.changes++;
    yield lineText(line);
  }
  yield lineText({ type: "end", id: plan.id, sha256: plan.sha256, ...counts } satisfies EndLine);
}

/** One line as text: valid JSON that is harmless wherever it is printed. */
export function lineText(line: PlanLine): string {
  return `${harmlessJson(JSON.stringify(line))}\n`;
}

function* body(plan: Unsealed): Generator<HeaderLine | ResourceLine | ChangeLine, void> {
  yield headerLine(plan);
  for (const resource of plan.resources) {
    yield resourceLine(resource);
    for (const change of resource.changes) yield changeLine(change);
  }
}

/** The plan with the two digests over its lines. */
export function seal(plan: Unsealed): Plan {
  const digests = new PlanDigests();
  for (const line of body(plan)) digests.add(line, lineText(line));
  return { ...plan, ...digests.end() };
}

/** The digests of a plan file while it is made or read. */
export class PlanDigests {
  readonly #id = createHash("sha256");
  readonly #bytes = createHash("sha256");

  /** The next line, and its bytes with the line feed. */
  add(line: HeaderLine | ResourceLine | ChangeLine, text: string | Uint8Array): void {
    this.#id.update(binding(line)).update("\n");
    this.#bytes.update(text);
  }

  /** `id` is of what the plan is bound to, `sha256` of every byte. */
  end(): Pick<Plan, "id" | "sha256"> {
    return { id: this.#id.digest("hex"), sha256: this.#bytes.digest("hex") };
  }
}
