import type { Diagnostic } from "../core/diagnostic.ts";
import { isRecord, type JsonValue } from "../core/json.ts";
import { formatPath, type Locate, type Path } from "../core/locate.ts";
import { kinds, type Kind } from "../core/resource.ts";
import { concealed, secretsIn, type JsonWithSecrets } from "../core/secret.ts";
import type { SourceSpan } from "../core/source.ts";
import { pathKey, placeName } from "../document/json-path.ts";
import type { YamlDocument } from "../document/parse.ts";
import { hasReference } from "../document/references.ts";
import { readySchema } from "../document/ready-schema.ts";
import type { SchemaProblem } from "../document/schema.ts";
import { readTyped } from "../document/typed.ts";
import { resolveValues, type ResolvedValues, type ValueSources } from "../document/values.ts";
import type { AnyResource } from "../kinds/any.ts";
import type { LoadedManifest } from "./loaded.ts";
import { envelopeProblems } from "./envelope.ts";
import { normalize, type RawDocument } from "./normalize.ts";
import { repair } from "./repair.ts";
import { codeRules } from "./schemas.ts";
import { hiddenKeys, hiddenPaths, manifestSecrets, placeholder, placeholders, withSecrets } from "./secrets.ts";

/** Kinds of documents that are no manifests: files in a folder of manifests may hold them. */
const passedOver: ReadonlySet<unknown> = new Set(["Config", "Tenant"]);

export interface DocumentContext {
  readonly values: ValueSources;
  /** For manifests that name no folder. */
  readonly defaultFolder: string | undefined;
  /** False: a manifest without a folder is fine, because the target that would give one is not known. */
  readonly requireFolder: boolean;
  /** The folder that paths in the document are relative to. */
  readonly base: string;
}

export interface LoadedDocument {
  readonly manifest: LoadedManifest;
  readonly diagnostics: readonly Diagnostic[];
}

/** Understands one YAML document; undefined for kinds that are passed over. */
export function loadDocument(document: YamlDocument, context: DocumentContext): LoadedDocument | undefined {
  const { value, start } = document;
  if (isRecord(value) && passedOver.has(value["kind"])) return undefined;
  const keys = hiddenInAny(document.layers);
  const written = document.locate((own) => hiddenPaths(own, keys));
  const envelope = envelopeProblems(value, written);
  const kind = isRecord(value) ? kinds.find((known) => known === value["kind"]) : undefined;
  if (kind === undefined || envelope.length > 0) {
    const unread = { value, pending: [] };
    return { manifest: { document: unread, at: written, source: start, dependsOn: [] }, diagnostics: envelope };
  }
  return understand(document, kind, written, context);
}

function understand(document: YamlDocument, kind: Kind, written: Locate, context: DocumentContext): LoadedDocument {
  const { value, start: source } = document;
  const resolved = resolveValues(value, written, context.values, manifestSecrets(kind));
  const hidden = hiddenPaths(resolved.value);
  const keys = hiddenInAny([...document.layers, resolved.value]);
  const at = document.locate((own) => hiddenPaths(own, keys));
  const secrets = secretsIn(resolved.value);
  // What is checked and shown has the names of secrets in their place.
  const shown = secrets.length === 0 ? (resolved.value as JsonValue) : concealed(resolved.value);
  const name = nameOf(shown);
  const folder = folderOf(shown, at, context);
  const checked = checkSchema(kind, shown, at, { hidden, resolved });
  const key = name === undefined ? undefined : { kind, folder: folder.name, name };
  const unknown = placeholders(checked.typed, hidden).map((path) => hiddenValue(path, at));
  const diagnostics = [...resolved.diagnostics, ...checked.diagnostics, ...folder.diagnostics, ...unknown];
  const places = placesOf(shown, at);
  const base = {
    document: { value: withSecrets(checked.typed, secrets), pending: resolved.pending },
    at,
    source,
    dependsOn: dependsOnOf(shown, resolved),
    ...(key === undefined ? {} : { key }),
  };
  if (!checked.usable || key === undefined) return { manifest: base, diagnostics };
  const raw = withSecrets(shown, secrets) as unknown as RawDocument;
  const normal = normalize(raw, (path, part) => at(["spec", ...path], part));
  const { labels = {} } = raw.metadata;
  const resource = { kind, key, labels, dependsOn: [], spec: normal.spec, source, places } as unknown as AnyResource;
  // Where keys were taken out, what their absence would mean is not said; nor is a source read by half of what it says.
  const isWhole = !checked.lostKeys && resolved.diagnostics.length === 0 && resolved.pending.length === 0;
  const rows = isWhole ? rowsOf(raw, context) : undefined;
  return {
    manifest: { ...base, resource, ...(rows === undefined ? {} : { rows }) },
    diagnostics: [...diagnostics, ...(checked.lostKeys ? [] : normal.diagnostics)],
  };
}

