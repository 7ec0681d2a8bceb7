import type { Clock } from "../../core/clock.ts";
import type { Waiting } from "../../core/waiting.ts";

/** Is told when the run begins to wait, and when nothing of it waits any longer. */
export type WaitListener = (waiting: Waiting | undefined) => void;

/** Shorter waits are over before anybody has read about them. */
const worthTelling = 1000;
/** Callers that wait side by side for the same are one wait. */
const same = 250;

/** Every wait of a client, so that none is silent. */
export class Waits {
  readonly #clock: Clock;
  #listener: WaitListener | undefined;
  #waiting = 0;
  #told: { readonly reason: string; readonly until: number } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** One listener at a time; it hears nothing more once its handle is disposed of. */
  listen(listener: WaitListener): Disposable {
    this.#listener = listener;
    return {
      [Symbol.dispose]: () => {
        if (this.#listener === listener) this.#listener = undefined;
      },
    };
  }

  /** Sleeps, and says so. Ends early when the signal aborts: whoever waits looks at the signal. */
  async wait(ms: number, why: WhyWaiting, signal: AbortSignal): Promise<void> {
    if (ms < worthTelling) return this.#clock.sleep(ms, signal);
    const until = this.#clock.now().getTime() + ms;
    this.#tell(until, why);
    this.#waiting++;
    try {
      await this.#clock.sleep(ms, signal);
    } finally {
      this.#waiting--;
      if (this.#waiting === 0) {
        this.#told = undefined;
        this.#listener?.(undefined);
      }
    }
  }

  #tell(until: number, why: WhyWaiting): void {
    const told = this.#told;
    if (told !== undefined && told.reason === why.reason && until <= told.until + same) return;
    this.#told = { reason: why.reason, until };
    this.#listener?.({ until: new Date(until).toISOString(), ...why });
  }
}

/** A wait before it is known when it ends. */
export type WhyWaiting = Waiting extends infer W ? (W extends Waiting ? Omit<W, "until"> : never) : never;
