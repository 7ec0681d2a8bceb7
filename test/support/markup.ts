import { marked, type Token } from "marked";
import { parse, parseFragment, type Node } from "parse5";
import { expect } from "vitest";

/** A word that stands in every foreign text of a test, so that it is found wherever it comes out. */
export const canary = "CANARY";

/**
 * Markdown as a reader of GitHub's dialect takes it: nothing foreign stands outside of code, where mentions, links,
 * images, HTML and headings would be made of it, and all details and fences are closed.
 */
export function expectInertMarkdown(text: string): void {
  const outside: string[] = [];
  const html: string[] = [];
  const walk = (tokens: readonly Token[]): void => {
    for (const token of tokens) {
      if (!markdownTokens.has(token.type)) expect(token).toBe("nothing but text and code");
      if (token.type === "code" || token.type === "codespan") continue;
      if (token.type === "html") html.push(token.raw);
      else if ("tokens" in token && token.tokens !== undefined) walk(token.tokens);
      else outside.push(token.raw);
    }
  };
  walk(marked.lexer(text, { gfm: true }));
  expect(outside.join("\n")).not.toContain(canary);
  expect(outside.join("\n")).not.toMatch(/[`<>]/);
  const root = parseFragment(html.join(""));
  expect(elementsOf(root).filter(({ tagName = "" }) => !["details", "summary", "b", "code"].includes(tagName))).toEqual(
    [],
  );
  expect(textOutside(root, "code")).not.toContain(canary);
  const count = (tag: string): number => html.join("").split(tag).length - 1;
  expect([count("</details>"), count("</summary>")]).toEqual([count("<details>"), count("<summary>")]);
}

const markdownTokens = new Set("heading paragraph text strong codespan code html space".split(" "));

/** A page that a browser shows and never obeys: no script, no link, no request, only our elements and attributes. */
export function expectInertHtml(text: string): void {
  const errors: string[] = [];
  const page = parse(text, { sourceCodeLocationInfo: true, onParseError: ({ code }) => errors.push(code) });
  expect(errors).toEqual([]);
  const elements = elementsOf(page);
  const tags = new Set(elements.map(({ tagName = "" }) => tagName));
  expect([...tags].filter((tag) => !htmlTags.has(tag))).toEqual([]);
  const attributes = new Set(elements.flatMap(({ attrs = [] }) => attrs.map(({ name }) => name)));
  expect([...attributes].filter((name) => !htmlAttributes.has(name))).toEqual([]);
  const classes = elements.flatMap(({ attrs = [] }) => attrs.filter(({ name }) => name === "class"));
  expect(classes.filter(({ value }) => !/^[a-z ]+$/.test(value))).toEqual([]);
  const ids = elements.flatMap(({ attrs = [] }) => attrs.filter(({ name }) => name === "id"));
  expect(ids.filter(({ value }) => !/^hatch-[a-z]+$/.test(value))).toEqual([]);
  const policies = elements.flatMap(({ attrs = [] }) =>
    attrs.filter(({ value }) => value.includes("default-src 'none'")),
  );
  expect(policies).toHaveLength(1);
}

const htmlTags = new Set(
  (
    "html head meta title style body main section h1 h2 p ul li dl dt dd details summary pre span code strong abbr " +
    "div br header ol h3 table thead tbody tfoot tr th td time ins del svg defs pattern path rect line circle text"
  ).split(" "),
);
const htmlAttributes = new Set(
  (
    "lang charset http-equiv content name class title open scope colspan role aria-label aria-hidden " +
    "id viewBox width height x y d cx cy r rx x1 x2 y1 y2 patternUnits patternTransform text-anchor"
  ).split(" "),
);

function elementsOf(node: Node): Node[] {
  const below = (node.childNodes ?? []).flatMap(elementsOf);
  return node.tagName === undefined ? below : [node, ...below];
}

function textOutside(node: Node, tag: string): string {
  if (node.tagName === tag) return "";
  return (node.value ?? "") + (node.childNodes ?? []).map((child) => textOutside(child, tag)).join("");
}

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  text: string;
}

/**
 * Reads XML 1.0 of the kind we write (elements, attributes, text, references) and takes nothing else.
 * @throws Error for whatever is not well-formed
 */
export function readXml(text: string): XmlElement {
  const declared = /^<\?xml version="1\.0" encoding="UTF-8"\?>\n/.exec(text);
  if (declared === null) throw new Error("no XML declaration");
  // XML 1.0, production 2: what a document may hold at all, written or referenced.
  const illegal = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u.exec(text);
  if (illegal !== null) throw new Error(`not a character of XML: ${JSON.stringify(illegal[0])}`);
  const root: XmlElement = { name: "", attributes: {}, children: [], text: "" };
  const open = [root];
  const markup = /<(\/?)([a-z-]+)((?: [a-z-]+="[^"<]*")*)(\/?)>|([^<]+)/gy;
  markup.lastIndex = declared[0].length;
  while (markup.lastIndex < text.length) {
    const at = markup.lastIndex;
    const found = markup.exec(text);
    if (found === null) throw new Error(`not XML at ${JSON.stringify(text.slice(at, at + 60))}`);
    const [, close, name = "", attributes = "", empty, content] = found;
    const current = open.at(-1) ?? root;
    if (content !== undefined) current.text += dereferenced(content);
    else if (close === "/") {
      if (current.name !== name || attributes !== "") throw new Error(`</${name}> closes <${current.name}>`);
      open.pop();
    } else {
      const element: XmlElement = { name, attributes: readAttributes(attributes), children: [], text: "" };
      current.children.push(element);
      if (empty !== "/") open.push(element);
    }
  }
  const [only, ...more] = root.children;
  if (open.length !== 1 || only === undefined || more.length > 0 || root.text.trim() !== "")
    throw new Error("no one root");
  return only;
}

function readAttributes(text: string): Record<string, string> {
  const found = [...text.matchAll(/ ([a-z-]+)="([^"]*)"/g)].map(([, name = "", value = ""]) => [
    name,
    dereferenced(value),
  ]);
  if (new Set(found.map(([name]) => name)).size !== found.length) throw new Error(`an attribute twice: ${text}`);
  return Object.fromEntries(found) as Record<string, string>;
}

function dereferenced(text: string): string {
  return text.replace(/&(?:#(\d+);)?/g, (_all, code: string | undefined) => {
    if (code === undefined) throw new Error(`a bare & in ${JSON.stringify(text.slice(0, 60))}`);
    return String.fromCodePoint(Number(code));
  });
}
