import type { Argument, Command, Option } from "commander";
import { diagnosticCodes } from "../../core/diagnostic-codes.ts";
import { findField, type Field } from "../../core/field.ts";
import { kinds } from "../../core/resource.ts";
import { schemaNames } from "../../document/schema-files.ts";
import { rootField } from "../kinds.ts";
import type { Line } from "./line.ts";
import { projectNames, type ProjectNames } from "./project.ts";

/** What may stand where the cursor is. */
export interface Candidates {
  readonly candidates: readonly Candidate[];
  /** True where files and folders fit, too. */
  readonly files?: boolean;
  /** True where more follows without a blank. */
  readonly goesOn?: boolean;
}

interface Candidate {
  readonly value: string;
  readonly about?: string;
}

interface Context {
  readonly line: Line;
  readonly cwd: string;
  readonly program: Command;
}

type Source = (context: Context) => Candidates | Promise<Candidates>;

/** Values that are known besides those that a definition lists itself: by flag, or by the argument's name. */
const sources: Readonly<Record<string, Source>> = {
  "--target": async (context) => plain((await namesOf(context)).targets),
  "--select": selections,
  "--exclude": selections,
  KIND: () => plain(schemaNames()),
  WHAT: explainable,
  COMMAND: ({ program }) => commands(program),
};

/** Placeholders that stand for something in the file system. */
const filePlaceholder = /^(?:FILE|DIR|PATH)$/;

/** Everything that fits the word under the cursor, and begins like it. */
export async function candidatesFor(context: Context): Promise<Candidates> {
  const found = await everything(context);
  const begun = context.line.begun.toLowerCase();
  return { ...found, candidates: found.candidates.filter(({ value }) => value.toLowerCase().startsWith(begun)) };
}

async function everything(context: Context): Promise<Candidates> {
  const { wanted } = context.line;
  switch (wanted.type) {
    case "command": {
      return commands(wanted.program);
    }
    case "flag": {
      return flags(wanted.command, wanted.given);
    }
    case "value": {
      return values(wanted.of, context);
    }
    case "nothing": {
      return plain([]);
    }
  }
}

async function values(of: Option | Argument, context: Context): Promise<Candidates> {
  if (of.argChoices !== undefined) return plain(of.argChoices);
  const name = "flags" in of ? (of.long ?? "") : of.name();
  const source = sources[name];
  if (source !== undefined) return source(context);
  const placeholder = "flags" in of ? (/<(\w+)/.exec(of.flags)?.[1] ?? "") : name;
  return { candidates: [], files: filePlaceholder.test(placeholder) };
}

function commands(program: Command): Candidates {
  const visible = program.createHelp().visibleCommands(program);
  return { candidates: visible.map((command) => ({ value: command.name(), about: command.description() })) };
}

/** Those that were not given yet, and those that can be given again. */
function flags(command: Command, given: ReadonlySet<Option>): Candidates {
  const options = command.createHelp().visibleOptions(command);
  const left = options.filter((option) => !given.has(option) || Array.isArray(option.defaultValue));
  return { candidates: left.flatMap(({ long, description }) => (long ? [{ value: long, about: description }] : [])) };
}

/** The last of several conditions: `kind=Job,name=smo`. */
async function selections(context: Context): Promise<Candidates> {
  const { begun } = context.line;
  const before = begun.slice(0, begun.lastIndexOf(",") + 1);
  const [key = "", ...value] = begun.slice(before.length).split("=");
  const names = await namesOf(context);
  if (value.length === 0) {
    const keys = ["kind=", "name=", "folder=", ...[...names.labels.keys()].map((label) => `label.${label}=`)];
    return { ...plain(keys.map((one) => before + one)), goesOn: true };
  }
  const known = key.startsWith("label.") ? names.labels.get(key.slice("label.".length)) : selectable(key, names);
  return plain([...(known ?? [])].map((one) => `${before}${key}=${one}`));
}

function selectable(key: string, { names, folders }: ProjectNames): Iterable<string> | undefined {
  const known: Readonly<Record<string, Iterable<string>>> = { kind: kinds, name: names, folder: folders };
  return Object.hasOwn(known, key) ? known[key] : undefined;
}

/** Kinds; behind a kind and a dot, its fields; codes where somebody has begun to write one. */
function explainable({ line: { begun } }: Context): Candidates {
  const [kind = "", ...steps] = begun.split(".");
  if (steps.length === 0) {
    const codes =
      kind === "" ? [] : Object.entries(diagnosticCodes).map(([value, { title }]) => ({ value, about: title }));
    return {
      candidates: [...schemaNames().map((value) => ({ value })), ...codes],
      goesOn: kind !== "" && !isCode(kind),
    };
  }
  const name = schemaNames().find((known) => known.toLowerCase() === kind.toLowerCase());
  const above = name === undefined ? undefined : fieldsAt(rootField(name), steps.slice(0, -1));
  const before = begun.slice(0, begun.lastIndexOf(".") + 1);
  const fields = (above ?? []).filter((field) =>
    field.name.toLowerCase().startsWith((steps.at(-1) ?? "").toLowerCase()),
  );
  return {
    candidates: fields.map((field) => ({ value: before + field.name, about: field.type })),
    goesOn: fields.some((field) => field.fields.length > 0),
  };
}

function fieldsAt(root: Field, steps: readonly string[]): readonly Field[] {
  const field = findField(root, steps);
  if ("at" in field) return [];
  // `spec` may be left out, so what stands in it is offered at once.
  return field === root ? root.fields.flatMap((one) => (one.name === "spec" ? one.fields : [one])) : field.fields;
}

function isCode(word: string): boolean {
  return /^[a-z]{2}\d/i.test(word);
}

function namesOf({ line, cwd }: Context): Promise<ProjectNames> {
  return projectNames({ cwd, config: line.values.get("--config"), paths: line.words });
}

function plain(found: Iterable<string>): Candidates {
  return { candidates: [...found].map((value) => ({ value })) };
}
