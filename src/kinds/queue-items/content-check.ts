import { isUnusable, type ContentCheck, type ContentProblem } from "../../core/content-schema.ts";
import type { Diagnostic } from "../../core/diagnostic.ts";
import type { JsonObject } from "../../core/json.ts";
import { formatPath } from "../../core/locate.ts";
import { revealed } from "../../core/secret.ts";
import type { DesiredResource } from "../../core/resource.ts";
import type { SourceSpan } from "../../core/source.ts";
import type { PlanContext } from "../definition.ts";
import type { LiveQueue } from "./live.ts";
import type { QueueItemDraft, QueueItemState } from "./payload.ts";
import type { QueueItemChange } from "./reconcile.ts";

/** What the queue's schema makes of the lines of a plan, one after the other. */
interface Checking {
  /** The change; a blocked line where the schema refuses its content. */
  checked(change: QueueItemChange): QueueItemChange;
  /** What the schema could not be asked about, so far. */
  readonly diagnostics: readonly Diagnostic[];
}

/** How many of an item's problems its line names. */
const mostNamed = 3;

/**
 * Blocks every create and update whose content the queue's JSON schema refuses: the server would refuse it, too, one
 * item at a time and after other writes. A schema that cannot be used here is a warning, and the server judges alone.
 */
export function contentCheck(
  queue: LiveQueue,
  resource: DesiredResource,
  { compileContentSchema, locate }: Pick<PlanContext, "compileContentSchema" | "locate">,
): Checking {
  const { contentSchema } = queue;
  if (contentSchema === undefined) return { checked: (change) => change, diagnostics: [] };
  const diagnostics: Diagnostic[] = [];
  let check: ContentCheck | undefined; // compiled for the first write, if there is one
  const warn = (why: string): void => {
    if (diagnostics.length === 0) diagnostics.push(unusableSchema(queue, resource, why));
  };
  const compiled = (): ContentCheck => {
    const found = compileContentSchema(contentSchema);
    if (!isUnusable(found)) return found;
    warn(found.unusable);
    return () => [];
  };
  const checked = (change: QueueItemChange): QueueItemChange => {
    if (!isWrite(change)) return change;
    check ??= compiled();
    const problems = problemsOf(change, check);
    if (!isUnusable(problems)) return problems.length === 0 ? change : blocked(change, problems, locate);
    warn(problems.unusable);
    return change;
  };
  return { checked, diagnostics };
}

type Write = Extract<QueueItemChange, { readonly action: "create" | "update" | "assign" }>;

function isWrite(change: QueueItemChange): change is Write {
  return change.action === "create" || change.action === "update";
}

function problemsOf(change: Write, check: ContentCheck): ReturnType<ContentCheck> {
  return check(sentContent(change.after));
}

/** What a write sends as content, and so what the server holds against the schema: an item without any has no keys. */
function sentContent({ content }: QueueItemDraft | QueueItemState): JsonObject {
  return revealed(content ?? {}) as JsonObject;
}

function blocked(
  { key, label, source, sensitive }: Write,
  problems: readonly ContentProblem[],
  locate: PlanContext["locate"],
): QueueItemChange {
  const [first] = problems;
  const named = problems
    .slice(0, mostNamed)
    .map(({ path, message }) => `${formatPath(["content", ...path])} ${message}`);
  const more = problems.length - named.length;
  const text = [...named, ...(more === 0 ? [] : [`and ${more} more`])].join("; ");
  const hint = problems.find((problem) => problem.hint !== undefined)?.hint;
  return {
    action: "blocked",
    key,
    label,
    summary: "",
    reason: { code: "content-refused", text },
    ...(hint === undefined ? {} : { hint }),
    ...(source === undefined ? {} : { source: placeOf(source, first?.path ?? [], locate) }),
    ...(sensitive === undefined ? {} : { sensitive }),
  };
}

function placeOf(source: SourceSpan, path: ContentProblem["path"], locate: PlanContext["locate"]): SourceSpan {
  return locate(source, ["content", ...path]);
}

function unusableSchema({ name }: LiveQueue, { key, places, source }: DesiredResource, why: string): Diagnostic {
  return {
    code: "PL001",
    severity: "warning",
    message: `the JSON schema of queue ${name} cannot be used to check content: ${why}`,
    hint: "the server alone judges the content, item by item, when it is written",
    source: places?.["queue"] ?? source,
    key,
  };
}
