import { Refusal } from "../errors.ts";
import { parseJson } from "../json.ts";
import type { Parameter, Release } from "../store/jobs.ts";
import { fitsType, shortType } from "./argument-types.ts";

/**
 * Checks the input arguments of a start: a JSON object in a string, and what the process declares if it declares
 * anything; the defaults of the process count as given. No page says whether unknown names are refused; here they are.
 */
export function checkArguments(text: string | undefined, release: Release): string | null {
  const { parameters, inputArguments: defaults } = release;
  const inherited = parse(defaults ?? "{}");
  if (text === undefined || text.trim() === "") {
    checkRequired(inherited, parameters);
    return defaults;
  }
  const normalized = readOctals(text);
  const given = parse(normalized);
  checkRequired({ ...inherited, ...given }, parameters);
  for (const [name, value] of Object.entries(given)) {
    if (!parameters) break;
    const parameter = parameters.find((candidate) => candidate.name === name);
    if (!parameter) throw invalid(`The process has no input argument '${name}'.`);
    if (!fitsType(value, parameter.type)) throw invalid(`The argument '${name}' is no ${shortType(parameter.type)}.`);
  }
  return normalized;
}

function parse(text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch {
    throw invalid("InputArguments is no JSON.");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value) || JSON.isRawJSON(value)) {
    throw invalid("InputArguments must be a JSON object.");
  }
  return value as Readonly<Record<string, unknown>>;
}

function checkRequired(given: Readonly<Record<string, unknown>>, parameters: readonly Parameter[] = []): void {
  const missing = parameters.find(({ name, required, hasDefault }) => required && !hasDefault && !(name in given));
  if (missing) throw invalid(`The argument '${missing.name}' is required.`);
}

/** Integers with leading zeros are altered: "0065" becomes 53 (Jobs requests, 2022.10), which is 65 read as octal. */
function readOctals(text: string): string {
  return text.replaceAll(/"(?:[^"\\]|\\.)*"|(?<![\w.+-])-?0\d+(?![\w.])/g, (piece) => {
    if (piece.startsWith('"')) return piece;
    const [, sign = "", digits = ""] = /^(-?)0+(\d*)$/.exec(piece) ?? [];
    if (digits === "") return "0";
    return /^[0-7]+$/.test(digits) ? `${sign}${Number.parseInt(digits, 8)}` : `${sign}${digits}`;
  });
}

function invalid(message: string): Refusal {
  return new Refusal("ArgumentValidation", `ArgumentValidation: ${message}`);
}
