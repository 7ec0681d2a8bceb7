import type { Argument, Command, Option } from "commander";

/** What the word under the cursor is: found by reading the words before it as Commander would. */
type Wanted =
  | { readonly type: "command"; readonly program: Command }
  | { readonly type: "flag"; readonly command: Command; readonly given: ReadonlySet<Option> }
  | { readonly type: "value"; readonly of: Option | Argument }
  | { readonly type: "nothing" };

/** A command line that ends at the cursor. */
export interface Line {
  readonly wanted: Wanted;
  /** What is there of the word, without `--flag=`. */
  readonly begun: string;
  /** The command's arguments before the cursor. */
  readonly words: readonly string[];
  /** The last value of each flag that has one, by its long name. */
  readonly values: ReadonlyMap<string, string>;
}

/** Reads a line; the last word is the unfinished one. */
export function readLine(program: Command, line: readonly string[]): Line {
  const reader = new Reader(program);
  for (const word of line.slice(0, -1)) reader.read(word);
  return reader.end(line.at(-1) ?? "");
}

class Reader {
  readonly #program: Command;
  #command: Command;
  readonly #words: string[] = [];
  readonly #values = new Map<string, string>();
  readonly #given = new Set<Option>();
  /** A flag that waits for its value. */
  #open: Option | undefined;
  #onlyWords = false;
  #lost = false;

  constructor(program: Command) {
    this.#program = program;
    this.#command = program;
  }

  read(word: string): void {
    if (this.#open !== undefined) this.#value(this.#open, word);
    else if (word === "--") this.#onlyWords = true;
    else if (word.startsWith("-") && !this.#onlyWords) this.#flag(word);
    else if (this.#command !== this.#program) this.#words.push(word);
    else this.#subcommand(word);
  }

  end(word: string): Line {
    const [, flag, begun = word] = (this.#onlyWords ? null : /^(--[^=]+)=(.*)$/s.exec(word)) ?? [];
    const option = flag === undefined ? undefined : this.#optionOf(flag);
    return { wanted: this.#wanted(word, option), begun, words: this.#words, values: this.#values };
  }

  #wanted(word: string, option: Option | undefined): Wanted {
    if (this.#lost) return { type: "nothing" };
    const of = this.#open ?? option;
    if (of !== undefined) return { type: "value", of };
    if (word.startsWith("-") && !this.#onlyWords) return { type: "flag", command: this.#command, given: this.#given };
    if (this.#command === this.#program) return { type: "command", program: this.#program };
    const { registeredArguments } = this.#command;
    const last = registeredArguments.at(-1);
    const argument = registeredArguments[this.#words.length] ?? (last?.variadic === true ? last : undefined);
    return argument === undefined ? { type: "nothing" } : { type: "value", of: argument };
  }

  #value(option: Option, value: string): void {
    this.#values.set(option.long ?? "", value);
    this.#open = undefined;
  }

  #flag(word: string): void {
    const [name = "", ...value] = word.split("=");
    const option = this.#optionOf(name);
    if (option === undefined) return;
    this.#given.add(option);
    if (value.length > 0) this.#value(option, value.join("="));
    else if (option.required || option.optional) this.#open = option;
  }

  #optionOf(name: string): Option | undefined {
    return this.#command.options.find(({ long, short }) => long === name || short === name);
  }

  #subcommand(name: string): void {
    const found = this.#program.commands.find((command) => command.name() === name);
    this.#command = found ?? this.#program;
    this.#lost ||= found === undefined;
  }
}
