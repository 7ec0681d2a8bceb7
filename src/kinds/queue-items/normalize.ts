import { createHash } from "node:crypto";
import type { Diagnostic } from "../../core/diagnostic.ts";
import { fold } from "../../core/fold.ts";
import { canonicalJson } from "../../core/json.ts";
import { formatPath, type Locate, type Path } from "../../core/locate.ts";
import { holdsSecret, revealingJson } from "../../core/secret.ts";
import type { QueueItem, QueueItemsManifest } from "../generated/queue-items.ts";
import { utc, utcOrNull, type Normalized } from "../normalized.ts";
import type { Content, QueueItemEntry, QueueItemsSpec } from "./spec.ts";

type RawSpec = QueueItemsManifest["spec"];

/** Orchestrator's limit for an item's content, 500 KB at two bytes a character. */
const maxContentLength = 256_000;
/** The column of Orchestrator's database. */
const maxReferenceLength = 128;

/**
 * Fills in defaults, makes references and dates canonical. `items` may have holes where an item was refused before:
 * the others keep their index, and so their place.
 */
export function normalizeQueueItems(raw: RawSpec, at: Locate): Normalized<QueueItemsSpec> {
  const diagnostics: Diagnostic[] = [];
  const fromContent = raw.references === "fromContent";
  const items = (raw.items ?? []).flatMap((item, index) => {
    const entry = normalizeItem(item, at(["items", index], "place"), fromContent);
    for (const problem of itemProblems(item, entry?.reference, ["items", index], at)) diagnostics.push(problem);
    return entry ?? [];
  });
  const secretKeys = [...new Set(items.flatMap(({ content }) => keysOfSecrets(content ?? {})))];
  const spec: QueueItemsSpec = {
    queue: raw.queue,
    items,
    commit: raw.commit ?? "ProcessAllIndependently",
    order: raw.order ?? "manifest",
    typeHints: raw.typeHints ?? false,
    ...(raw.seedUntil === undefined ? {} : { seedUntil: raw.seedUntil === "never" ? "never" : utc(raw.seedUntil) }),
    onDrift: raw.onDrift ?? "update",
    recreateDeleted: raw.recreateDeleted ?? false,
    ...(raw.prune === undefined ? {} : { prune: raw.prune }),
    sensitive: [...new Set([...(raw.sensitive ?? []), ...secretKeys])],
    ...(secretKeys.length === 0 ? {} : { secretKeys }),
  };
  return { spec, diagnostics };
}

/** `c-` and 24 hex of the SHA-256 of the content's canonical JSON, in which a secret counts by its name. The format is frozen for `orch-sync/v1`. */
export function referenceOf(content: Content): string {
  return `c-${createHash("sha256").update(canonicalJson(content)).digest("hex").slice(0, 24)}`;
}

function keysOfSecrets(content: Content): string[] {
  return Object.keys(content).filter((key) => holdsSecret(content[key]));
}

/** Undefined for an item that nothing identifies. */
export function normalizeItem(
  item: QueueItem,
  source: QueueItemEntry["source"],
  fromContent: boolean,
): QueueItemEntry | undefined {
  const reference =
    item.reference ?? (fromContent && item.content !== undefined ? referenceOf(item.content) : undefined);
  if (reference === undefined) return undefined;
  return {
    reference,
    ...(item.priority === undefined ? {} : { priority: item.priority }),
    ...(item.deferDate === undefined ? {} : { deferDate: utcOrNull(item.deferDate) }),
    ...(item.dueDate === undefined ? {} : { dueDate: utcOrNull(item.dueDate) }),
    ...(item.riskSlaDate === undefined ? {} : { riskSlaDate: utcOrNull(item.riskSlaDate) }),
    ...(item.content === undefined ? {} : { content: item.content }),
    source,
  };
}

/**
 * What only more than a schema can find wrong with an item. `path` leads to it, and messages begin there; `size` is that
 * of its text, where it is known.
 */
export function itemProblems(
  item: QueueItem,
  reference: string | undefined,
  path: Path,
  at: Locate,
  size?: number,
): Diagnostic[] {
  const problems = referenceProblems(item, reference, path, at);
  for (const each of contentProblems(item.content ?? {}, path, at, size)) problems.push(each);
  return problems;
}

function referenceProblems(item: QueueItem, reference: string | undefined, path: Path, at: Locate): Diagnostic[] {
  if (reference === undefined) {
    const hint =
      item.content === undefined ? "it has no content either" : "give it one, or set references: fromContent";
    return [
      { code: "QI001", severity: "error", message: `${formatPath(path)} has no reference`, hint, source: at(path) },
    ];
  }
  const flaw = referenceFlaw(reference);
  if (flaw === undefined) return [];
  const place = [...path, "reference"];
  return [{ code: flaw.code, severity: "error", message: `${formatPath(place)} ${flaw.predicate}`, source: at(place) }];
}

/** Why the server would not take a reference, in words that follow its name. */
export function referenceFlaw(
  reference: string,
): { readonly code: "QI002" | "QI003"; readonly predicate: string } | undefined {
  if (fold(reference) === "") return { code: "QI002", predicate: "is blank" };
  if (reference.length <= maxReferenceLength) return undefined;
  const predicate = `has ${reference.length} characters, at most ${maxReferenceLength} are allowed`;
  return { code: "QI003", predicate };
}

/** Why a key may not stand in an item's content. */
export function contentKeyFlaw(key: string): { readonly message: string; readonly hint: string } | undefined {
  const forbidden = /[.#@:]/.exec(key)?.[0];
  if (forbidden === undefined && key !== "") return undefined;
  const message = `content key ${JSON.stringify(key)} ${forbidden === undefined ? "is empty" : `holds "${forbidden}"`}`;
  return { message, hint: "Orchestrator keeps . # @ and : for itself" };
}

/** No character takes more than six in JSON, and keys and quotes are few: most contents need not be written to be measured. */
const certainlySmall = 20_000;

/** Why a content is too large for the server, in words that follow its name. `size` is that of the text that it is from. */
export function contentFlaw(content: Content, size: number = Number.POSITIVE_INFINITY): string | undefined {
  if (size < certainlySmall) return undefined;
  const length = revealingJson(content).length;
  if (length <= maxContentLength) return undefined;
  return `has ${length} characters as JSON, at most ${maxContentLength} are allowed`;
}

function contentProblems(content: Content, path: Path, at: Locate, size: number | undefined): Diagnostic[] {
  const place = [...path, "content"];
  const problems: Diagnostic[] = [];
  for (const key of Object.keys(content)) {
    const keyFlaw = contentKeyFlaw(key);
    if (keyFlaw === undefined) continue;
    problems.push({ code: "QI005", severity: "error", ...keyFlaw, source: at([...place, key], "key") });
  }
  const flaw = contentFlaw(content, size);
  if (flaw === undefined) return problems;
  const message = `${formatPath(place)} ${flaw}`;
  return [...problems, { code: "QI008", severity: "error", message, source: at(place, "key") }];
}
