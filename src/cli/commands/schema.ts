import { anyManifest, schemaText } from "../../document/schema-files.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { kindNamed } from "../kinds.ts";

/** Prints a JSON Schema as it lies in the package: that of one kind, or one that takes any manifest. */
export function schema([kind]: readonly string[], _options: object, io: Io): Promise<ExitCode> {
  io.stdout.write(schemaText(kind === undefined ? anyManifest : kindNamed(kind)));
  return Promise.resolve(exitCodes.done);
}
