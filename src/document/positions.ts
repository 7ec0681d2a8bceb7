import { isAlias, isMap, isScalar, isSeq, type Document, type Node, type Pair } from "yaml";
import type { JsonValue } from "../core/json.ts";
import type { Locate, Part, Path } from "../core/locate.ts";
import type { SourceSpan } from "../core/source.ts";

/** Offsets of a text as lines and columns. */
export class TextLines {
  readonly file: string;
  readonly #text: string;
  readonly #starts: number[] = [0];

  constructor(text: string, file: string) {
    this.file = file;
    this.#text = text;
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) this.#starts.push(at + 1);
  }

  /** The span from one offset to another; a caret never leaves the first line. */
  span(from: number, to: number): SourceSpan {
    const line = this.lineAt(from);
    const column = from - this.#start(line) + 1;
    const text = this.#lineText(line);
    const length = Math.max(1, Math.min(to - from, text.length - column + 1));
    return { file: this.file, line, column, length, text };
  }

  /** Line and column alone. */
  place(offset: number): SourceSpan {
    const line = this.lineAt(offset);
    return { file: this.file, line, column: offset - this.#start(line) + 1 };
  }

  /** The line, counted from 1, that holds an offset. */
  lineAt(offset: number): number {
    let [low, high] = [0, this.#starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }

  #start(line: number): number {
    return this.#starts[line - 1] ?? 0;
  }

  #lineText(line: number): string {
    const end = this.#starts[line];
    return this.#text.slice(this.#start(line), end === undefined ? undefined : end - 1).replace(/\r$/, "");
  }
}

/** A place found on the way along a path: the value, and the key that leads to it where there is one. */
interface Found {
  readonly value: Node | null;
  readonly key?: Node;
}

/** Finds values in a parsed document; nothing is computed before somebody asks. */
export class Positions {
  readonly #document: Document;
  readonly #lines: TextLines;
  readonly #hidden: () => readonly Path[];

  constructor(document: Document, lines: TextLines, hidden: () => readonly Path[] = () => []) {
    this.#document = document;
    this.#lines = lines;
    this.#hidden = hidden;
  }

  /** Where a value, its key, or both stand. */
  readonly locate: Locate = (path, part = "value") => {
    const [from, to] = this.#range(path, part);
    if (part === "place") return this.#lines.place(from);
    const { text, ...span } = this.#lines.span(from, to);
    return text === undefined || this.#hiddenLines().has(span.line) ? span : { ...span, text };
  };

  /** First and last line of each hidden value, found once, when the first excerpt is made. */
  #hiddenLines(): ReadonlySet<number> {
    this.#cache ??= new Set(
      this.#hidden().flatMap((path) => {
        // Where an alias stands, and where what it stands for is written.
        const written = rangeOf(this.#resolve(this.#find(path).value));
        return [this.#range(path, "value"), ...(written === undefined ? [] : [written])].flatMap(([from, to]) => {
          const first = this.#lines.lineAt(from);
          const last = this.#lines.lineAt(Math.max(from, to - 1));
          return Array.from({ length: last - first + 1 }, (_, index) => first + index);
        });
      }),
    );
    return this.#cache;
  }
  #cache: ReadonlySet<number> | undefined;

  #range(path: Path, part: Part): readonly [number, number] {
    const { value, key } = this.#find(path);
    const [keyRange, valueRange] = [rangeOf(key), rangeOf(value)];
    const start = this.#document.contents?.range?.[0] ?? 0;
    if (part === "key") return keyRange ?? valueRange ?? [start, start];
    if (part === "entry" && keyRange !== undefined) return [keyRange[0], Math.max(keyRange[1], valueRange?.[1] ?? 0)];
    // A value that is left empty has no width to underline.
    if (valueRange === undefined || valueRange[0] === valueRange[1]) return keyRange ?? valueRange ?? [start, start];
    return valueRange;
  }

  /** Walks as far as the path exists; beyond that the last thing found stands for the rest. */
  #find(path: Path): Found {
    let found: Found = { value: this.#document.contents };
    for (const step of path) {
      const next = child(this.#resolve(found.value), step);
      if (next === undefined) return found.key === undefined ? found : { value: found.key, key: found.key };
      found = next;
    }
    return found;
  }

  #resolve(node: Node | null): Node | null {
    if (!isAlias(node)) return node;
    // The library walks the whole document for each alias.
    if (!this.#targets.has(node)) this.#targets.set(node, node.resolve(this.#document) ?? null);
    return this.#targets.get(node) ?? null;
  }
  readonly #targets = new Map<Node, Node | null>();
}

/** Paths of the values in a document whose lines are never shown. */
export type Hidden = (value: JsonValue) => readonly Path[];

function child(node: Node | null, step: string | number): Found | undefined {
  if (isSeq(node)) {
    const value = node.items[Number(step)];
    return value === undefined ? undefined : { value: value as Node };
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step)) as
    | Pair<Node, Node | null>
    | undefined;
  return pair === undefined ? undefined : { key: pair.key, value: pair.value };
}

function rangeOf(node: Node | null | undefined): readonly [number, number] | undefined {
  return node?.range == null ? undefined : [node.range[0], node.range[1]];
}
