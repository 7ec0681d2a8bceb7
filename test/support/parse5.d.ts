/** What tests use of parse5, whose package has no types. */
declare module "parse5" {
  interface Node {
    readonly nodeName: string;
    readonly tagName?: string;
    readonly value?: string;
    readonly attrs?: readonly { readonly name: string; readonly value: string }[];
    readonly childNodes?: readonly Node[];
  }
  interface Options {
    readonly onParseError?: (error: { readonly code: string; readonly startLine: number }) => void;
    readonly sourceCodeLocationInfo?: boolean;
  }
  export function parse(html: string, options?: Options): Node;
  export function parseFragment(html: string, options?: Options): Node;
}
