import { notFound } from "../errors.ts";
import type { Call, Reply } from "../http/route.ts";
import { asOf, inList } from "../model/versions.ts";
import type { Entity } from "../odata/model.ts";
import { readOne, readPage, type Scope } from "../odata/read.ts";
import { inFolder } from "../store/folders.ts";
import type { Author } from "../store/items.ts";

/** Answers with a page of a collection. */
export function list(call: Call, entity: Entity, context: string, scope: Scope, order: "ASC" | "DESC" = "ASC"): Reply {
  const page = readPage(call.db, inList(entity, call.edition), scope, call.options, order);
  const count = page.count === undefined ? {} : { "@odata.count": page.count };
  return { status: 200, body: { "@odata.context": contextOf(call, context), ...count, value: page.value } };
}

/** Answers with one entity, or 404 under the name that messages give it. */
export function one(call: Call, entity: Entity, context: string, scope: Scope, name: string, status = 200): Reply {
  const resource = readOne(call.db, asOf(entity, call.edition), scope, call.options);
  if (!resource) throw notFound(name);
  return { status, body: { "@odata.context": contextOf(call, `${context}/$entity`), ...resource } };
}

/** The entity with the call's key, in the call's folder where it has one. */
export function byKey(call: Call): Scope {
  const { sql, values } = inFolder(call);
  return { sql: `t0.id = ? AND ${sql}`, values: [call.key, ...values] };
}

/** What the bulk calls of items answer: always 200, failures inside (Transactions requests, 2023.4). */
export function bulk(call: Call, type: string, failed: readonly unknown[], message: string): Reply {
  const body = { Success: failed.length === 0, Message: failed.length === 0 ? null : message, FailedItems: failed };
  const context = contextOf(call, `UiPath.Application.Dto.BulkOperationResponseDto_1Of${type}`);
  return { status: 200, body: { "@odata.context": context, ...body } };
}

export function contextOf(call: Call, name: string): string {
  return `${call.url}/odata/$metadata#${name}`;
}

export function authorOf({ caller }: Call): Author {
  return caller.kind === "user"
    ? { userId: caller.userId, clientId: null }
    : { userId: null, clientId: caller.clientId };
}
