import { Argument, Command, CommanderError, Option } from "commander";
import { version } from "../workflow/version.ts";
import { exitCodes, type ExitCode } from "./exit-codes.ts";
import { groups, helpEnd } from "./help.ts";
import type { Io } from "./io.ts";
import { readMoment } from "./moment.ts";
import {
  age,
  coloured,
  duration,
  listing,
  looking,
  notEmpty,
  outputOption,
  planId,
  planning,
  port,
  reaching,
  repeatableChoice,
  shared,
  shown,
  tenant,
  wholeNumber,
} from "./options.ts";

/** What a command does: with its arguments, its options, the world, and the program that it belongs to. */
type Run<O> = (words: readonly string[], options: O, io: Io, program: Command) => Promise<ExitCode>;

/** Loads what a command does; until it is called, nothing of it costs start-up time. */
type Load<O> = () => Promise<Run<O>>;

/** Parses the command line and runs the command. */
export async function runProgram(argv: readonly string[], io: Io): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.done;
  const program = buildProgram(io, (command, load) =>
    command.action(async (...given: unknown[]) => {
      // Commander gives the arguments, each list of them as one, then the options, then the command.
      const words = given
        .slice(0, -2)
        .flat()
        .filter((word) => typeof word === "string");
      const run = await load();
      (await import("./young-generation.ts")).limitYoungGeneration();
      exitCode = await run(words, given.at(-2), io, program);
    }),
  );
  try {
    await program.parseAsync(argv, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Commander has printed help, version or the usage error itself.
    return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  }
  return exitCode;
}

/** All commands with their flags: what is parsed, completed, printed by `--help` and written to docs/cli.md. */
export function buildProgram(
  io: Pick<Io, "stdout" | "stderr">,
  attach: (command: Command, load: Load<unknown>) => void,
): Command {
  const program = inherit(new Command("orch-sync"), io)
    .description("Keeps UiPath Orchestrator in line with YAML files in Git: plan, review, apply.")
    .version(version, "-V, --version")
    .usage("COMMAND [ARGUMENT…] [flags]")
    .addHelpText("after", () => helpEnd(io.stdout.columns ?? logColumns))
    .helpCommand(false); // ours says what is wrong with an unknown command

  function group(heading: string, commands: readonly (readonly [Command, Load<never>])[]): void {
    for (const [command, load] of commands) {
      attach(command, load as Load<unknown>);
      program.addCommand(inherit(command, io).helpGroup(heading));
    }
  }

  group(groups.project, [
    [initCommand(), async () => (await import("./commands/init.ts")).init],
    [validateCommand(), async () => (await import("./commands/validate.ts")).validate],
  ]);
  group(groups.tenant, [
    [planCommand(), async () => (await import("./commands/plan.ts")).plan],
    [applyCommand(), async () => (await import("./commands/apply.ts")).apply],
    [showCommand(), async () => (await import("./commands/show.ts")).show],
    [statusCommand(), async () => (await import("./commands/status.ts")).status],
    [itemsCommand(), async () => (await import("./commands/items.ts")).items],
    [jobsCommand(), async () => (await import("./commands/jobs.ts")).jobs],
    [exportCommand(), async () => (await import("./commands/export.ts")).exportCommand],
    [historyCommand(), async () => (await import("./commands/history.ts")).history],
    [commentsCommand(), async () => (await import("./commands/comments.ts")).comments],
    [waitCommand(), async () => (await import("./commands/wait.ts")).wait],
    [unlockCommand(), async () => (await import("./commands/unlock.ts")).unlock],
    [doctorCommand(), async () => (await import("./commands/doctor.ts")).doctor],
    [emulatorCommand(), async () => (await import("./commands/emulator.ts")).emulator],
  ]);
  group(groups.help, [
    [explainCommand(), async () => (await import("./commands/explain.ts")).explain],
    [schemaCommand(), async () => (await import("./commands/schema.ts")).schema],
    [completionCommand(), async () => (await import("./commands/completion.ts")).completion],
    [helpCommand(), async () => (await import("./commands/help.ts")).help],
  ]);
  // What completion scripts call: not for people.
  const complete = completeCommand();
  attach(complete, async () => (await import("./commands/complete.ts")).complete);
  program.addCommand(inherit(complete, io), { hidden: true });
  return program;
}

const logColumns = 100;

