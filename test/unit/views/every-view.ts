import { parse } from "csv-parse/sync";
import { expect } from "vitest";
import type { CheckUp } from "../../../src/core/check-up.ts";
import type { Diagnostic } from "../../../src/core/diagnostic.ts";
import type { LeaseStatus } from "../../../src/core/lease-status.ts";
import type { ItemComment, ItemEvent, ListedItem, ListedJob, Listing } from "../../../src/core/listing.ts";
import { changeName } from "../../../src/core/journal.ts";
import type { JournalState, PastSend } from "../../../src/core/journal-state.ts";
import type { Plan } from "../../../src/core/plan.ts";
import type { ApplyReport } from "../../../src/core/report.ts";
import type { TenantStatus } from "../../../src/core/tenant-status.ts";
import { manifestStatus } from "../../../src/workflow/status.ts";
import { codeQuality } from "../../../src/views/ci/code-quality.ts";
import { azureCommand, findingCommands, githubCommand } from "../../../src/views/ci/commands.ts";
import { diagnosticFindings, outcomeFindings, planFindings, type Finding } from "../../../src/views/ci/findings.ts";
import { planHtml } from "../../../src/views/html/plan.ts";
import { reportHtml } from "../../../src/views/html/report.ts";
import { checkUpView } from "../../../src/views/human/check-up.ts";
import { diagnosticsView } from "../../../src/views/human/diagnostics.ts";
import { journalView } from "../../../src/views/human/journal.ts";
import { leaseView } from "../../../src/views/human/lease.ts";
import { planView } from "../../../src/views/human/plan.ts";
import { reportView } from "../../../src/views/human/report.ts";
import { statusView } from "../../../src/views/human/status.ts";
import { checkUpJson } from "../../../src/views/json/check-up.ts";
import { journalJson } from "../../../src/views/json/journal.ts";
import { leaseJson } from "../../../src/views/json/lease.ts";
import { planJson } from "../../../src/views/json/plan.ts";
import { reportJson } from "../../../src/views/json/report.ts";
import { statusJson } from "../../../src/views/json/status.ts";
import { jsonText } from "../../../src/views/json/text.ts";
import { validationJson } from "../../../src/views/json/validation.ts";
import { reportJunit } from "../../../src/views/junit/report.ts";
import { commentList, eventList, itemList, jobList, type ListKind } from "../../../src/views/listing/columns.ts";
import { listCsv } from "../../../src/views/listing/csv.ts";
import { listJson, listNdjson } from "../../../src/views/listing/json.ts";
import { listView } from "../../../src/views/listing/screen.ts";
import { planMarkdown } from "../../../src/views/markdown/plan.ts";
import { reportMarkdown } from "../../../src/views/markdown/report.ts";
import { problemsBy } from "../../support/schema.ts";
import { expectInertHtml, expectInertMarkdown, readXml } from "../../support/markup.ts";

/** Everything that a view may show at once. */
interface Shown {
  readonly plan: Plan;
  readonly report: ApplyReport;
  readonly diagnostics: readonly Diagnostic[];
}

interface View {
  readonly draw: (shown: Shown) => string;
  /** Fails when the text is not of its format, or when something foreign is more than text in it. */
  readonly judge: (text: string) => void;
  /** True: long texts end with `…`. */
  readonly cuts?: true;
}

