import { describe, expect, test } from "vitest";
import { countNodes } from "../../../src/emulator/odata/ast.ts";
import { parseExpand, parseFilter, parseOrderBy, parseSelect } from "../../../src/emulator/odata/parser.ts";

/** An expression in one line, every operator in its own parentheses. */
function shape(text: string): string {
  const show = (node: ReturnType<typeof parseFilter>): string => {
    switch (node.kind) {
      case "literal":
        return node.literal.type === "null" ? "null" : `${node.literal.type}:${String(node.literal.value)}`;
      case "path":
        return node.segments.join("/");
      case "call":
        return `${node.name}(${node.arguments.map(show).join(" ")})`;
      case "not":
        return `(not ${show(node.operand)})`;
      case "logical":
      case "comparison":
        return `(${show(node.left)} ${node.operator} ${show(node.right)})`;
      case "in":
        return `(${show(node.left)} in ${node.values.length})`;
    }
  };
  return show(parseFilter(text));
}

const repeat = (term: string, times: number): string => Array.from({ length: times }, () => term).join(" or ");

describe("$filter", () => {
  test.each([
    ["A eq 1", "(A eq integer:1)"],
    ["A eq 123L", "(A eq integer:123)"],
    ["A eq -1", "(A eq integer:-1)"],
    ["A gt 1.5", "(A gt decimal:1.5)"],
    ["A eq 'O''Brien'", "(A eq string:O'Brien)"],
    ["A eq ''", "(A eq string:)"],
    ["A eq null", "(A eq null)"],
    ["A eq true", "(A eq boolean:true)"],
    ["K eq 1c7222dc-416f-4c60-9b17-88262c91768F", "(K eq guid:1c7222dc-416f-4c60-9b17-88262c91768f)"],
    ["T lt 2018-02-22T10:00:00.837Z", "(T lt instant:2018-02-22T10:00:00.8370000Z)"],
    ["T lt 2018-02-22T12:00:00+02:00", "(T lt instant:2018-02-22T10:00:00.0000000Z)"],
    ["date(T) eq 2018-02-22", "(date(T) eq date:2018-02-22)"],
    ["Robot/Id eq 749", "(Robot/Id eq integer:749)"],
    ["Id in (1,2,3)", "(Id in 3)"],
    ["indexof(Info,'x') ne -1", "(indexof(Info string:x) ne integer:-1)"],
    ["A eq 1 or B eq 2 and C eq 3", "((A eq integer:1) or ((B eq integer:2) and (C eq integer:3)))"],
    ["(A eq 1 or B eq 2) and C eq 3", "(((A eq integer:1) or (B eq integer:2)) and (C eq integer:3))"],
    ["not contains(A,'x') and B eq 2", "((not contains(A string:x)) and (B eq integer:2))"],
    ["not (A eq 1)", "(not (A eq integer:1))"],
  ])("%s", (text, expected) => {
    expect(shape(text)).toBe(expected);
  });

  test.each([
    ["", 0],
    ["A eq", 4],
    ["A eq 1 and", 10],
    ["A = 1", 2],
    ["A eq 'open", 5],
    ["A eq 1 B", 7],
    ["(A eq 1", 7],
    ["A eq 2018-02-30T00:00:00Z", 5],
    ["A eq 99999999999999999999", 5],
    ["Id in ()", 7],
    ["A eq 12abc", 5],
    ["A eq #", 5],
  ])("%s is refused at its position", (text, position) => {
    expect(() => parseFilter(text)).toThrow(new RegExp(`Invalid OData query options.*position ${position}\\)`));
  });

  test("20 plain or 16 navigation comparisons pass, one more does not (measured)", () => {
    expect(countNodes(parseFilter(repeat("ReviewerUserId eq 1", 20)))).toBe(99);
    expect(() => parseFilter(repeat("ReviewerUserId eq 1", 21))).toThrow("node count limit of '100'");
    expect(countNodes(parseFilter(repeat("Robot/Id eq 1", 16)))).toBe(95);
    expect(() => parseFilter(repeat("Robot/Id eq 1", 17))).toThrow("node count limit");
  });

  test("a list of 96 values passes, one more does not", () => {
    const list = (length: number): string => `Id in (${Array.from({ length }, (_, n) => n).join(",")})`;
    expect(countNodes(parseFilter(list(96)))).toBe(100);
    expect(() => parseFilter(list(97))).toThrow("node count limit");
  });

  test("a hundred parentheses pass, one more does not, and the error says where", () => {
    const nested = (depth: number): string => `${"(".repeat(depth)}A eq 1${")".repeat(depth)}`;
    expect(shape(nested(100))).toBe("(A eq integer:1)");
    expect(() => parseFilter(nested(101))).toThrow("nested too deeply. (at position 100)");
    expect(shape(`${"not ".repeat(95)}A`)).toContain("(not A)"); // a `not` is a node as well: 95 and the two of a path
    expect(() => parseFilter(`${"not ".repeat(99)}A`)).toThrow("node count limit");
  });

  test("nodes are counted as the server counts them", () => {
    const nodes = (text: string): number => countNodes(parseFilter(text));
    expect(nodes("A eq 1")).toBe(4); // operator, property, its source, constant
    expect(nodes("Robot/Id eq 1")).toBe(5);
    expect(nodes("A eq 1 and B eq 2")).toBe(9);
    expect(nodes("not (A eq 1)")).toBe(5);
    expect(nodes("contains(A,'x')")).toBe(4);
    expect(nodes("Id in (1,2)")).toBe(6);
  });

  test("deep parentheses are refused instead of exhausting the stack", () => {
    expect(() => parseFilter(`${"(".repeat(50_000)}A eq 1${")".repeat(50_000)}`)).toThrow("nested too deeply");
    expect(() => parseFilter(`${"not ".repeat(50_000)}A`)).toThrow("nested too deeply");
  });
});

describe("the other options", () => {
  test("$orderby takes paths and directions, five at most", () => {
    expect(parseOrderBy("Robot/Name desc, Id")).toMatchObject([
      { segments: ["Robot", "Name"], descending: true },
      { segments: ["Id"], descending: false },
    ]);
    expect(parseOrderBy("A,B,C,D,E")).toHaveLength(5);
    expect(() => parseOrderBy("A,B,C,D,E,F")).toThrow("Invalid OData query options");
    expect(() => parseOrderBy("A down")).toThrow("position 2");
  });

  test("$select takes names or everything", () => {
    expect(parseSelect("Id, Key")).toEqual(["Id", "Key"]);
    expect(parseSelect("*")).toBeUndefined();
    expect(() => parseSelect("Id,")).toThrow("unexpected the end");
  });

  test("$expand goes two deep", () => {
    expect(parseExpand("Robot,Release($select=Id,Name;$expand=Environment)")).toMatchObject([
      { name: "Robot", expand: [] },
      { name: "Release", select: ["Id", "Name"], expand: [{ name: "Environment" }] },
    ]);
    expect(() => parseExpand("A($expand=B($expand=C))")).toThrow("maximum depth");
    expect(() => parseExpand("A($top=1)")).toThrow("unexpected '$top'");
  });
});
