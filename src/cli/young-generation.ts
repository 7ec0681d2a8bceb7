import { PerformanceObserver } from "node:perf_hooks";

/** Bytes of both halves together: larger ones save no processor time where rows come and go by the thousand. */
const enough = 32 * 1024 * 1024;

let observer: PerformanceObserver | undefined;

/**
 * Keeps the space for new objects from growing to 128 MB, which is more than all else that a large run holds. V8 doubles
 * it whenever much has survived; the flag that limits it counts only where it is given to Node itself, but the factor of
 * growth is read each time.
 */
export function limitYoungGeneration(): void {
  // Another V8 may not know the flag, and would say so on stderr.
  if (observer !== undefined || !process.versions.v8.startsWith("13.")) return;
  observer = new PerformanceObserver(() => void limit());
  observer.observe({ entryTypes: ["gc"] });
}

async function limit(): Promise<void> {
  if (process.memoryUsage().heapTotal < enough) return; // small runs do not even load what follows
  const { getHeapSpaceStatistics, setFlagsFromString } = await import("node:v8");
  const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === "new_space");
  if (young === undefined || young.space_size < enough) return;
  setFlagsFromString("--semi-space-growth-factor=1");
  observer?.disconnect();
}
