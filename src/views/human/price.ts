import type { Plan } from "../../core/plan.ts";
import { minutesUnderQuota, type Price } from "../../core/price.ts";
import { amount, count } from "./words.ts";

/** `Read with 4 calls (2 list calls of 90 a minute). Applying takes at least 6 calls.` */
export function priceLine({ price }: Pick<Plan, "price">, pending: boolean): string {
  const { listCallsPerMinute } = price;
  const read = `Read with ${callsText(price.read, listCallsPerMinute)}.`;
  if (!pending) return read;
  // How often runs are looked at is known to nobody before they end.
  if (price.apply.calls === 0) return `${read} Applying only waits, with a call for each look at a run.`;
  const minutes = listCallsPerMinute === undefined ? 0 : minutesUnderQuota(price.apply.listCalls, listCallsPerMinute);
  const wait = minutes === 0 ? "" : `, about ${amount(minutes)} min under the quota`;
  return `${read} Applying takes at least ${callsText(price.apply, listCallsPerMinute)}${wait}.`;
}

/** `4 calls (2 list calls of 90 a minute)` */
export function callsText(price: Price, perMinute: number | undefined): string {
  const all = count(price.calls, "call");
  if (price.listCalls === 0) return all;
  const lists = count(price.listCalls, "list call");
  return perMinute === undefined ? `${all} (${lists})` : `${all} (${lists} of ${amount(perMinute)} a minute)`;
}
