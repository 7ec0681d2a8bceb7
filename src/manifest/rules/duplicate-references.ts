import type { Diagnostic } from "../../core/diagnostic.ts";
import { fold } from "../../core/fold.ts";
import type { Locate } from "../../core/locate.ts";
import type { SourceSpan } from "../../core/source.ts";
import type { QueueItemEntry } from "../../kinds/queue-items/spec.ts";
import { lineOf, ofKind, type Rule } from "./rule.ts";

/** A reference is an item's identity within its queue, over all manifests. */
export const duplicateReferences: Rule = function* (manifests): Iterable<Diagnostic> {
  const first = new Map<string, QueueItemEntry>();
  for (const { resource, key, at } of ofKind(manifests, "QueueItems")) {
    const { queue, items } = resource.spec;
    const prefix = JSON.stringify([fold(key.folder), fold(queue)]);
    let index = -1;
    for (const item of items) {
      index++;
      const identity = `${prefix}${fold(item.reference)}`;
      const before = first.get(identity);
      if (before === undefined) {
        first.set(identity, item);
        continue;
      }
      index = indexInFile(item, index, at);
      const folded = before.reference === item.reference ? "" : "; the server ignores case and trailing blanks";
      yield {
        code: "QI007",
        severity: "error",
        message: `reference ${item.reference} occurs twice in queue ${queue}`,
        source: referencePlace(index, at),
        remark: `first at ${lineOf(before.source)}${folded}`,
        key,
      };
    }
  }
};

/** Items that were refused are missing in the spec, so the index in the file may be larger: never smaller. */
function indexInFile({ source }: QueueItemEntry, from: number, at: Locate): number {
  const end = at(["spec", "items"], "place"); // what an index beyond the last item gives
  for (let index = from; ; index++) {
    const { line, column } = at(["spec", "items", index], "place");
    if ((line === source.line && column === source.column) || (line === end.line && column === end.column))
      return index;
  }
}

/** `reference: INV-1`; a reference made of the content stands where the item does. */
function referencePlace(index: number, at: Locate): SourceSpan {
  return at(["spec", "items", index, "reference"], "entry");
}
