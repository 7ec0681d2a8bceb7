import type { Fault } from "../../core/fault.ts";
import { revealingJson, secretsIn, type JsonWithSecrets } from "../../core/secret.ts";

const mask = "[secret]";
/** Shorter ones are in every other word: masking them would tell more than it hides. */
const shortest = 4;

/**
 * The secrets of one run, to be taken out of what a server says went wrong. This is a second net: what holds a secret is
 * known by where it came from, and nothing that is known so gets here. A server may quote what it refuses, though, and
 * a robot its arguments, also those of an earlier run.
 */
export class KnownSecrets {
  readonly #spellings = new Set<string>();

  /** Remembers the secrets within a value that may be sent, or may have been. */
  learn(value: JsonWithSecrets): void {
    for (const { secret } of secretsIn(value)) for (const piece of secret.pieces()) this.#add(piece);
  }

  /** Remembers one that is a credential of the run itself. */
  know(secret: string): void {
    this.#add(secret);
  }

  /** A body as JSON text: the one place where secrets are revealed to be sent. */
  textOf(body: unknown): string {
    return revealingJson(body, (secret) => {
      for (const piece of secret.pieces()) this.#add(piece);
    });
  }

  /** A server's text without secrets. */
  hide(text: string): string {
    if (this.#spellings.size === 0) return text;
    // The longest first: one secret may begin with another.
    return [...this.#spellings]
      .toSorted((a, b) => b.length - a.length)
      .reduce((clean, spelling) => clean.replaceAll(spelling, mask), text);
  }

  /** What a server says of a call, without secrets. */
  hideIn(fault: Fault): Fault {
    const { message, errorCode, traceId } = fault;
    return {
      ...fault,
      message: this.hide(message),
      ...(typeof errorCode === "string" ? { errorCode: this.hide(errorCode) } : {}),
      ...(traceId === undefined ? {} : { traceId: this.hide(traceId) }),
    };
  }

  /** As it is, and as it stands in JSON text, and in JSON text within JSON text: input arguments are sent so. */
  #add(secret: string): void {
    let spelling = secret;
    for (let level = 0; level < 3 && spelling.length >= shortest; level++) {
      this.#spellings.add(spelling);
      spelling = JSON.stringify(spelling).slice(1, -1);
    }
  }
}
