import type { Change } from "../../core/change.ts";
import { sortDiagnostics } from "../../core/diagnostic.ts";
import { driftOf, summarizeDrift } from "../../core/drift.ts";
import { planFormat } from "../../core/formats.ts";
import type { GuardViolation } from "../../core/guard.ts";
import type { JsonObject } from "../../core/json.ts";
import { hasPendingChanges, isRefused, type Plan, type PlannedResource } from "../../core/plan.ts";
import { diagnosticJson, fieldJson, keyJson, object, priceJson, sourceJson, targetJson } from "./parts.ts";
import { readsJson } from "./reads.ts";
import { redact } from "./redact.ts";
import { jsonAround, jsonPieces } from "./text.ts";

interface PlanJsonOptions {
  /** True: how live state was read, too. */
  readonly explain?: boolean;
}

/** The plan as text, piece by piece: a million changes are never all in memory. */
export function planJsonText(plan: Plan, options: PlanJsonOptions = {}): Generator<string> {
  const shell = { ...planJson({ ...plan, resources: [] }, options), drift: { ...summarizeDrift(plan.resources) } };
  const resources = Iterator.from(plan.resources).map((resource) =>
    jsonAround(
      resourceJson({ ...resource, changes: [] }),
      "changes",
      Iterator.from(resource.changes).map((change) => [JSON.stringify(changeJson(change), null, 2)]),
    ),
  );
  return jsonPieces(jsonAround(shell, "resources", resources));
}

/** The plan as `schemas/plan.schema.json` describes it: for other programs, never to be applied. */
export function planJson(plan: Plan, options: PlanJsonOptions = {}): JsonObject {
  const { reads } = plan;
  return {
    format: planFormat,
    id: plan.id,
    sha256: plan.sha256,
    target: targetJson(plan.target),
    createdAt: plan.createdAt,
    toolVersion: plan.toolVersion,
    pending: hasPendingChanges(plan.summary),
    refused: isRefused(plan),
    summary: { ...plan.summary },
    drift: { ...summarizeDrift(plan.resources) },
    price: object({
      read: priceJson(plan.price.read),
      apply: priceJson(plan.price.apply),
      listCallsPerMinute: plan.price.listCallsPerMinute,
    }),
    guards: plan.guards.map(guardJson),
    diagnostics: sortDiagnostics(plan.diagnostics).map(diagnosticJson),
    resources: plan.resources.map(resourceJson),
    ...(options.explain === true && reads !== undefined ? { reads: readsJson(reads) } : {}),
  };
}

function guardJson({ guard, count, limit, message, forced }: GuardViolation): JsonObject {
  return { guard, count, limit, message, forced };
}

function resourceJson(resource: PlannedResource): JsonObject {
  const { key, level, dependsOn, folder, title, settings, changes, notes, source } = resource;
  return object({
    key: keyJson(key),
    level,
    dependsOn: dependsOn.map((each) => keyJson(each)),
    folder: folder && { id: folder.id, key: folder.key, path: folder.path, type: folder.type },
    title,
    settings,
    notes: [...notes],
    source: sourceJson(source),
    changes: Array.from(changes, changeJson),
  });
}

function changeJson(change: Change): JsonObject {
  const { key, action, label, summary, reason, warnings, source, sensitive } = change;
  return object({
    key: keyJson(key, key.entry),
    action,
    run: "run" in change ? change.run : undefined,
    drift: driftOf(change),
    label,
    summary,
    reason: reason && { code: reason.code, text: reason.text },
    hint: "hint" in change ? change.hint : undefined,
    cause: "cause" in change ? change.cause : undefined,
    warnings: warnings && [...warnings],
    fields: "fields" in change ? change.fields.map((field) => fieldJson(field, sensitive)) : undefined,
    before: "before" in change && change.before !== undefined ? redact(change.before, sensitive) : undefined,
    after: "after" in change && change.after !== undefined ? redact(change.after, sensitive) : undefined,
    precondition: "precondition" in change ? redact(change.precondition, undefined) : undefined,
    sensitive: sensitive && [...sensitive],
    source: sourceJson(source),
  });
}
