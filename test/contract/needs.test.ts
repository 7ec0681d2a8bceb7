import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { needs, scopes } from "../../src/emulator/access/needs.ts";

const folder = process.env["CONTRACT_DIR"];

interface Operation {
  readonly description?: string;
}
interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** The endpoints of a document by method and pattern, as the emulator spells them. */
function endpoints(file: string): readonly (readonly [name: string, description: string])[] {
  const { paths } = JSON.parse(readFileSync(file, "utf8")) as OpenApi;
  return Object.entries(paths).flatMap(([path, operations]) => {
    const pattern = path
      .replace(/^\/(?:odata\/)?/, "")
      .replace(/^(\w+)\(\{key\}\)/, "$1(key)")
      .replaceAll(/='?\{\w+\}'?/g, "");
    return Object.entries(operations)
      .filter(([, { description }]) => description !== undefined)
      .map(([method, { description = "" }]) => [`${method.toUpperCase()} ${pattern}`, description] as const);
  });
}

/**
 * What a description asks for. Some explain each permission, `(Units.View or SubFolders.View - Gets …)`, and some name
 * one that is needed at times only, `(Users.View - Required only when …)`.
 */
function permissionsOf(description: string): string {
  const text = /Required permissions: (.*?)\.?\s*(?:\n|$)/.exec(description)?.[1] ?? "";
  const parts = [...text.matchAll(/\(([^()]*)\)/g)].map(([, part = ""]) => part);
  const always = parts.length === 0 ? [text] : parts.filter((part) => !part.includes("- Required"));
  return always.map((part) => part.replace(/ - .*/, "").trim()).join(" and ");
}

/** Two that explain their alternatives with `and`: either is enough, for fewer folders or for fewer robots. */
const alternatives: Readonly<Record<string, string>> = {
  "GET api/FoldersNavigation/GetAllRolesForUser": "Units.View or SubFolders.View",
  "POST Robots": "Robots.Create",
};

const files = folder === undefined ? [] : readdirSync(folder).filter((name) => /openapi-.*\.json$/.test(name));

test.skipIf(files.length === 0)("documents are given (CONTRACT_DIR)", () => {
  expect(files).not.toEqual([]);
});

test.each(files)("%s: permissions and scopes are those of its descriptions", (file) => {
  const described = endpoints(join(folder ?? "", file)).filter(([name]) => name in needs);
  expect(described.length).toBeGreaterThan(70);
  const wanted = described.map(([name, description]) => {
    const scope = /OAuth required scopes: OR\.(\w+)/.exec(description)?.[1];
    return [name, alternatives[name] ?? permissionsOf(description), scope];
  });
  const stated = described.map(([name]) => {
    const set = /^\w+ ((?:api\/)?\w+)/.exec(name)?.[1] ?? "";
    return [name, needs[name], scopes[set]];
  });
  expect(stated).toEqual(wanted);
});
