import { expect, test } from "vitest";
import { readerFor, serve, signal, type Reaction } from "../support.ts";

const folder = { id: 5, key: "k", path: "Finance", type: "modern" } as const;
const declared = (Input: unknown): object => ({ Arguments: { Input, Output: null } });

test.each<[string, object, object]>([
  [
    "what it declares",
    declared(
      '[{"name":"age","type":"System.Int32","required":true,"hasDefault":true},{"name":"who","type":"System.String"}]',
    ),
    {
      inputs: [
        { name: "age", type: "System.Int32", required: true, hasDefault: true },
        { name: "who", type: "System.String", required: false, hasDefault: false },
      ],
    },
  ],
  ["the names of its own values", { InputArguments: '{"age":1}' }, { defaults: ["age"] }],
  ["that it declares nothing", declared("[]"), { inputs: [] }],
  ["nothing where nothing is told", declared(null), {}],
  ["nothing of what is no JSON", { ...declared("["), InputArguments: "{" }, {}],
  ["nothing of what is no list of arguments", { ...declared('{"a":1}'), InputArguments: "[]" }, {}],
  ["nothing of a list that is only half understood", declared('[{"name":"a","type":"System.String"},{"name":1}]'), {}],
])("a process tells %s", async (_what, columns, expected) => {
  const row = { Id: 1, Key: "key", Name: "Smoke", ProcessVersion: "1.0.0", ...columns };
  await using server = await serve((): Reaction => ({ json: { value: [row], "@odata.count": 1 } }));
  expect(await readerFor(server.url).process(folder, { name: "Smoke" }, signal)).toEqual({
    id: 1,
    key: "key",
    name: "Smoke",
    version: "1.0.0",
    ...expected,
  });
});
