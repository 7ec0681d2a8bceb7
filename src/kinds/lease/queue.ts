import type { LiveQueue } from "../queue-items/live.ts";

/** Why a queue cannot keep leases, each a part of a sentence; empty when it can. */
export function unfitFor(queue: LiveQueue): string[] {
  return [
    ...(queue.enforceUniqueReference ? [] : ["it does not enforce unique references"]),
    ...(queue.retries === undefined ? [] : ["it retries failed items"]),
    ...(queue.hasTrigger === true ? [`it has a trigger${process(queue)}`] : []),
    ...(queue.contentSchema === undefined ? [] : ["it has a JSON schema for content"]),
  ];
}

function process({ triggerProcess }: LiveQueue): string {
  return triggerProcess === undefined ? "" : ` that starts ${triggerProcess}`;
}
