import { isRecord } from "../../core/json.ts";

/** What is written down of a call: never what signs in, nor what people and robots put into items and jobs. */

const hidden = "[hidden]";

/** Headers that say how a call went. Of any other the name alone is told: gateways invent headers that hold sessions. */
const plain =
  /^(?:accept|accept-encoding|age|allow|api-.*|cache-control|connection|content-.*|date|etag|keep-alive|odata-.*|retry-after|server|strict-transport-security|traceparent|transfer-encoding|user-agent|vary|via|x-cache|x-content-type-options|x-powered-by|x-ratelimit-.*|x-request-id|x-uipath-.*|request-context|cf-ray|x-azure-ref)$/;

/** An address in a header may hold in its query what signs somebody in. */
const address = /^(?:location|content-location|referer)$/;

export function shownHeaders(
  headers: Iterable<readonly [string, string]>,
  clean: (text: string) => string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...headers].map(([given, value]): [string, string] => {
      const name = given.toLowerCase();
      if (address.test(name)) return [name, clean(value.replace(/[?#].*$/s, "?…"))];
      return [
        name,
        plain.test(name) && !/token|secret|cookie|session|auth|key|password/.test(name) ? clean(value) : hidden,
      ];
    }),
  );
}

/** What robots and people write, by the names that the API has for it (OpenAPI 20.0), whatever their case. */
const content: ReadonlySet<string> = new Set([
  "specificcontent",
  "specificdata",
  "output",
  "outputdata",
  "analytics",
  "analyticsdata",
  "progress",
  "processingexception",
  "inputarguments",
  "outputarguments",
  "environmentvariables",
  "info",
  "joberror",
  "text",
  "comment",
]);

/**
 * A body as it may be written down: of JSON the whole shape, with the kinds of values in place of content. Of anything
 * else that is text what a reader of the page would see; what is cut or no text is not shown, since nobody knows what it holds.
 */
export function shownBody(text: string, contentType: string): string {
  if (!/\bjson\b/i.test(contentType)) {
    return /^text\//i.test(contentType) ? visible(text) : `[${length(text)} of ${type(contentType)}: not written]`;
  }
  try {
    return JSON.stringify(shape(JSON.parse(text) as unknown, false));
  } catch {
    return `[${length(text)} that are not whole JSON: not written]`;
  }
}

function shape(value: unknown, isContent: boolean): unknown {
  if (Array.isArray(value)) return value.map((member) => shape(member, isContent));
  if (isRecord(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [
        name,
        shape(member, isContent || content.has(name.toLowerCase())),
      ]),
    );
  }
  return isContent && value !== null ? `[${typeof value}]` : value;
}

/** A page without its markup, in which forms carry tokens, and without scripts. */
function visible(text: string): string {
  return withoutScripts(text)
    .replace(/<[^>]*>?/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}

/** Goes over the text once: a page of a megabyte that never ends what it begins must not hold up the run. */
function withoutScripts(text: string): string {
  const parts: string[] = [];
  let open: string | undefined;
  let from = 0;
  for (const { 0: tag, 1: end, 2: name = "", index } of text.matchAll(/<(\/?)(script|style)\b[^<>]*>?/gi)) {
    const isEnd = end === "/";
    if (open === undefined && !isEnd) {
      parts.push(text.slice(from, index));
      open = name.toLowerCase();
    } else if (isEnd && open === name.toLowerCase()) {
      open = undefined;
      from = index + tag.length;
    }
  }
  return open === undefined ? [...parts, text.slice(from)].join(" ") : parts.join(" ");
}

function length(text: string): string {
  return `${text.length.toLocaleString("en-US")} characters`;
}

function type(contentType: string): string {
  return /^[\w.+-]+\/[\w.+-]+/.exec(contentType)?.[0] ?? "no named type";
}
