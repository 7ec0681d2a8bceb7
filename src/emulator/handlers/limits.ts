import { Refusal } from "../errors.ts";

/** A text that must be there and not be empty. */
export function required(name: string, value: string | undefined, max: number): string {
  if (value === undefined || value.trim() === "")
    throw new Refusal("InvalidArgument", `The ${name} field is required.`);
  return atMost(name, value, max);
}

/** A text that has a greatest length. */
export function atMost<Value extends string | undefined>(name: string, value: Value, max: number): Value {
  if ((value?.length ?? 0) > max) {
    throw new Refusal("InvalidArgument", `The field ${name} must be a string with a maximum length of ${max}.`);
  }
  return value;
}

/** A number that has bounds; left out, it is the least. */
export function between(name: string, value: number | undefined, min: number, max: number): number {
  const number = value ?? min;
  if (number < min || number > max) {
    throw new Refusal("InvalidArgument", `The field ${name} must be between ${min} and ${max}.`);
  }
  return number;
}

/** An Id in a body that names the entity of the path must be the same one. */
export function sameId(given: number | undefined, key: number): void {
  if (given !== undefined && given !== 0 && given !== key) {
    throw new Refusal("InvalidArgument", `The Id ${given} of the body is not the key ${key} of the path.`);
  }
}
