import type { FullReply } from "../http/replies.ts";
import { instantOf } from "../instant.ts";
import { JsonText } from "../json.ts";
import type { Database } from "../store/database.ts";
import type { Faults } from "./faults.ts";
import { moveRowVersions } from "./row-versions.ts";
import type { Fault } from "./rule.ts";

/** A call that is about to be handled. */
interface Handled {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  /** The emulator's time in milliseconds. */
  readonly now: number;
}

/** Handles a call with what a fault does to the store around it, and with what lists do not show yet. */
export function handleAround(
  { db, faults, fault }: { readonly db: Database; readonly faults: Faults; readonly fault: Fault | undefined },
  { method, path, body, now }: Handled,
  handle: () => FullReply,
): FullReply {
  const { lateWrites } = faults;
  if (fault?.moveRowVersion === true) moveRowVersions(db, path, body, instantOf(now));
  if (method !== "GET" && fault !== undefined && fault.showLate > 0) {
    return lateWrites.write(now + fault.showLate, handle);
  }
  if (method !== "GET" || !lateWrites.pending(now)) return handle();
  const reply = lateWrites.without(handle);
  return isList(reply) ? reply : handle(); // one entity, by its Id or its Key, is read where it was written
}

function isList({ body }: FullReply): boolean {
  return typeof body === "object" && body !== null && "value" in body && body.value instanceof JsonText;
}
