import { UsageError } from "../../core/errors.ts";
import { nearest } from "../../core/nearest.ts";
import { kinds, type Kind } from "../../core/resource.ts";
import { checkUpView } from "../../views/human/check-up.ts";
import { checkUpJson } from "../../views/json/check-up.ts";
import { jsonText } from "../../views/json/text.ts";
import { checkUp } from "../../workflow/doctor/doctor.ts";
import { exitCodeOfCheckUp, type ExitCode } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { look, readTarget } from "../look.ts";
import type { LookOptions } from "../options.ts";
import { styleOf } from "../screen.ts";

export interface DoctorOptions extends LookOptions {
  readonly output: "human" | "json";
  readonly probe?: boolean;
  readonly probeQueue?: string;
}

/** Checks a target line by line; ends with the code that an apply would end with. */
export async function doctor(words: readonly string[], options: DoctorOptions, io: Io): Promise<ExitCode> {
  const wanted = words.length === 0 ? kinds : words.map(kindOf);
  const { target } = await readTarget(options, io);
  const probe = probeOf(options, target.folder);
  const found = await look(target, options, io, ({ reader, open: { planUrl }, folder, signal }) =>
    checkUp({ target, planUrl, reader, folder, kinds: wanted, now: () => io.clock.now(), signal, probe }),
  );
  const { output } = options;
  io.stdout.write(
    output === "json" ? jsonText(checkUpJson(found)) : checkUpView(found, styleOf(io.stdout, io, options)),
  );
  return exitCodeOfCheckUp(found);
}

function probeOf(
  { probe = false, probeQueue: queue, folder }: DoctorOptions,
  own: string | undefined,
): { readonly queue?: string | undefined } | undefined {
  if (!probe && queue === undefined) return undefined;
  if (folder ?? own) return { queue };
  throw new UsageError("--probe asks about one folder, and the target names none", { hint: "name one with --folder" });
}

function kindOf(word: string): Kind {
  const kind = kinds.find((one) => one.toLowerCase() === word.toLowerCase());
  if (kind !== undefined) return kind;
  const meant = nearest(word, kinds);
  throw new UsageError(`there is no kind of manifest ${JSON.stringify(word)}`, {
    hint: meant === undefined ? `kinds are ${kinds.join(", ")}` : `did you mean ${meant}?`,
  });
}
