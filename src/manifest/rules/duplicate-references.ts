import type { Diagnostic } from "../../core/diagnostic.ts";
import type { Locate } from "../../core/locate.ts";
import type { SourceSpan } from "../../core/source.ts";
import type { ResourceOf } from "../../kinds/any.ts";
import type { QueueItemEntry } from "../../kinds/queue-items/spec.ts";
import type { KnownManifest } from "../loaded.ts";
import { queueIdentity, type FirstPlace, type ReferenceIndex } from "../reference-index.ts";

/**
 * A reference is an item's identity within its queue, over all manifests: those of this manifest's own items that the
 * index has already. The rows of its source are compared while they are read.
 */
export function* duplicateReferences(
  { resource, key, at }: KnownManifest & { readonly resource: ResourceOf<"QueueItems"> },
  index: ReferenceIndex,
): Iterable<Diagnostic> {
  const { queue, items } = resource.spec;
  const identity = queueIdentity(key.folder, queue);
  let position = -1;
  for (const item of items) {
    position++;
    const first = index.claim(identity, item.reference, item.source.file, item.source.line);
    if (first === undefined) continue;
    position = indexInFile(item, position, at);
    yield {
      code: "QI007",
      severity: "error",
      message: `reference ${item.reference} occurs twice in queue ${queue}`,
      source: referencePlace(position, at),
      remark: remarkOn(first),
      key,
    };
  }
}

/** `first at march.csv:17; the server ignores case and trailing blanks` */
export function remarkOn({ file, line, isSpelledAlike }: FirstPlace): string {
  return `first at ${file}:${line}${isSpelledAlike ? "" : "; the server ignores case and trailing blanks"}`;
}

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
