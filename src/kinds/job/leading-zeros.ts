import type { Diagnostic } from "../../core/diagnostic.ts";
import { isRecord } from "../../core/json.ts";
import { formatPath, type Locate, type Path } from "../../core/locate.ts";
import { leadingZeros } from "./argument-type.ts";

/**
 * Input arguments whose integers are written with leading zeros. YAML reads 0065 as 65 and Orchestrator's own reading
 * of such integers is 53, so whoever writes one may mean either.
 */
export function leadingZeroProblems(value: unknown, at: Locate, path: Path = ["inputArguments"]): Diagnostic[] {
  if (Array.isArray(value)) {
    return value.flatMap((member: unknown, index) => leadingZeroProblems(member, at, [...path, index]));
  }
  if (isRecord(value)) {
    return Object.entries(value).flatMap(([name, member]) => leadingZeroProblems(member, at, [...path, name]));
  }
  if (typeof value !== "number") return [];
  const source = at(path);
  const written = source.text?.slice(source.column - 1, source.column - 1 + (source.length ?? 0)) ?? "";
  if (!/^[-+]?0\d+$/.test(written)) return [];
  const message = `${formatPath(path)} is an integer with leading zeros`;
  return [{ code: "JB004", severity: "error", message, hint: `${leadingZeros}, or in quotes if it is text`, source }];
}
