import type { Event } from "../../core/events.ts";
import { formatClock, formatDuration } from "../../core/format-time.ts";
import type { Outcome } from "../../core/outcome.ts";
import { keyIdentity, type ResourceKey } from "../../core/resource.ts";
import { breakCiCommands } from "../../core/text.ts";
import { amount, count, name, resourceNames, sentence } from "../human/words.ts";
import { Activities } from "./activities.ts";
import { resourceOf, type Progress, type ProgressOptions } from "./progress.ts";
import { endedText, settling, waitingText, waitsFor } from "./words.ts";

interface LogOptions extends ProgressOptions {
  /**
   * Milliseconds without a line after which one says what is under way: CI systems stop jobs that are silent.
   * @default 30_000
   */
  readonly heartbeat?: number;
}

/** One line for each change of state, for logs: nothing that moves, and never silent for long. */
export function logProgress(write: (text: string) => void, options: LogOptions): Progress {
  const log = new Log(write, options);
  return { show: (event) => log.show(event), stop: () => Promise.resolve(log.stop()) };
}

/** Of all that happens, the waits alone: for runs that say nothing else until they end. */
export function waitsProgress(write: (text: string) => void): Progress {
  return {
    show(event) {
      if (event.type !== "waiting") return;
      write(`${name(formatClock(event.at))} ${waitingText(event, Date.parse(event.at))}\n`);
    },
    stop: () => Promise.resolve(),
  };
}

/** Resources that a heartbeat names. */
const activitiesTold = 3;

class Log {
  readonly #write: (text: string) => void;
  readonly #options: LogOptions;
  readonly #nameOf: (key: ResourceKey) => string;
  readonly #activities = new Activities();
  /** Resources that had a line of their own about how they began or ended. */
  readonly #told = new Set<string>();
  #cancelBeat: () => void;

  constructor(write: (text: string) => void, options: LogOptions) {
    this.#write = write;
    this.#options = options;
    this.#nameOf = resourceNames(options.resources ?? []);
    this.#cancelBeat = this.#schedule();
  }

  show(event: Event): void {
    this.#activities.take(event);
    const text = this.#textOf(event);
    if (text === undefined) return;
    this.#line(event.at, concernOf(event), text);
  }

  stop(): void {
    this.#cancelBeat();
  }

  /** What the event says in a line of its own, if anything. */
  #textOf(event: Event): string | undefined {
    switch (event.type) {
      case "reading":
        return `reads ${sentence(event.title)}`;
      case "apply-started":
        return `applying plan ${name(event.planId.slice(0, 8))}: ${count(event.pending, "change")}`;
      case "resource-waiting":
        return waitsFor(event.on, this.#nameOf);
      case "resource-started":
        this.#told.add(keyIdentity(event.key));
        return sentence(event.text);
      case "progress":
        return undefined;
      case "step":
        return sentence(event.text);
      case "settling":
        return settling(event);
      case "outcome":
        return this.#skipped(event.outcome);
      case "resource-ended":
        return `${endedText(event.text, event.counts)}   ${formatDuration(event.durationMs)}`;
      case "waiting":
        return waitingText(event, Date.parse(event.at));
      case "waited":
        return undefined;
      case "lease":
      case "interrupted":
      case "halted":
        return sentence(event.text);
    }
  }

  /** A resource that never began ends without an event of its own; its first outcome stands for all. */
  #skipped(outcome: Outcome): string | undefined {
    if (outcome.status !== "skipped") return undefined;
    const identity = keyIdentity(resourceOf(outcome.key));
    if (this.#told.has(identity)) return undefined;
    this.#told.add(identity);
    return `skipped: ${sentence(outcome.note)}`;
  }

  #line(at: string, key: ResourceKey | undefined, text: string): void {
    const who = key === undefined ? "" : `${this.#nameOf(key)}  `;
    this.#write(`${breakCiCommands(`${name(formatClock(at))} ${who}${text}`)}\n`);
    this.#cancelBeat();
    this.#cancelBeat = this.#schedule();
  }

  #schedule(): () => void {
    return this.#options.schedule(this.#options.heartbeat ?? 30_000, () => this.#beat());
  }

  #beat(): void {
    const now = this.#options.now();
    const at = new Date(now).toISOString();
    const active = this.#activities.all;
    const left = active.length - activitiesTold;
    for (const { key, text, since } of active.slice(0, activitiesTold)) {
      this.#line(at, key, `${sentence(text)}, ${formatDuration(now - since)}`);
    }
    if (left > 0) this.#line(at, undefined, `${amount(left)} more under way`);
    if (active.length === 0) this.#line(at, undefined, "still at work");
  }
}

/** Whom a line is about; that nothing more begins is about all, and says itself why. */
function concernOf(event: Event): ResourceKey | undefined {
  if (event.type === "outcome") return event.outcome.key;
  return "key" in event && event.type !== "halted" ? event.key : undefined;
}
