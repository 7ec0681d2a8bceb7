import type { Progress, TerminalOptions } from "./progress.ts";

/**
 * A moving line for each resource, for a terminal: whoever calls has made sure that `stream` is one. Until `stop` has
 * resolved, what others write to the stream is held back. Loads listr2, which nobody else needs.
 */
export async function terminalProgress(stream: NodeJS.WriteStream, options: TerminalOptions): Promise<Progress> {
  const { drawOnTerminal } = await import("./terminal.ts");
  return drawOnTerminal(stream, options);
}
