import type { Diagnostic } from "../core/diagnostic.ts";
import { manifestApiVersion } from "../core/formats.ts";
import { isRecord, type JsonValue } from "../core/json.ts";
import { formatPath, type Locate, type Path } from "../core/locate.ts";
import { nearest } from "../core/nearest.ts";
import { kinds, type Kind } from "../core/resource.ts";
import type { SourceSpan } from "../core/source.ts";
import type { YamlDocument } from "../document/parse.ts";
import { resolveValues, type Environment } from "../document/values.ts";
import type { AnyResource } from "../kinds/any.ts";
import type { LoadedManifest } from "./loaded.ts";
import { normalize, type RawDocument } from "./normalize.ts";
import { repair } from "./repair.ts";
import { codeRules, schemaOf } from "./schemas.ts";

/** Kinds of documents that are no manifests: files in a folder of manifests may hold them. */
const passedOver: ReadonlySet<unknown> = new Set(["Config", "Tenant"]);

export interface DocumentContext {
  readonly env: Environment;
  /** For manifests that name no folder. */
  readonly defaultFolder: string | undefined;
  /** False: a manifest without a folder is fine, because the target that would give one is not known. */
  readonly requireFolder: boolean;
}

export interface LoadedDocument {
  readonly manifest: LoadedManifest;
  readonly diagnostics: readonly Diagnostic[];
}

/** Understands one YAML document; undefined for kinds that are passed over. */
export function loadDocument(document: YamlDocument, context: DocumentContext): LoadedDocument | undefined {
  const { value, start } = document;
  if (isRecord(value) && passedOver.has(value["kind"])) return undefined;
  const at = document.locate(() => sensitivePaths(value));
  const envelope = envelopeProblems(value, at);
  const kind = isRecord(value) ? kinds.find((known) => known === value["kind"]) : undefined;
  if (kind === undefined || envelope.length > 0) {
    return { manifest: { at, source: start, dependsOn: [] }, diagnostics: envelope };
  }
  const resolved = resolveValues(value, at, context);
  const name = nameOf(resolved.value);
  const folder = folderOf(resolved.value, at, context);
  const checked = checkSchema(kind, resolved.value, at, resolved.diagnostics.length > 0);
  const raw = resolved.value as unknown as RawDocument;
  const key = name === undefined ? undefined : { kind, folder: folder.name, name };
  const diagnostics = [...resolved.diagnostics, ...checked.diagnostics, ...folder.diagnostics];
  const base = { at, source: start, dependsOn: dependsOnOf(resolved.value), ...(key === undefined ? {} : { key }) };
  if (!checked.usable || key === undefined) return { manifest: base, diagnostics };
  const normal = normalize(raw, (path, part) => at(["spec", ...path], part));
  const labels = raw.metadata.labels ?? {};
  const places = placesOf(resolved.value, at);
  const resource = {
    kind,
    key,
    labels,
    dependsOn: [],
    spec: normal.spec,
    source: start,
    places,
  } as unknown as AnyResource;
  // Where keys were taken out, what their absence would mean is not said.
  return {
    manifest: { ...base, resource },
    diagnostics: [...diagnostics, ...(checked.lostKeys ? [] : normal.diagnostics)],
  };
}

/** The schema's findings. `value` is mended on the way, as far as that leaves something to look at. */
function checkSchema(
  kind: Kind,
  value: JsonValue,
  at: Locate,
  unresolved: boolean,
): { readonly usable: boolean; readonly lostKeys: boolean; readonly diagnostics: readonly Diagnostic[] } {
  const check = schemaOf(kind);
  const problems = check(value, at, { codes: codeRules, unresolved });
  if (problems.length === 0 && !unresolved) return { usable: true, lostKeys: false, diagnostics: [] };
  // Twice: what stands under a misspelled key is looked at only when the key is mended.
  const lost = [repair(value, problems), repair(value, check(value, at))].some(({ lostKeys }) => lostKeys);
  const usable = check(value, at).every(({ path }) => isHole(path) || formatPath(path) === "metadata.name");
  return { usable, lostKeys: lost, diagnostics: problems.map(({ diagnostic }) => diagnostic) };
}

/** Where the fields stand that only a tenant can tell to be wrong: a plan's blocked lines point there. */
function placesOf(value: JsonValue, at: Locate): Record<string, SourceSpan> {
  const { metadata, spec } = (isRecord(value) ? value : {}) as Readonly<Record<string, JsonValue | undefined>>;
  const { items: _items, ...fields } = (isRecord(spec) ? spec : {}) as Readonly<Record<string, JsonValue>>;
  const paths = pathsBelow(fields, []);
  const places = paths.map((path) => [formatPath(path), placeOnly(at(["spec", ...path], "place"))] as const);
  const folder = isRecord(metadata) && metadata["folder"] !== undefined;
  return Object.fromEntries([
    ...places,
    ...(folder ? [["folder", placeOnly(at(["metadata", "folder"], "place"))]] : []),
  ]);
}

