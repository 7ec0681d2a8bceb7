import { InvalidArgumentError, Option, type Command } from "commander";
import { longestTimer, readDuration } from "../core/duration.ts";
import { guardNames } from "../core/guard.ts";
import { readShard } from "../core/shard.ts";

/** What every command that reads manifests takes. */
export interface SharedOptions {
  readonly config?: string;
  readonly target?: string;
  readonly output: "human" | "json" | "ndjson" | "yaml" | "markdown" | "html";
  /** Files, each in the format that its ending names. */
  readonly report: readonly string[];
  readonly color?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  /** `NAME=VALUE` each. */
  readonly var: readonly string[];
  readonly varFile: readonly string[];
  readonly dotenv: readonly string[];
  readonly overlay: readonly string[];
  readonly select: readonly string[];
  readonly exclude: readonly string[];
  readonly allowOutside?: boolean;
}

/** What every command that talks to a tenant takes besides. */
export interface TenantOptions extends SharedOptions {
  readonly parallelism: number;
  /** Milliseconds. */
  readonly timeout?: number;
  /** A file for every call and its answer. */
  readonly debugHttp?: string;
  readonly force: readonly (typeof guardNames)[number][];
  /** What became of starts that the ledger knows and nobody can see. */
  readonly assume?: "started" | "not-started";
  /** Names of Job manifests; of plan and apply alone. */
  readonly rerun?: readonly string[];
  /** `2/4` or `auto`; of plan and apply alone. */
  readonly shard?: string;
}

/** What a command takes that shows a file. */
export type ShowOptions = Pick<SharedOptions, "output" | "report" | "color" | "verbose">;

/** What every command takes that looks at a tenant and needs no manifest. */
export interface LookOptions {
  readonly config?: string;
  readonly target?: string;
  /** The folder's full path; the target's when left out. */
  readonly folder?: string;
  readonly color?: boolean;
  readonly quiet?: boolean;
  readonly var: readonly string[];
  readonly varFile: readonly string[];
  readonly dotenv: readonly string[];
  /** Milliseconds. */
  readonly timeout?: number;
  /** A file for every call and its answer. */
  readonly debugHttp?: string;
}

/** In which formats a command says what it found. */
interface Formats {
  /** The choices of `--output`, the default first. */
  readonly outputs: readonly SharedOptions["output"][];
  /** The endings of `--report`. */
  readonly reports: string;
}

/** Adds what every command that reads manifests takes. */
export function shared(command: Command, { outputs, reports }: Formats): Command {
  const reading = command
    .argument<readonly string[] | undefined>(
      "[PATH...]",
      "manifest files and folders, or - for stdin; the config's manifests when left out",
      (path, earlier) => [...(earlier ?? []), notEmpty(path)],
    )
    .option("--config <FILE>", "the config; orch-sync.yaml, looked for upwards, when left out", notEmpty)
    .option("--target <NAME>", "a target of the config; its defaultTarget when left out", notEmpty)
    .addOption(outputOption(outputs))
    .addOption(reportOption(reports))
    .addOption(repeatable("--select <WHICH>", "only these manifests: kind=Job,name=smoke-*,label.team=finance"))
    .addOption(repeatable("--exclude <WHICH>", "all but these manifests, written as for --select"))
    .addOption(repeatable("--overlay <DIR>", "files and folders of patches, by kind and name", overlayPath))
    .addOption(repeatable("--var <NAME=VALUE>", "what ${var:NAME} stands for"))
    .addOption(repeatable("--var-file <FILE>", "a YAML mapping of variables", notEmpty))
    // Not --env-file: Node takes that for its own wherever it stands, and ends with 9 when there is no such file.
    .addOption(repeatable("--dotenv <FILE>", "environment variables that are not set otherwise, as in .env", notEmpty))
    .option("--allow-outside", "let links and sources lead out of the project's folder");
  return coloured(reading)
    .option("--quiet", "nothing but the result and errors")
    .option("--verbose", "everything: entries in line, long lists uncut");
}

/** Adds what every command takes that shows one thing in many formats. */
export function shown(command: Command, { outputs, reports }: Formats): Command {
  const formats = command.addOption(outputOption(outputs)).addOption(reportOption(reports));
  return coloured(formats).option("--verbose", "everything: entries in line, long lists uncut");
}

/** What stdout gets, the first of them unless it is said. */
export function outputOption(outputs: readonly string[]): Option {
  return new Option("-o, --output <FORMAT>", "what stdout gets").choices(outputs).default(outputs[0]);
}

function reportOption(reports: string): Option {
  return repeatable("--report <FILE>", `also write this file, in the format of its ending: ${reports}`, notEmpty);
}

/** Adds what every command takes that looks at a tenant and needs no manifest. */
export function looking(command: Command, outputs: readonly string[]): Command {
  return reaching(command)
    .option("--folder <PATH>", "the folder's full path; the target's, or every folder, when left out", notEmpty)
    .addOption(outputOption(outputs));
}

