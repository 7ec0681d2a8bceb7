/** A member of a JSON row, or of the mapping under its `content`, as offsets into the row's text. */
export interface JsonMember {
  /** `["Amount"]`, `["content", "Amount"]` */
  readonly path: readonly string[];
  readonly key: readonly [number, number];
  readonly value: readonly [number, number];
}

/** What `JSON.parse` does not tell of a row. */
export interface JsonScan {
  readonly members: readonly JsonMember[];
  /** Keys that occur again in their mapping. */
  readonly repeated: readonly JsonMember[];
  /** Where the text ceases to be JSON. */
  readonly fault?: number;
}

/** Blanks and the beginning of one token, which for texts is the quote alone. */
const token = /[ \t\n\r]*(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null|["{}[\],:]|)/y;
const escape = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y;

/** The offset behind a text that begins with a quote at `from`; -1 where it is not closed or not well formed. */
function endOfText(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at + 1;
    if (code < 0x20) return -1;
    if (code !== 0x5c) continue;
    escape.lastIndex = at;
    if (!escape.test(text)) return -1;
    at = escape.lastIndex - 1;
  }
  return -1;
}

/** An object or a list that is open. */
interface Open {
  readonly isObject: boolean;
  /** The key whose value comes next, or is being read. */
  key: string | undefined;
  keyRange: readonly [number, number];
  from: number;
  /** Only where members are wanted: the row and the mapping under `content`. */
  readonly path: readonly string[] | undefined;
  readonly keys: Set<string>;
}

type Expected = "value" | "value or end" | "key" | "key or end" | "colon" | "comma or end" | "nothing";

/** Walks through the text of one row. Nesting costs no stack, however deep. */
export function scanJson(text: string): JsonScan {
  return new Scanner(text).scan();
}

class Scanner {
  readonly #text: string;
  readonly #open: Open[] = [];
  readonly #members: JsonMember[] = [];
  readonly #repeated: JsonMember[] = [];
  #expected: Expected = "value";

  constructor(text: string) {
    this.#text = text;
  }

  scan(): JsonScan {
    let to = 0;
    for (;;) {
      token.lastIndex = to;
      const found = token.exec(this.#text)?.[1] ?? "";
      const from = token.lastIndex - found.length;
      if (found === "")
        return this.#result(this.#expected === "nothing" && from === this.#text.length ? undefined : from);
      to = found === '"' ? endOfText(this.#text, from) : token.lastIndex;
      if (to < 0 || !this.#take(found, from, to)) return this.#result(from);
    }
  }

  #result(fault: number | undefined): JsonScan {
    const base = { members: this.#members, repeated: this.#repeated };
    return fault === undefined ? base : { ...base, fault };
  }

  #take(found: string, from: number, to: number): boolean {
    const expected = this.#expected;
    const isEnd = found === "}" || found === "]";
    if (isEnd) return expected.endsWith("or end") && this.#close(found, to);
    if (expected === "colon") return found === ":" && this.#next("value");
    if (expected === "comma or end")
      return found === "," && this.#next(this.#open.at(-1)?.isObject === true ? "key" : "value");
    if (expected === "key" || expected === "key or end") return found === '"' && this.#key(from, to);
    return expected !== "nothing" && found !== "," && found !== ":" && this.#value(found, from, to);
  }

  #next(expected: Expected): true {
    this.#expected = expected;
    return true;
  }

  #key(from: number, to: number): boolean {
    const holder = this.#open.at(-1);
    if (holder === undefined) return false;
    holder.key = JSON.parse(this.#text.slice(from, to)) as string;
    holder.keyRange = [from, to];
    return this.#next("colon");
  }

  #value(found: string, from: number, to: number): boolean {
    const holder = this.#open.at(-1);
    if (holder !== undefined) holder.from = from;
    if (found === "{" || found === "[") {
      this.#open.push(this.#opened(found === "{", holder));
      return this.#next(found === "{" ? "key or end" : "value or end");
    }
    return this.#ended(to);
  }

  #opened(isObject: boolean, holder: Open | undefined): Open {
    const isContent = holder?.path?.length === 0 && holder.key === "content";
    const path = !isObject ? undefined : holder === undefined ? [] : isContent ? ["content"] : undefined;
    return { isObject, key: undefined, keyRange: [0, 0], from: 0, path, keys: new Set() };
  }

  #close(found: string, to: number): boolean {
    const closed = this.#open.pop();
    return closed !== undefined && closed.isObject === (found === "}") && this.#ended(to);
  }

  /** A value has ended: its holder goes on. */
  #ended(to: number): true {
    const holder = this.#open.at(-1);
    if (holder === undefined) return this.#next("nothing");
    if (holder.key !== undefined) this.#member(holder, holder.key, to);
    return this.#next("comma or end");
  }

  #member(holder: Open, key: string, to: number): void {
    const member = { path: [...(holder.path ?? []), key], key: holder.keyRange, value: [holder.from, to] } as const;
    if (holder.keys.has(key)) this.#repeated.push(member);
    else if (holder.path !== undefined) this.#members.push(member);
    holder.keys.add(key);
  }
}
