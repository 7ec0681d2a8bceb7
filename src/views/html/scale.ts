import { formatClock, formatElapsed } from "../../core/format-time.ts";
import type { ApplyReport } from "../../core/report.ts";

/** Milliseconds between two marks of an axis. */
const steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200];
/** Labels of more than these run into each other where a page is narrow. */
const mostTicks = 4;

/** Where on a page a moment of a run is: in percent, so that a drawing fits any width. */
export class Scale {
  readonly slotMs: number;
  readonly #length: number;
  readonly #start: number;

  constructor({ startedAt, durationMs, timeline }: ApplyReport) {
    this.slotMs = timeline?.slotMs ?? 0;
    const ends = timeline?.lanes.map(({ endedMs = 0 }) => endedMs) ?? [];
    this.#length = ends.reduce((longest, end) => Math.max(longest, end), Math.max(1, durationMs));
    this.#start = Date.parse(startedAt);
  }

  at(ms: number): string {
    return percent(ms / this.#length);
  }

  /** Never so narrow that nobody sees it. */
  width(fromMs: number, toMs: number): string {
    return percent(Math.max(0.004, Math.min(toMs, this.#length) / this.#length - fromMs / this.#length));
  }

  /** `10:31:05`, of a run whose beginning is not known `0:03`. */
  clock(ms: number): string {
    const time = this.#start + ms;
    return Math.abs(time) < 8e15 ? formatClock(new Date(time).toISOString()) : formatElapsed(ms);
  }

  get ticks(): readonly { readonly x: string; readonly text: string; readonly anchor: "start" | "middle" | "end" }[] {
    const seconds = this.#length / 1000;
    const days = 86_400 * Math.ceil(seconds / 86_400 / mostTicks);
    const step = steps.find((each) => seconds / each <= mostTicks) ?? days;
    return Array.from({ length: Math.floor(seconds / step) + 1 }, (_, index) => {
      const at = (index * step) / seconds;
      const text = step < 1 ? `${(index * step).toFixed(1)} s` : formatElapsed(index * step * 1000);
      return { x: percent(at), text, anchor: index === 0 ? "start" : at > 0.92 ? "end" : "middle" };
    });
  }
}

/** Within the drawing, whatever a file says. */
function percent(part: number): string {
  return `${Number((100 * Math.min(1, Math.max(0, part))).toFixed(2))}%`;
}
