import { instantOf, type Instant } from "./instant.ts";

/** `real`: runs with the machine's clock, from a start of its own. `manual`: stands still until it is moved. */
export type ClockMode = "real" | "manual";

/** What a clock needs to go on after a restart: where it stood, or how far it is from the machine's clock. */
export interface ClockState {
  readonly mode: ClockMode;
  /** manual: milliseconds since 1970. real: milliseconds ahead of the machine's clock. */
  readonly value: number;
}

const latest = Date.parse("9999-12-31T00:00:00Z");

/** The emulator's time. States of jobs and the life of tokens follow from it. */
export class Clock {
  #state: ClockState;
  readonly #save: (state: ClockState) => void;

  constructor(state: ClockState, save: (state: ClockState) => void) {
    this.#state = state;
    this.#save = save;
  }

  get mode(): ClockMode {
    return this.#state.mode;
  }

  milliseconds(): number {
    return this.#state.mode === "manual" ? this.#state.value : Date.now() + this.#state.value;
  }

  now(): Instant {
    return instantOf(this.milliseconds());
  }

  /** Moves time on; it never goes back, as jobs and tokens do not either. */
  advance(milliseconds: number): void {
    if (!(milliseconds >= 0 && this.milliseconds() + milliseconds <= latest)) {
      throw new RangeError("The clock moves on only, and not past the year 9999.");
    }
    this.#set({ ...this.#state, value: this.#state.value + milliseconds });
  }

  /** Puts another state in place, as after a reset of the tenant. */
  restore(state: ClockState): void {
    this.#set(state);
  }

  #set(state: ClockState): void {
    this.#save(state);
    this.#state = state;
  }
}

/** The clock of a new tenant, or a stored one taken on in another mode: the time shown does not jump. */
export function clockAt(milliseconds: number, mode: ClockMode): ClockState {
  return { mode, value: mode === "manual" ? milliseconds : milliseconds - Date.now() };
}
