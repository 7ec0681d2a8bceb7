import type { Change } from "../../../core/change.ts";
import type { Ending } from "../../../core/outcome.ts";
import { present, type Adding } from "./presence.ts";

/** `DuplicateReference`, 1016: the queue has, or once had, an item with this reference (forum; OpenAPI 16.0). */
export function isDuplicate(errorCode: number | string | undefined): boolean {
  return errorCode === 1016 || errorCode === "DuplicateReference";
}

/**
 * Endings for items that the server says it has. A reference stays taken when retention has purged its item (forum),
 * so one that cannot be seen is done all the same. The look tells only the ids: it may fail.
 */
export async function duplicates(
  changes: readonly Change[],
  adding: Adding,
  signal: AbortSignal,
): Promise<ReadonlyMap<Change, Ending>> {
  const found = await present(changes, adding, signal).catch(() => undefined);
  return new Map(
    changes.map((change): [Change, Ending] => {
      const items = found?.get(change);
      if (items !== undefined)
        return [change, { status: "already-done", note: "already there", ids: items.map(({ id }) => id) }];
      const note =
        found === undefined
          ? "already there"
          : "already there once: the reference is taken, the item cannot be seen any more";
      return [change, { status: "already-done", note }];
    }),
  );
}
