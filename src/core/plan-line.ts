import type { Change, EntryTrace, FieldChange, Precondition } from "./change.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { planFormat } from "./formats.ts";
import type { GuardViolation } from "./guard.ts";
import { holdsHidden, isHidden } from "./hidden.ts";
import { canonicalJson, isRecord, type JsonObject, type JsonValue } from "./json.ts";
import type { Plan, PlannedResource, PlanSummary, PlanTarget, Price } from "./plan.ts";
import type { Reads } from "./reads.ts";
import type { Key, ResourceKey } from "./resource.ts";
import { withoutSecrets, withSecrets } from "./secret-json.ts";
import { SecretValue } from "./secret.ts";
import type { SourceSpan } from "./source.ts";

/**
 * The lines of a plan file as values: what `schemas/plan-file.schema.json` describes. Plain JSON: a secret is
 * `{"$secret": "${secret:NAME}"}`, and what the tenant has where a secret or a sensitive value belongs is
 * `{"$secret": ""}`.
 */
export type PlanLine = HeaderLine | ResourceLine | ChangeLine | EndLine;

export interface HeaderLine {
  readonly type: "header";
  readonly format: string;
  readonly target: PlanTarget;
  readonly createdAt: string;
  readonly toolVersion: string;
  readonly summary: PlanSummary;
  readonly price: { readonly read: Price; readonly apply: Price; readonly listCallsPerMinute?: number };
  readonly guards: readonly GuardViolation[];
  readonly diagnostics: readonly Diagnostic[];
  readonly reads?: Reads;
}

export interface ResourceLine {
  readonly type: "resource";
  readonly key: ResourceKey;
  readonly level: number;
  readonly dependsOn: readonly ResourceKey[];
  readonly folder?: NonNullable<PlannedResource["folder"]>;
  readonly title: string;
  readonly settings: JsonObject;
  readonly observed: JsonObject;
  readonly notes: readonly string[];
  readonly source: SourceSpan;
  readonly desired?: {
    readonly spec: JsonObject;
    readonly entries: number;
    readonly whole?: number;
    readonly selected: JsonObject;
  };
}

export interface ChangeLine {
  readonly type: "change";
  readonly action: Change["action"];
  readonly key: Key;
  readonly label: string;
  readonly summary: string;
  readonly run?: "first" | "again";
  readonly always?: true;
  readonly reason?: NonNullable<Change["reason"]>;
  readonly hint?: string;
  readonly cause?: "permission";
  readonly before?: JsonValue;
  readonly after?: JsonValue;
  readonly desired?: EntryTrace;
  readonly fields?: readonly FieldChange[];
  readonly precondition?: Precondition;
  readonly warnings?: readonly string[];
  readonly sensitive?: readonly string[];
  readonly source?: SourceSpan;
}

export interface EndLine {
  readonly type: "end";
  /** What the plan is bound to: see `binding`. */
  readonly id: string;
  /** Of every byte before this line. */
  readonly sha256: string;
  readonly resources: number;
  readonly changes: number;
}

/** Undefined for members that are not there: JSON leaves them out. */
export function headerLine(plan: Omit<Plan, "id" | "sha256">): HeaderLine {
  const { target, createdAt, toolVersion, summary, price, guards, reads } = plan;
  const diagnostics = plan.diagnostics.map((each) => withPlace(each));
  const head = { type: "header", format: planFormat, target, createdAt, toolVersion, summary, price } as const;
  return { ...head, guards, diagnostics, ...(reads === undefined ? {} : { reads }) };
}

export function resourceLine(resource: PlannedResource): ResourceLine {
  const { key, level, dependsOn, folder, title, settings, observed, notes, desired } = resource;
  return {
    type: "resource",
    key,
    level,
    dependsOn,
    ...(folder === undefined ? {} : { folder }),
    title,
    settings,
    observed,
    notes,
    source: placeOf(resource.source),
    ...(desired === undefined
      ? {}
      : {
          desired: {
            spec: withoutSecrets(desired.spec) as JsonObject,
            entries: desired.entries,
            ...(desired.whole === undefined ? {} : { whole: desired.whole }),
            selected: desired.selected,
          },
        }),
  };
}

