import type { Diagnostic } from "../core/diagnostic.ts";
import type { ReadText } from "../document/read.ts";

/** Why a file that was named could not be read; `what` is how the message calls it: `the config`. */
export function unreadableFile(
  what: string,
  file: string,
  read: Exclude<ReadText, { readonly type: "text" }>,
): Diagnostic {
  if (read.type === "unreadable") {
    const { reason, line = 1, column = 1 } = read;
    return { code: "MF001", severity: "error", message: `${what} ${reason}`, source: { file, line, column } };
  }
  return {
    code: "MF002",
    severity: "error",
    message: `${what} is larger than 5 MB`,
    source: { file, line: 1, column: 1 },
  };
}