/** Output and errors through `Io`, and no exit behind our back. */
function inherit(command: Command, io: Pick<Io, "stdout" | "stderr">): Command {
  return command
    .exitOverride()
    .configureHelp({ showGlobalOptions: false })
    .showSuggestionAfterError(true)
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      outputError: (text, write) => write(`orch-sync: ${text.replace(/^error: /, "")}`),
      getOutHelpWidth: () => io.stdout.columns ?? logColumns,
      getErrHelpWidth: () => io.stderr.columns ?? logColumns,
    });
}

function initCommand(): Command {
  return coloured(new Command("init"))
    .argument("[DIR]", "where to; it is made if need be, and the working folder when left out")
    .description("Write a project that plans at once, on an Orchestrator that runs inside orch-sync.")
    .addHelpText(
      "after",
      "\nNever overwrites: where one of its files exists, nothing is written, and it ends with 64.",
    );
}

function validateCommand(): Command {
  return shared(new Command("validate"), { outputs: ["human", "json", "yaml"], reports: ".json, .codequality.json" })
    .description("Check manifests and config offline: every problem at once, with file, line and column.")
    .addHelpText(
      "after",
      "\nNeeds neither a config nor a target. Ends with 0, or 3 when something is invalid." +
        "\n-o yaml prints the manifests with overlays and values, and what is wrong with them on stderr.",
    );
}

function planCommand(): Command {
  const outputs = ["human", "json", "ndjson", "markdown", "html"] as const;
  return planning(tenant(new Command("plan"), { outputs, reports: ".json, .md, .html, .codequality.json" }))
    .description("Compare manifests with the tenant and print what an apply would do. Nothing is written.")
    .option(
      "--out <FILE>",
      "save the plan, for show and for apply --plan; it holds sensitive values, never secrets",
      notEmpty,
    )
    .option("--detailed-exitcode", "end with 2 when there are changes")
    .option("--drift", "tell state that differs from runs that are due; only the first then counts as a change")
    .option("--explain", "also say how live state was read, and what other ways would have cost");
}

function applyCommand(): Command {
  const outputs = ["human", "json", "ndjson", "markdown"] as const;
  return planning(
    tenant(new Command("apply"), { outputs, reports: ".json, .ndjson (events), .md, .html, .xml (JUnit)" }),
  )
    .description("Plan, show the plan, ask, and carry it out. What is done is not done again.")
    .option("--auto-approve", "do not ask; needed without a terminal")
    .option("--plan <FILE>", "carry out exactly this saved plan, or refuse", notEmpty)
    .option("--max-age <DURATION>", "with --plan: how old it may be by the server's clock, such as 2h", duration)
    .option("--expect <ID>", "refuse a plan with another id; its first 12 hex digits will do", planId)
    .option("--outputs <FILE>", "write the output arguments of jobs as JSON, by manifest, for the next step", notEmpty)
    .option(
      "--lock-timeout <DURATION>",
      "how long to wait for the target's lease while another apply holds it, such as 15m; 1m when left out",
      duration,
    )
    .addOption(
      new Option(
        "--on-error <WHAT>",
        "when a change does not succeed: go on with all but its dependants, or begin nothing more",
      )
        .choices(["continue", "halt"])
        .default("continue"),
    )
    .addOption(
      new Option(
        "--verify <WHAT>",
        "read every key again at the end, not only those whose write was open; the price is told first",
      ).choices(["all"]),
    )
    .option(
      "--resume",
      "carry on the newest apply of the target that was cut off: its plan, what its journal knows, and looks first",
    )
    .option(
      "--failed-rows <FILE>",
      "write queue items that failed or were skipped to this .ndjson file, which is a source",
      notEmpty,
    );
}

function showCommand(): Command {
  const outputs = ["human", "json", "ndjson", "markdown", "html"] as const;
  return shown(new Command("show"), { outputs, reports: ".json, .md, .html, .codequality.json" })
    .argument("<FILE>", "a saved plan, or the report of an apply: its .json or .ndjson")
    .description(
      "Print what orch-sync has saved: a plan, in any format that plan has, or a report. Nothing is called.",
    );
}

