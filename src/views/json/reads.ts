import type { JsonObject } from "../../core/json.ts";
import type { Reads } from "../../core/reads.ts";
import { keyJson, object, priceJson } from "./parts.ts";

/** How live state was read, for `plan --explain -o json`. */
export function readsJson({ queues, calls, lease }: Reads): JsonObject {
  return object({
    queues: queues.map(({ queue, folder, wantedBy, references, live, matchedHere, lines }) =>
      object({
        queue,
        folder,
        wantedBy: wantedBy.map((key) => keyJson(key)),
        references,
        live,
        matchedHere: matchedHere && [...matchedHere],
        lines: lines.map(({ role, way, query, perCall, calls: cost, rows, estimated }) =>
          object({ role, way, query, perCall, calls: cost, rows, estimated }),
        ),
      }),
    ),
    calls: calls.map(({ path, calls: made }) => ({ path, calls: made })),
    lease: lease && priceJson(lease),
  });
}
