import { parsePath } from "../http/route.ts";
import { memberOf } from "../odata/model.ts";
import type { Instant } from "../instant.ts";
import type { Database } from "../store/database.ts";
import { changeItem, findItem } from "../store/items.ts";

/** Somebody else changes the items that a call names: their RowVersions move on, and their histories get a row. */
export function moveRowVersions(db: Database, path: string, body: string, now: Instant): void {
  const author = { userId: null, clientId: null };
  db.transaction(() => {
    for (const id of itemsNamed(path, body)) {
      if (findItem(db, id, undefined)) changeItem(db, id, {}, { action: "Edit", now, author });
    }
  });
}

/** The Ids of `QueueItems(5)` and of `{"queueItems": [{"Id": 5}]}`. */
function itemsNamed(path: string, body: string): ReadonlySet<number> {
  const target = parsePath(path);
  const own = target?.pattern.startsWith("QueueItems(key)") === true ? [target.key] : [];
  const list = member(parsed(body), "queueItems");
  const rows: readonly unknown[] = Array.isArray(list) ? list : [];
  return new Set([...own, ...rows.map((row) => Number(member(row, "Id")))].filter(Number.isSafeInteger));
}

function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? memberOf({ ...value }, name)?.[1] : undefined;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
