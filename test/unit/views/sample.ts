import type { Change } from "../../../src/core/change.ts";
import { seal } from "../../../src/core/plan-file.ts";
import { summarize, type Plan, type PlannedResource } from "../../../src/core/plan.ts";
import type { Reads } from "../../../src/core/reads.ts";
import type { Key, Kind } from "../../../src/core/resource.ts";

/** The folder of every sample, unless a test says otherwise. */
export const folder = "Finance/Invoices";

export function keyOf(kind: Kind, name: string, entry?: string): Key {
  return { kind, folder, name, ...(entry === undefined ? {} : { entry }) };
}

export function resource(
  kind: Kind,
  name: string,
  title: string,
  changes: readonly Change[],
  more: Partial<PlannedResource> = {},
): PlannedResource {
  return {
    key: keyOf(kind, name),
    level: 0,
    dependsOn: [],
    folder: { id: 3, key: "f0", path: folder, type: "modern" },
    title,
    settings: {},
    observed: {},
    changes,
    notes: [],
    source: { file: "manifests/march.yaml", line: 1, column: 1 },
    ...more,
  };
}

export function planOf(resources: readonly PlannedResource[], more: Partial<Plan> = {}): Plan {
  return seal({
    target: { name: "prod", url: "https://cloud.uipath.com/acme/prod/orchestrator_", apiVersion: 20 },
    createdAt: "2026-11-21T10:31:00Z",
    toolVersion: "0.1.0",
    resources,
    summary: summarize(resources),
    price: { read: { calls: 4, listCalls: 2 }, apply: { calls: 6, listCalls: 0 }, listCallsPerMinute: 90 },
    guards: [],
    diagnostics: [],
    ...more,
  });
}

/** One queue read in a mix of ways, for two manifests, and another without a choice. */
export const reads: Reads = {
  queues: [
    {
      queue: "DocQueue",
      folder,
      wantedBy: [keyOf("QueueItems", "march"), keyOf("QueueItems", "april")],
      references: 1200,
      live: 48_000,
      lines: [
        {
          role: "chosen",
          way: "prefix",
          query: "startswith(Reference,'INV-2026-03-') and Id gt …",
          calls: 13,
          rows: 1204,
        },
        { role: "tried", way: "prefix", query: "startswith(Reference,'INV-') and Id gt …", calls: 1, rows: 40_000 },
        { role: "refused", way: "lookup", query: "Reference in (…)", perCall: 91, calls: 1 },
        {
          role: "instead",
          way: "scan",
          query: "QueueDefinitionId eq 188 and Id gt …",
          calls: 481,
          rows: 48_000,
          estimated: true,
        },
      ],
    },
    {
      queue: "Loose",
      folder,
      wantedBy: [keyOf("QueueItems", "loose")],
      references: 1,
      lines: [
        { role: "chosen", way: "watermark", query: "the highest Id", calls: 1 },
        { role: "chosen", way: "lookup", query: "Reference in (…)", perCall: 1, calls: 1, rows: 0 },
      ],
    },
  ],
  calls: [
    { path: "/odata/QueueItems", calls: 17 },
    { path: "/odata/Folders", calls: 1 },
  ],
};

const march = (entry: string, line: number): Pick<Change, "key" | "label" | "source"> => ({
  key: keyOf("QueueItems", "invoices-march", entry),
  label: entry,
  source: { file: "manifests/march.yaml", line, column: 5 },
});

const absent = { type: "absent" } as const;
const version = { type: "version", id: 1, rowVersion: "AAAA" } as const;

export const queueItems: PlannedResource = resource(
  "QueueItems",
  "invoices-march",
  "queue DocQueue",
  [
    {
      ...march("INV-001", 9),
      action: "no-op",
      summary: "is Successful",
      reason: { code: "already-processed", text: "is Successful" },
    },
    {
      ...march("INV-002", 12),
      action: "update",
      summary: "",
      before: { id: 7, priority: "Normal", content: { Amount: 12.5, Email: "a@corp.example" } },
      after: { id: 7, priority: "High", content: { Amount: 13, Email: "b@corp.example" } },
      sensitive: ["content.Email"],
      fields: [
        { path: "priority", before: "Normal", after: "High" },
        { path: "content.Amount", before: 12.5, after: 13 },
        { path: "content.Email", before: "a@corp.example", after: "b@corp.example", sensitive: true },
      ],
      precondition: version,
    },
    {
      ...march("INV-004", 20),
      action: "create",
      summary: "High, due 2026-12-05 17:00Z",
      after: { reference: "INV-004", priority: "High", content: { Email: "c@corp.example" } },
      sensitive: ["content.Email"],
      precondition: absent,
    },
    {
      ...march("INV-009", 31),
      action: "blocked",
      summary: "",
      reason: { code: "drift-refused", text: "content.Email is required by the queue's schema" },
      hint: "add it to the content, or relax the schema of DocQueue",
    },
  ],
  { notes: ["seeding starts jobs of InvoiceProcessing"] },
);

export const job: PlannedResource = resource("Job", "smoke-test", "process InvoiceSmokeTest", [
  {
    key: keyOf("Job", "smoke-test"),
    label: "",
    action: "start",
    run: "again",
    summary: "start InvoiceSmokeTest again",
    reason: { code: "inputs-changed", text: "no run with these inputs (last run: job 128209 Successful)" },
    after: { runKey: "smoke-test@9b1e44d07a2c", inputArguments: '{"age":33}' },
    fields: [{ path: "inputArguments.age", before: 32, after: 33 }],
    precondition: absent,
    source: { file: "manifests/jobs.yaml", line: 2, column: 1 },
  },
]);

const reviewed = (reference: string, id: number, reviewer: string): Change => ({
  key: keyOf("Review", "failed-invoices", String(id)),
  label: `${reference} (${id})`,
  action: "assign",
  summary: `none → ${reviewer}, None → InReview`,
  reason: { code: "selected", text: "the selection matches it" },
  before: { id, reviewer: null, reviewStatus: "None" },
  after: { reviewer: { id: 5, name: reviewer }, reviewStatus: "InReview" },
  fields: [
    { path: "reviewer", before: "none", after: reviewer },
    { path: "reviewStatus", before: "None", after: "InReview" },
  ],
  precondition: version,
});

export const review: PlannedResource = resource("Review", "failed-invoices", "queue DocQueue", [
  reviewed("INV-100", 1050200, "ana@corp.example"),
  reviewed("INV-101", 1050207, "ion@corp.example"),
]);

export const stoppedJobs: PlannedResource = resource("StoppedJobs", "retire-legacy", "process LegacyImport", [
  {
    key: keyOf("StoppedJobs", "retire-legacy", "128001"),
    label: "job 128001",
    action: "stop",
    summary: "stop LegacyImport, Running since 2026-11-20 08:00Z",
    reason: { code: "selected", text: "the selection matches it" },
    before: { id: 128001, process: "LegacyImport", state: "Running", creationTime: "2026-11-20T08:00:00Z" },
    precondition: { type: "fingerprint", id: 128001, fingerprint: "k" },
  },
]);
