import type { JsonObject, JsonValue } from "../../core/json.ts";
import { formatPath } from "../../core/locate.ts";
import { nearest } from "../../core/nearest.ts";
import { revealed } from "../../core/secret.ts";
import type { Block } from "../refuse.ts";
import { misfits, readArgumentType, type Misfit } from "./argument-type.ts";
import type { LiveProcess, ProcessArgument } from "./live.ts";
import type { JobSpec } from "./spec.ts";

/**
 * What of the input arguments the process would not take: names that it does not declare, values of another type,
 * required ones that are missing. Nothing, where the server does not tell what the process declares.
 */
export function argumentBlocks(spec: JobSpec, process: LiveProcess): Block[] {
  const { inputs, defaults = [] } = process;
  if (inputs === undefined) return [];
  const given = sentArguments(spec);
  const missing = inputs.filter(
    ({ name, required, hasDefault }) =>
      required && !hasDefault && !Object.hasOwn(given, name) && !defaults.includes(name),
  );
  return [
    ...Object.entries(given).flatMap(([name, value]) => valueBlocks(name, value, inputs, process)),
    ...missing.map((argument) => missingArgument(argument, process)),
  ];
}

/** The arguments as a start sends them: what a process gets, and so what is held against its declaration. */
function sentArguments({ inputArguments = {} }: JobSpec): JsonObject {
  return revealed(inputArguments) as JsonObject;
}

function valueBlocks(
  name: string,
  value: JsonValue,
  inputs: readonly ProcessArgument[],
  process: LiveProcess,
): Block[] {
  const declared = inputs.find((argument) => argument.name === name);
  if (declared === undefined) return [unknownArgument(name, inputs, process)];
  return misfits(value, readArgumentType(declared.type)).map((misfit) => mistyped(misfit, declared, process));
}

function mistyped({ path, must, hint }: Misfit, { name, type }: ProcessArgument, process: LiveProcess): Block {
  const at = ["inputArguments", name, ...path];
  const text = `${formatPath(at)} must ${must}: ${process.name} declares ${name} as ${shortType(type)}`;
  return { reason: { code: "argument-type", text }, at, ...(hint === undefined ? {} : { hint }) };
}

function unknownArgument(name: string, inputs: readonly ProcessArgument[], process: LiveProcess): Block {
  const names = inputs.map((argument) => argument.name);
  const meant = nearest(name, names);
  const known = names.length === 0 ? "it has none" : `it has ${names.join(", ")}`;
  return {
    reason: { code: "argument-unknown", text: `process ${process.name} has no input argument ${name}` },
    hint: meant === undefined ? known : `did you mean ${meant}?`,
    at: ["inputArguments", name],
  };
}

function missingArgument({ name, type }: ProcessArgument, process: LiveProcess): Block {
  const text = `process ${process.name} needs the input argument ${name} (${shortType(type)})`;
  return { reason: { code: "argument-missing", text }, at: ["inputArguments"] };
}

/** Without the assemblies: ``System.Collections.Generic.List`1[[System.String]]``. */
function shortType(type: string): string {
  return type.replaceAll(/, [^\][]*(?=\]|$)/g, "");
}
