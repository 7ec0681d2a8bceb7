import { describe, expect, it } from "vitest";
import { compileSchema, schemaFault } from "../../../src/emulator/handlers/json-schema.ts";

const above5 = (limit: object, $schema?: string): string =>
  JSON.stringify({
    ...($schema === undefined ? {} : { $schema }),
    properties: { minimum: { type: "number", ...limit } },
  });

describe("the JSON schema of a queue, as the server holds it", () => {
  it.each([
    [above5({ exclusiveMinimum: 5 })],
    [above5({ minimum: 5, exclusiveMinimum: true }, "http://json-schema.org/draft-04/schema#")],
    [above5({ exclusiveMinimum: 5 }, "http://json-schema.org/draft-07/schema#")],
    [above5({ exclusiveMinimum: 5 }, "https://json-schema.org/draft/2019-09/schema")],
    [above5({ exclusiveMinimum: 5 }, "https://json-schema.org/draft/2020-12/schema")],
  ])("%s", (schema) => {
    expect(schemaFault(schema)).toBeUndefined();
    const check = compileSchema(schema);
    expect([check({ minimum: 5 }), check({ minimum: 6 })]).toEqual([expect.stringContaining("5"), undefined]);
  });

  it("of draft 4 may have a limit that is not exclusive", () => {
    const $schema = "http://json-schema.org/draft-04/schema#";
    const check = compileSchema(above5({ maximum: 5, exclusiveMaximum: false }, $schema));
    expect([check({ minimum: 5 }), check({ minimum: 6 })]).toEqual([undefined, expect.stringContaining("5")]);
  });

  it("may refer to itself, and may not be anything else than a schema", () => {
    expect(schemaFault('{"properties":{"next":{"$ref":"#"}}}')).toBeUndefined();
    expect(schemaFault('{"type":5}')).toContain("type");
    expect(schemaFault("{")).toContain("JSON");
  });
});
