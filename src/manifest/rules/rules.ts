import { dependencyCycles } from "./dependency-cycles.ts";
import { duplicateNames } from "./duplicate-names.ts";
import { duplicateReferences } from "./duplicate-references.ts";
import { overlappingPrunePrefixes } from "./prune-prefixes.ts";
import type { Rule } from "./rule.ts";
import { stoppedProcesses } from "./stopped-processes.ts";

/** Everything that is checked over all manifests together. */
export const rules: readonly Rule[] = [
  duplicateNames,
  dependencyCycles,
  duplicateReferences,
  overlappingPrunePrefixes,
  stoppedProcesses,
];
