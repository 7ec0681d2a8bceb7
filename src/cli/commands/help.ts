import type { Command } from "commander";
import { UsageError } from "../../core/errors.ts";
import { nearest } from "../../core/nearest.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import type { Io } from "../io.ts";

/** Shows every flag of a command; without one, all commands. */
export function help([name]: readonly string[], _options: object, _io: Io, program: Command): Promise<ExitCode> {
  const known = program.createHelp().visibleCommands(program);
  const command = name === undefined ? program : known.find((one) => one.name() === name);
  if (command === undefined) {
    const names = known.map((one) => one.name());
    const meant = nearest(name ?? "", names);
    const hint = meant === undefined ? `commands are ${names.join(", ")}` : `did you mean ${meant}?`;
    throw new UsageError(`there is no command ${JSON.stringify(name)}`, { hint });
  }
  command.outputHelp();
  return Promise.resolve(exitCodes.done);
}