/** Member by member: spreads of what may be missing take eight times as long, and a plan has a million changes. */
export function changeLine(change: Change): ChangeLine {
  const { action, key, label, summary, reason, warnings, sensitive, source, desired } = change;
  const line: { -readonly [Name in keyof ChangeLine]: ChangeLine[Name] } = {
    type: "change",
    action,
    key,
    label,
    summary,
  };
  if ("run" in change) line.run = change.run;
  if ("always" in change && change.always !== undefined) line.always = change.always;
  if (reason !== undefined) line.reason = reason;
  if ("hint" in change && change.hint !== undefined) line.hint = change.hint;
  if ("cause" in change && change.cause !== undefined) line.cause = change.cause;
  if ("before" in change && change.before !== undefined) line.before = seenOf(change.before, sensitive);
  if ("after" in change) line.after = withoutSecrets(ownAfter(change.after, change));
  if (desired !== undefined) line.desired = desired;
  if ("fields" in change) line.fields = change.fields.map((field) => fieldOf(field, sensitive));
  if ("precondition" in change) line.precondition = change.precondition;
  if (warnings !== undefined) line.warnings = warnings;
  if (sensitive !== undefined) line.sensitive = sensitive;
  if (source !== undefined) line.source = placeOf(source);
  return line;
}

/** What a line adds to what the plan is bound to, as text; `header` and `end` have their own part in it. */
export function binding(line: HeaderLine | ResourceLine | ChangeLine): string {
  switch (line.type) {
    case "header": {
      const { url, shard } = line.target;
      return canonicalJson({ format: line.format, shard, target: url });
    }
    case "resource": {
      const { key, dependsOn, folder, settings } = line;
      return canonicalJson({ key, dependsOn, folder: folder?.key, settings });
    }
    case "change":
      return changeBinding(line);
  }
}

/** What a change does, to what, and under which conditions; nothing of why, of what was there, or of words. */
export function changeBinding({ action, key, run, always, after, desired, precondition, cause }: ChangeLine): string {
  const { entry, folder, kind, name } = key;
  return canonicalJson({
    action,
    after,
    always,
    cause,
    desired,
    key: { entry, folder, kind, name },
    precondition,
    run,
  });
}

/** Of an update that comes from an entry only what the entry says: the rest is in `before`. */
function ownAfter(after: unknown, { action, desired }: Change): unknown {
  if (action !== "update" || desired === undefined || !isRecord(after)) return after;
  const { fields, apart = {} } = desired;
  const own = fields.filter((name) => !Object.hasOwn(apart, name) && Object.hasOwn(after, name));
  return Object.fromEntries(own.map((name) => [name, after[name]]));
}

/** What the tenant has, without what nobody may see: an apply looks again. */
function seenOf(before: unknown, hidden: readonly string[] = []): JsonValue {
  return withoutSecrets(hidden.length === 0 ? before : withoutHidden(before, hidden, ""), () => "");
}

/** What the tenant has where a secret or a sensitive value belongs. */
const unseen = new SecretValue("", "", []);

function withoutHidden(value: unknown, hidden: readonly string[], path: string): unknown {
  if (path !== "" && (isHidden(path, hidden) || (typeof value === "string" && holdsHidden(path, hidden))))
    return unseen;
  if (!isRecord(value) || value instanceof SecretValue) return value;
  const members = Object.entries(value).map(([name, member]) => {
    return [name, withoutHidden(member, hidden, path === "" ? name : `${path}.${name}`)] as const;
  });
  return Object.fromEntries(members);
}

function fieldOf(field: FieldChange, hidden: readonly string[] | undefined): FieldChange {
  const { path, before, after, sensitive } = field;
  const isSecret = sensitive === true || isHidden(path, hidden) || holdsHidden(path, hidden);
  const side = (value: JsonValue): JsonValue => withoutSecrets(isSecret ? unseen : value);
  return {
    path,
    ...(before === undefined ? {} : { before: side(before) }),
    ...(after === undefined ? {} : { after: side(after) }),
    ...(sensitive === undefined ? {} : { sensitive }),
  };
}

/** Without the line's text: it may hold what nobody may see. */
function placeOf({ file, line, column, length }: SourceSpan): SourceSpan {
  return length === undefined ? { file, line, column } : { file, line, column, length };
}

function withPlace(diagnostic: Diagnostic): Diagnostic {
  return diagnostic.source === undefined ? diagnostic : { ...diagnostic, source: placeOf(diagnostic.source) };
}

/** The change that a line is of. What the tenant had where a secret belongs, and secrets themselves, have no value. */
export function changeOf(line: ChangeLine, secret: (written: string) => SecretValue): Change {
  const { type: _type, ...members } = line;
  const { before, after, desired, fields } = line;
  if (before === undefined && after === undefined) return members as Change;
  const seen = before === undefined ? {} : { before: withSecrets(before, secret) };
  const made = after === undefined ? {} : { after: withSecrets(after, secret) };
  const merged =
    line.action === "update" && desired !== undefined && isRecord(seen.before) && isRecord(made.after)
      ? { after: { ...seen.before, ...made.after } }
      : made;
  const shown = fields === undefined ? {} : { fields: withSecrets(fields as unknown as JsonValue, secret) };
  return { ...members, ...seen, ...merged, ...shown } as unknown as Change;
}
