// docs/cli.md: every command with its flags, from the definitions that are parsed, and the table of exit codes.
import { exitCodeMeanings, exitCodes } from "../../src/cli/exit-codes.ts";
import { buildProgram } from "../../src/cli/program.ts";
import { code, prose, table } from "./markdown.mjs";

export function cliPage() {
  const output = { write: () => undefined, isTerminal: false, columns: 100 };
  const program = buildProgram({ stdout: output, stderr: output }, () => undefined);
  const commands = program.createHelp().visibleCommands(program);
  return [
    "# Command line",
    "This page is generated from what `orch-sync --help` is made of. stdout is the result, stderr is everything else; unknown flags are errors. `orch-sync help COMMAND` prints the same in a terminal, `orch-sync completion SHELL` a script that completes commands, flags and values.",
    commands
      .map((command) => `- [\`${command.name()}\`](#${command.name()}): ${prose(command.description())}`)
      .join("\n"),
    ...commands.map((command) => commandSection(program, command)),
    "## Exit codes",
    table(
      ["code", "when"],
      Object.entries(exitCodes).map(([name, exitCode]) => [`${exitCode}`, exitCodeMeanings[name].meaning]),
    ),
    "Once a write was sent, it is 130 if the run was interrupted, else 5 if anything failed, was skipped or is unknown, else 7 if time ran out.",
  ].join("\n\n");
}

function commandSection(program, command) {
  const help = command.createHelp();
  const options = help.visibleOptions(command).filter(({ long }) => long !== "--help");
  return [
    `## ${command.name()}`,
    `\`${program.name()} ${help.commandUsage(command).replace(/^.*? /, "").replace(" [options]", "")}\``,
    prose(command.description()),
    ...(command.registeredArguments.length === 0
      ? []
      : [
          table(
            ["argument", "meaning"],
            command.registeredArguments.map((argument) => [
              code(argument.name()),
              sentence(argument.description, argument.argChoices),
            ]),
          ),
        ]),
    ...(options.length === 0
      ? []
      : [
          table(
            ["flag", "default", "meaning"],
            options.map((option) => [
              code(option.flags),
              defaultOf(option),
              sentence(option.description, option.argChoices),
            ]),
          ),
        ]),
  ].join("\n\n");
}

function defaultOf({ defaultValue, defaultValueDescription, negate }) {
  if (negate || defaultValue === undefined || (Array.isArray(defaultValue) && defaultValue.length === 0)) return "";
  return code(String(defaultValueDescription ?? defaultValue));
}

function sentence(text, choices) {
  return prose(text) + (choices === undefined ? "" : `: ${choices.map((choice) => code(choice)).join(", ")}`);
}
