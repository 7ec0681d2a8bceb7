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

/** What is to happen at a time; `timer` wakes a clock that runs. */
interface Alarm {
  readonly due: number;
  readonly work: () => void;
  readonly dropped: () => void;
  timer?: NodeJS.Timeout;
}

const longestTimer = 2 ** 31 - 1;

/** The emulator's time. States of jobs and the life of tokens follow from it. */
export class Clock {
  #state: ClockState;
  readonly #save: (state: ClockState) => void;
  /** In the order in which they are due. */
  #alarms: readonly Alarm[] = [];
  #isStopped = false;

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

  /** Moves time on; it never goes back, as jobs and tokens do not either. What is due on the way happens at its time. */
  advance(milliseconds: number): void {
    const target = this.milliseconds() + milliseconds;
    if (!(milliseconds >= 0 && target <= latest)) {
      throw new RangeError("The clock moves on only, and not past the year 9999.");
    }
    for (let next = this.#next(target); next !== undefined; next = this.#next(target)) {
      this.#forward(next.due - this.milliseconds());
      this.#ring(next);
    }
    this.#forward(target - this.milliseconds());
  }

  /** Puts another state in place, as after a reset of the tenant. What was to happen does not any more. */
  restore(state: ClockState): void {
    this.#silence();
    this.#set(state);
  }

  /**
   * Does something when this much time has passed: real time, or the time that the clock is moved on. `dropped` is
   * called instead when another state is put in place before that.
   */
  after(milliseconds: number, work: () => void, dropped: () => void): void {
    if (this.#isStopped) return;
    const alarm: Alarm = { due: this.milliseconds() + milliseconds, work, dropped };
    this.#alarms = [...this.#alarms, alarm].toSorted((a, b) => a.due - b.due);
    this.#arm(alarm);
  }

  /** Nothing happens any more: its emulator ends. */
  stop(): void {
    this.#isStopped = true;
    this.#silence();
  }

  #silence(): void {
    const alarms = this.#alarms;
    this.#alarms = [];
    for (const { timer, dropped } of alarms) {
      clearTimeout(timer);
      dropped();
    }
  }

  #next(target: number): Alarm | undefined {
    const [first] = this.#alarms;
    return first !== undefined && first.due <= target ? first : undefined;
  }

  #ring(alarm: Alarm): void {
    clearTimeout(alarm.timer);
    this.#alarms = this.#alarms.filter((other) => other !== alarm);
    alarm.work();
  }

  /** A timer must not keep a process alive whose work is done. */
  #arm(alarm: Alarm): void {
    if (this.#state.mode === "manual") return;
    const wait = Math.min(Math.max(0, alarm.due - this.milliseconds()), longestTimer);
    const wake = (): void => (alarm.due <= this.milliseconds() ? this.#ring(alarm) : this.#arm(alarm));
    alarm.timer = setTimeout(wake, wait).unref();
  }

  #forward(milliseconds: number): void {
    if (milliseconds > 0) this.#set({ ...this.#state, value: this.#state.value + milliseconds });
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