const plain = { color: false, width: 80 };
/** Each command that was broken up makes its line a blank longer. */
const isScreen = (text: string): void =>
  expect(longestLine(text.replaceAll(/(:|#) (?=\1)/g, "$1"))).toBeLessThanOrEqual(80);
const isJson = (text: string): void => expect(() => void JSON.parse(text)).not.toThrow();
/** JSON as the schema says: a member that it does not know fails. */
function fits(name: string): View["judge"] {
  let problemsOf: ReturnType<typeof problemsBy> | undefined;
  return (text) => {
    problemsOf ??= problemsBy(name);
    expect(problemsOf(JSON.parse(text))).toEqual([]);
  };
}
const isXml = (text: string): void => expect(() => void readXml(text)).not.toThrow();

const findingsOf = ({ plan, report, diagnostics }: Shown): readonly Finding[] => [
  ...planFindings(plan),
  ...outcomeFindings(report.outcomes),
  ...diagnosticFindings(diagnostics),
];

/** Every view that orch-sync has. A new one joins with a row, and all tests about foreign and sensitive text hold it. */
export const everyView: Readonly<Record<string, View>> = {
  plan: { draw: ({ plan }) => planView(plan, { ...plain, verbose: false }), judge: isScreen },
  "plan in full": { draw: ({ plan }) => planView(plan, { ...plain, verbose: true }), judge: isScreen },
  "plan as JSON": { draw: ({ plan }) => jsonText(planJson(plan)), judge: fits("plan") },
  "plan as Markdown": { draw: ({ plan }) => planMarkdown(plan, { verbose: false }), judge: expectInertMarkdown },
  "plan as Markdown in full": { draw: ({ plan }) => planMarkdown(plan, { verbose: true }), judge: expectInertMarkdown },
  "plan as HTML": { draw: ({ plan }) => planHtml(plan, { verbose: false }), judge: expectInertHtml },
  "plan as HTML in full": { draw: ({ plan }) => planHtml(plan, { verbose: true }), judge: expectInertHtml },
  report: { draw: ({ report }) => reportView(report, { ...plain, verbose: false }), judge: isScreen },
  "report in full": { draw: ({ report }) => reportView(report, { ...plain, verbose: true }), judge: isScreen },
  "report as JSON": { draw: ({ report }) => jsonText(reportJson(report)), judge: fits("report") },
  "report as Markdown": { draw: ({ report }) => reportMarkdown(report), judge: expectInertMarkdown },
  "report as HTML": { draw: ({ report }) => reportHtml(report), judge: expectInertHtml },
  "report as JUnit XML": { draw: ({ report, plan }) => reportJunit(report, plan), judge: isXml },
  diagnostics: {
    draw: ({ diagnostics }) => diagnosticsView(diagnostics, { ...plain, files: 1, manifests: 1 }),
    judge: isScreen,
  },
  "validation as JSON": {
    draw: ({ diagnostics }) =>
      jsonText(validationJson({ diagnostics, files: 1, manifests: 1, selected: 1, sources: 0, rows: 0 })),
    judge: fits("validation"),
  },
  status: { draw: (shown) => statusView(statusOf(shown), plain), judge: isScreen },
  "status as JSON": { draw: (shown) => jsonText(statusJson(statusOf(shown))), judge: isJson },
  journal: { draw: (shown) => journalView(journalOf(shown), { ...plain, verbose: false }), judge: isScreen },
  "journal in full": { draw: (shown) => journalView(journalOf(shown), { ...plain, verbose: true }), judge: isScreen },
  "journal as JSON": { draw: (shown) => jsonText(journalJson(journalOf(shown))), judge: isJson },
  lease: { draw: ({ plan }) => leaseView(leaseOf(plan), plain), judge: isScreen },
  "lease as JSON": { draw: ({ plan }) => jsonText(leaseJson(leaseOf(plan), false)), judge: fits("lease") },
  "check-up": { draw: (shown) => checkUpView(checkUpOf(shown), plain), judge: isScreen },
  "check-up as JSON": { draw: (shown) => jsonText(checkUpJson(checkUpOf(shown))), judge: isJson },
  ...listViews("items", itemList, itemsOf),
  ...listViews("jobs", jobList, jobsOf),
  ...listViews("history", eventList, eventsOf),
  ...listViews("comments", commentList, commentsOf),
  "findings as Code Quality": { draw: (shown) => codeQuality(findingsOf(shown)), judge: isJson },
  "findings for GitHub Actions": {
    draw: (shown) => findingCommands(findingsOf(shown), githubCommand),
    judge: (text) => expectCommands(text, /^::(?:error|warning) (?:[a-z]+=[^:,]*,)*[a-z]+=[^:,]*::[^\r\n]*$/),
  },
  "findings for Azure Pipelines": {
    draw: (shown) => findingCommands(findingsOf(shown), azureCommand),
    judge: (text) => expectCommands(text, /^##vso\[task\.logissue (?:[a-z]+=[^;\]]*;)+\](?:(?!##\w*\[).)*$/),
  },
};

/** A lease whose every text is the plan's. */
function leaseOf({ target, createdAt, resources }: Plan): LeaseStatus {
  const text = resources.map(({ key, title }) => `${key.name} ${title}`).join(" ");
  const holder = { owner: text, runUrl: target.url, since: createdAt, until: text };
  return { name: text, queue: text, folder: text, state: "touched", item: 1, why: text, holder };
}

/** A check-up of which every text is the plan's. */
function checkUpOf(shown: Shown): CheckUp {
  const { target, createdAt } = shown.plan;
  const checks = textsOf(shown).flatMap((text): CheckUp["checks"] => [
    { id: "tls", state: "fine", text },
    { id: "permissions", kind: "Job", state: "problem", text, hint: text, cause: "access", missing: [text] },
    { id: "lease", state: "skipped", after: "folder" },
  ]);
  const answers = textsOf(shown).map((text) => ({ question: "rowVersionConflict", answer: "409", text }) as const);
  return { target, at: createdAt, checks, probe: { apiVersion: 20, answers } };
}

/** A journal whose every text is the plan's, and of its values none: it holds keys alone. */
function journalOf(shown: Shown): JournalState {
  const text = textsOf(shown).join(" ");
  const changes = shown.plan.resources.flatMap((resource) => Array.from(resource.changes, changeName));
  const send: PastSend = {
    batch: 1,
    resource: text,
    call: text,
    repeat: "never",
    attempt: 2,
    changes,
    sentAt: text,
    fault: { kind: "network", call: text, message: text },
  };
  return {
    header: {
      type: "journal",
      format: "orch-sync/journal/v1",
      apply: text,
      plan: { id: text, sha256: text },
      target: { name: text, url: shown.plan.target.url },
      startedAt: text,
      settleMs: 1,
      toolVersion: text,
    },
    sends: new Map([[1, send]]),
    resources: new Map([[text, new Map([[text, new Map([[text, { send }]])]])]]),
    batches: 1,
    resumedAt: [text],
    end: { type: "end", at: text, supersededBy: text },
  };
}

/** A list in all its formats. */
function listViews<Row>(name: string, kind: ListKind<Row>, rowsOf: (shown: Shown) => Row[]): Record<string, View> {
  const listing = (shown: Shown): Listing<Row> => ({ rows: rowsOf(shown), more: true });
  return {
    [name]: { draw: (shown) => listView(kind, listing(shown), plain), judge: isScreen, cuts: true },
    [`${name} in full`]: {
      draw: (shown) => listView(kind, listing(shown), { ...plain, width: 5000 }),
      judge: () => undefined,
    },
    [`${name} as JSON`]: { draw: (shown) => jsonText(listJson(kind, listing(shown))), judge: fits(name) },
    [`${name} as NDJSON`]: {
      draw: (shown) => listNdjson(kind, rowsOf(shown)),
      judge: (text) => text.trimEnd().split("\n").forEach(isJson),
    },
    [`${name} as CSV`]: {
      draw: (shown) => listCsv(kind, rowsOf(shown), { safe: true }),
      judge: (text) => {
        const rows = parse(text, { columns: true });
        expect(rows.length).toBeGreaterThan(0);
        const cells = rows.flatMap((row) => Object.values(row as Record<string, string>));
        expect(cells.filter((cell) => /^[=+\-@]/.test(cell))).toEqual([]);
      },
    },
  };
}

/** Foreign texts of a plan, one a row. */
function textsOf({ plan }: Shown): string[] {
  return plan.resources.flatMap(({ key, title }) => [key.folder, key.name, title]);
}

function itemsOf(shown: Shown): ListedItem[] {
  return textsOf(shown).map((text) => ({
    folder: text,
    queue: text,
    id: 1050200,
    reference: text,
    status: "Failed",
    reviewStatus: text,
    reviewer: text,
    priority: text,
    robot: text,
    retryNumber: 1,
    created: text,
    deferDate: text,
    dueDate: null,
    started: text,
    ended: text,
    exceptionType: text,
    error: text,
  }));
}

function jobsOf(shown: Shown): ListedJob[] {
  return textsOf(shown).map((text) => ({
    folder: text,
    id: 22450719,
    key: text,
    process: text,
    state: text,
    reference: text,
    robot: text,
    environmentId: null,
    created: text,
    started: "2018-03-06T08:00:00Z",
    ended: text,
    info: text,
  }));
}

function eventsOf(shown: Shown): ItemEvent[] {
  return textsOf(shown).map((text) => ({
    id: 1,
    item: 1,
    at: text,
    action: text,
    status: text,
    reviewStatus: text,
    reviewer: text,
    user: text,
  }));
}

function commentsOf(shown: Shown): ItemComment[] {
  return textsOf(shown).map((text) => ({ id: 1, item: 1, at: "2018-03-06T08:00:00Z", user: text, text }));
}

/** A tenant whose every name is the plan's. */
function statusOf({ plan }: Shown): TenantStatus {
  const { target, createdAt, resources } = plan;
  const named = resources.flatMap(({ key, title }) => [
    { folder: key.folder, name: title },
    { folder: key.name, name: key.folder },
  ]);
  const queue = { waiting: 1, inProgress: 2, successful: 3, businessExceptions: 4, applicationExceptions: 5 };
  return {
    target,
    at: createdAt,
    since: createdAt,
    queues: named.map(({ folder, name }) => ({ folder, name, ...queue, meanSeconds: 1, lastProcessed: createdAt })),
    processes: named.map(({ folder, name }) => ({ folder, name, jobs: { Running: 1, [name]: 2 } })),
    manifests: manifestStatus(plan),
  };
}

/** Each line is one command of ours; taken out, nothing is left that a CI system would obey. */
function expectCommands(text: string, form: RegExp): void {
  const lines = text.split("\n").slice(0, -1);
  expect(lines.length).toBeGreaterThan(0);
  expect(lines.filter((line) => !form.test(line))).toEqual([]);
}

/** Nothing that moves a cursor, hides, turns text around or commands a CI system; line feeds are ours. */
export function expectClean(text: string): void {
  expect(text).not.toBe("");
  expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
  // Our own commands are judged by their view.
  const others = text.replace(/^(?:::(?:error|warning) |##vso\[task\.logissue )/gm, "");
  expect(others).not.toMatch(/^\s*::/m);
  expect(others).not.toMatch(/##\w*\[/);
}

function longestLine(text: string): number {
  return text.split("\n").reduce((longest, line) => Math.max(longest, line.length), 0);
}
