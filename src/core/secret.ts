import type { JsonPrimitive, JsonValue } from "./json.ts";

const hidden = "[secret]";
const inspection = Symbol.for("nodejs.util.inspect.custom");

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
  [inspection](): string {
    return hidden;
  }
}

/**
 * A value of a manifest that a secret went into, or a live value where one belongs. Everything that looks at it sees
 * the names of its secrets: hashes are made of `{"$secret": template}`, so no fingerprint of a secret is ever stored.
 */
export class SecretValue<T extends JsonPrimitive = JsonPrimitive> {
  readonly #value: T;
  readonly #pieces: readonly string[];
  /**
   * With names in place of secrets: `Bearer ${secret:API_TOKEN}`, and what was no secret resolved. A default is left
   * out: a secret counts by its name, whether it is set or not.
   */
  readonly template: string;
  /** The same with defaults as they are written: what resolves to this value again. */
  readonly written: string;

  /** `pieces` are the bare secrets within the value: what an echo of it must not show. */
  constructor(value: T, template: string, pieces: readonly string[], written: string = template) {
    this.#value = value;
    this.#pieces = pieces;
    this.template = template;
    this.written = written;
  }

  /** The value itself, for the request that needs it, for comparing, and nothing else. */
  reveal(): T {
    return this.#value;
  }

  /** The bare secrets within, for masking them in what comes back. */
  pieces(): readonly string[] {
    return this.#pieces;
  }

  toString(): string {
    return this.template;
  }

  /** No text can be taken for it, and it is the same whatever the value is. */
  toJSON(): { readonly $secret: string } {
    return { $secret: this.template };
  }

  [inspection](): string {
    return this.template;
  }
}

/** A text of a manifest that holds a secret. */
export type SecretText = SecretValue<string>;

/** JSON whose values may be secret. */
export type JsonWithSecrets =
  | JsonPrimitive
  | SecretValue
  | readonly JsonWithSecrets[]
  | { readonly [name: string]: JsonWithSecrets };

/** A value that the tenant has where a manifest has a secret: an older secret, as far as anybody knows. */
export function liveSecret<T extends JsonPrimitive>(value: T): SecretValue<T> {
  return new SecretValue(value, "", value === null ? [] : [String(value)]);
}

/** The value with every secret in it revealed: for what is sent, measured or compared right here. */
export function revealed(value: JsonWithSecrets): JsonValue {
  return mapSecrets(value, (secret) => secret.reveal());
}

/** JSON text in which every secret is revealed: what is sent, or measured as it will be sent. */
export function revealingJson(value: unknown, see: (secret: SecretValue) => void = () => undefined): string {
  if (!holdsSecret(value)) return JSON.stringify(value); // five times as fast, and nearly always so
  return JSON.stringify(value, function reveal(this: Readonly<Record<string, unknown>>, name, made: unknown) {
    // `made` is what toJSON gave; the holder still has the secret itself.
    const member = this[name];
    if (!(member instanceof SecretValue)) return made;
    see(member);
    return member.reveal();
  });
}

/** The value with the names of secrets in place of them: for what is checked and shown. */
export function concealed(value: JsonWithSecrets): JsonValue {
  return mapSecrets(value, ({ template }) => template);
}

/** True when there is a secret anywhere in the value. */
export function holdsSecret(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return value instanceof SecretValue || Object.values(value).some(holdsSecret);
}

/** A secret value within another value. */
interface FoundSecret {
  /** The steps that lead to it. */
  readonly path: readonly (string | number)[];
  readonly secret: SecretValue;
}

/** Every secret value in a value. */
export function secretsIn(value: JsonWithSecrets): FoundSecret[] {
  return holdsSecret(value) ? foundIn(value, []) : []; // most hold none, and their steps are not worth making
}

function foundIn(value: JsonWithSecrets, path: FoundSecret["path"]): FoundSecret[] {
  if (value instanceof SecretValue) return [{ path, secret: value }];
  if (isList(value)) return value.flatMap((member, index) => foundIn(member, [...path, index]));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => foundIn(member, [...path, name]));
}

function mapSecrets(value: JsonWithSecrets, map: (secret: SecretValue) => JsonPrimitive): JsonValue {
  if (value instanceof SecretValue) return map(value);
  if (isList(value)) return value.map((member) => mapSecrets(member, map));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, mapSecrets(member, map)]));
}

function isList(value: JsonWithSecrets): value is readonly JsonWithSecrets[] {
  return Array.isArray(value);
}
