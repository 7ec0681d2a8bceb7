import { ListrDefaultRendererLogLevels as Level, type LoggerFormat } from "listr2";
import { painter, type Tone } from "../style.ts";

/** What stands before a line, by its state. A line in motion has the spinner. */
export const icons: Readonly<Partial<Record<Level, string>>> = {
  [Level.WAITING]: "◌",
  [Level.COMPLETED]: "✔",
  [Level.FAILED]: "✖",
  [Level.SKIPPED_WITH_COLLAPSE]: "↓",
  [Level.CANCELLED]: "⊘",
};

const tones: Readonly<Partial<Record<Level, Tone>>> = {
  [Level.WAITING]: "quiet",
  [Level.PENDING]: "start",
  [Level.COMPLETED]: "good",
  [Level.FAILED]: "bad",
  [Level.SKIPPED_WITH_COLLAPSE]: "quiet",
  [Level.CANCELLED]: "warn",
};

/** listr2 would ask the process about colour: every level gets its own answer instead. */
export function iconTones(color: boolean): Partial<Record<Level, LoggerFormat>> {
  const paint = painter(color);
  return Object.fromEntries(
    Object.values(Level).map((level): [Level, LoggerFormat] => {
      const tone = tones[level];
      return [level, (icon = "") => (tone === undefined ? icon : paint(tone, icon))];
    }),
  );
}
