import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { longestTimer, readDuration } from "../core/duration.ts";
import { guardNames } from "../core/guard.ts";
import { exitCodes, type ExitCode } from "./exit-codes.ts";
import type { Io } from "./io.ts";
import { version } from "../workflow/version.ts";

/** What every command that reads manifests takes. */
export interface SharedOptions {
  readonly config?: string;
  readonly target?: string;
  readonly output: "human" | "json";
  readonly color?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  /** `NAME=VALUE` each. */
  readonly var: readonly string[];
  readonly varFile: readonly string[];
  readonly envFile: readonly string[];
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
  readonly force: readonly (typeof guardNames)[number][];
}

type Run<O> = (paths: readonly string[], options: O, io: Io) => Promise<ExitCode>;

/** Parses the command line and runs the command; each command's module is loaded only when it is called. */
export async function runProgram(argv: readonly string[], io: Io): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.done;
  const program = baseProgram(io);

  function command<O>(definition: Command, load: () => Promise<Run<O>>): void {
    program.addCommand(
      inherit(definition, io).action(async (first: readonly string[] | O, second?: O) => {
        const [paths, options] = Array.isArray(first) ? [first as string[], second as O] : [[], first as O];
        const run = await load();
        exitCode = await run(paths, options, io);
      }),
    );
  }

  command(validateCommand(), async () => (await import("./commands/validate.ts")).validate);
  command(planCommand(), async () => (await import("./commands/plan.ts")).plan);
  command(applyCommand(), async () => (await import("./commands/apply.ts")).apply);
  command(emulatorCommand(), async () => (await import("./commands/emulator.ts")).emulator);

  try {
    await program.parseAsync(argv, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Commander has printed help, version or the usage error itself.
    return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  }
  return exitCode;
}

function baseProgram(io: Io): Command {
  const program = inherit(new Command("orch-sync"), io)
    .description("Keeps UiPath Orchestrator in line with YAML files in Git: plan, review, apply.")
    .version(version, "-V, --version")
    .usage("COMMAND [PATH…] [flags]")
    .addHelpText("after", helpEnd);
  return program;
}

const helpEnd = `
Start here:
  orch-sync validate manifests/          is what I wrote correct? (offline)
  orch-sync plan --target local          what would change? (nothing is written)
  orch-sync apply --target local         make it so, after asking

Exit codes:
  0 done · 1 network or server · 2 changes (plan --detailed-exitcode) · 3 manifests or config invalid
  4 plan refused · 5 apply incomplete · 6 authentication · 7 time ran out · 64 usage · 70 defect · 130 interrupted`;

/** Output and errors through `Io`, and no exit behind our back. */
function inherit(command: Command, io: Io): Command {
  return command
    .exitOverride()
    .configureHelp({ showGlobalOptions: false })
    .showSuggestionAfterError(true)
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      outputError: (text, write) => write(`orch-sync: ${text.replace(/^error: /, "")}`),
      getOutHelpWidth: () => io.stdout.columns ?? 100,
      getErrHelpWidth: () => io.stderr.columns ?? 100,
    });
}

function shared(command: Command): Command {
  return command
    .argument("[PATH...]", "manifest files and folders, or - for stdin; the config's manifests when left out")
    .option("--config <FILE>", "the config; orch-sync.yaml, looked for upwards, when left out")
    .option("--target <NAME>", "a target of the config; its defaultTarget when left out")
    .addOption(new Option("-o, --output <FORMAT>", "what stdout gets").choices(["human", "json"]).default("human"))
    .option(
      "--select <WHICH>",
      "only these manifests: kind=Job,name=smoke-*,label.team=finance (repeatable)",
      collect,
      [],
    )
    .option("--exclude <WHICH>", "all but these manifests, written as for --select (repeatable)", collect, [])
    .option("--overlay <DIR>", "patches for one environment, by kind and name (repeatable)", collect, [])
    .option("--var <NAME=VALUE>", "what ${var:NAME} stands for (repeatable)", collect, [])
    .option("--var-file <FILE>", "a YAML mapping of variables (repeatable)", collect, [])
    .option(
      "--env-file <FILE>",
      "environment variables that are not set otherwise, from a .env file (repeatable)",
      collect,
      [],
    )
    .option("--allow-outside", "let links and sources lead out of the project's folder")
    .option("--no-color", "no colours (also: NO_COLOR; FORCE_COLOR forces them)")
    .option("--quiet", "nothing but the result and errors")
    .option("--verbose", "everything: entries in line, long lists uncut");
}

function tenant(command: Command): Command {
  return shared(command)
    .option("--parallelism <N>", "how many resources are read or changed side by side", wholeNumber, 4)
    .option("--timeout <DURATION>", "end the run after this time, such as 30m", duration)
    .addOption(
      new Option("--force <GUARD>", "lift one guard (repeatable)")
        .choices(guardNames)
        .argParser<readonly string[]>(collectGuard)
        .default([], "none"),
    );
}

function validateCommand(): Command {
  return shared(new Command("validate"))
    .description("Check manifests and config offline: every problem at once, with file, line and column.")
    .addHelpText("after", "\nNeeds neither a config nor a target. Ends with 0, or 3 when something is invalid.");
}

function planCommand(): Command {
  return tenant(new Command("plan"))
    .description("Compare manifests with the tenant and print what an apply would do. Nothing is written.")
    .option("--detailed-exitcode", "end with 2 when there are changes")
    .option("--explain", "also say how live state was read, and what other ways would have cost");
}

function applyCommand(): Command {
  return tenant(new Command("apply"))
    .description("Plan, show the plan, ask, and carry it out. What is done is not done again.")
    .option("--auto-approve", "do not ask; needed without a terminal");
}

function emulatorCommand(): Command {
  return new Command("emulator")
    .description("Run the embedded Orchestrator as a server, for trying things out and for tests.")
    .option("--host <ADDRESS>", "where to listen", "127.0.0.1")
    .option("--port <N>", "0 takes a free one", port, 0)
    .option("--data <FILE>", "keep everything in this SQLite file; in memory when left out")
    .option("--tenant <FILE>", "what the tenant holds at first: a YAML file, or documented")
    .addOption(
      new Option("--edition <EDITION>", "the version to be, else the tenant's, else cloud").choices([
        "cloud",
        "2023.4",
        "2022.10",
      ]),
    )
    .addOption(new Option("--layout <LAYOUT>", "addresses as an Automation Suite has them").choices(["suite"]))
    .addOption(new Option("--clock <CLOCK>", "manual stands still until moved").choices(["real", "manual"]))
    .option("--faults <FILE>", "what goes wrong: a YAML file of rules")
    .option("--log <FILE>", "write every request to this NDJSON file")
    .option("--json", "print url, token and pid as one line of JSON");
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < 1) throw new InvalidArgumentError("A whole number from 1 is needed.");
  return number;
}

function port(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number > 65_535) throw new InvalidArgumentError("A port from 0 to 65535 is needed.");
  return number;
}

function duration(text: string): number {
  const milliseconds = readDuration(text);
  if (milliseconds === undefined) throw new InvalidArgumentError("A duration such as 30s, 10m or 2h is needed.");
  if (milliseconds > longestTimer) throw new InvalidArgumentError("At most 24d are allowed.");
  return milliseconds;
}

function collect(value: string, earlier: readonly string[]): readonly string[] {
  return [...earlier, value];
}

function collectGuard(guard: string, earlier: readonly string[]): readonly string[] {
  if (!(guardNames as readonly string[]).includes(guard)) {
    throw new InvalidArgumentError(`Allowed choices are ${guardNames.join(", ")}.`);
  }
  return [...earlier, guard];
}