/** The keys that any layer hides: what one lists, another may hold, and a third may no longer list. */
function hiddenInAny(layers: readonly JsonWithSecrets[]): ReadonlySet<string> {
  return layers.reduce<ReadonlySet<string>>((keys, layer) => keys.union(hiddenKeys(layer)), new Set());
}

function hiddenValue(path: Path, at: Locate): Diagnostic {
  const message = `${placeName(path)} is ${placeholder}, which stands for a value that was not shown`;
  const hint = "write the value itself, or a ${secret:NAME}";
  return { code: "MF050", severity: "error", message, hint, source: at(path) };
}

function rowsOf(raw: RawDocument, { base }: DocumentContext): LoadedManifest["rows"] {
  if (raw.kind !== "QueueItems" || raw.spec.source === undefined) return undefined;
  return { source: raw.spec.source, fromContent: raw.spec.references === "fromContent", base };
}

interface CheckedDocument {
  readonly usable: boolean;
  readonly lostKeys: boolean;
  /** The document before it was mended, with texts made of references as the types that the schema wants there. */
  readonly typed: JsonValue;
  readonly diagnostics: readonly Diagnostic[];
}

/** The schema's findings. `value` is mended on the way, as far as that leaves something to look at. */
function checkSchema(
  kind: Kind,
  value: JsonValue,
  at: Locate,
  { hidden, resolved }: { readonly hidden: readonly Path[]; readonly resolved: ResolvedValues },
): CheckedDocument {
  const check = readySchema(kind);
  const unresolved = resolved.diagnostics.length > 0 || resolved.pending.length > 0;
  const privatePlaces = new Set(hidden.map(pathKey));
  const isPrivate = (path: Path): boolean => privatePlaces.has(pathKey(path));
  const whole = (): SchemaProblem[] => check(value, at, { codes: codeRules, unresolved, isPrivate });
  let problems = whole();
  while (readTyped(value, problems, resolved.referenceOnly)) problems = whole();
  if (problems.length === 0 && !unresolved) return { usable: true, lostKeys: false, typed: value, diagnostics: [] };
  const typed = structuredClone(value);
  // Twice: what stands under a misspelled key is looked at only when the key is mended.
  const lost = [repair(value, problems), repair(value, check(value, at))].some(({ lostKeys }) => lostKeys);
  const usable = check(value, at).every(({ path }) => isHole(path) || formatPath(path) === "metadata.name");
  return { usable, lostKeys: lost, typed, diagnostics: problems.map(({ diagnostic }) => diagnostic) };
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

/** In their places; undefined for what is not known yet, or has its diagnostic. */
function dependsOnOf(value: JsonValue, { diagnostics, pending }: ResolvedValues): (string | undefined)[] {
  const isKnown = diagnostics.length === 0 && pending.length === 0;
  const spec = isRecord(value) ? value["spec"] : undefined;
  const list = isRecord(spec) ? spec["dependsOn"] : undefined;
  if (!Array.isArray(list)) return [];
  return list.map((entry) => (typeof entry === "string" && (isKnown || !hasReference(entry)) ? entry : undefined));
}
