import crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";
import type { Clock } from "../../src/core/clock.ts";
import type { Random } from "./random.ts";

/** What is to happen at a time. */
interface Alarm {
  readonly due: number;
  readonly order: number;
  readonly work: () => void;
}

const real = {
  Date: globalThis.Date,
  setTimeout: globalThis.setTimeout,
  clearTimeout: globalThis.clearTimeout,
  random: Math.random,
  randomUUID: crypto.randomUUID,
  randomBytes: crypto.randomBytes,
};
const turn = globalThis.setImmediate;
/** Milliseconds in which every run ends: what goes on for longer, perhaps renewing a lease, waits for what never comes. */
const longest = 30 * 86_400_000;

/**
 * Time, timers and chance of the whole process, for as long as it is kept: whoever asks for the time, sets a timer or
 * draws a number, in orch-sync, in the emulator or in ky, gets what the seed gives. Time passes only when all are
 * waiting.
 */
export class VirtualTime implements Disposable {
  #now: number;
  #alarms: Alarm[] = [];
  #order = 0;

  constructor(start: number, random: Random) {
    this.#now = start;
    const now = (): number => this.#now;
    class VirtualDate extends real.Date {
      constructor(...values: [] | [number | string | Date]) {
        super(values.length === 0 ? now() : values[0]);
      }
      static override now(): number {
        return now();
      }
    }
    globalThis.Date = VirtualDate as DateConstructor;
    const set = (work: (...values: unknown[]) => void, wait = 0, ...values: unknown[]): Timer =>
      new Timer(this.after(wait, () => work(...values)));
    globalThis.setTimeout = set as unknown as typeof globalThis.setTimeout;
    globalThis.clearTimeout = (timer: unknown): void => {
      if (timer instanceof Timer) timer.cancel();
    };
    Math.random = (): number => random.next();
    crypto.randomUUID = () => uuidOf(random.bytes(16));
    crypto.randomBytes = ((size: number) => random.bytes(size)) as typeof crypto.randomBytes;
    syncBuiltinESMExports();
  }

  get now(): number {
    return this.#now;
  }

  /** Does something later; what it returns takes that back. */
  after(wait: number, work: () => void): () => void {
    this.#order += 1;
    const alarm: Alarm = { due: this.#now + Math.max(0, Math.ceil(wait)), order: this.#order, work };
    const at = this.#alarms.findLastIndex((other) => other.due <= alarm.due) + 1;
    this.#alarms.splice(at, 0, alarm);
    return () => {
      const index = this.#alarms.indexOf(alarm);
      if (index >= 0) this.#alarms.splice(index, 1);
    };
  }

  async sleep(wait: number): Promise<void> {
    await new Promise<void>((resolve) => this.after(wait, resolve));
  }

  /** Lets time pass until this has ended. @throws Error when it never will: all wait, or it has not in a month. */
  async until<T>(promise: Promise<T>): Promise<T> {
    const latest = this.#now + longest;
    let isOver = false;
    const end = (): void => {
      isOver = true;
    };
    promise.then(end, end);
    for (;;) {
      await everythingElse();
      if (isOver) return promise;
      if (this.#alarms.length === 0) await aMoment();
      const next = this.#alarms.shift();
      if (next === undefined && isOver) return promise;
      if (next === undefined) throw new Error("everything waits, and nothing is going to happen");
      if (next.due > latest) throw new Error("a month has passed, and it has not ended");
      this.#now = next.due;
      next.work();
    }
  }

  [Symbol.dispose](): void {
    globalThis.Date = real.Date;
    globalThis.setTimeout = real.setTimeout;
    globalThis.clearTimeout = real.clearTimeout;
    Math.random = real.random;
    crypto.randomUUID = real.randomUUID;
    crypto.randomBytes = real.randomBytes;
    syncBuiltinESMExports();
  }
}

class Timer {
  readonly cancel: () => void;

  constructor(cancel: () => void) {
    this.cancel = cancel;
  }

  unref(): this {
    return this;
  }
}

/** Half a second of the real time: what a busy machine is late with may come. */
async function aMoment(): Promise<void> {
  await new Promise<void>((resolve) => real.setTimeout(resolve, 500));
}

/** Turns of the real loop, until every promise that can go on has gone on; more while files or later turns are awaited. */
async function everythingElse(): Promise<void> {
  do await new Promise<void>((resolve) => turn(resolve));
  while (process.getActiveResourcesInfo().some((name) => name === "Immediate" || name.startsWith("FSReq")));
}

function uuidOf(bytes: Buffer): ReturnType<typeof crypto.randomUUID> {
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The clock that orch-sync is given, for as long as its process lives. */
export function clockOf(time: VirtualTime, lives: () => boolean): Clock {
  return {
    now: () => new Date(time.now),
    async sleep(wait, signal) {
      if (signal?.aborted === true) return;
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          cancel();
          signal?.removeEventListener("abort", wake);
          if (lives()) resolve(); // the dead wait for ever
        };
        const cancel = time.after(wait, wake);
        signal?.addEventListener("abort", wake, { once: true });
      });
    },
  };
}
