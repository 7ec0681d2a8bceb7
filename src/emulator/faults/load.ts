import {
  DocumentFileError,
  loadFile,
  loadObject,
  loadText,
  type DocumentKind,
  type DocumentProblem,
  type LoadedDocument,
} from "../yaml-file.ts";
import { pathTest } from "../http/path-test.ts";
import type { FaultRule, FaultsDocument } from "./types.ts";

/** A fault file that cannot be used. */
export class FaultFileError extends DocumentFileError {
  override readonly name = "FaultFileError";

  constructor(file: string | undefined, problems: readonly DocumentProblem[]) {
    super("faults", file, problems);
  }
}

/** Where faults come from: a YAML or JSON file, a document, or the rules alone. */
export type FaultSource = string | FaultsDocument | readonly FaultRule[];

const kind: DocumentKind = {
  schema: new URL("../../../schemas/faults.schema.json", import.meta.url),
  fail: (file, problems) => new FaultFileError(file, problems),
};

export function loadFaults(source: FaultSource): FaultsDocument {
  if (typeof source === "string") return checked(loadFile(kind, source));
  return checked(loadObject(kind, isRules(source) ? documentOf(source) : source));
}

/** The same from the text of a file. */
export function readFaults(text: string): FaultsDocument {
  return checked(loadText(kind, text));
}

function isRules(source: FaultsDocument | readonly FaultRule[]): source is readonly FaultRule[] {
  return Array.isArray(source);
}

function documentOf(rules: readonly FaultRule[]): FaultsDocument {
  return { apiVersion: "orch-sync/v1", kind: "Faults", spec: { rules } };
}

/** What no schema says: parts of a rule that make no sense together. */
function checked({ document, error }: LoadedDocument<FaultsDocument>): FaultsDocument {
  for (const [index, rule] of document.spec.rules.entries()) {
    const problem = problemOf(rule);
    if (problem) throw error(`/spec/rules/${index}${problem.at}`, problem.message);
  }
  return document;
}

interface Problem {
  readonly at: string;
  readonly message: string;
}

const effects = [
  "delay",
  "handle",
  "answer",
  "showLate",
  "moveRowVersion",
  "refuseToken",
  "refusePermission",
] as const satisfies readonly (keyof FaultRule)[];

function problemOf(rule: FaultRule): Problem | undefined {
  const { handle, answer, match } = rule;
  if (!effects.some((name) => rule[name] !== undefined)) {
    return { at: "", message: `does nothing: it needs one of ${effects.join(", ")}` };
  }
  if (isRegexWrong(match?.path)) return { at: "/match/path", message: "is no regular expression" };
  if (handle === undefined && answer !== undefined && answer !== "cut") {
    return { at: "/answer", message: "needs handle: whether the call is handled makes all the difference" };
  }
  if (answer === undefined && (handle === "no" || (typeof handle === "object" && "part" in handle))) {
    return { at: "/handle", message: "needs answer: there is none of the server's" };
  }
  if (answer === "cut" && (handle === "no" || (typeof handle === "object" && "late" in handle))) {
    return { at: "/answer", message: "cuts the server's answer, and this rule has none" };
  }
  return refusalProblem(rule);
}

/** A refusal is the whole of what happens to a call. */
function refusalProblem(rule: FaultRule): Problem | undefined {
  const refusal = (["refuseToken", "refusePermission"] as const).find((name) => rule[name] !== undefined);
  const others = effects.filter((name) => name !== refusal && rule[name] !== undefined);
  if (refusal === undefined || others.length === 0) return undefined;
  return { at: `/${refusal}`, message: `cannot be together with ${others.join(", ")}` };
}

function isRegexWrong(path: string | { readonly regex: string } | undefined): boolean {
  try {
    pathTest(path ?? "**");
    return false;
  } catch {
    return true;
  }
}
