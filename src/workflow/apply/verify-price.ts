import type { Plan, Price } from "../../core/plan.ts";
import { gateways } from "../../orchestrator/gateways/registry.ts";

/** What `--verify all` adds to the price of a plan, about. */
export function verifyPrice({ resources }: Pick<Plan, "resources">): Price {
  const prices = resources.flatMap((resource) => gateways[resource.key.kind].verifyPrice?.(resource) ?? []);
  return {
    calls: prices.reduce((sum, { calls }) => sum + calls, 0),
    listCalls: prices.reduce((sum, { listCalls }) => sum + listCalls, 0),
  };
}
