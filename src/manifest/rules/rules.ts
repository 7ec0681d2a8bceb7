import { dependencyCycles } from "./dependency-cycles.ts";
import { duplicateNames } from "./duplicate-names.ts";
import { overlappingPrunePrefixes } from "./prune-prefixes.ts";
import type { Rule } from "./rule.ts";
import { stoppedProcesses } from "./stopped-processes.ts";

/** What is checked over all manifests together; references are compared where entries are read. */
export const rules: readonly Rule[] = [duplicateNames, dependencyCycles, overlappingPrunePrefixes, stoppedProcesses];
