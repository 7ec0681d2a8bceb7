import type { Findings } from "./findings.ts";
import type { Recipe } from "./recipe.ts";
import type { Claim, SourceRequest } from "./request.ts";

/** What is the same for all rows of one source. */
export interface Reading {
  readonly request: SourceRequest;
  readonly recipe: Recipe;
  readonly findings: Findings;
  readonly claim: Claim;
}
