import { readdirSync, readFileSync } from "node:fs";
import { kinds } from "../core/resource.ts";
import type { SchemaFile } from "./schema.ts";

const folder = new URL("../../schemas/", import.meta.url);
const ending = ".schema.json";

/** The schema that takes a manifest of any kind: made of the others, for editors. */
export const anyManifest = "Manifest";

/** The names of all schemas but that of any manifest: kinds of manifest first, then everything else by name. */
export function schemaNames(): string[] {
  const all = readdirSync(folder).filter((file) => file.endsWith(ending));
  const names = all.map((file) => nameOf(file)).filter((name) => name !== anyManifest);
  return [...kinds, ...names.filter((name) => !(kinds as readonly string[]).includes(name)).toSorted()];
}

/** The text of a schema file as it lies in the package. */
export function schemaText(name: string): string {
  return readFileSync(new URL(schemaFileName(name), folder), "utf8");
}

/** A schema by its name. */
export function readSchema(name: string): SchemaFile {
  return JSON.parse(schemaText(name)) as SchemaFile;
}

/** `queue-items.schema.json`, of QueueItems. */
export function schemaFileName(name: string): string {
  const words = name.replace(/(?<=[a-z])[A-Z]/g, (letter) => `-${letter}`);
  return `${words.toLowerCase()}${ending}`;
}

function nameOf(file: string): string {
  return file.slice(0, -ending.length).replace(/(?:^|-)([a-z])/g, (_all, letter: string) => letter.toUpperCase());
}
