import type { Event } from "../../core/events.ts";
import { eventsFormat } from "../../core/formats.ts";
import type { JsonObject } from "../../core/json.ts";
import type { Outcome } from "../../core/outcome.ts";
import type { ApplyReport } from "../../core/report.ts";
import { eventJson } from "../json/event.ts";
import { keyJson } from "../json/parts.ts";
import { reportHead } from "../json/report.ts";
import { jsonLine } from "../json/text.ts";
import { Activities } from "./activities.ts";
import type { ProgressOptions } from "./progress.ts";

/** A run as it goes, one JSON object a line, for other programs: `schemas/events.schema.json`. */
export interface EventLines {
  show(event: Event): void;
  /** Writes the last line: the report, whose outcomes are lines of their own. */
  end(report: ApplyReport): void;
  /** Writes the last line of a run that has no report. */
  fail(message: string): void;
}

interface EventLinesOptions extends Omit<ProgressOptions, "resources"> {
  /**
   * Milliseconds without a line after which one says what is under way: whoever reads knows that the run lives.
   * @default 30_000
   */
  readonly heartbeat?: number;
  readonly toolVersion: string;
}

/** `write` gets whole lines, at the end of the turn in which they came about: a batch's outcomes are one write. */
export function eventLines(write: (text: string) => void, options: EventLinesOptions): EventLines {
  return new Lines(write, options);
}

class Lines implements EventLines {
  readonly #write: (text: string) => void;
  readonly #options: EventLinesOptions;
  readonly #activities = new Activities();
  readonly #told = new Set<Outcome>();
  #ready: string[] = [];
  #cancelBeat: () => void;
  #ended = false;

  constructor(write: (text: string) => void, options: EventLinesOptions) {
    this.#write = write;
    this.#options = options;
    this.#cancelBeat = this.#schedule();
    this.#line({ at: this.#now(), type: "header", format: eventsFormat, toolVersion: options.toolVersion });
  }

  show(event: Event): void {
    if (event.type === "outcome") this.#told.add(event.outcome);
    this.#activities.take(event);
    this.#line(eventJson(event));
  }

  end(report: ApplyReport): void {
    const at = this.#now();
    // What nobody was told on the way: all of a run that did not begin, and what a closing look has corrected.
    for (const outcome of report.outcomes) if (!this.#told.has(outcome)) this.show({ at, type: "outcome", outcome });
    this.#last({ at, type: "report", report: reportHead(report) });
  }

  fail(message: string): void {
    this.#last({ at: this.#now(), type: "error", message });
  }

  #last(line: JsonObject): void {
    if (this.#ended) return;
    this.#line(line);
    this.#flush();
    this.#ended = true;
    this.#cancelBeat();
  }

  #line(line: JsonObject): void {
    if (this.#ended) return;
    if (this.#ready.length === 0) queueMicrotask(() => this.#flush());
    this.#ready.push(jsonLine(line));
    this.#cancelBeat();
    this.#cancelBeat = this.#schedule();
  }

  #flush(): void {
    const text = this.#ready.join("");
    this.#ready = [];
    if (text !== "") this.#write(text);
  }

  #schedule(): () => void {
    return this.#options.schedule(this.#options.heartbeat ?? 30_000, () => {
      const active = this.#activities.all.map(({ key, text, since }) => ({
        key: keyJson(key),
        text,
        since: new Date(since).toISOString(),
      }));
      this.#line({ at: this.#now(), type: "heartbeat", active });
    });
  }

  #now(): string {
    return new Date(this.#options.now()).toISOString();
  }
}
