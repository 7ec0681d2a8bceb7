import { expect, it } from "vitest";
import { load } from "./folder.ts";

/** Every key that manifests know, once: a key that the schema forgets makes this fail. */
const everything = `
apiVersion: orch-sync/v1
kind: QueueItems
metadata:
  name: invoices-march              # unique
  folder: Finance/Invoices
  labels: { team: finance }
spec:
  queue: DocQueue
  items:
    - reference: INV-001
      priority: High
      deferDate: 2026-12-01T08:00:00Z
      dueDate: 2026-12-05T17:00:00Z
      riskSlaDate: 2026-12-04T17:00:00Z
      content: { Email: obrian@uipath.com, Name: O'Brian, Amount: 12.5 }
  source:
    file: march.csv
    reference: "INV-{invoiceId}"
    priority: "{prio}"
    deferDate: "{start}"
    dueDate: "{due}"
    riskSlaDate: "{risk}"
    timeZone: Europe/Bucharest
    content: { Amount: { column: amount, type: number } }
    delimiter: ";"
  references: required
  typeHints: false
  commit: ProcessAllIndependently
  order: manifest
  seedUntil: 2026-12-31T00:00:00Z
  onDrift: update
  recreateDeleted: false
  prune: { referencePrefix: INV- }
  sensitive: [Email]
---
apiVersion: orch-sync/v1
kind: Job
metadata: { name: smoke-test, folder: Finance/Invoices }
spec:
  process: InvoiceSmokeTest
  strategy: { type: Dynamic, count: 1 }
  inputArguments: { age: 33, trueOrFalse: false }
  run: onChange
  rerunOn: { processVersion: true, build: "\${env:BUILD_ID:-dev}" }
  onPreviousFailure: fail
  startUntil: 2026-12-31T00:00:00Z
  wait: { until: completed, timeout: 30m, success: [Successful], whenSuspended: wait }
  dependsOn: [QueueItems/invoices-march]
  priority: High
  runtimeType: Unattended
  entryPoint: Main.xaml
  environmentVariables: { MODE: test }
  machines: [{ machine: VM-01, account: bot.finance }]
  runAsMe: false
  requiresUserInteraction: true
  stopAfter: 30m
  killAfter: 5m
  concurrency: allow
  retries: { limit: 0, backoff: 1m }
---
apiVersion: orch-sync/v1
kind: StoppedJobs
metadata: { name: retire-legacy, folder: Finance/Invoices }
spec:
  select: { process: LegacyImport, states: [Pending, Running, Resumed], createdBefore: 2026-11-01T00:00:00Z }
  strategy: SoftStop
  escalateAfter: 10m
---
apiVersion: orch-sync/v1
kind: Review
metadata: { name: failed-invoices, folder: Finance/Invoices }
spec:
  queue: DocQueue
  select: { status: [Failed, Abandoned], reviewStatus: [None], exceptionType: BusinessException, exceptionText: timeout, references: [], referencePrefix: INV-, ids: [], robot: DocBot, failedAfter: 2026-11-01T00:00:00Z, reviewer: none }
  reviewers: [ana@corp.example, ion@corp.example]
  unassign: false
  override: false
  reviewStatus: InReview
  comment: "Assigned by the March close."
`;

const rows = "invoiceId;prio;start;due;risk;amount\n7;1;;2026-12-01;;5\n";

it("takes every key that there is", async () => {
  const { resources, diagnostics } = await load({
    "m.yaml": everything,
    "march.csv": rows,
  });
  expect(diagnostics).toEqual([]);
  expect(resources.map(({ kind, key }) => `${kind}/${key.name}`)).toEqual([
    "QueueItems/invoices-march",
    "Job/smoke-test",
    "StoppedJobs/retire-legacy",
    "Review/failed-invoices",
  ]);
  expect(resources[0]?.labels).toEqual({ team: "finance" });
  expect(resources[1]?.dependsOn).toEqual([resources[0]?.key]);
});
