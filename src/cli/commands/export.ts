import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { OrchSyncError, UsageError } from "../../core/errors.ts";
import { cleanLine } from "../../core/text.ts";
import { writeManifests } from "../../manifest/write.ts";
import type { ManifestDocument } from "../../manifest/loaded.ts";
import { exportedKinds, exportTenant, type ExportedKind } from "../../workflow/export/export.ts";
import type { ExportSink } from "../../workflow/export/context.ts";
import { PrivateFile } from "../../workflow/files/private-file.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { look, readTarget } from "../look.ts";
import type { LookOptions, SharedOptions } from "../options.ts";
import { openProject } from "../project.ts";
import { Reports } from "../reports.ts";

export interface ExportOptions extends LookOptions {
  readonly out?: string;
}

/** Live state as manifests, on stdout or as files. */
export async function exportCommand(given: readonly string[], options: ExportOptions, io: Io): Promise<ExitCode> {
  const kinds = given.length === 0 ? exportedKinds : given.map(kindOf);
  const { target, manifests } = await readTarget(options, io);
  // Only the project's own manifests tell what in the tenant is a secret.
  const known =
    manifests.length === 0 ? [] : (await openProject([], shared(options), io, new Reports([], [], io))).resources;
  const documents: { readonly document: ManifestDocument; readonly file: string }[] = [];
  const notes: string[] = [];
  const sink: ExportSink = {
    document: (document, file) => void documents.push({ document, file }),
    note: (text) => void notes.push(text),
    ...(options.out === undefined ? {} : { rows: rowsIn(folderAt(options.out, io)) }),
  };
  await look(target, options, io, ({ reader, folder, signal }) =>
    exportTenant({ reader, folder, kinds, known, sink, signal }),
  );
  if (options.quiet !== true) for (const note of notes) io.stderr.write(`${cleanLine(note)}\n`);
  if (options.out === undefined) io.stdout.write(writeManifests(documents.map(({ document }) => document)));
  else
    for (const one of documents)
      writeFile(resolve(io.cwd, options.out, `${one.file}.yaml`), writeManifests([one.document]));
  return exitCodes.done;
}

function kindOf(text: string): ExportedKind {
  const found = exportedKinds.find((kind) => kind.toLowerCase() === text.toLowerCase());
  if (found !== undefined) return found;
  throw new UsageError(`${text} is no kind that can be exported`, { hint: `known are ${exportedKinds.join(", ")}` });
}

function shared(options: ExportOptions): SharedOptions {
  return { ...options, report: [], overlay: [], select: [], exclude: [], output: "human" };
}

function folderAt(path: string, io: Io): string {
  const folder = resolve(io.cwd, path);
  attempt(folder, () => mkdirSync(folder, { recursive: true }));
  return folder;
}

function rowsIn(folder: string): NonNullable<ExportSink["rows"]> {
  return (file) => {
    const name = `${file}.ndjson`;
    const path = join(folder, name);
    const rows = attempt(path, () => new PrivateFile(path));
    return {
      name,
      write: (lines) => attempt(path, () => rows.write(lines)),
      finish: () => attempt(path, () => rows.finish()),
      [Symbol.dispose]: () => rows[Symbol.dispose](),
    };
  };
}

function writeFile(path: string, text: string): void {
  attempt(path, () => {
    using file = new PrivateFile(path);
    file.write(text);
    file.finish();
  });
}

function attempt<T>(path: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw new OrchSyncError(`${path} cannot be written`, { cause: error });
  }
}
