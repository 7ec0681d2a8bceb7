import { isRecord, type JsonValue } from "../core/json.ts";
import type { Locate, Part, Path } from "../core/locate.ts";
import { mergePatch } from "../core/merge-patch.ts";
import type { SourceSpan } from "../core/source.ts";
import type { YamlDocument } from "./parse.ts";
import type { Hidden } from "./positions.ts";

/**
 * A document with patches over it, one after the other (JSON merge patch, RFC 7396). To its readers it is a document
 * like any other; a place in it is where the value comes from, be that the document or the patch that set or removed it.
 */
export function overlaid(base: YamlDocument, patches: readonly YamlDocument[]): YamlDocument {
  const documents = [base, ...patches];
  return {
    value: documents.map(({ value }) => value).reduce((value, patch) => mergePatch(value, patch)),
    layers: documents.flatMap(({ layers }) => layers),
    start: base.start,
    locate(hidden?: Hidden): Locate {
      const layers = documents.map(({ value, locate }, index): Layer => {
        return { value, at: locate(hidden), isPatch: index > 0 };
      });
      return (path, part = "value") => placeIn(layers, path, part);
    },
  };
}

/** One document's say about a place: what it holds there, and how it finds places. */
interface Layer {
  readonly value: JsonValue;
  readonly at: Locate;
  /** True where a null removes what lies below. */
  readonly isPatch: boolean;
}

function placeIn(document: readonly Layer[], path: Path, part: Part): SourceSpan {
  let layers = document;
  for (const [depth, step] of path.entries()) {
    const below = layers.flatMap((layer): Layer[] => {
      const value = memberOf(layer.value, step);
      // A list replaces what was there, so a null in it is a value.
      return value === undefined ? [] : [{ at: layer.at, value, isPatch: layer.isPatch && isRecord(layer.value) }];
    });
    const effective = below.reduce(withLayer, []);
    const remover = below.at(-1);
    if (effective.length === 0) {
      // What a patch removed stands where the patch says so.
      if (remover !== undefined) return keyPlace(remover.at, path.slice(0, depth + 1), part);
      break;
    }
    layers = effective;
  }
  const [first = document[0]] = layers;
  if (first === undefined) throw new RangeError("a document has at least one layer");
  return first.at(path, part);
}

/** The layers that count for a value when another one lies on them: only mappings let through what is below. */
function withLayer(below: readonly Layer[], layer: Layer): readonly Layer[] {
  if (layer.isPatch && layer.value === null) return [];
  const merges = isRecord(layer.value) && below.every(({ value }) => isRecord(value));
  return merges ? [...below, layer] : [layer];
}

/** A step into a list, or into a mapping whose key may be made of digits. */
function memberOf(value: JsonValue, step: string | number): JsonValue | undefined {
  if (Array.isArray(value)) return value[Number(step)] as JsonValue | undefined;
  if (!isRecord(value) || !Object.hasOwn(value, step)) return undefined;
  return (value as Readonly<Record<string, JsonValue>>)[step];
}

function keyPlace(at: Locate, path: Path, part: Part): SourceSpan {
  const span = at(path, "key");
  return part === "place" ? { file: span.file, line: span.line, column: span.column } : span;
}
