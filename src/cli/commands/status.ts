import { UsageError } from "../../core/errors.ts";
import type { ManifestStatus, TenantStatus } from "../../core/tenant-status.ts";
import { statusView } from "../../views/human/status.ts";
import { statusJson } from "../../views/json/status.ts";
import { jsonLine, jsonText } from "../../views/json/text.ts";
import { manifestStatus, readStatus } from "../../workflow/status.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { look, readTarget, type Look } from "../look.ts";
import type { LookOptions, TenantOptions } from "../options.ts";
import { openProject, type Project } from "../project.ts";
import { Reports } from "../reports.ts";
import { planProject } from "../run.ts";
import { styleOf } from "../screen.ts";

export interface StatusOptions extends LookOptions {
  readonly output: "human" | "json" | "ndjson";
  readonly queue?: string;
  /** Milliseconds. */
  readonly since: number;
  readonly plan: boolean;
  readonly watch?: boolean;
  /** Milliseconds. */
  readonly every: number;
}

/** Queues, processes and manifests at a glance; ends with 0 whatever it sees. */
export async function status(paths: readonly string[], options: StatusOptions, io: Io): Promise<ExitCode> {
  const { output, watch = false } = options;
  if (watch && output === "json") {
    throw new UsageError("--watch looks again and again, and -o json is one document", { hint: "use -o ndjson" });
  }
  if (watch && output === "human" && !io.stdout.isTerminal) {
    throw new UsageError("--watch redraws a terminal, and stdout is none", {
      hint: "-o ndjson writes one line a look",
    });
  }
  const { target, manifests } = await readTarget(options, io);
  const compares = options.plan && (paths.length > 0 || manifests.length > 0);
  const project = compares ? await projectOf(paths, options, io) : undefined;
  if (watch) await again(project, target, options, io);
  else show(await look(target, options, io, (session) => lookOnce(session, project, options, io)), options, io);
  return exitCodes.done;
}

/** Looks until it is interrupted or time is up, which is how watching ends: both are no failure. */
async function again(
  project: Project | undefined,
  target: Project["target"],
  options: StatusOptions,
  io: Io,
): Promise<void> {
  // What moves on stderr would stand in the picture.
  await look(target, { ...options, quiet: true }, io, async (session) => {
    const { signal } = session;
    while (!signal.aborted) {
      const seen = await lookOnce(session, project, options, io).catch((error: unknown) => {
        if (!signal.aborted) throw error;
        return undefined;
      });
      if (seen !== undefined) show(seen, options, io);
      await io.clock.sleep(options.every, signal);
    }
  });
}

/** The same project that a plan would be made of. */
async function projectOf(paths: readonly string[], options: StatusOptions, io: Io): Promise<Project> {
  return openProject(paths, planOptions(options), io, new Reports([], [], io));
}

function planOptions(options: StatusOptions): TenantOptions {
  const none = { report: [], overlay: [], select: [], exclude: [], force: [] } as const;
  return { ...options, ...none, output: "human", parallelism: 4 };
}

async function lookOnce(
  { reader, open, target, folder, signal }: Look,
  project: Project | undefined,
  options: StatusOptions,
  io: Io,
): Promise<TenantStatus> {
  const { queue, since: window } = options;
  const seen = await readStatus({ reader, folder, queue, window, signal });
  const manifests = project === undefined ? undefined : await compare(project, { open, options, io, signal });
  const about = { name: target.name, url: open.planUrl };
  return { target: about, ...seen, ...(manifests === undefined ? {} : { manifests }) };
}

async function compare(
  project: Project,
  { open, options, io, signal }: { open: Look["open"]; options: StatusOptions; io: Io; signal: AbortSignal },
): Promise<ManifestStatus[]> {
  const planned = planOptions(options);
  return manifestStatus(await planProject({ project, target: open, options: planned, io, receive: ignore, signal }));
}

/** What happens while a plan is made is no part of the picture. */
function ignore(): void {}

const clearScreen = "\u001b[H\u001b[2J\u001b[3J";

function show(seen: TenantStatus, options: StatusOptions, io: Io): void {
  const { output, watch = false } = options;
  if (output === "json") io.stdout.write(jsonText(statusJson(seen)));
  else if (output === "ndjson") io.stdout.write(jsonLine(statusJson(seen)));
  else io.stdout.write((watch ? clearScreen : "") + statusView(seen, styleOf(io.stdout, io, options)));
}
