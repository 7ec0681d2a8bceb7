import { setImmediate as turn } from "node:timers/promises";

/** Turns of the event loop after which a call has left: fetch takes two of them (measured with Node 24). */
const turns = 3;

/**
 * What a reading gives, one value ahead: while the caller works on a value, the call for the next one is under way. For
 * callers that go through all of it: its calls are the same, and as many at a time. Whoever leaves early gives up the
 * call that is under way, and nothing is when he has left.
 */
export async function* ahead<T>(
  read: (signal: AbortSignal) => AsyncGenerator<T, void, undefined>,
  signal: AbortSignal,
): AsyncGenerator<T, void, undefined> {
  const leave = new AbortController();
  const values = read(AbortSignal.any([signal, leave.signal]));
  let coming = values.next();
  try {
    for (let next = await coming; next.done !== true; next = await coming) {
      coming = values.next();
      coming.catch(() => undefined); // told when its turn comes
      for (let passed = 0; passed < turns; passed++) await turn();
      yield next.value;
    }
  } finally {
    leave.abort();
    await coming.catch(() => undefined);
  }
}
