import { readFileSync } from "node:fs";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import type { Change } from "../../../src/core/change.ts";
import type { Diagnostic } from "../../../src/core/diagnostic.ts";
import type { ApplyReport } from "../../../src/core/report.ts";
import { SecretValue } from "../../../src/core/secret.ts";
import { redact } from "../../../src/views/json/redact.ts";
import { planJson, planJsonText } from "../../../src/views/json/plan.ts";
import { reportJson } from "../../../src/views/json/report.ts";
import { jsonText } from "../../../src/views/json/text.ts";
import { validationJson } from "../../../src/views/json/validation.ts";
import { job, keyOf, planOf, queueItems, reads, resource, review, stoppedJobs } from "./sample.ts";

function validator(name: string): ValidateFunction {
  const schema = JSON.parse(readFileSync(`schemas/${name}.schema.json`, "utf8")) as object;
  return new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true }).compile(schema);
}

const diagnostic: Diagnostic = {
  code: "MF010",
  severity: "error",
  message: "unknown key",
  hint: "did you mean",
  remark: "first at",
  key: keyOf("Job", "x"),
  source: { file: "a.yaml", line: 1, column: 2, length: 3, text: "password: hunter2" },
};

const report: ApplyReport = {
  planId: "7".repeat(64),
  target: { name: "prod", url: "https://cloud.uipath.com/acme/prod/orchestrator_", apiVersion: 20 },
  startedAt: "2026-11-21T10:31:02Z",
  durationMs: 1,
  calls: 1,
  counts: { applied: 1, "already-done": 0, failed: 0, skipped: 0, unknown: 1 },
  interrupted: "signal",
  waitTimedOut: true,
  halted: true,
  resources: [
    {
      key: keyOf("Job", "a"),
      counts: { applied: 1, "already-done": 0, failed: 0, skipped: 0, unknown: 0 },
      durationMs: 1,
      calls: 3,
    },
  ],
  outcomes: [
    {
      key: keyOf("Job", "a"),
      action: "start",
      label: "",
      status: "applied",
      ids: [5],
      durationMs: 1,
      calls: 1,
      leftRunning: "timeout",
    },
    {
      key: keyOf("QueueItems", "b", "INV-1"),
      action: "create",
      label: "INV-1",
      status: "unknown",
      note: "it was not found",
      sentAt: "2026-11-21T10:31:05Z",
      notBefore: "2026-11-21T10:35:05Z",
      durationMs: 2.5,
      calls: 1,
      traceIds: ["00-51c0"],
      fault: {
        kind: "http",
        message: "x",
        call: "POST /odata",
        status: 503,
        errorCode: 0,
        traceId: "t",
        retryAfter: 5,
      },
      source: { file: "a.csv", line: 2, column: 1 },
    },
  ],
};

