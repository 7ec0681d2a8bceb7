import type { Diagnostic } from "../core/diagnostic.ts";
import type { ReadText } from "../document/read.ts";

/** Why a file that was named could not be read. */
export function unreadableFile(file: string, read: Exclude<ReadText, { readonly type: "text" }>): Diagnostic {
  const source = { file, line: 1, column: 1 };
  if (read.type === "unreadable") {
    return { code: "MF001", severity: "error", message: `${file} ${read.reason}`, source };
  }
  return { code: "MF002", severity: "error", message: `${file} is larger than 5 MB`, source };
}
