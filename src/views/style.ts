import { styleText } from "node:util";
import type { Change } from "../core/change.ts";
import type { OutcomeStatus } from "../core/outcome.ts";

/** How a view may draw: everything it would otherwise have to ask the process for. */
export interface ViewOptions {
  /** False: no escape sequence at all. */
  readonly color: boolean;
  /**
   * Columns of the terminal.
   * @default 100
   */
  readonly width?: number | undefined;
}

/** What a colour stands for. No tone says anything that a symbol or a word beside it does not. */
export type Tone = "good" | "change" | "bad" | "start" | "assign" | "warn" | "quiet" | "strong";

const tones: Readonly<Record<Tone, Parameters<typeof styleText>[0]>> = {
  good: "green",
  change: "yellow",
  bad: "red",
  start: "cyan",
  assign: "magenta",
  warn: "yellow",
  quiet: "dim",
  strong: "bold",
};

/** Colours clean text. */
export type Paint = (tone: Tone, text: string) => string;

/** Never asks a stream or the environment: whoever calls has decided about colour. */
export function painter(color: boolean): Paint {
  return color ? (tone, text) => styleText(tones[tone], text, { validateStream: false }) : (_tone, text) => text;
}

/** The symbol of a plan line and its tone. */
export interface Mark {
  readonly symbol: "+" | "~" | "-" | ">" | ">>" | "x" | "@" | "…" | "=" | "!";
  readonly tone: Tone;
}

const marks: Readonly<Record<Change["action"], Mark>> = {
  delete: { symbol: "-", tone: "bad" },
  stop: { symbol: "x", tone: "bad" },
  start: { symbol: ">", tone: "start" },
  create: { symbol: "+", tone: "good" },
  update: { symbol: "~", tone: "change" },
  assign: { symbol: "@", tone: "assign" },
  wait: { symbol: "…", tone: "quiet" },
  blocked: { symbol: "!", tone: "bad" },
  "no-op": { symbol: "=", tone: "quiet" },
};

/** `+` create, `~` update, `-` delete, `>` start, `>>` start again, `x` stop, `@` assign, `…` wait, `=` in line, `!` blocked. */
export function markOf(change: Change): Mark {
  return change.action === "start" && change.run === "again" ? { symbol: ">>", tone: "start" } : marks[change.action];
}

/** The tone of an outcome's word. */
export const outcomeTones: Readonly<Record<OutcomeStatus, Tone>> = {
  applied: "good",
  "already-done": "good",
  failed: "bad",
  skipped: "quiet",
  unknown: "warn",
};
