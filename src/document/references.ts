/** The grammar of `${…}` within a text: `${SOURCE:NAME}` and `${SOURCE:NAME:-default}`, nested in defaults. */

/** Where values come from: the environment, variables, secrets. */
export const valueSources = ["env", "var", "secret"] as const;

/** `${env:NAME:-default}`, parsed. */
export interface Reference {
  readonly type: "reference";
  readonly source: (typeof valueSources)[number];
  readonly name: string;
  /** What stands after `:-`. */
  readonly otherwise?: readonly Part[];
  /** As written, from `${` to `}`. */
  readonly text: string;
}

/** What looks like a reference and is none. */
export interface Malformed {
  readonly type: "malformed";
  readonly problem: "unclosed" | "unknown" | "too-deep";
  /** As written, from `${` on. */
  readonly text: string;
}

/** Literal text, a reference, or what is neither. */
export type Part = string | Reference | Malformed;

/** References within defaults of references within defaults …: more is a mistake, or somebody's attack. */
export const maxNesting = 8;

/** Variables may have dots and dashes; environment variables and secrets are named as shells name them. */
export const variableName = /^[A-Za-z_][A-Za-z0-9_.-]*$/;
const head = /\$\{(?:(env|secret):([A-Za-z_][A-Za-z0-9_]*)|(var):([A-Za-z_][A-Za-z0-9_.-]*))(?=\}|:-)/y;

const dollarRun = /\$+(?=\{)/y;

/** True when there is anything to parse in a text. */
export function hasReference(text: string): boolean {
  return text.includes("${");
}

/**
 * Text that parses to itself: every `${` of it is literal. `isFollowed`: a reference comes right behind it, which must
 * not be taken for the rest of an escape.
 */
export function escapeReferences(text: string, isFollowed: boolean = false): string {
  return text.replace(isFollowed ? /\$+(?=\{|$)/g : /\$+(?=\{)/g, (dollars) => dollars + dollars);
}

/**
 * The parts of a text. Before a `{`, `$$` is a literal `$`: `$${` is `${`, and `$$${` is a `$` before a reference. As in
 * a shell, a default ends at the first `}` that does not close a reference within it. Never throws; what cannot be
 * understood is a part of its own.
 */
export function parseReferences(text: string): readonly Part[] {
  return new Parser(text).parts(0);
}

class Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Up to the end of the text, or of the default that these parts are. */
  parts(depth: number): Part[] {
    const parts: Part[] = [];
    let literal = "";
    const end = depth > 0 ? "}" : undefined;
    while (this.#at < this.#text.length && this.#text[this.#at] !== end) {
      const pairs = this.#dollarPairs();
      literal += "$".repeat(pairs);
      this.#at += 2 * pairs;
      if (this.#sees("${")) {
        if (literal !== "") parts.push(literal);
        literal = "";
        parts.push(this.#reference(depth));
      } else {
        literal += this.#text[this.#at];
        this.#at++;
      }
    }
    if (literal !== "") parts.push(literal);
    return parts;
  }

  /** How many `$$` stand here in a run that ends before a `{`. */
  #dollarPairs(): number {
    dollarRun.lastIndex = this.#at;
    return Math.floor((dollarRun.exec(this.#text)?.[0].length ?? 0) / 2);
  }

  #reference(depth: number): Reference | Malformed {
    const start = this.#at;
    head.lastIndex = start;
    const [match, plain, plainName, variable, variableWord] = head.exec(this.#text) ?? [];
    const source = valueSources.find((known) => known === (plain ?? variable));
    const name = plainName ?? variableWord;
    if (match === undefined || source === undefined || name === undefined) return this.#unknown(start);
    this.#at += match.length;
    if (this.#sees("}")) {
      this.#at++;
      return { type: "reference", source, name, text: this.#text.slice(start, this.#at) };
    }
    if (depth >= maxNesting) return this.#rest(start, "too-deep");
    this.#at += ":-".length;
    const otherwise = this.parts(depth + 1);
    // What is wrong within reaches to the end of the text, so this one has no end either.
    const broken = otherwise.find((part) => typeof part !== "string" && isEndless(part));
    if (typeof broken === "object" && broken.type === "malformed") return this.#rest(start, broken.problem);
    if (!this.#sees("}")) return this.#rest(start, "unclosed");
    this.#at++;
    return { type: "reference", source, name, otherwise, text: this.#text.slice(start, this.#at) };
  }

  #unknown(start: number): Malformed {
    const end = this.#text.indexOf("}", start);
    if (end < 0) return this.#rest(start, "unclosed");
    this.#at = end + 1;
    return { type: "malformed", problem: "unknown", text: this.#text.slice(start, this.#at) };
  }

  #rest(start: number, problem: Malformed["problem"]): Malformed {
    this.#at = this.#text.length;
    return { type: "malformed", problem, text: this.#text.slice(start) };
  }

  #sees(token: string): boolean {
    return this.#text.startsWith(token, this.#at);
  }
}

function isEndless(part: Reference | Malformed): boolean {
  return part.type === "malformed" && part.problem !== "unknown";
}
