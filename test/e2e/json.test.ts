import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { describe, expect, it } from "vitest";
import { exampleCopy, orchSync, root } from "../support/cli.ts";
import { manifests, tenant, workplace } from "../support/server.ts";

function schema(name: string): ValidateFunction {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true });
  addFormats.default(ajv);
  return ajv.compile(JSON.parse(readFileSync(join(root, `schemas/${name}.schema.json`), "utf8")) as object);
}

/** What is wrong with a document by its schema; nothing when it follows it. */
function problems(name: string, stdout: string): unknown {
  const validate = schema(name);
  return validate(JSON.parse(stdout)) ? [] : validate.errors;
}

describe("-o json follows its schema, and stdout holds nothing else", () => {
  it("validate, plan and apply of the quickstart", async () => {
    const cwd = exampleCopy("quickstart");
    expect(problems("validation", (await orchSync(["validate", "-o", "json"], { cwd })).stdout)).toEqual([]);
    const planned = await orchSync(["plan", "-o", "json", "--verbose"], { cwd });
    expect(problems("plan", planned.stdout)).toEqual([]);
    expect(JSON.parse(planned.stdout)).toMatchObject({
      summary: { create: 4, stop: 1, startAgain: 0 },
      refused: false,
    });
    const applied = await orchSync(["apply", "-o", "json", "--auto-approve"], { cwd });
    expect(problems("report", applied.stdout)).toEqual([]);
  });

  it("a refused plan, and a report with failures", async () => {
    // Of a draft that no plan can judge content by: only the server refuses it.
    const jsonSchema = { $schema: "http://json-schema.org/draft-03/schema#", required: ["a"] };
    const { run } = await workplace({
      tenant: tenant({
        queues: [{ name: "Q", folder: "Finance", uniqueReferences: true, jsonSchema }],
      }),
      files: { "manifests/a.yaml": manifests.items("{ queue: Q, items: [{ reference: A, content: { b: 1 } }] }") },
    });
    const refused = await run(["plan", "-", "-o", "json"], { input: manifests.items("{ queue: X, items: [] }") });
    expect([refused.code, problems("plan", refused.stdout)]).toEqual([4, []]);
    const failed = await run(["apply", "-o", "json", "--auto-approve"]);
    expect([failed.code, problems("report", failed.stdout)]).toEqual([5, []]);
    expect(JSON.parse(failed.stdout)).toMatchObject({
      outcomes: [{ status: "failed", fault: { call: expect.any(String) } }],
    });
  });

  it("shows a sensitive value in no output", async () => {
    const secret = "canary-4711@corp.example";
    const spec = (amount: number): string =>
      `{ queue: Q, sensitive: [Email], items: [{ reference: A, content: { Email: ${secret}, n: ${amount} } }] }`;
    const { folder, inProcess: run } = await workplace({
      tenant: tenant({
        queues: [{ name: "Q", folder: "Finance", uniqueReferences: true }],
        items: [{ queue: "Q", folder: "Finance", reference: "A", content: { Email: `old-${secret}`, n: 1 } }],
      }),
      files: { "manifests/a.yaml": manifests.items(spec(2)) },
    });
    const results = [
      await run(["plan", "--verbose"]),
      await run(["plan", "-o", "json"]),
      await run(["plan", "-o", "markdown", "--verbose", "--report", "p.html", "--report", "p.codequality.json"]),
      await run(["apply", "--auto-approve", "-o", "json", "--verbose", "--report", "r.md", "--report", "r.xml"]),
    ];
    expect(results.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    const files = ["p.html", "p.codequality.json", "r.md", "r.xml"].map((file) =>
      readFileSync(join(folder, file), "utf8"),
    );
    for (const text of [...results.flatMap(({ stdout, stderr }) => [stdout, stderr]), ...files]) {
      expect(text).not.toContain("canary");
    }
    for (const text of [results[0]?.stdout, results[2]?.stdout, files[0]]) expect(text).toContain("(sensitive)");
  });
});
