import { formatPath, type Locate } from "../../../../src/core/locate.ts";

/** Places by name: what a diagnostic points at can be read off its file. */
export const at: Locate = (path, part = "value") => ({ file: `${part} of ${formatPath(path)}`, line: 1, column: 1 });
