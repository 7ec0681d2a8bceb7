// The calls of a client, and which of them a test has made: a call that no test makes fails the run.
import assert from "node:assert/strict";

/** Counts the calls of one client. Names are those of its documentation: `queues.getAll`. */
export class Inventory {
  #counts = new Map();

  /** Watches the methods of an object under a name; what it leaves out, `except` says why. */
  watch(name, object, methods, except = {}) {
    for (const method of methods) {
      if (Object.hasOwn(except, method)) continue;
      const full = `${name}.${method}`;
      const original = object[method];
      assert.equal(typeof original, "function", full);
      this.#counts.set(full, this.#counts.get(full) ?? 0);
      object[method] = (...args) => {
        this.#counts.set(full, this.#counts.get(full) + 1);
        return original.apply(object, args);
      };
    }
  }

  /** The list, a line a call. */
  get text() {
    return [...this.#counts].map(([name, count]) => `${String(count).padStart(4)} × ${name}`).join("\n");
  }

  /** Fails for calls that nobody has made. */
  check() {
    const missing = [...this.#counts].filter(([, count]) => count === 0).map(([name]) => name);
    assert.deepEqual(missing, [], "calls that no test makes");
  }
}

/** The methods that a class declares, its private helpers included. */
export function methodsOf(object) {
  return Object.getOwnPropertyNames(Object.getPrototypeOf(object)).filter((name) => name !== "constructor");
}
