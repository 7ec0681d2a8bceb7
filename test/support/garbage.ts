import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Collects garbage again and again until the work is over: what nothing holds is gone by then. */
export async function amidGarbage<T>(work: Promise<T>): Promise<T> {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  let isOver = false;
  const end = (): void => void (isOver = true);
  work.then(end, end);
  while (!isOver) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return work;
}
