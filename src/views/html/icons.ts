import type { OutcomeStatus } from "../../core/outcome.ts";
import { Html, markup } from "./markup.ts";

/** Strokes in a square of sixteen: drawn, because not every font has such signs. */
const strokes: Readonly<Record<OutcomeStatus, string>> = {
  applied: "M3 8.5 6.5 12 13 4.5",
  "already-done": "M1.5 9 4.5 12 10 5.5M7.5 12 14.5 4.5",
  failed: "M4 4l8 8M12 4l-8 8",
  skipped: "M3.5 8h9",
  unknown: "M5.2 5.6a2.8 2.8 0 1 1 4.3 2.4C8.4 8.7 8 9.2 8 10.2M8 13v.2",
};

const tones: Readonly<Record<OutcomeStatus, string>> = {
  applied: "good",
  "already-done": "good",
  failed: "bad",
  skipped: "quiet",
  unknown: "change",
};

/** The sign of a status, for beside its word. */
export function icon(status: OutcomeStatus): Html {
  return markup`<svg class="icon ${tones[status]}" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path d="${new Html(strokes[status])}"/></svg>`;
}

/** The same sign at a place of a timeline. */
export function mark(status: OutcomeStatus, x: string, y: number, title: string): Html {
  return markup`<svg class="icon ${tones[status]}" x="${x}" y="${y}" width="16" height="16" viewBox="0 0 16 16"><title>${title}</title><circle cx="8" cy="8" r="8"/><path d="${new Html(strokes[status])}"/></svg>`;
}
