import type { ResolvedTarget } from "../config/config.ts";
import { hasErrors } from "../core/diagnostic.ts";
import { InternalError, ManifestError } from "../core/errors.ts";
import type { TenantReader } from "../orchestrator/index.ts";
import { emitWaits, stamped } from "../workflow/emit.ts";
import { loadTarget, type LoadedTarget } from "../workflow/load.ts";
import { planDisplay, shown } from "./display.ts";
import { Interruption } from "./interruption.ts";
import type { Io } from "./io.ts";
import type { LookOptions } from "./options.ts";
import { openTarget, type OpenTarget } from "./target.ts";

/** A tenant that a command looks at. */
export interface Look {
  readonly reader: TenantReader;
  readonly target: ResolvedTarget;
  readonly open: OpenTarget;
  /** Left out: every folder. */
  readonly folder: string | undefined;
  readonly signal: AbortSignal;
}

/** Config and target, without manifests. @throws ManifestError when the config is invalid. */
export async function readTarget(
  options: LookOptions,
  io: Io,
): Promise<LoadedTarget & { readonly target: ResolvedTarget }> {
  const { config: configFile, target: targetName, var: variables, varFile: varFiles, dotenv: dotenvFiles } = options;
  const { cwd, env } = io;
  const found = await loadTarget({ configFile, targetName, variables, varFiles, dotenvFiles, cwd, env });
  const { target, diagnostics } = found;
  if (hasErrors(diagnostics)) throw new ManifestError("the config is invalid", diagnostics);
  if (target === undefined) throw new InternalError("a target is missing without a word why");
  return { ...found, target };
}

/** Opens the target, looks at it, and closes it: waits are told on stderr, Ctrl-C and --timeout end it at once. */
export async function look<T>(
  target: ResolvedTarget,
  options: LookOptions,
  io: Io,
  run: (look: Look) => Promise<T>,
): Promise<T> {
  using interruption = new Interruption(io, { timeout: options.timeout, onDrain: () => undefined });
  await using open = await openTarget(target, options, io);
  const { reader } = open;
  const signal = interruption.draining;
  const folder = options.folder ?? target.folder;
  return await shown(await planDisplay(io, options), async (receive) => {
    using stack = new DisposableStack();
    stack.use(emitWaits(reader.client, stamped(io.clock, receive)));
    return await interruption.during(run({ reader, target, open, folder, signal }));
  });
}
