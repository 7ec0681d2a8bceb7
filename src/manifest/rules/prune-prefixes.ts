import type { Diagnostic } from "../../core/diagnostic.ts";
import { fold, hasPrefix } from "../../core/fold.ts";
import { shortKey } from "../../core/resource.ts";
import { lineOf, ofKind, type Rule } from "./rule.ts";

/** Whoever may prune an item owns it: two owners would each delete what the other still names. */
export const overlappingPrunePrefixes: Rule = function* (manifests): Iterable<Diagnostic> {
  const pruning = ofKind(manifests, "QueueItems").flatMap(({ resource, key, at }) => {
    const { queue, prune } = resource.spec;
    if (prune === undefined) return [];
    const source = at(["spec", "prune", "referencePrefix"]);
    return [{ key, source, prefix: prune.referencePrefix, queue: JSON.stringify([fold(key.folder), fold(queue)]) }];
  });
  for (const [index, later] of pruning.entries()) {
    for (const earlier of pruning.slice(0, index)) {
      const overlap = hasPrefix(later.prefix, earlier.prefix) || hasPrefix(earlier.prefix, later.prefix);
      if (later.queue !== earlier.queue || !overlap) continue;
      yield {
        code: "QI009",
        severity: "error",
        message: `prune prefix ${later.prefix} overlaps with ${earlier.prefix} of ${shortKey(earlier.key)}`,
        source: later.source,
        remark: `the other is at ${lineOf(earlier.source)}`,
        key: later.key,
      };
    }
  }
};
