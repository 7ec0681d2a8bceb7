import type { ViewOptions } from "../views/style.ts";
import type { Io, Output } from "./io.ts";

/**
 * Colour or none, for one stream: `--no-color` and NO_COLOR (any value but empty, no-color.org) switch it off,
 * FORCE_COLOR switches it on, else a terminal has it.
 */
export function styleOf(output: Output, io: Pick<Io, "env">, options: { readonly color?: boolean }): ViewOptions {
  return { color: hasColor(output, io, options), width: output.isTerminal ? output.columns : logWidth };
}

/** A log or a pipe wraps by itself, and a line that is broken is not found by grep: only what is endless is broken. */
const logWidth = 1000;

/**
 * True where lines can be drawn again. A terminal that does not tell its width (`docker run -t` in a pipeline) would show
 * nothing of them, and a run of an hour would look dead.
 */
export function canRedraw(output: Output, { env }: Pick<Io, "env">): boolean {
  return output.isTerminal && output.columns !== undefined && env["TERM"] !== "dumb";
}

function hasColor(output: Output, io: Pick<Io, "env">, options: { readonly color?: boolean }): boolean {
  if (options.color === false || isSet(io.env["NO_COLOR"])) return false;
  if (isSet(io.env["FORCE_COLOR"])) return io.env["FORCE_COLOR"] !== "0";
  return output.isTerminal && io.env["TERM"] !== "dumb";
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "";
}
