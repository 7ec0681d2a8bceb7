import { SourceFault } from "./fault.ts";
import type { RowText } from "./row-text.ts";
import { longestRow, type SourceFile } from "./source-file.ts";

/** One row of an NDJSON or JSON file, not parsed yet. */
export type JsonText = RowText & {
  /** True where the row is longer than any may be: then `text` is not all of it. */
  readonly isTooLong?: true;
};

/**
 * The lines of an NDJSON file, as many at a time as a chunk holds; blank lines are passed over.
 * @throws SourceFault where it is not UTF-8.
 */
export async function* ndjsonRows(file: SourceFile): AsyncGenerator<readonly JsonText[]> {
  let open: Buffer[] = [];
  let length = 0;
  let line = 0;
  let openCrs = 0;
  function rowsOf(text: string): JsonText[] {
    const rows: JsonText[] = [];
    for (const ended of text.split("\n")) {
      const each = ended.endsWith("\r") ? ended.slice(0, -1) : ended;
      line += 1 + openCrs;
      openCrs = lineBreaksIn(each);
      if (each.length > longestRow) rows.push({ ...rowAt(each.slice(0, 100)), isTooLong: true });
      else if (each.trim() !== "") rows.push(rowAt(each));
    }
    return rows;
  }
  const rowAt = (text: string): JsonText => ({ file: file.name, line, column: 1, before: "", text });

  for await (const { bytes } of file.chunks()) {
    const end = bytes.lastIndexOf(10);
    if (end >= 0) {
      yield rowsOf(Buffer.concat([...open, bytes.subarray(0, end)]).toString("utf8"));
      open = [];
      length = 0;
    }
    const rest = bytes.subarray(end + 1);
    length += rest.length;
    // Four bytes make at least one UTF-16 unit: beyond that the row is too long, and only its end is looked for.
    if (length <= longestRow * 4) open.push(rest);
  }
  yield rowsOf(Buffer.concat(open).toString("utf8"));
}

/** CRs that no LF follows: rows end with LF, but editors begin a line there. */
function lineBreaksIn(row: string): number {
  let count = 0;
  for (let at = row.indexOf("\r"); at >= 0; at = row.indexOf("\r", at + 1)) count++;
  return count;
}

/**
 * The elements of the one list in a JSON file, as many at a time as a chunk holds.
 * @throws SourceFault where the file is not UTF-8, or not one list.
 */
export async function* jsonRows(file: SourceFile): AsyncGenerator<readonly JsonText[]> {
  const splitter = new ListSplitter(file.name);
  for await (const { bytes } of file.chunks()) {
    yield splitter.take(bytes.toString("utf8"));
    if (splitter.fault !== undefined) throw splitter.fault;
  }
  splitter.end();
}

const [tab, lf, cr, blank, quote, comma, backslash] = [9, 10, 13, 32, 34, 44, 92];
const [openList, closeList, openObject, closeObject] = [91, 93, 123, 125];
/** What stands before a row in its line is kept for excerpts, as long as it is nothing but some blanks. */
const longestIndent = 200;

/** Cuts a list into the texts of its elements. Whether an element is JSON is somebody else's question. */
class ListSplitter {
  readonly #file: string;
  /** Why nothing more can be cut. */
  fault: SourceFault | undefined;
  #state: "before" | "inside" | "behind" = "before";
  #rows: JsonText[] = [];
  /** The element that is being read. */
  #element: { text: string; readonly line: number; readonly column: number; readonly before?: string } | undefined;
  #hasElements = false;
  #depth = 0;
  #inText = false;
  #isEscaped = false;
  #line = 1;
  /** UTF-16 units since the line began. */
  #column = 0;
  #afterCr = false;
  /** The blanks since the line began, while there is nothing else. */
  #indent: string | undefined = "";

  constructor(file: string) {
    this.#file = file;
  }

  take(text: string): readonly JsonText[] {
    let from = 0; // what of this chunk belongs to the element
    for (let at = 0; at < text.length && this.fault === undefined; at++) {
      const code = text.charCodeAt(at);
      if (code === lf || code === cr) this.#newLine(code);
      else this.#column++;
      if (code !== lf && code !== cr) this.#afterCr = false;
      if (this.#inText) {
        if (this.#isEscaped) this.#isEscaped = false;
        else if (code === backslash) this.#isEscaped = true;
        else if (code === quote) this.#inText = false;
        continue;
      }
      if (code === blank || code === tab || code === lf || code === cr) {
        if (this.#indent !== undefined && (code === blank || code === tab)) this.#indent += text.charAt(at);
        continue;
      }
      if (this.#state !== "inside") this.#outside(code);
      else if (this.#depth === 0 && (code === comma || code === closeList)) {
        this.#finish(text.slice(from, at), code);
      } else {
        if (this.#element === undefined) {
          this.#begin();
          from = at;
        }
        if (code === quote) this.#inText = true;
        else if (code === openList || code === openObject) this.#depth++;
        else if ((code === closeList || code === closeObject) && this.#depth > 0) this.#depth--;
      }
      this.#indent = undefined;
    }
    if (this.#element !== undefined) this.#append(text.slice(from));
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  /** @throws SourceFault where the file ends before the list does. */
  end(): void {
    if (this.#state === "behind") return;
    if (this.#state === "before") throw this.#fault("the file holds no list", noList);
    if (this.#element === undefined) throw this.#fault("the list is not closed", "the file ends before its ]");
    const row = { file: this.#file, ...this.#element };
    const hint = "a quote, a bracket or a brace is not closed, or the file was cut off";
    throw new SourceFault("QI020", "the file ends in the middle of the row that begins here", { row, hint });
  }

  #newLine(code: number): void {
    if (code === cr || !this.#afterCr) this.#line++;
    this.#afterCr = code === cr;
    this.#column = 0;
    this.#indent = "";
  }

  #outside(code: number): void {
    if (this.#state === "behind") this.fault = this.#fault("text stands behind the end of the list", noList);
    else if (code !== openList) this.fault = this.#fault("the file does not begin with a list", noList);
    else this.#state = "inside";
  }

  #begin(): void {
    const indent = this.#indent;
    const before = indent !== undefined && indent.length <= longestIndent ? { before: indent } : {};
    this.#element = { text: "", line: this.#line, column: this.#column, ...before };
  }

  #append(text: string): void {
    if (this.#element !== undefined && this.#element.text.length <= longestRow) this.#element.text += text;
  }

  #finish(text: string, code: number): void {
    const isEmptyList = this.#element === undefined && code === closeList && !this.#hasElements;
    if (this.#element === undefined) this.#begin(); // nothing between two commas: no JSON
    else this.#append(text);
    if (this.#element !== undefined && !isEmptyList) {
      const row = { file: this.#file, ...this.#element };
      this.#rows.push(row.text.length > longestRow ? { ...row, text: row.text.slice(0, 100), isTooLong: true } : row);
    }
    this.#element = undefined;
    this.#hasElements = true;
    if (code === closeList) this.#state = "behind";
  }

  #fault(message: string, hint: string): SourceFault {
    const row = { file: this.#file, line: this.#line, column: Math.max(1, this.#column), text: "" };
    return new SourceFault("QI020", message, { row, hint });
  }
}

const noList = "a .json file is one list of mappings; one mapping a line belongs into a file that ends in .ndjson";
