import { CancelledError, WaitTimeoutError } from "../core/errors.ts";
import type { Io } from "./io.ts";

/**
 * Ctrl-C, SIGTERM and `--timeout`, as two signals. The first Ctrl-C drains: finish what is in flight, begin nothing
 * more, report. The second one stops at once.
 */
export class Interruption implements Disposable {
  readonly #draining = new AbortController();
  readonly #stopping = new AbortController();
  readonly #disposers: readonly (() => void)[];

  constructor(io: Io, options: { readonly timeout?: number | undefined; readonly onDrain: (text: string) => void }) {
    const drain = (reason: "signal" | "timeout", text: string): void => {
      if (this.#draining.signal.aborted) return;
      options.onDrain(text);
      this.#draining.abort(reason);
    };
    const disposeSignals = io.onSignal(() => {
      if (this.#draining.signal.aborted) this.#stopping.abort("signal");
      else drain("signal", "interrupted: finishing what is in flight; once more stops at once");
    });
    const disposeTimer =
      options.timeout === undefined
        ? (): void => undefined
        : io.schedule(options.timeout, () => drain("timeout", "--timeout ran out: finishing what is in flight"));
    this.#disposers = [disposeSignals, disposeTimer];
  }

  get draining(): AbortSignal {
    return this.#draining.signal;
  }

  get stopping(): AbortSignal {
    return this.#stopping.signal;
  }

  /** Awaits what writes nothing: any interruption ends it at once. */
  async during<T>(reading: Promise<T>): Promise<T> {
    try {
      return await reading;
    } catch (error) {
      if (!this.draining.aborted) throw error;
      throw this.draining.reason === "timeout"
        ? new WaitTimeoutError("--timeout ran out before anything was written")
        : new CancelledError("interrupted before anything was written");
    }
  }

  [Symbol.dispose](): void {
    for (const dispose of this.#disposers) dispose();
  }
}