describe("planJson", () => {
  const plan = planOf([job, stoppedJobs, queueItems, review], {
    diagnostics: [diagnostic],
    guards: [{ guard: "maxStops", count: 1, limit: "20%", message: "1 to stop", forced: true }],
  });

  it("is the same text when it is written piece by piece", () => {
    const plans = [plan, planOf([]), planOf([queueItems, resource("Job", "x", "##[x]\u202e", [])])];
    for (const each of plans) {
      for (const explain of [true, false]) {
        expect([...planJsonText(each, { explain })].join("")).toBe(jsonText(planJson(each, { explain })));
      }
    }
  });

  it("fits its schema", () => {
    const validate = validator("plan");
    validate(JSON.parse(jsonText(planJson(plan))));
    expect(validate.errors).toBeNull();
  });

  it("fits its schema for every action and a folder that was not found", () => {
    const base = { key: keyOf("QueueItems", "b", "INV-1"), label: "INV-1", summary: "" };
    const changes: Change[] = [
      { ...base, action: "delete", before: {}, precondition: { type: "version", id: 1, rowVersion: "A" } },
      { ...base, action: "wait", before: { jobIds: [1] } },
      { ...base, action: "no-op" },
    ];
    const { folder: _folder, ...lost } = resource("QueueItems", "b", "queue DocQueue", changes);
    const validate = validator("plan");
    validate(planJson(planOf([lost])));
    expect(validate.errors).toBeNull();
  });

  it("hides what is sensitive on both sides and in the fields", () => {
    const text = jsonText(planJson(plan));
    expect(text).not.toMatch(/"[abc]@corp\.example/);
    const update = [...queueItems.changes].find((change) => change.action === "update");
    const resources = planJson(planOf([queueItems]))["resources"] as { changes: Record<string, unknown>[] }[];
    const shown = resources[0]?.changes.find((change) => change["action"] === "update");
    expect(update).toBeDefined();
    expect(shown).toMatchObject({
      before: { id: 7, content: { Amount: 12.5, Email: { sensitive: true } } },
      after: { id: 7, content: { Amount: 13, Email: { sensitive: true } } },
      fields: [
        { path: "priority", before: "Normal", after: "High" },
        { path: "content.Amount", before: 12.5, after: 13 },
        { path: "content.Email", before: { sensitive: true }, after: { sensitive: true }, sensitive: true },
      ],
    });
  });

  it("hides a secret wherever it stands, listed or not", () => {
    const secret = new SecretValue("hunter2", "${secret:A}", ["hunter2"]);
    expect(redact({ a: secret, b: [{ c: secret }], d: 1 }, undefined)).toEqual({
      a: { sensitive: true },
      b: [{ c: { sensitive: true } }],
      d: 1,
    });
  });

  it("hides a text as a whole that holds something sensitive, and names with dots", () => {
    const change: Change = {
      key: keyOf("Job", "x"),
      label: "",
      action: "start",
      run: "first",
      summary: "start x",
      after: { inputArguments: '{"pin":1111}', content: { "a.b": "2222" }, list: [{ pin: 3333 }, { pin: 4444 }] },
      fields: [],
      precondition: { type: "absent" },
      sensitive: ["inputArguments.pin", "content.a.b", "list.0"],
    };
    expect(planJson(planOf([resource("Job", "x", "process x", [change])]))).toMatchObject({
      resources: [
        {
          changes: [
            {
              after: {
                inputArguments: { sensitive: true },
                content: { "a.b": { sensitive: true } },
                list: [{ sensitive: true }, { pin: 4444 }],
              },
            },
          ],
        },
      ],
    });
  });
});

it("planJson says how live state was read when asked, and the schema knows it", () => {
  const plan = planOf([queueItems], { reads });
  const explained = planJson(plan, { explain: true });
  const valid = validator("plan");
  valid(explained);
  expect(valid.errors).toBeNull();
  expect(explained["reads"]).toEqual(JSON.parse(JSON.stringify(reads)));
  expect(planJson(plan)).not.toHaveProperty("reads");
});

it("reportJson fits its schema", () => {
  const validate = validator("report");
  validate(reportJson(report));
  expect(validate.errors).toBeNull();
});

describe("validationJson", () => {
  it("fits its schema, and never quotes a line of a manifest", () => {
    const counts = { files: 2, manifests: 3, selected: 1, sources: 0, rows: 0 };
    const document = validationJson({ diagnostics: [diagnostic], ...counts });
    const validate = validator("validation");
    validate(document);
    expect(validate.errors).toBeNull();
    expect(document).toMatchObject({ valid: false, files: 2, manifests: 3, selected: 1, errors: 1, warnings: 0 });
    expect(jsonText(document)).not.toContain("hunter2");
  });

  it("is valid with warnings alone", () => {
    const document = validationJson({
      diagnostics: [{ ...diagnostic, severity: "warning" }],
      files: 1,
      manifests: 1,
      selected: 1,
      sources: 0,
      rows: 0,
    });
    expect(document).toMatchObject({ valid: true, errors: 0, warnings: 1 });
  });
});

it("jsonText is harmless to print and keeps every value", () => {
  const document = { text: "\u001b[31m\u202E\u2028\u{E0041}\n::error::x ##vso[y] ##[z] \u009B\uD800" };
  const text = jsonText(document);
  expect(text).toBe(
    String.raw`{
  "text": "\u001b[31m\u202e\u2028\udb40\udc41\n::error::x \u0023\u0023vso[y] \u0023\u0023[z] \u009b\ud800"
}
`,
  );
  expect(JSON.parse(text)).toEqual(document);
});
