import { resolve } from "node:path";
import { OrchSyncError, UsageError } from "../core/errors.ts";
import { errorView } from "../views/human/error.ts";
import { PrivateFile } from "../workflow/files/private-file.ts";
import { exitCodes, type ExitCode } from "./exit-codes.ts";
import type { Io } from "./io.ts";
import { styleOf } from "./screen.ts";

export type ReportFormat = "code quality" | "json" | "ndjson" | "markdown" | "html" | "junit";

/** Which ending names which format; the first that fits counts. */
const endings: readonly (readonly [string, ReportFormat])[] = [
  [".codequality.json", "code quality"],
  [".json", "json"],
  [".ndjson", "ndjson"],
  [".md", "markdown"],
  [".html", "html"],
  [".xml", "junit"],
];

/** How each format that a command can write is made. */
export type ReportTexts = Partial<Readonly<Record<Exclude<ReportFormat, "ndjson">, () => string | Iterable<string>>>>;

interface Report {
  /** As the user gave it. */
  readonly name: string;
  readonly path: string;
  readonly format: ReportFormat;
}

/** The files of `--report`. */
export class Reports implements Disposable {
  readonly #reports: readonly Report[];
  readonly #open = new Map<Report, PrivateFile>();
  readonly #io: Io;
  #failed = false;

  /** @throws UsageError for an ending that the command writes nothing for, and for a file that is given twice. */
  constructor(names: readonly string[], possible: readonly ReportFormat[], io: Io) {
    this.#io = io;
    this.#reports = names.map((name) => ({ name, path: resolve(io.cwd, name), format: formatOf(name, possible) }));
    const twice = this.#reports.find(({ path }, at) => this.#reports.findIndex((other) => other.path === path) !== at);
    if (twice !== undefined) throw new UsageError(`--report ${twice.name} is given twice`);
  }

  /** Makes sure that all of them can be written. @throws OrchSyncError */
  open(): void {
    for (const report of this.#reports) {
      if (!this.#open.has(report))
        this.#open.set(
          report,
          attempt(report, () => new PrivateFile(report.path)),
        );
    }
  }

  /**
   * Writes those of the formats given, opening what is not open yet. What cannot be written is said on stderr: the run
   * goes on, because its result is owed all the same.
   */
  write(texts: ReportTexts): void {
    for (const report of this.#reports) {
      const text = report.format === "ndjson" ? undefined : texts[report.format];
      if (text === undefined) continue;
      this.#attempt(report, (file) => {
        const made = text();
        for (const piece of typeof made === "string" ? [made] : made) file.write(piece);
        file.finish();
      });
    }
  }

  /** Where lines that are written as they come go: none without such a report. Each file grows where it can be read. */
  streams(): readonly ((text: string) => void)[] {
    return this.#reports
      .filter(({ format }) => format === "ndjson")
      .map((report) => {
        let writing = true;
        return (text: string): void => {
          // A disk that is full is said once.
          writing &&= this.#attempt(report, (file) => {
            file.write(text);
            file.publish();
          });
        };
      });
  }

  /** False when it could not be done: that is said, and the run goes on. */
  #attempt(report: Report, work: (file: PrivateFile) => void): boolean {
    try {
      const file = this.#open.get(report) ?? attempt(report, () => new PrivateFile(report.path));
      this.#open.set(report, file);
      attempt(report, () => work(file));
      return true;
    } catch (error) {
      if (!(error instanceof OrchSyncError)) throw error;
      this.#failed = true;
      this.#io.stderr.write(errorView(error, styleOf(this.#io.stderr, this.#io, {})));
      return false;
    }
  }

  /** How a run ends whose reports may be missing: no pipeline may take it for done. */
  exitCode(code: ExitCode): ExitCode {
    return this.#failed && code === exitCodes.done ? exitCodes.failed : code;
  }

  /** The name of the first report of one of these formats, the first format first. */
  nameOf(...formats: readonly ReportFormat[]): string | undefined {
    return formats.flatMap((format) => this.#reports.filter((report) => report.format === format))[0]?.name;
  }

  /** What was not written leaves no trace. */
  [Symbol.dispose](): void {
    for (const file of this.#open.values()) file[Symbol.dispose]();
  }
}

function formatOf(name: string, possible: readonly ReportFormat[]): ReportFormat {
  const format = endings.find(([ending]) => name.toLowerCase().endsWith(ending))?.[1];
  if (format !== undefined && possible.includes(format)) return format;
  const known = endings.filter(([, each]) => possible.includes(each)).map(([ending, each]) => `${ending} (${each})`);
  throw new UsageError(`--report ${name}: the ending names no report of this command`, {
    hint: `it can write ${known.join(", ")}`,
  });
}

function attempt<T>(report: Report, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error)) throw error;
    throw new OrchSyncError(`the report ${report.name} cannot be written: ${String(error.code)}`, {
      hint: "its folder must exist and be writable, and no folder may have its name",
    });
  }
}
