import { closingCheckName } from "../../core/events.ts";
import { formatClock } from "../../core/format-time.ts";
import { outcomeStatuses, type OutcomeCounts } from "../../core/outcome.ts";
import type { ResourceKey } from "../../core/resource.ts";
import type { Waiting } from "../../core/waiting.ts";
import { operationName } from "../human/fault.ts";
import { amount, name, sentence } from "../human/words.ts";

/** `waits for Job/smoke-test` */
export function waitsFor(on: readonly ResourceKey[], nameOf: (key: ResourceKey) => string): string {
  return `waits for ${on.map(nameOf).join(", ")}`;
}

/** `no answer to StartJobs; looking for what it did at 10:35:05` */
export function settling({ call, until }: { readonly call: string; readonly until: string }): string {
  const time = name(formatClock(until));
  if (call === closingCheckName) return `looks for copies at ${time}, when nothing that was lost can commit any more`;
  return `no answer to ${operationName(call)}; looking for what it did at ${time}`;
}

/** `waiting 34 s for the list quota (90 a minute)` */
export function waitingText(waiting: Waiting, now: number): string {
  const seconds = `${amount(Math.max(1, Math.round((Date.parse(waiting.until) - now) / 1000)))} s`;
  switch (waiting.reason) {
    case "quota":
      return `waiting ${seconds} for the list quota (${amount(waiting.perMinute)} a minute)`;
    case "asked":
      return `the server asks to wait ${seconds} (${waiting.status})`;
    case "lease":
      return `waiting up to ${seconds} for the lease that ${sentence(waiting.holder)} holds`;
    case "retry":
      return `${trouble(waiting)}: trying again in ${seconds}`;
  }
}

function trouble({ status, broken }: Extract<Waiting, { readonly reason: "retry" }>): string {
  if (status !== undefined) return `the server answered ${status}`;
  return broken === "timeout" ? "no answer in time" : "the connection broke";
}

/** `added 1,198, already there 1, failed 1`, or the counts where the workflow says nothing. */
export function endedText(text: string, counts: OutcomeCounts): string {
  if (text !== "") return sentence(text);
  const parts = outcomeStatuses.flatMap((status) =>
    counts[status] > 0 ? [`${status.replace("-", " ")} ${amount(counts[status])}`] : [],
  );
  return parts.length === 0 ? "nothing to do" : parts.join(", ");
}
