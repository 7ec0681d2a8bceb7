import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Contract } from "../../support/judge/contract.ts";
import { readDocument } from "../../support/judge/document.ts";
import type { Exchange } from "../../support/judge/exchange.ts";
import { Verdicts } from "../../support/judge/verdict.ts";

// Who judges the judge: a document in small, and exchanges that break it in one place each.

const operation = (operationId: string, rest: object): object => ({ operationId, ...rest });
const answer = (schema: object): object => ({ description: "", content: { "application/json": { schema } } });
const document = {
  openapi: "3.0.1",
  info: { title: "Small", version: "16.0" },
  paths: {
    "/odata/Things": {
      get: operation("list", {
        parameters: [
          { name: "$top", in: "query", schema: { type: "integer", format: "int32" } },
          { name: "X-FOLDER", in: "header", required: true, schema: { type: "integer", format: "int64" } },
        ],
        responses: { 200: answer({ $ref: "#/components/schemas/Things" }) },
      }),
      post: operation("add", {
        requestBody: {
          required: true,
          content: { "application/json": { schema: { $ref: "#/components/schemas/Thing" } } },
        },
        responses: { 201: { description: "" } },
      }),
    },
    "/odata/Things({key})": {
      get: operation("one", {
        parameters: [{ name: "key", in: "path", required: true, schema: { type: "integer", format: "int64" } }],
        responses: { 200: answer({ $ref: "#/components/schemas/Thing" }) },
      }),
    },
  },
  components: {
    schemas: {
      Things: {
        type: "object",
        properties: { value: { type: "array", items: { $ref: "#/components/schemas/Thing" } } },
      },
      Thing: {
        type: "object",
        required: ["Id"],
        properties: {
          Id: { type: "integer", format: "int64" },
          State: { type: "string", enum: ["On", "Off"] },
          Time: { type: "string", format: "date-time" },
          Content: { type: "object", additionalProperties: { type: "string" } },
          Part: { $ref: "#/components/schemas/Part" },
        },
      },
      Part: { type: "object", properties: { Name: { type: "string" } } },
    },
  },
};

const file = join(mkdtempSync(join(tmpdir(), "orch-sync-judge-")), "small.json");
writeFileSync(file, JSON.stringify(document));
const contract = new Contract(readDocument(file), "16.0");

function judge(changes: Partial<Exchange>, isClient = true): string[] {
  const exchange: Exchange = {
    method: "GET",
    url: "/odata/Things(1)",
    requestHeaders: { "x-folder": "5" },
    requestBody: "",
    status: 200,
    responseHeaders: { "content-type": "application/json; odata.metadata=minimal" },
    responseBody: '{"@odata.context":"x","Id":1}',
    ...changes,
  };
  return contract.judge(exchange, isClient).map(({ operation: name, at, rule }) => `${name}: ${at}: ${rule}`);
}

describe("an exchange", () => {
  test("that is as the document has it", () => {
    const rows =
      '{"@odata.context":"x","@odata.count":1,"value":[{"Id":1,"State":"On","Time":"2026-01-01T00:00:00.1234567Z"}]}';
    expect(judge({})).toEqual([]);
    expect(judge({ url: "/odata/Things?%24top=5", responseBody: rows })).toEqual([]);
    const sent = {
      requestHeaders: { "content-type": "application/json" },
      requestBody: '{"Id":1,"Content":{"A":"x"}}',
    };
    expect(judge({ method: "POST", url: "/odata/Things", ...sent, status: 201, responseBody: "" })).toEqual([]);
  });

  test.each<readonly [string, Partial<Exchange>, string]>([
    ["path", { url: "/odata/Nothing(1)" }, "GET /odata/Nothing(…): path: unknown"],
    ["method", { method: "PUT" }, "PUT /odata/Things(…): path: unknown"],
    ["status", { status: 202 }, "GET /odata/Things({key}): status 202: unknown"],
    ["status of an error", { status: 418 }, "GET /odata/Things({key}): status of an error: unknown"],
    [
      "page instead of JSON",
      { responseHeaders: { "content-type": "text/html" } },
      "GET /odata/Things({key}): header content-type: enum",
    ],
    ["unknown member", { responseBody: '{"Id":1,"X":1}' }, "GET /odata/Things({key}): Thing/X: unknown"],
    ["missing member", { responseBody: "{}" }, "GET /odata/Things({key}): Thing/Id: missing"],
    ["null", { responseBody: '{"Id":1,"State":null}' }, "GET /odata/Things({key}): Thing/State: null"],
    ["null for an object", { responseBody: '{"Id":1,"Part":null}' }, "GET /odata/Things({key}): Part: null"],
    ["unknown word", { responseBody: '{"Id":1,"State":"on"}' }, "GET /odata/Things({key}): Thing/State: enum"],
    ["misspelled date", { responseBody: '{"Id":1,"Time":"1.1.2026"}' }, "GET /odata/Things({key}): Thing/Time: format"],
    [
      "value of a map",
      { responseBody: '{"Id":1,"Content":{"A":1}}' },
      "GET /odata/Things({key}): Thing/Content/*: type",
    ],
    ["member of a part", { responseBody: '{"Id":1,"Part":{"X":1}}' }, "GET /odata/Things({key}): Part/X: unknown"],
    ["query option", { url: "/odata/Things(1)?%24top=1" }, "GET /odata/Things({key}): query $top: unknown"],
    [
      "header",
      { url: "/odata/Things", requestHeaders: {}, responseBody: "{}" },
      "GET /odata/Things: header x-folder: missing",
    ],
    ["key", { url: "/odata/Things(a)" }, "GET /odata/Things({key}): path key: type"],
  ])("with a fault in its %s", (_name, changes, expected) => {
    expect([...new Set(judge(changes))]).toEqual([expected]);
  });

  test("of a client whose body has an unknown member", () => {
    const sent = { requestHeaders: { "content-type": "application/json" }, requestBody: '{"Id":1,"id":2}' };
    const exchange = { method: "POST", url: "/odata/Things", ...sent, status: 201, responseBody: "" };
    expect(judge(exchange)).toEqual(["POST /odata/Things: Thing/id: unknown"]);
    expect(judge(exchange, false), "what a test sends by hand may be wrong").toEqual([]);
  });

  test("by hand to a path that is not there: refused, it is right", () => {
    expect(judge({ url: "/odata/Nothing", status: 404 }, false)).toEqual([]);
    expect(judge({ url: "/odata/Nothing" }, false)).toEqual(["GET /odata/Nothing: path: unknown"]);
  });
});

describe("a verdict", () => {
  const violation = { version: "16.0", operation: "GET /a", at: "Thing/State", rule: "null", detail: "" };
  const fault = { versions: ["16.0"], at: "Thing/State", rule: "null", evidence: "seen" };

  test("leaves known faults out, of their version only", () => {
    const verdicts = new Verdicts();
    verdicts.add([violation, violation, { ...violation, version: "20.0" }]);
    const { findings, unused } = verdicts.verdict([fault]);
    expect(findings).toEqual([{ ...violation, version: "20.0", times: 1 }]);
    expect(unused).toEqual([]);
  });

  test("names the known faults that nothing has met", () => {
    const other = { ...fault, operation: "GET /b" };
    const verdicts = new Verdicts();
    verdicts.add([violation]);
    expect(verdicts.verdict([fault, other])).toEqual({ findings: [], unused: [other] });
  });
});
