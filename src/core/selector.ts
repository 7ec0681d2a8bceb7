import { UsageError } from "./errors.ts";
import { fold } from "./fold.ts";
import { globMatches } from "./glob.ts";
import { nearest } from "./nearest.ts";
import { kinds, type ResourceKey } from "./resource.ts";

/** What a selector looks at: every desired resource fits. */
export interface Selectable {
  readonly key: ResourceKey;
  readonly labels: Readonly<Record<string, string>>;
}

/** One `--select` or `--exclude`: it matches what all of its terms match. */
export interface Selector {
  readonly flag: "--select" | "--exclude";
  /** As it was written. */
  readonly text: string;
  readonly terms: readonly Term[];
}

interface Term {
  readonly key: "kind" | "name" | "folder" | "label";
  /** The label's name; names of labels are compared as they are written. */
  readonly label: string;
  readonly glob: string;
}

const form = "write KEY=VALUE terms with commas between them, such as kind=Job,name=smoke-*,label.team=finance";
const termKeys = ["kind", "name", "folder", "label.KEY"];

/**
 * Reads `kind=Job,name=smoke-*,label.team=finance`.
 * @throws UsageError when it is malformed, or names a key or a kind that does not exist.
 */
export function parseSelector(text: string, flag: Selector["flag"]): Selector {
  const terms = text.split(",").map((term) => parseTerm(term.trim(), `${flag} ${JSON.stringify(text)}`));
  return { flag, text, terms };
}

function parseTerm(text: string, whole: string): Term {
  const at = text.indexOf("=");
  if (at < 0) {
    const what = text === "" ? "has an empty term" : `has no = in ${JSON.stringify(text)}`;
    throw new UsageError(`${whole} ${what}`, { hint: form });
  }
  const [name, glob] = [text.slice(0, at).trim(), text.slice(at + 1).trim()];
  const label = name.startsWith("label.") ? name.slice("label.".length) : "";
  if (label !== "") return { key: "label", label, glob };
  if (name !== "kind" && name !== "name" && name !== "folder") throw unknownKey(name, whole);
  if (glob === "") throw new UsageError(`${whole} says nothing after ${name}=`, { hint: form });
  if (name === "kind") checkKind(glob, whole);
  return { key: name, label, glob: name === "folder" ? glob.replace(/^\/+|\/+$/g, "") : glob };
}

function unknownKey(name: string, whole: string): UsageError {
  const meant = nearest(name, termKeys);
  const hint = meant === undefined ? `known are ${termKeys.join(", ")}` : `did you mean ${JSON.stringify(meant)}?`;
  return new UsageError(`${whole} has the unknown key ${JSON.stringify(name)}`, { hint });
}

/** A misspelled kind would match nothing, or in `--exclude` leave in what was meant to stay out. */
function checkKind(glob: string, whole: string): void {
  if (/[*?]/.test(glob) || kinds.some((kind) => fold(kind) === fold(glob))) return;
  const meant = nearest(glob, kinds);
  const hint = meant === undefined ? `known are ${kinds.join(", ")}` : `did you mean ${JSON.stringify(meant)}?`;
  throw new UsageError(`${whole} has the unknown kind ${JSON.stringify(glob)}`, { hint });
}

/** True when all terms match; a label that a resource does not have matches no glob at all. */
export function matches(selector: Selector, { key, labels }: Selectable): boolean {
  return selector.terms.every((term) => {
    if (term.key !== "label") return globMatches(term.glob, key[term.key], { path: term.key === "folder" });
    const value = Object.hasOwn(labels, term.label) ? labels[term.label] : undefined;
    return value !== undefined && globMatches(term.glob, value);
  });
}

/** What is kept: everything that any `--select` matches, or all without one, minus what any `--exclude` matches. */
export function select<T extends Selectable>(resources: readonly T[], selectors: readonly Selector[]): T[] {
  const wanted = selectors.filter(({ flag }) => flag === "--select");
  const unwanted = selectors.filter(({ flag }) => flag === "--exclude");
  return resources.filter(
    (resource) =>
      (wanted.length === 0 || wanted.some((selector) => matches(selector, resource))) &&
      !unwanted.some((selector) => matches(selector, resource)),
  );
}

/**
 * Selectors that choose among resources.
 * @throws UsageError when one of them matches nothing, or nothing is left.
 */
export function selectSome<T extends Selectable>(resources: readonly T[], selectors: readonly Selector[]): T[] {
  for (const selector of selectors) {
    if (resources.some((resource) => matches(selector, resource))) continue;
    throw new UsageError(`${selector.flag} ${JSON.stringify(selector.text)} matches no manifest`, {
      hint: whatExists(resources),
    });
  }
  const kept = select(resources, selectors);
  if (kept.length > 0 || selectors.length === 0) return kept;
  throw new UsageError("--select and --exclude leave no manifest", { hint: whatExists(resources) });
}

const mostNames = 5;

function whatExists(resources: readonly Selectable[]): string {
  if (resources.length === 0) return "there are no manifests at all";
  const names = resources.slice(0, mostNames).map(({ key }) => {
    return `${key.kind}/${key.name}${key.folder === "" ? "" : `@${key.folder}`}`;
  });
  const more = resources.length - names.length;
  return `there are ${names.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/**
 * The expression that matches a resource: `kind=Job,name=smoke-test`, with its folder where another one has the same
 * kind and name. Characters with a meaning of their own become `?`, which matches them too.
 */
export function selectorOf(key: ResourceKey, others: readonly ResourceKey[]): string {
  const twins = others.filter((other) => other.kind === key.kind && fold(other.name) === fold(key.name));
  const terms = [`kind=${key.kind}`, `name=${literal(key.name)}`];
  return [...terms, ...(twins.length > 1 ? [`folder=${literal(key.folder)}`] : [])].join(",");
}

function literal(text: string): string {
  return text.replace(/[,*?]/g, "?");
}
