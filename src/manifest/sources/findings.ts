import type { Diagnostic } from "../../core/diagnostic.ts";
import type { ResourceKey } from "../../core/resource.ts";

/** How many bad rows of a source are shown one by one. */
const shownRows = 50;

/** Everything that is wrong with one source, as much of it as anybody reads, and how many rows it has. */
export class Findings {
  /** All rows, good and bad, the header aside. */
  rows = 0;
  readonly #file: string;
  readonly #key: ResourceKey;
  readonly #manifest: Diagnostic[] = [];
  #rowProblems: Diagnostic[] = [];
  #bad = 0;
  #firstHidden = 1;

  constructor(file: string, key: ResourceKey) {
    this.#file = file;
    this.#key = key;
  }

  /** Something that is said once: about the manifest, the header, or the file as a whole. */
  add(...diagnostics: readonly Diagnostic[]): void {
    for (const diagnostic of diagnostics) this.#manifest.push({ ...diagnostic, key: this.#key });
  }

  /** A bad row. What is wrong with it is put into words and places only while it is shown. */
  addRow(line: number, problems: () => readonly Diagnostic[]): void {
    this.#bad++;
    if (this.#bad === shownRows + 1) this.#firstHidden = line;
    if (this.#bad > shownRows) return;
    for (const diagnostic of problems()) this.#rowProblems.push({ ...diagnostic, key: this.#key });
  }

  /** Columns that do not exist are at fault, not the rows. */
  forgetRows(): void {
    this.#rowProblems = [];
    this.#bad = 0;
  }

  get diagnostics(): readonly Diagnostic[] {
    const count = this.#bad - shownRows;
    if (count <= 0) return [...this.#manifest, ...this.#rowProblems];
    const rows = count === 1 ? "1 more row" : `${count.toLocaleString("en-US")} more rows`;
    const more: Diagnostic = {
      code: "QI023",
      severity: "error",
      message: `and ${rows} of ${this.#file} ${count === 1 ? "is" : "are"} invalid`,
      hint: `only the first ${shownRows} bad rows are shown`,
      source: { file: this.#file, line: this.#firstHidden, column: 1 },
      key: this.#key,
      count,
    };
    return [...this.#manifest, ...this.#rowProblems, more];
  }
}
