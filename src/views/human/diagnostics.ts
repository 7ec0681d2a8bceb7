import { countProblems, sortDiagnostics, type Diagnostic } from "../../core/diagnostic.ts";
import { formatPlace } from "../../core/source.ts";
import { textWidth } from "../../core/text-width.ts";
import type { ViewOptions } from "../style.ts";
import { excerpt } from "./excerpt.ts";
import { screen, separated, widthOf, type Line } from "./lines.ts";
import { amount, count, name, sentence } from "./words.ts";

interface DiagnosticsOptions extends ViewOptions {
  /** How many files were read. */
  readonly files: number;
  /** How many manifests were found in them. Left out where errors kept them from being counted. */
  readonly manifests?: number;
  /** How many of them were selected. Left out: all. */
  readonly selected?: number | undefined;
  /** How many data files they name, and how many rows those have together. */
  readonly sources?: number;
  readonly rows?: number;
}

/** What `validate` says: every problem with its place, then how many there are. */
export function diagnosticsView(diagnostics: readonly Diagnostic[], options: DiagnosticsOptions): string {
  const blocks = diagnosticLines(diagnostics, options);
  return screen(separated([blocks, closing(diagnostics, options)], ""), options);
}

/** How many problems there are and, beside that where there is room, how to learn more about the one right above. */
function closing(diagnostics: readonly Diagnostic[], options: DiagnosticsOptions): Line[] {
  const sum = sumUp(diagnostics, options);
  const last = sortDiagnostics(diagnostics).findLast(({ severity }) => severity === "error");
  if (last === undefined) return [{ text: sum }];
  const more = `orch-sync explain ${name(last.code)}`;
  const line = `${sum}        ${more}`;
  return textWidth(line) <= widthOf(options) ? [line] : [{ text: sum }, { text: more }];
}

/** The problems alone, sorted, a blank line between two of them. */
export function diagnosticLines(diagnostics: readonly Diagnostic[], options: ViewOptions): Line[] {
  return separated(
    sortDiagnostics(diagnostics).map((diagnostic) => block(diagnostic, options)),
    "",
  );
}

function block({ code, severity, message, hint, source, remark }: Diagnostic, options: ViewOptions): Line[] {
  const head = `${source === undefined ? "" : `${name(formatPlace(source))} `}${severity} ${name(code)}`;
  const aside = remark === undefined ? undefined : sentence(remark);
  const shown = source?.text === undefined ? undefined : excerpt(source, source.text, aside, options);
  return [
    { text: `${head}: ${sentence(message)}`, head, tone: severity === "error" ? "bad" : "warn" },
    ...(shown ?? (aside === undefined ? [] : [{ text: `  ${aside}`, hang: "  " }])),
    ...(hint === undefined ? [] : [{ text: `  ${sentence(hint)}`, hang: "  " }]),
  ];
}

/** `2 errors in 1 of 3 files. Nothing was called.`, `1 manifest in 1 file is valid, 1,000 rows in 1 source.` */
function sumUp(diagnostics: readonly Diagnostic[], options: DiagnosticsOptions): string {
  const { files, manifests, selected, sources = 0, rows = 0 } = options;
  const [errors, warned] = [countProblems(diagnostics, "error"), countProblems(diagnostics, "warning")];
  const warnings = count(warned, "warning");
  if (errors === 0) {
    const within = count(files, "file");
    const what = manifests === undefined ? within : `${count(manifests, "manifest")} in ${within}`;
    const some = selected === undefined || selected === manifests ? "" : `, ${amount(selected)} selected`;
    const data = sources === 0 ? "" : `, ${count(rows, "row")} in ${count(sources, "source")}`;
    const valid = `${what} ${(manifests ?? files) === 1 ? "is" : "are"} valid${some}${data}`;
    return `${valid}${warned > 0 ? `, with ${warnings}` : ""}.`;
  }
  const found = `${count(errors, "error")}${warned > 0 ? ` and ${warnings}` : ""}`;
  const places = diagnostics.filter(({ severity }) => severity === "error").flatMap(({ source }) => source?.file ?? []);
  const [bad, all] = [new Set(places).size, files + sources];
  const where = bad === 0 ? "" : ` in ${bad < all ? `${bad} of ` : ""}${count(Math.max(all, bad), "file")}`;
  return `${found}${where}. Nothing was called.`;
}
