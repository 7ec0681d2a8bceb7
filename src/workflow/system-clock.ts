import { setTimeout as sleepFor } from "node:timers/promises";
import type { Clock } from "../core/clock.ts";

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => new Date(),
  async sleep(ms, signal) {
    try {
      await sleepFor(Math.max(0, ms), undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      if (!(signal?.aborted ?? false)) throw error; // the sleeper looks at the signal itself
    }
  },
};
