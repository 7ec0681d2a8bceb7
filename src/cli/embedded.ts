import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { ManifestError, OrchSyncError } from "../core/errors.ts";
import type { Diagnostic } from "../core/diagnostic.ts";
import { displayPath } from "../document/display.ts";
import { cleanLine } from "../core/text.ts";
import {
  DataFileError,
  FaultFileError,
  startEmulator,
  TenantFileError,
  type Emulator,
  type EmulatorOptions,
} from "../emulator/index.ts";

/** Starts the embedded Orchestrator; what is wrong with its files becomes errors of ours. */
export async function startEmbedded(options: EmulatorOptions): Promise<Emulator> {
  try {
    if (options.data !== undefined) mkdirSync(dirname(options.data), { recursive: true });
    return await startEmulator(options);
  } catch (error) {
    throw translated(error, options.data);
  }
}

function translated(error: unknown, data: string | undefined): unknown {
  if (error instanceof TenantFileError || error instanceof FaultFileError) {
    const what = error instanceof FaultFileError ? "fault" : "tenant";
    const file = error.file === undefined ? what : displayPath(error.file, process.cwd());
    const diagnostics = error.problems.map(({ message, line = 1, column = 1 }): Diagnostic => ({
      code: "CF009",
      severity: "error",
      message,
      source: { file, line, column },
    }));
    return new ManifestError(`the ${what} file is invalid`, diagnostics);
  }
  if (error instanceof DataFileError) {
    const hint = `it is ${data ?? "in memory"}; to begin again from the tenant file, delete it`;
    return new OrchSyncError(cleanLine(error.message), { hint });
  }
  if (isOfTls(error)) {
    const hint = "both are PEM: the certificate with BEGIN CERTIFICATE, its key without a passphrase";
    return new OrchSyncError("the certificate and the key cannot be used, or do not belong together", { hint });
  }
  if (isSystemError(error)) {
    return new OrchSyncError(`the embedded Orchestrator cannot start: ${cleanLine(error.message)}`);
  }
  return error;
}

/** What OpenSSL thinks of a certificate or a key. */
function isOfTls(error: unknown): boolean {
  return error instanceof Error && "code" in error && String(error.code).startsWith("ERR_OSSL");
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "code" in error && typeof error.code === "string" && "syscall" in error;
}
