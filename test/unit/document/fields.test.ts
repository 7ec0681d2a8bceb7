import { describe, expect, it } from "vitest";
import { allFields, brief, findField, typeAndValues, type Field } from "../../../src/core/field.ts";
import { kinds } from "../../../src/core/resource.ts";
import { fieldsOf } from "../../../src/document/fields.ts";
import { readSchema, schemaFileName, schemaNames } from "../../../src/document/schema-files.ts";
import { typeWords } from "../../../src/document/type-words.ts";

const root = (kind: string): Field => fieldsOf(kind, readSchema(kind));

function field(path: string): Field {
  const [kind = "", ...steps] = path.split(".");
  const found = findField(root(kind), steps);
  if ("at" in found) throw new Error(`no ${found.step} in ${found.at.path.join(".")}`);
  return found;
}

describe("fieldsOf", () => {
  it.each([
    ["QueueItems.items.reference", "text", ["not empty", "at most 128 characters"]],
    ["QueueItems.items", "list of mappings", []],
    ["QueueItems.items.priority", "one of High, Normal, Low", []],
    ["Job.startUntil", "instant", []],
    ["Tenant.edition", 'one of "2022.10", "2023.4", cloud', []],
    ["QueueItems.items.content", "mapping of plain values", []],
    ["QueueItems.metadata.labels", "mapping of texts", []],
    ["QueueItems.seedUntil", "instant or never", []],
    ["Job.wait.timeout", "duration", []],
    ["Job.wait.success", "list of Successful, Faulted, Stopped", ["at least 1 entry", "no entry twice"]],
    ["Job.strategy.count", "whole number", ["1 to 10,000"]],
    ["Job.kind", "Job", []],
    ["Review.select.ids", "list of whole numbers", ["no entry twice", "each: at least 1"]],
    [
      "Config.targets.NAME.guards.maxCreates",
      "whole number or text",
      ["at least 0", expect.stringMatching(/^matches/)],
    ],
    ["Faults.rules.match.method", "text or list of texts", expect.anything()],
    ["Plan.resources.changes.before", "anything", []],
  ])("reads the type and limits of %s", (path, type, limits) => {
    const found = field(path);
    expect([typeAndValues(found), found.limits]).toEqual([type, limits]);
  });

  it("says which keys exclude each other", () => {
    expect(field("Job.spec").limits).toEqual(["exactly one of process, releaseKey"]);
    expect(field("StoppedJobs.select").limits).toEqual(["at least one of process, ids, reference"]);
  });

  it("makes one list of the forms of a mapping, and says with which of them a field is known", () => {
    const { fields } = field("Job.strategy");
    expect(fields.map(({ name, required, only }) => [name, required, only])).toEqual([
      ["type", true, undefined],
      ["count", false, "type Dynamic or type RobotCount or type JobsCount"],
      ["robots", true, "type Specific"],
    ]);
    expect(fields[0]?.values).toEqual(["Dynamic", "All", "Specific", "RobotCount", "JobsCount"]);
    expect(fields[0]?.description).toContain("Specific: the robots named.");
    expect(field("Config.targets.url").only).toBe("remote target");
    expect(field("Config.targets.folder").only).toBeUndefined();
  });

  it("takes over defaults, examples and what is required", () => {
    expect(field("Job.strategy").default).toEqual({ type: "Dynamic", count: 1 });
    expect(field("QueueItems.metadata.name")).toMatchObject({ required: true, examples: ["invoices-march"] });
  });

  it.each(schemaNames())("describes every field of %s", (kind) => {
    const fields = allFields(root(kind));
    expect(fields.length).toBeGreaterThan(2);
    expect(fields.filter(({ description, type }) => description === "" || type === "")).toEqual([]);
  });

  it("ends where a definition holds itself", () => {
    const schema = {
      $id: "urn:test:tree",
      type: "object",
      properties: { tree: { $ref: "#/$defs/tree" } },
      $defs: {
        tree: {
          type: "object",
          description: "A tree.",
          properties: { below: { type: "array", items: { $ref: "#/$defs/tree" } } },
        },
      },
    };
    const paths = allFields(fieldsOf("Tree", schema)).map(({ path }) => path.join("."));
    expect(paths).toContain("tree.below");
    expect(paths.length).toBeLessThan(5);
  });
});

describe("findField", () => {
  it.each([
    ["Job.strategy.type", "spec.strategy.type"],
    ["Job.spec.strategy.type", "spec.strategy.type"],
    ["Job.STRATEGY.Type", "spec.strategy.type"],
    ["Job.metadata.name", "metadata.name"],
    ["Config.targets.prod.auth.type", "targets.NAME.auth.type"],
    ["Config.targets.auth.type", "targets.NAME.auth.type"],
    ["Config.targets.prod", "targets.NAME"],
  ])("%s is %s", (given, path) => {
    expect(field(given).path.join(".")).toBe(path);
  });

  it.each([
    ["Job.strtegy", "spec", "strtegy"],
    ["Job.strategy.typ", "spec.strategy", "typ"],
    ["Config.targets.ulr", "targets", "ulr"],
    ["QueueItems.queue.name", "spec.queue", "name"],
  ])("%s is nothing: says where the path ends", (given, at, step) => {
    const [kind = "", ...steps] = given.split(".");
    const found = findField(root(kind), steps);
    expect("at" in found ? [found.at.path.join("."), found.step] : []).toEqual([at, step]);
  });
});

describe("brief", () => {
  it("is the first sentence", () => {
    expect(brief(field("Job.priority"))).toBe("Priority of the job.");
    expect(brief(field("Config.targets"))).toMatch(/ and \. each\.$/); // that . ends nothing
  });

  it("is everything where each sentence is about a value, and says where the field is known", () => {
    expect(brief(field("Job.run"))).toMatch(/^once: .* never: nothing is started\.$/);
    expect(brief(field("Job.strategy.count"))).toBe(
      "How many jobs, 1 to 10,000. Only with type Dynamic or type RobotCount or type JobsCount.",
    );
  });
});

it("has words for every format that a manifest can have", () => {
  const schemas = JSON.stringify(kinds.map((kind) => readSchema(kind)));
  const formats = [...new Set([...schemas.matchAll(/"format":"([^"]*)"/g)].map(([, format = ""]) => format))];
  expect(formats).toContain("instant-or-never");
  expect(formats.filter((format) => typeWords({ type: "string", format }) === "text")).toEqual([]);
});

it("names each schema after its file, and back", () => {
  expect(schemaNames()).toEqual(expect.arrayContaining(["QueueItems", "StoppedJobs", "Config", "Tenant", "Faults"]));
  expect(schemaNames()).not.toContain("Manifest");
  expect(schemaNames().map((name) => schemaFileName(name))).toContain("stopped-jobs.schema.json");
});
