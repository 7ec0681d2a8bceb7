import type { PlanFolder } from "../../core/plan.ts";
import { isMissing } from "../live.ts";
import { unknownName, type Block } from "../refuse.ts";
import type { LivePlace } from "./live.ts";
import type { JobStart } from "./payload.ts";
import { robotBlocks } from "./strategy.ts";

/** What of `machines` a start cannot name: places are the modern folders' own, and must be there. */
export function placeBlocks(places: readonly LivePlace[], folder: PlanFolder): Block[] {
  if (places.length === 0) return [];
  if (folder.type === "classic") {
    const text = `machines apply to modern folders, and ${folder.path} is a classic one`;
    return [{ reason: { code: "strategy-unfit", text }, hint: "use strategy Specific with robots", at: ["machines"] }];
  }
  return places.flatMap(({ machine, account }, index): Block[] => [
    ...(machine !== undefined && isMissing(machine)
      ? [{ ...unknownName("machine-unknown", "machine", machine, folder.path), at: ["machines", index, "machine"] }]
      : []),
    ...(account === undefined ? [] : robotBlocks(account, folder, ["machines", index, "account"])),
  ]);
}

/** The places as a start names them; those that are not there have been refused. */
export function wirePlaces(places: readonly LivePlace[]): NonNullable<JobStart["machines"]> {
  return places.map(({ machine, account }) => ({
    ...(machine !== undefined && "id" in machine ? { machineId: machine.id } : {}),
    ...(account !== undefined && "id" in account ? { robotId: account.id } : {}),
  }));
}