/** Adds what every command takes that opens a target and needs no manifest. */
export function reaching(command: Command): Command {
  return coloured(
    command
      .option("--config <FILE>", "the config; orch-sync.yaml, looked for upwards, when left out", notEmpty)
      .option("--target <NAME>", "a target of the config; its defaultTarget when left out", notEmpty)
      .addOption(repeatable("--var <NAME=VALUE>", "what ${var:NAME} stands for"))
      .addOption(repeatable("--var-file <FILE>", "a YAML mapping of variables", notEmpty))
      .addOption(
        repeatable("--dotenv <FILE>", "environment variables that are not set otherwise, as in .env", notEmpty),
      )
      .option("--timeout <DURATION>", "end the run after this time, such as 30m", duration)
      .addOption(debugHttp()),
  ).option("--quiet", "nothing but the result and errors");
}

function debugHttp(): Option {
  const description = "write every call and its answer to this file, without credentials and content";
  return new Option("--debug-http <FILE>", description).argParser(notEmpty);
}

/** Adds what every command takes that lists. */
export function listing(command: Command): Command {
  return looking(command, ["human", "json", "ndjson", "csv"]).option(
    "--csv-safe",
    "with -o csv: a quote before cells that a spreadsheet would run as a formula",
  );
}

/** Adds the switch of colours alone. */
export function coloured(command: Command): Command {
  return command.option("--no-color", "no colours (also: NO_COLOR; FORCE_COLOR forces them)");
}

/** Adds what every command that talks to a tenant takes. */
export function tenant(command: Command, formats: Formats): Command {
  return shared(command, formats)
    .option("--parallelism <N>", "how many resources are read or changed side by side", wholeNumber, 4)
    .option("--timeout <DURATION>", "end the run after this time, such as 30m", duration)
    .addOption(debugHttp())
    .addOption(
      new Option("--force <GUARD>", "lift one guard (repeatable)")
        .choices(guardNames)
        .argParser<readonly string[]>(collectGuard)
        .default([], "none"),
    )
    .addOption(
      new Option(
        "--assume <WHAT>",
        "what became of starts that the lease's ledger knows, a day old and without a job",
      ).choices(["started", "not-started"]),
    );
}

/** Adds what plan and apply take alone. */
export function planning(command: Command): Command {
  return command
    .addOption(
      repeatable("--rerun <NAME>", "start a job again that has run with these inputs already: metadata.name", notEmpty),
    )
    .option("--shard <I/N>", "do part I of N, one of N machines; auto: as Kubernetes or the pipeline says", shard);
}

function shard(text: string): string {
  if (text === "auto" || readShard(text) !== undefined) return text;
  throw new InvalidArgumentError("I/N such as 2/4, counted from 1, or auto is needed.");
}

/** A port, 0 for a free one. */
export function port(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number > 65_535) throw new InvalidArgumentError("A port from 0 to 65535 is needed.");
  return number;
}

export function wholeNumber(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < 1) throw new InvalidArgumentError("A whole number from 1 is needed.");
  return number;
}

/** How long ago: any length, unlike that of a timer. */
export function age(text: string): number {
  const milliseconds = readDuration(text);
  if (milliseconds === undefined) throw new InvalidArgumentError("A duration such as 30s, 10m or 2h is needed.");
  return milliseconds;
}

export function duration(text: string): number {
  const milliseconds = age(text);
  if (milliseconds > longestTimer) throw new InvalidArgumentError("At most 24d are allowed.");
  return milliseconds;
}

/** An empty path would mean the working folder, and widen what is applied. */
export function notEmpty(text: string): string {
  if (text === "") throw new InvalidArgumentError("It is empty: the shell variable that it comes from may be unset.");
  return text;
}

/** A plan's id, or as much of its beginning as can be told by hand. */
export function planId(text: string): string {
  if (!/^[0-9a-f]{12,64}$/i.test(text))
    throw new InvalidArgumentError("12 to 64 hex digits of a plan's id are needed.");
  return text.toLowerCase();
}

function overlayPath(text: string): string {
  if (text === "-") throw new InvalidArgumentError("Overlays are files and folders, never stdin.");
  return notEmpty(text);
}

/** `read` gives each value as it is kept, or throws for one that is none. */
function repeatable(flags: string, description: string, read: (text: string) => string = (text) => text): Option {
  const option = new Option(flags, `${description} (repeatable)`).default([], "none");
  return option.argParser<readonly string[]>((value, earlier) => [...earlier, read(value)]);
}

/** A flag that can be given again, each time with one of the choices. */
export function repeatableChoice(flags: string, description: string, choices: readonly string[]): Option {
  return new Option(flags, `${description} (repeatable)`)
    .choices(choices)
    .argParser<readonly string[]>((value, earlier) => {
      const known = choices.find((choice) => choice.toLowerCase() === value.toLowerCase());
      if (known === undefined) throw new InvalidArgumentError(`Allowed choices are ${choices.join(", ")}.`);
      return [...earlier, known];
    })
    .default([], "none");
}

function collectGuard(guard: string, earlier: readonly string[]): readonly string[] {
  if (!(guardNames as readonly string[]).includes(guard)) {
    throw new InvalidArgumentError(`Allowed choices are ${guardNames.join(", ")}.`);
  }
  return [...earlier, guard];
}
