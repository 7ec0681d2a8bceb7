import { invalidQuery } from "../errors.ts";
import { countNodes, type ComparisonOperator, type Expansion, type Expression, type Literal } from "./ast.ts";
import type { Ordering } from "./ast.ts";
import { tokenize, type Token } from "./lexer.ts";

const maxNodes = 100;
const maxNesting = 100; // parentheses are no nodes; without a limit of their own they would exhaust the stack
const maxOrderings = 5;
const maxExpansionDepth = 2;

const comparisons: ReadonlySet<string> = new Set<ComparisonOperator>(["eq", "ne", "gt", "ge", "lt", "le"]);

/** Parses `$filter`. */
export function parseFilter(text: string): Expression {
  const parser = new Parser(text);
  const expression = parser.expression();
  parser.end();
  const nodes = countNodes(expression);
  if (nodes > maxNodes) throw invalidQuery(`The node count limit of '${maxNodes}' has been exceeded.`);
  return expression;
}

/** Parses `$orderby`. */
export function parseOrderBy(text: string): readonly Ordering[] {
  const parser = new Parser(text);
  const orderings = parser.list(() => parser.ordering());
  parser.end();
  if (orderings.length > maxOrderings) {
    throw invalidQuery(`The number of clauses in $orderby query option exceeded the maximum number allowed.`);
  }
  return orderings;
}

/** Parses `$select`; undefined stands for everything. */
export function parseSelect(text: string): readonly string[] | undefined {
  const parser = new Parser(text);
  const names = parser.selection();
  parser.end();
  return names;
}

/** Parses `$expand`. */
export function parseExpand(text: string): readonly Expansion[] {
  const parser = new Parser(text);
  const expansions = parser.expansions(1);
  parser.end();
  return expansions;
}

/** A recursive-descent parser over the tokens of one query option. */
class Parser {
  readonly #tokens: readonly Token[];
  #index = 0;
  #nesting = 0;

  constructor(text: string) {
    this.#tokens = tokenize(text);
  }

  expression(): Expression {
    return this.#chain("or", () => this.#chain("and", () => this.#unary()));
  }

  ordering(): Ordering {
    const at = this.#peek().at;
    const segments = this.#segments();
    const direction = this.#takeWord("asc", "desc");
    return { segments, descending: direction === "desc", at };
  }

  selection(): readonly string[] | undefined {
    const names = this.list(() => (this.#takeMark("*") ? "*" : this.#name()));
    return names.includes("*") ? undefined : names;
  }

  expansions(depth: number): readonly Expansion[] {
    if (depth > maxExpansionDepth) {
      throw invalidQuery(`The maximum depth of $expand is ${maxExpansionDepth}.`, this.#peek().at);
    }
    return this.list(() => this.#expansion(depth));
  }

  list<Item>(read: () => Item): readonly Item[] {
    const items = [read()];
    while (this.#takeMark(",")) items.push(read());
    return items;
  }

  end(): void {
    const token = this.#peek();
    if (token.kind !== "end") throw unexpected(token);
  }

  #expansion(depth: number): Expansion {
    const at = this.#peek().at;
    const name = this.#name();
    let select: readonly string[] | undefined;
    let expand: readonly Expansion[] = [];
    if (this.#takeMark("(")) {
      do {
        const option = this.#takeWord("$select", "$expand");
        if (option === undefined) throw unexpected(this.#peek());
        this.#expectMark("=");
        if (option === "$select") select = this.selection();
        else expand = this.expansions(depth + 1);
      } while (this.#takeMark(";"));
      this.#expectMark(")");
    }
    return { name, select, expand, at };
  }

  #chain(operator: "and" | "or", read: () => Expression): Expression {
    let left = read();
    for (;;) {
      const at = this.#peek().at;
      if (this.#takeWord(operator) === undefined) return left;
      left = { kind: "logical", operator, left, right: read(), at };
    }
  }

  #unary(): Expression {
    const at = this.#peek().at;
    if (this.#takeWord("not") === undefined) return this.#relation();
    return this.#nested(at, () => ({ kind: "not", operand: this.#unary(), at }));
  }

  #relation(): Expression {
    const left = this.#operand();
    const token = this.#peek();
    if (token.kind !== "word") return left;
    if (this.#takeWord("in") !== undefined) return { kind: "in", left, values: this.#values(), at: token.at };
    if (!comparisons.has(token.text)) return left;
    this.#index += 1;
    const operator = token.text as ComparisonOperator;
    return { kind: "comparison", operator, left, right: this.#operand(), at: token.at };
  }

  #operand(): Expression {
    const token = this.#peek();
    if (token.kind === "literal") {
      this.#index += 1;
      return { kind: "literal", literal: token.literal, at: token.at };
    }
    if (this.#takeMark("(")) {
      const inner = this.#nested(token.at, () => this.expression());
      this.#expectMark(")");
      return inner;
    }
    const segments = this.#segments();
    const [name = ""] = segments;
    if (segments.length > 1 || !this.#takeMark("(")) return { kind: "path", segments, at: token.at };
    const call = this.#nested(token.at, () => this.list(() => this.expression()));
    this.#expectMark(")");
    return { kind: "call", name, arguments: call, at: token.at };
  }

  #values(): readonly Literal[] {
    this.#expectMark("(");
    const values = this.list(() => {
      const token = this.#peek();
      if (token.kind !== "literal") throw unexpected(token);
      this.#index += 1;
      return token.literal;
    });
    this.#expectMark(")");
    return values;
  }

  #segments(): readonly string[] {
    const segments = [this.#name()];
    while (this.#takeMark("/")) segments.push(this.#name());
    return segments;
  }

  #name(): string {
    const token = this.#peek();
    if (token.kind !== "word" || token.text.startsWith("$")) throw unexpected(token);
    this.#index += 1;
    return token.text;
  }

  #nested<Result>(at: number, read: () => Result): Result {
    this.#nesting += 1;
    if (this.#nesting > maxNesting) throw invalidQuery("The expression is nested too deeply.", at);
    const result = read();
    this.#nesting -= 1;
    return result;
  }

  #peek(): Token {
    return this.#tokens[this.#index] ?? { kind: "end", at: 0 };
  }

  #takeWord(...words: readonly string[]): string | undefined {
    const token = this.#peek();
    if (token.kind !== "word" || !words.includes(token.text)) return undefined;
    this.#index += 1;
    return token.text;
  }

  #takeMark(mark: string): boolean {
    const token = this.#peek();
    if (token.kind !== "mark" || token.text !== mark) return false;
    this.#index += 1;
    return true;
  }

  #expectMark(mark: string): void {
    if (!this.#takeMark(mark)) throw unexpected(this.#peek());
  }
}

function unexpected(token: Token): Error {
  const what = token.kind === "end" ? "the end" : token.kind === "literal" ? "a literal" : `'${token.text}'`;
  return invalidQuery(`Syntax error: unexpected ${what}.`, token.at);
}
