import type { Diagnostic } from "../../core/diagnostic.ts";
import type { QueueItemEntry } from "../../kinds/queue-items/spec.ts";
import { readCsv, noReference } from "./csv-reader.ts";
import { SourceFault } from "./fault.ts";
import type { Findings } from "./findings.ts";
import { JsonRows } from "./json-reader.ts";
import { jsonRows, ndjsonRows, type JsonText } from "./json-rows.ts";
import { formatOf, openSource, sourceName, type SourceFormat } from "./open.ts";
import type { Reading } from "./reading.ts";
import { readRecipe, type Recipe } from "./recipe.ts";
import type { Claim, SourceLimits, SourceRequest } from "./request.ts";
import { spanIn } from "./row-text.ts";
import type { SourceFile } from "./source-file.ts";

/**
 * The entries of a source, in the order of its rows, a batch of some hundred at a time: memory does not grow with the
 * file. What is wrong goes to `findings`; then entries are for showing, never for planning. Nothing is thrown.
 */
export async function* sourceEntries(
  request: SourceRequest,
  limits: SourceLimits,
  findings: Findings,
  claim: Claim,
): AsyncGenerator<readonly QueueItemEntry[]> {
  const { at, source } = request;
  const format = formatOf(source.file);
  const { recipe, diagnostics } = readRecipe(source, at);
  const problems = [...diagnostics, ...(format === undefined ? [unknownEnding(request)] : [])];
  if (format !== undefined && format !== "csv") problems.push(...jsonProblems(recipe, request, limits.cwd));
  findings.add(...problems);
  if (format === undefined) return;
  const opened = await openSource(request, limits);
  if (!("file" in opened)) {
    findings.add(opened);
    return;
  }
  try {
    if (problems.length > 0) return;
    yield* readRows(format, opened.file, { request, recipe, findings, claim });
    if (await opened.file.hasChanged()) findings.add(changed(request, opened.file));
  } catch (error) {
    findings.add(await ended(error, request, opened.file));
  } finally {
    await opened.close();
  }
  const missing = findings.diagnostics.find(({ code }) => code === "QI018");
  if (missing !== undefined) findings.add(noZone(request, opened.file));
}

async function* readRows(
  format: SourceFormat,
  file: SourceFile,
  reading: Reading,
): AsyncGenerator<readonly QueueItemEntry[]> {
  if (format === "csv") {
    yield* readCsv(file, reading);
    return;
  }
  const rows = new JsonRows(file.name, reading);
  const texts: AsyncGenerator<readonly JsonText[]> = format === "json" ? jsonRows(file) : ndjsonRows(file);
  for await (const batch of texts) yield rows.read(batch);
  rows.end();
}

/** Where reading ended too early. A file that was changed meanwhile explains everything else. */
async function ended(error: unknown, request: SourceRequest, file: SourceFile): Promise<Diagnostic> {
  if (!(error instanceof SourceFault)) throw error;
  if (await file.hasChanged()) return changed(request, file);
  const { code, message, hint, row, range } = error;
  const source = spanIn(row, ...range, request.sensitive.size === 0 && row.text !== "");
  return { code, severity: "error", message, ...(hint === undefined ? {} : { hint }), source };
}

function changed({ at }: SourceRequest, file: SourceFile): Diagnostic {
  const message = `${file.name} was changed while it was read`;
  const hint = "run the command again when it is complete";
  return { code: "QI010", severity: "error", message, hint, source: at(["spec", "source", "file"]) };
}

function unknownEnding({ source, at }: SourceRequest): Diagnostic {
  const message = `the ending of ${source.file} is not known`;
  const hint = "known are .csv, .ndjson, .jsonl and .json";
  return { code: "QI010", severity: "error", message, hint, source: at(["spec", "source", "file"]) };
}

/** What a mapping without a reference, or a delimiter, means where rows have no header to look at. */
function jsonProblems(recipe: Recipe, request: SourceRequest, cwd: string): Diagnostic[] {
  const { source, at, fromContent } = request;
  const hasReference = fromContent || source.reference !== undefined || recipe.content === undefined;
  const name = sourceName(request, cwd);
  const missing = hasReference ? [] : [noReference(recipe, [], name, at(["spec", "source"], "key"))];
  if (source.delimiter === undefined) return missing;
  const message = "source.delimiter is for .csv files only";
  return [
    ...missing,
    {
      code: "MF015",
      severity: "error",
      message,
      hint: "remove it",
      source: at(["spec", "source", "delimiter"], "entry"),
    },
  ];
}

function noZone({ at }: SourceRequest, file: SourceFile): Diagnostic {
  return {
    code: "QI018",
    severity: "error",
    message: `${file.name} has dates without a zone, and source.timeZone is missing`,
    hint: "add timeZone: to the source, for example Europe/Bucharest",
    source: at(["spec", "source"], "key"),
  };
}
