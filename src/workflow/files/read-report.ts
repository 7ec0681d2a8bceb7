import { readFileSync } from "node:fs";
import { PlanRefusedError } from "../../core/errors.ts";
import { isRecord } from "../../core/json.ts";
import type { Outcome } from "../../core/outcome.ts";
import type { ApplyReport } from "../../core/report.ts";
import { keyIdentity } from "../../core/resource.ts";
import { compileSchema } from "../../document/compile-schema.ts";
import type { SchemaCheck } from "../../document/schema.ts";
import { readSchema } from "../../document/schema-files.ts";
import { fileLines, unreadable } from "./file-lines.ts";

/** Reads a report that `apply` has written as JSON. @throws OrchSyncError, PlanRefusedError */
export function readReport(path: string, name: string): ApplyReport {
  const value = parsed(textOf(path, name), name);
  check(compileSchema(readSchema("Report")), value, name, 1);
  const { format: _format, ...report } = value as ApplyReport & { readonly format: string };
  return report;
}

/**
 * Reads the events of an apply back into its report: the last line, with the outcomes of the lines before it.
 * @throws OrchSyncError, PlanRefusedError also when the apply was cut off, and so wrote no report.
 */
export async function readEvents(path: string, name: string): Promise<ApplyReport> {
  const checks = new Map<string, SchemaCheck>();
  const outcomes = new Map<string, Outcome>();
  let report: Omit<ApplyReport, "outcomes"> | undefined;
  for await (const { number, text } of fileLines(path, name)) {
    const line = parsed(text, `${name}:${number}`);
    if (!isRecord(line)) throw notOurs(name, number, "a line is no object");
    const type = String(line["type"]);
    const checkLine = checks.get(type) ?? checkOf(type);
    if (checkLine === undefined) throw notOurs(name, number, "there is no such line");
    checks.set(type, checkLine);
    check(checkLine, line, name, number);
    if (line["type"] === "outcome") {
      const outcome = line["outcome"] as Outcome;
      outcomes.set(keyIdentity(outcome.key), outcome); // a second one about a key counts
    } else if (line["type"] === "report") {
      const { format: _format, ...head } = line["report"] as ApplyReport & { readonly format: string };
      report = head;
    }
  }
  if (report === undefined) {
    throw new PlanRefusedError(`${name} holds no report: the apply was cut off, or did not begin`, {
      hint: `${outcomes.size.toLocaleString("en")} outcomes are in it; apply again, it looks first`,
    });
  }
  return { ...report, outcomes: [...outcomes.values()] };
}

function textOf(path: string, name: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error) throw unreadable(name, String(error.code), error);
    throw error;
  }
}

function parsed(text: string, name: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new PlanRefusedError(`${name} is not as orch-sync writes it: no JSON, or a part of it`);
  }
}

function check(checkValue: SchemaCheck, value: unknown, name: string, line: number): void {
  const [problem] = checkValue(value, () => ({ file: name, line, column: 1 }), { isPrivate: () => true });
  if (problem !== undefined) throw notOurs(name, line, problem.diagnostic.message);
}

function notOurs(name: string, line: number, why: string): PlanRefusedError {
  return new PlanRefusedError(`${name}:${line} is not as orch-sync writes it: ${why}`);
}

/** One check for each sort of line: of a choice of all of them, messages would be about the choice. */
function checkOf(type: string): SchemaCheck | undefined {
  const { $defs = {} } = readSchema("Events");
  const name = type === "outcome" || type === "report" ? `${type}-line` : type;
  const isLine = isRecord($defs[name]) && isRecord($defs[name]["properties"]) && "at" in $defs[name]["properties"];
  if (!isLine) return undefined;
  return compileSchema({ $id: `urn:orch-sync:v1:events:${name}`, ...($defs[name] as object), $defs });
}
