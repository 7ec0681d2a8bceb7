import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Collects garbage again and again until the work is over: what nothing holds is gone by then. */
export async function amidGarbage<T>(work: Promise<T>): Promise<T> {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const state = { isOver: false };
  const end = (): void => {
    state.isOver = true;
  };
  work.then(end, end);
  while (!state.isOver) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return work;
}
