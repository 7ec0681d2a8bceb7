import { randomUUID } from "node:crypto";
import { appendFileSync, existsSync, statSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { markdownCode } from "../core/text.ts";
import {
  azureCommand,
  azureSummaryCommand,
  findingCommands,
  githubCommand,
  type FindingCommand,
} from "../views/ci/commands.ts";
import type { Finding } from "../views/ci/findings.ts";
import { byteLimit, type Limit } from "../views/markdown/limit.ts";
import { PrivateFile } from "../workflow/files/private-file.ts";
import type { Io } from "./io.ts";

/** The CI system that runs us, by its environment. Nothing is sent anywhere: it reads its log and the files it names. */
export interface Ci {
  /** The root that the system's paths of files count from. Left out: it takes absolute ones. */
  readonly root?: string | undefined;
  /** The page of this run, where its artifacts are. */
  readonly runUrl?: string | undefined;
  readonly command?: FindingCommand;
  /** Puts Markdown on the page of the run. */
  readonly summarize?: (make: (limit: Limit) => string, name: string) => void;
}

/** Undefined outside of CI and with `--quiet`. */
export function ciOf(io: Io, { quiet }: { readonly quiet?: boolean }): Ci | undefined {
  if (quiet === true) return undefined;
  return systems.find(({ variable, value }) => io.env[variable] === value)?.of(io);
}

interface System {
  readonly variable: string;
  readonly value: string;
  readonly of: (io: Io) => Ci;
}

const systems: readonly System[] = [
  { variable: "GITHUB_ACTIONS", value: "true", of: github },
  { variable: "TF_BUILD", value: "True", of: azure },
  { variable: "GITLAB_CI", value: "true", of: gitlab },
];

/** The runner reads commands from both streams; stdout stays the result. */
function github(io: Io): Ci {
  const { env } = io;
  const file = env["GITHUB_STEP_SUMMARY"] ?? "";
  return {
    root: env["GITHUB_WORKSPACE"],
    runUrl: `${env["GITHUB_SERVER_URL"] ?? ""}/${env["GITHUB_REPOSITORY"] ?? ""}/actions/runs/${env["GITHUB_RUN_ID"] ?? ""}`,
    command: githubCommand,
    ...(file === "" ? {} : { summarize: (make) => reported(io, () => appendSummary(resolve(io.cwd, file), make)) }),
  };
}

/** The runner uploads no summary of more than 1,024 KiB a step, and the step may have written some of it. */
const mostSummary = 1024 * 1024;

function appendSummary(file: string, make: (limit: Limit) => string): void {
  const room = mostSummary - (statSync(file, { throwIfNoEntry: false })?.size ?? 0) - 1;
  const text = `\n${make(byteLimit(room))}`;
  if (Buffer.byteLength(text) > room + 1) throw new Error("what the step has written there leaves no room");
  appendFileSync(file, text);
}

function azure(io: Io): Ci {
  const { env } = io;
  const folder = env["AGENT_TEMPDIRECTORY"] ?? "";
  return {
    runUrl: `${env["SYSTEM_COLLECTIONURI"] ?? ""}${encodeURIComponent(env["SYSTEM_TEAMPROJECT"] ?? "")}/_build/results?buildId=${env["BUILD_BUILDID"] ?? ""}`,
    command: azureCommand,
    ...(folder === ""
      ? {}
      : {
          summarize: (make, name) =>
            reported(io, () => {
              // The agent reads it later, and empties its temporary folder after the job.
              const path = join(resolve(io.cwd, folder), `${name}-${randomUUID().slice(0, 8)}.md`);
              using file = new PrivateFile(path);
              file.write(make(byteLimit(mostSummary)));
              file.finish();
              io.stderr.write(`${azureSummaryCommand(path)}\n`);
            }),
        }),
  };
}

/** GitLab reads no commands from a log and has no summary: what it shows are the reports that a job keeps. */
function gitlab({ env }: Io): Ci {
  return { root: env["CI_PROJECT_DIR"], runUrl: env["CI_JOB_URL"] };
}

/** A summary that cannot be written is no reason to fail a run. */
function reported(io: Io, write: () => void): void {
  try {
    write();
  } catch (error) {
    const why =
      error instanceof Error && "code" in error ? String(error.code) : error instanceof Error ? error.message : "";
    io.stderr.write(`warning: the summary for the CI system was not written: ${why}\n`);
  }
}

/** Tells the CI system of the findings, if it reads commands. */
export function annotate(findings: readonly Finding[], ci: Ci | undefined, io: Io): void {
  if (ci?.command === undefined) return;
  io.stderr.write(findingCommands(placed(findings, ci, io), ci.command));
}

/** The findings with files as the CI system names them; a file that is none, such as stdin, has no name there. */
export function placed(findings: readonly Finding[], ci: Ci | undefined, { cwd }: Pick<Io, "cwd">): Finding[] {
  return findings.map(({ source, ...finding }) => {
    if (source === undefined || !existsSync(resolve(cwd, source.file))) return finding;
    return { ...finding, source: { ...source, file: pathFrom(ci, resolve(cwd, source.file), cwd) } };
  });
}

function pathFrom(ci: Ci | undefined, path: string, cwd: string): string {
  if (ci !== undefined && ci.root === undefined) return path;
  const shown = relative(ci?.root ?? cwd, path);
  return shown.startsWith("..") ? path : shown.split(sep).join("/");
}

/** Where a reader of cut Markdown finds the whole: the file, and the run that keeps it. Undefined without a file. */
export function artifactText(file: string | undefined, ci: Ci | undefined): string | undefined {
  if (file === undefined) return undefined;
  const url = ci?.runUrl;
  // Only what needs no escaping within a link's parentheses.
  const link = url !== undefined && /^https?:\/\/[\w./~:?&=%+-]+$/.test(url) ? ` of [this run](${url})` : "";
  return markdownCode(file) + link;
}
