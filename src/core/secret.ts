const hidden = "[secret]";

/** A value that no output shows: text, JSON and inspection give `[secret]`. Known by where it came from, not by its look. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself, for the request that needs it and nothing else. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return hidden;
  }

  toJSON(): string {
    return hidden;
  }

  /** What `console.log` and stack traces show. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return hidden;
  }
}
