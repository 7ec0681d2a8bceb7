import { isRecord } from "../../core/json.ts";

/** What an error answer says of itself. */
export interface ErrorBody {
  readonly message?: string;
  readonly errorCode?: number | string;
  readonly traceId?: string;
}

const longest = 4000;

/**
 * Reads the shapes that Orchestrator, its identity server and the gateways before them send (OpenAPI 16.0, field
 * reports): `{message, errorCode, traceId}` in any case, ABP's envelope, OData's `{error: {code, message}}`, RFC 7807
 * problem details, `{errorMessage}`, `{StatusCode, StatusDescription, Message}`, OAuth's `{error, error_description}`
 * and errors nested under `result`. Anything else, HTML for one, says nothing. `clean` is for what must not be quoted:
 * it goes over the message before that is cut, because a half of it would be left else.
 */
export function readErrorBody(text: string, clean: (message: string) => string = (message) => message): ErrorBody {
  const body = parse(text);
  if (!isRecord(body)) return {};
  const nested = member(body, "error");
  const inner = isRecord(nested) ? nested : {};
  const message =
    filled(member(body, "message")) ??
    filled(member(body, "errorMessage")) ??
    filled(member(body, "error_description")) ??
    filled(member(inner, "message")) ??
    problem(body) ??
    firstOf(member(body, "result")) ??
    filled(member(body, "StatusDescription")) ??
    filled(nested);
  const errorCode = code(member(body, "errorCode")) ?? code(member(inner, "code")) ?? oauthError(nested);
  const traceId = filled(member(body, "traceId")) ?? filled(member(inner, "traceId"));
  return {
    ...(message === undefined ? {} : { message: clean(message).slice(0, longest) }),
    ...(errorCode === undefined ? {} : { errorCode }),
    ...(traceId === undefined ? {} : { traceId }),
  };
}

/** A member by its name in any case: the documents spell the bulk answers in lower case, the wire does not. */
export function member(record: Readonly<Record<string, unknown>>, name: string): unknown {
  if (Object.hasOwn(record, name)) return record[name];
  const lower = name.toLowerCase();
  const key = Object.keys(record).find((candidate) => candidate.toLowerCase() === lower);
  return key === undefined ? undefined : record[key];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function filled(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

function code(value: unknown): number | string | undefined {
  return typeof value === "number" ? value : filled(value);
}

/** OAuth's `{"error": "invalid_client"}`. Gateways put sentences there, and a sentence proves no refusal. */
function oauthError(value: unknown): string | undefined {
  return typeof value === "string" && /^[a-z]+(?:_[a-z]+)+$/.test(value) ? value : undefined;
}

/** `{title, errors: {field: ["…"]}}`: the fields say more than the title. */
function problem(body: Record<string, unknown>): string | undefined {
  const title = filled(member(body, "title"));
  const errors = member(body, "errors");
  const details = isRecord(errors)
    ? Object.entries(errors).flatMap(([field, texts]) => {
        const said = (Array.isArray(texts) ? texts : [texts]).filter((text) => typeof text === "string");
        return said.length === 0 ? [] : [`${field}: ${said.join(" ")}`];
      })
    : [];
  if (details.length > 0) return [...(title === undefined ? [] : [title]), ...details].join(" ");
  return filled(member(body, "detail")) ?? title;
}

function firstOf(result: unknown): string | undefined {
  if (!isRecord(result)) return undefined;
  const errors = member(result, "errors");
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
  return filled(first) ?? (isRecord(first) ? filled(member(first, "message")) : undefined);
}
