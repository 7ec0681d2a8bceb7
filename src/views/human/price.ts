import type { Plan, Price } from "../../core/plan.ts";
import { count } from "./words.ts";

/** Cloud tenants allow this many list calls a minute, Jobs and QueueItems each; other servers have no such limit. */
const quota = 100;

/** `Read with 4 calls (2 list calls of 100 a minute). Applying takes at least 6 calls.` */
export function priceLine({ price, target }: Pick<Plan, "price" | "target">, pending: boolean): string {
  const limited = hasQuota(target.url);
  const read = `Read with ${calls(price.read, limited)}.`;
  return pending ? `${read} Applying takes at least ${calls(price.apply, limited)}.` : read;
}

function calls(price: Price, limited: boolean): string {
  const all = count(price.calls, "call");
  if (price.listCalls === 0) return all;
  const lists = count(price.listCalls, "list call");
  if (!limited) return `${all} (${lists})`;
  const minutes = Math.floor(price.listCalls / quota);
  const wait = minutes === 0 ? "" : `, about ${minutes} min under the quota`;
  return `${all} (${lists} of ${quota} a minute${wait})`;
}

function hasQuota(url: string): boolean {
  return URL.canParse(url) && /(?:^|\.)uipath\.com$/.test(new URL(url).hostname);
}
