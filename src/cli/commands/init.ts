import { resolve } from "node:path";
import { displayPath } from "../../document/display.ts";
import { initView } from "../../views/human/init.ts";
import { initProject } from "../../workflow/init.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { styleOf } from "../screen.ts";

/** Writes a project that plans at once, and says what to type next. */
export async function init(
  [given = "."]: readonly string[],
  options: { readonly color?: boolean },
  io: Io,
): Promise<ExitCode> {
  const folder = resolve(io.cwd, given);
  const files = await initProject(folder, io.cwd);
  io.stdout.write(initView(files, { ...styleOf(io.stdout, io, options), folder: displayPath(folder, io.cwd) }));
  return exitCodes.done;
}
