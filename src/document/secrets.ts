import { readTextFileSync } from "./read.ts";
import type { Environment } from "./values.ts";

/** A secret, or what follows `secret NAME is not set` where there is none. */
type SecretFinding = { readonly value: string } | { readonly why: string };

/** Looks secrets up by name; each file is read once. */
export type SecretFinder = (name: string) => SecretFinding;

/**
 * The one rule for `${secret:NAME}`: the environment, else the content of the file that NAME_FILE names, without the
 * blanks around it. What is empty is not set.
 */
export function secretFinder(env: Environment): SecretFinder {
  const known = new Map<string, SecretFinding>();
  return (name) => {
    const finding = known.get(name) ?? find(name, env);
    known.set(name, finding);
    return finding;
  };
}

function find(name: string, env: Environment): SecretFinding {
  const value = own(env, name);
  if (value !== "") return { value };
  const file = own(env, `${name}_FILE`);
  return file === "" ? { why: "" } : fromFile(name, file);
}

function own(env: Environment, name: string): string {
  return (Object.hasOwn(env, name) ? env[name] : undefined) ?? "";
}

function fromFile(name: string, file: string): SecretFinding {
  const whose = `: the file of ${name}_FILE`;
  const read = readTextFileSync(file);
  if (read.type === "too-large") return { why: `${whose} is larger than 5 MB` };
  if (read.type === "unreadable") return { why: `${whose} ${read.reason}` };
  const value = read.text.trim();
  return value === "" ? { why: `${whose} is empty` } : { value };
}