/** The fields, and what is within them as far as blocked lines point: `inputArguments.month`, `strategy.robots[1]`. */
function pathsBelow(value: JsonValue, path: Path): Path[] {
  if (path.length === deepestPlace || typeof value !== "object" || value === null) return [];
  const steps = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return steps.flatMap((step) => {
    const own: Path = path.concat(step);
    return [own].concat(pathsBelow((value as Readonly<Record<string, JsonValue>>)[step] ?? null, own));
  });
}

/** `strategy.robots[1]` */
const deepestPlace = 3;

/** Without the line's text: a plan keeps places, not excerpts. */
function placeOnly({ file, line, column }: SourceSpan): SourceSpan {
  return { file, line, column };
}

/** What is left of an item that could not be mended. */
function isHole(path: Path): boolean {
  return path.length === 3 && path[1] === "items";
}

function envelopeProblems(value: JsonValue, at: Locate): Diagnostic[] {
  const root: Path = [];
  if (!isRecord(value)) {
    const message = `a manifest must be a mapping, not ${Array.isArray(value) ? "a list" : "a plain value"}`;
    return [{ code: "MF007", severity: "error", message, source: at(root) }];
  }
  const { apiVersion, kind } = value;
  if (apiVersion === undefined && kind === undefined) {
    const hint = `a manifest begins with apiVersion: ${manifestApiVersion} and its kind`;
    return [{ code: "MF007", severity: "error", message: "apiVersion and kind are missing", hint, source: at(root) }];
  }
  const diagnostics: Diagnostic[] = [];
  if (apiVersion !== manifestApiVersion) {
    const message =
      apiVersion === undefined ? "apiVersion is missing" : `apiVersion ${JSON.stringify(apiVersion)} is not known`;
    const source = at(apiVersion === undefined ? root : ["apiVersion"]);
    diagnostics.push({
      code: "MF008",
      severity: "error",
      message,
      hint: `write apiVersion: ${manifestApiVersion}`,
      source,
    });
  }
  if (!kinds.some((known) => known === kind)) diagnostics.push(unknownKind(kind, at));
  return diagnostics;
}

function unknownKind(kind: unknown, at: Locate): Diagnostic {
  const meant = typeof kind === "string" ? nearest(kind, kinds) : undefined;
  return {
    code: "MF009",
    severity: "error",
    message: kind === undefined ? "kind is missing" : `kind ${JSON.stringify(kind)} is not known`,
    hint: meant === undefined ? `known are ${kinds.join(", ")}` : `did you mean ${JSON.stringify(meant)}?`,
    source: at(kind === undefined ? [] : ["kind"]),
  };
}

/** The folder's path without slashes at its ends, which the server does not accept. */
function folderOf(
  value: JsonValue,
  at: Locate,
  { defaultFolder, requireFolder }: DocumentContext,
): { readonly name: string; readonly diagnostics: readonly Diagnostic[] } {
  const metadata = isRecord(value) ? value["metadata"] : undefined;
  const own = isRecord(metadata) ? metadata["folder"] : undefined;
  // What is of the wrong type, the schema reports.
  if (!isRecord(metadata) || (own !== undefined && typeof own !== "string")) return { name: "", diagnostics: [] };
  const name = (own ?? defaultFolder ?? "").trim().replace(/^\/+|\/+$/g, "");
  if (name !== "" || (own === undefined && !requireFolder)) return { name, diagnostics: [] };
  const message =
    own === undefined ? "metadata.folder is missing, and the target names none" : "metadata.folder is empty";
  const source = own === undefined ? at(["metadata"], "key") : at(["metadata", "folder"]);
  const hint = "write the folder's full path, such as Finance/Invoices";
  return { name, diagnostics: [{ code: "MF022", severity: "error", message, hint, source }] };
}

function nameOf(value: JsonValue): string | undefined {
  const metadata = isRecord(value) ? value["metadata"] : undefined;
  const name = isRecord(metadata) ? metadata["name"] : undefined;
  return typeof name === "string" ? name : undefined;
}

function dependsOnOf(value: JsonValue): string[] {
  const spec = isRecord(value) ? value["spec"] : undefined;
  const list = isRecord(spec) ? spec["dependsOn"] : undefined;
  return Array.isArray(list) ? list.filter((entry) => typeof entry === "string") : [];
}

/** Values that no output shows: an excerpt would. */
function sensitivePaths(value: JsonValue): Path[] {
  const spec = isRecord(value) ? value["spec"] : undefined;
  if (!isRecord(spec) || !Array.isArray(spec["sensitive"]) || !Array.isArray(spec["items"])) return [];
  const keys = spec["sensitive"].filter((key) => typeof key === "string");
  return spec["items"].flatMap((item: unknown, index) => {
    const content = isRecord(item) && isRecord(item["content"]) ? item["content"] : {};
    return keys.filter((key) => Object.hasOwn(content, key)).map((key) => ["spec", "items", index, "content", key]);
  });
}
