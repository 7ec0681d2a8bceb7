import type { FieldChange } from "../../core/change.ts";
import type { Diagnostic } from "../../core/diagnostic.ts";
import type { Fault } from "../../core/fault.ts";
import type { JsonObject, JsonValue } from "../../core/json.ts";
import type { PlanTarget, Price } from "../../core/plan.ts";
import type { Key, ResourceKey } from "../../core/resource.ts";
import type { SourceSpan } from "../../core/source.ts";
import { holdsHidden, isHidden } from "../../core/hidden.ts";
import { redact, sensitiveMarker } from "./redact.ts";

/** An object of the members that are there: JSON knows no undefined. */
export function object(members: Readonly<Record<string, JsonValue | undefined>>): JsonObject {
  return Object.fromEntries(
    Object.entries(members).filter((member): member is [string, JsonValue] => member[1] !== undefined),
  );
}

export function keyJson({ kind, folder, name }: ResourceKey, entry?: Key["entry"]): JsonObject {
  return object({ kind, folder, name, entry });
}

/** The place without the line's text: a line of a manifest may hold what is sensitive. */
export function sourceJson(source: SourceSpan | undefined): JsonObject | undefined {
  return source && object({ file: source.file, line: source.line, column: source.column, length: source.length });
}

export function diagnosticJson({ code, severity, message, hint, remark, source, key, count }: Diagnostic): JsonObject {
  return object({
    code,
    severity,
    message,
    hint,
    remark,
    source: sourceJson(source),
    key: key && keyJson(key),
    count,
  });
}

export function faultJson({ kind, message, call, status, errorCode, traceId, retryAfter }: Fault): JsonObject {
  return object({ kind, message, call, status, errorCode, traceId, retryAfter });
}

export function targetJson({ shard, ...target }: Omit<PlanTarget, "apiVersion">): JsonObject {
  return { ...target, ...(shard === undefined ? {} : { shard: { ...shard } }) };
}

export function priceJson({ calls, listCalls }: Price): JsonObject {
  return { calls, listCalls };
}

export function fieldJson(field: FieldChange, hidden: readonly string[] | undefined): JsonObject {
  const { path, before, after } = field;
  const isSensitive = field.sensitive === true || isHidden(path, hidden) || holdsHidden(path, hidden);
  const side = (value: JsonValue | undefined): JsonValue | undefined =>
    value === undefined ? undefined : isSensitive ? sensitiveMarker : redact(value, undefined);
  return object({ path, before: side(before), after: side(after), sensitive: isSensitive ? true : undefined });
}
