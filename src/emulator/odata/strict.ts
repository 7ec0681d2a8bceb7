import { invalidQuery } from "../errors.ts";
import type { Expression } from "./ast.ts";
import type { QueryOptions } from "./options.ts";

/**
 * What of queue items cannot be sorted by in Strict API mode (API guide, managing logical resources): a database
 * without an index for it has to look at every row.
 */
const unsortable = [
  "OutputData",
  "AnalyticsData",
  "ReviewerUserId",
  "Key",
  "Reference",
  "DueDate",
  "RiskSlaDate",
  "DeferDate",
  "StartProcessing",
  "EndProcessing",
  "SecondsInPreviousAttempts",
  "AncestorId",
  "RetryNumber",
  "SpecificData",
  "CreationTime",
  "Progress",
  "RowVersion",
  "OrganizationUnitId",
  "OrganizationUnitFullyQualifiedName",
];

/** The page marks one of both as not applicable for these four: the web page searches by them, so they are filtered. */
const filterable: ReadonlySet<string> = new Set(["ReviewerUserId", "Reference", "StartProcessing", "EndProcessing"]);

const closed: Readonly<Record<"$filter" | "$orderby", ReadonlySet<string>>> = {
  $filter: folded(unsortable.filter((name) => !filterable.has(name))),
  $orderby: folded(unsortable),
};

/** Refuses what Strict API mode closes, in the words that a server was seen to use for `$orderby`. */
export function checkStrict({ filter, orderBy }: Pick<QueryOptions, "filter" | "orderBy">): void {
  for (const { segments, at } of orderBy) check("$orderby", segments, at);
  if (filter) for (const { segments, at } of pathsOf(filter)) check("$filter", segments, at);
}

/** Fields of the item itself: what a navigation leads to has rules of its own. */
function check(option: "$filter" | "$orderby", [name = "", ...rest]: readonly string[], at: number): void {
  if (rest.length > 0 || !closed[option].has(name.toLowerCase())) return;
  throw invalidQuery(`The property '${name}' cannot be used in the ${option} query option.`, at);
}

type Path = Extract<Expression, { kind: "path" }>;

function pathsOf(expression: Expression): readonly Path[] {
  switch (expression.kind) {
    case "literal":
      return [];
    case "path":
      return [expression];
    case "call":
      return expression.arguments.flatMap(pathsOf);
    case "not":
      return pathsOf(expression.operand);
    case "logical":
    case "comparison":
      return [...pathsOf(expression.left), ...pathsOf(expression.right)];
    case "in":
      return pathsOf(expression.left);
  }
}

function folded(names: readonly string[]): ReadonlySet<string> {
  return new Set(names.map((name) => name.toLowerCase()));
}
