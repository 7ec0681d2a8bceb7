import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { isRecord } from "../core/json.ts";
import type { Locate, Path } from "../core/locate.ts";
import type { SourceSpan } from "../core/source.ts";
import { parseYaml } from "../document/parse.ts";
import { decodeText } from "../document/read.ts";

/**
 * Where the values of queue items stand. Of an item only its own place is kept, because parsed YAML takes fifty times
 * its size in memory; when a plan has something to say about a value, its file is read once more. What has changed
 * meanwhile, came through standard input or is no YAML stands where its item does.
 */
export function itemPlaces(cwd: string): (item: SourceSpan, path: Path) => SourceSpan {
  const files = new Map<string, ReadonlyMap<string, Locate>>();
  return (item, path) => {
    const items = files.get(item.file) ?? itemsOf(item.file, cwd);
    files.set(item.file, items);
    const at = items.get(identity(item));
    if (at === undefined) return item;
    const { file, line, column } = at(path, "place");
    return { file, line, column };
  };
}

/** Each item of a file by the place where it begins. */
function itemsOf(file: string, cwd: string): ReadonlyMap<string, Locate> {
  const items = new Map<string, Locate>();
  for (const document of parseYaml(textOf(file, cwd), file).documents) {
    const spec = isRecord(document.value) ? document.value["spec"] : undefined;
    const list: unknown = isRecord(spec) ? spec["items"] : undefined;
    if (!Array.isArray(list)) continue;
    const at = document.locate();
    for (const index of list.keys()) {
      const root = ["spec", "items", index];
      items.set(identity(at(root, "place")), (path, part) => at([...root, ...path], part));
    }
  }
  return items;
}

function textOf(file: string, cwd: string): string {
  if (!/\.ya?ml$/i.test(file)) return "";
  try {
    const read = decodeText(readFileSync(resolve(cwd, file)));
    return read.type === "text" ? read.text : "";
  } catch {
    return ""; // it is gone: the plan was made of what was there
  }
}

function identity({ line, column }: SourceSpan): string {
  return `${line}:${column}`;
}