function statusCommand(): Command {
  return looking(new Command("status"), ["human", "json", "ndjson"])
    .argument("[PATH...]", "manifests to compare with the tenant; the config's when left out")
    .description("Queues, processes and manifests at a glance. Ends with 0 whatever it sees.")
    .option("--queue <NAME>", "only this queue", notEmpty)
    .addOption(
      new Option("--since <DURATION>", "how far back jobs are counted that have ended")
        .argParser(age)
        .default(86_400_000, "1d"),
    )
    .option("--no-plan", "do not compare manifests: two calls a folder are all then")
    .option("--watch", "look again and again, and redraw the terminal; with -o ndjson one line a look")
    .addOption(
      new Option("--every <DURATION>", "how long --watch waits between two looks")
        .argParser(duration)
        .default(30_000, "30s"),
    );
}

function unlockCommand(): Command {
  return reaching(new Command("unlock"))
    .addOption(outputOption(["human", "json"]))
    .description("Show who holds the target's lease and, asked, end it. It writes outside of any plan.")
    .option("--auto-approve", "do not ask; needed without a terminal")
    .addHelpText("after", "\nFor a lease whose apply has died and that nobody wants to wait for: see docs/lease.md.");
}

const times = "an instant, or how long ago, such as 2h";

function itemsCommand(): Command {
  const statuses = ["New", "InProgress", "Failed", "Successful", "Abandoned", "Retried", "Deleted"];
  return listing(new Command("items"))
    .description("List queue items, the newest first.")
    .option("--queue <NAME>", "of this queue", notEmpty)
    .addOption(repeatableChoice("--status <STATUS>", "with this status", statuses))
    .addOption(
      repeatableChoice("--review-status <STATUS>", "with this review status", [
        "None",
        "InReview",
        "Verified",
        "Retried",
      ]),
    )
    .addOption(
      new Option("--exception-type <TYPE>", "that failed like this").choices([
        "ApplicationException",
        "BusinessException",
      ]),
    )
    .option("--error <TEXT>", "with this in the exception's reason; looked for on this side", notEmpty)
    .option("--reference <REFERENCE>", "with this reference", notEmpty)
    .option("--prefix <TEXT>", "with a reference that begins with this", notEmpty)
    .option("--robot <ROBOT>", "of this robot: its id or its name", notEmpty)
    .option("--ended-after <TIME>", `that ended after: ${times}`, readMoment)
    .option("--ended-before <TIME>", `that ended before: ${times}`, readMoment)
    .option("--limit <N>", "so many at most", wholeNumber, 50);
}

function jobsCommand(): Command {
  const states = [
    "Pending",
    "Running",
    "Stopping",
    "Terminating",
    "Faulted",
    "Successful",
    "Stopped",
    "Suspended",
    "Resumed",
  ];
  return listing(new Command("jobs"))
    .description("List jobs, the newest first.")
    .addOption(repeatableChoice("--state <STATE>", "in this state", states))
    .option("--process <NAME>", "of this process", notEmpty)
    .option("--reference <REFERENCE>", "with this reference", notEmpty)
    .option("--robot <ROBOT>", "of this robot: its id or its name", notEmpty)
    .option("--environment <ID>", "of this environment, by its id; up to API 19", wholeNumber)
    .option("--error <TEXT>", "with this in the job's info", notEmpty)
    .option("--created-after <TIME>", `made after: ${times}`, readMoment)
    .option("--created-before <TIME>", `made before: ${times}`, readMoment)
    .option("--started-after <TIME>", `started after: ${times}`, readMoment)
    .option("--started-before <TIME>", `started before: ${times}`, readMoment)
    .option("--ended-after <TIME>", `ended after: ${times}`, readMoment)
    .option("--ended-before <TIME>", `ended before: ${times}`, readMoment)
    .option("--limit <N>", "so many at most", wholeNumber, 50);
}

function exportCommand(): Command {
  return looking(new Command("export"), ["yaml"])
    .argument<readonly string[] | undefined>(
      "[KIND...]",
      "what to write: QueueItems, Job, Review; all of them when left out",
      (kind, earlier) => [...(earlier ?? []), notEmpty(kind)],
    )
    .description("Write live state as manifests that plan to nothing on the same tenant. Nothing is written to it.")
    .option("--out <DIR>", "a file for each manifest, and one beside it for more than 1,000 items", notEmpty)
    .addHelpText(
      "after",
      `
Of queues, the items that are New and have a reference; of processes, the last job, with run: never;
of failed items, who reviews them. What is left out is counted on stderr.
What the config's manifests call secret is written as a reference to the secret.`,
    );
}

const itemArgument = "a queue item: its id, or its reference";

function historyCommand(): Command {
  return listing(new Command("history"))
    .argument("<ITEM>", itemArgument, notEmpty)
    .description("List what happened to a queue item and its earlier attempts, the oldest first.")
    .option("--queue <NAME>", "the queue of the reference", notEmpty);
}

function commentsCommand(): Command {
  return listing(new Command("comments"))
    .argument("<ITEM>", itemArgument, notEmpty)
    .description("List what was written about a queue item, the oldest first, or add to it.")
    .option("--queue <NAME>", "the queue of the reference", notEmpty)
    .option("--add <TEXT>", "add a comment, unless the same hangs there; at most 512 characters")
    .option("--auto-approve", "do not ask before it is added; needed without a terminal")
    .addHelpText("after", "\n--add writes to the tenant, outside any plan.");
}

function waitCommand(): Command {
  return listing(new Command("wait"))
    .description("Block until a job or a queue item has ended, then print it.")
    .option("--job <JOB>", "a job's id, or the reference of one or more jobs", notEmpty)
    .option("--queue-item <ITEM>", itemArgument, notEmpty)
    .option("--queue <NAME>", "the queue of the reference", notEmpty)
    .addHelpText(
      "after",
      "\nEnds with 0 when all of it was successful, 5 when not, 7 when --timeout ran out before.\nOf an item that is retried, the last attempt counts.",
    );
}

function doctorCommand(): Command {
  return looking(new Command("doctor"), ["human", "json"])
    .argument<readonly string[] | undefined>(
      "[KIND...]",
      "whose permissions to look at: QueueItems, Job, StoppedJobs, Review; all of them when left out",
      (kind, earlier) => [...(earlier ?? []), notEmpty(kind)],
    )
    .description(
      "Check a target, line by line: what is fine, and what to do about the rest. Without --probe-queue it reads alone.",
    )
    .option("--probe", "also ask what no document tells of this server, and say how to keep the answers")
    .option(
      "--probe-queue <NAME>",
      "--probe, also by writing: one item in this queue of the folder, deleted again",
      notEmpty,
    )
    .addHelpText(
      "after",
      "\nEnds with 0 when every line is fine, else with the code that an apply would end with: see docs/doctor.md.",
    );
}

function emulatorCommand(): Command {
  return new Command("emulator")
    .description("Run the embedded Orchestrator as a server, for trying things out and for tests.")
    .option("--host <ADDRESS>", "where to listen", "127.0.0.1")
    .option("--port <N>", "0 takes a free one", port, 0)
    .option(
      "--tls-cert <FILE>",
      "speak https with this certificate (PEM), followed by those that it hangs on",
      notEmpty,
    )
    .option("--tls-key <FILE>", "the certificate's key (PEM)", notEmpty)
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

function explainCommand(): Command {
  return coloured(new Command("explain"))
    .argument("[WHAT]", "a kind, a field of it such as Job.strategy.type, or an error code")
    .description("Say what a kind, a field or an error code means. Alone: list the kinds.")
    .addHelpText(
      "after",
      `
  orch-sync explain QueueItems                    its fields
  orch-sync explain QueueItems.items.reference    meaning, type, limits, default, example
  orch-sync explain MF010                         what went wrong, and what to do`,
    );
}

function schemaCommand(): Command {
  return new Command("schema")
    .argument("[KIND]", "a kind of manifest or file, or an output; any manifest when left out")
    .description("Print a JSON Schema, for editors and other programs.")
    .addHelpText("after", "\nThe first line of a YAML file tells editors: # yaml-language-server: $schema=FILE");
}

function completionCommand(): Command {
  return new Command("completion")
    .addArgument(new Argument("<SHELL>", "your shell").choices(["bash", "zsh", "fish", "powershell"]))
    .description("Print a script that completes commands, flags, targets, kinds and names in a shell.")
    .addHelpText(
      "after",
      `
  bash         source <(orch-sync completion bash)        in ~/.bashrc
  zsh          source <(orch-sync completion zsh)         in ~/.zshrc, after compinit
  fish         orch-sync completion fish | source         in ~/.config/fish/config.fish
  powershell   orch-sync completion powershell | Out-String | Invoke-Expression     in $PROFILE`,
    );
}

function helpCommand(): Command {
  return new Command("help").argument("[COMMAND]", "such as plan").description("Show every flag of a command.");
}

/** What the scripts of `completion` call: the words so far, the last one unfinished. */
function completeCommand(): Command {
  return new Command("complete").argument("[WORD...]").description("Answer a completion script.");
}
