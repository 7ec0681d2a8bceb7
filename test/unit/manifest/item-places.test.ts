import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { itemPlaces } from "../../../src/manifest/item-places.ts";
import { temporaryFolder } from "../../support/cli.ts";

const text = `kind: QueueItems
spec:
  items:
    - reference: A
      content: { Email: a, Amount: 1 }
---
kind: QueueItems
spec:
  items:
    - { reference: B, content: { Email: b } }
`;

function places(name = "a.yaml"): ReturnType<typeof itemPlaces> {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, name), text);
  return itemPlaces(cwd);
}

it("finds the values of an item, in every document of its file", () => {
  const locate = places();
  const first = { file: "a.yaml", line: 4, column: 7 };
  const second = { file: "a.yaml", line: 10, column: 7 };
  expect(locate(first, ["content", "Amount"])).toEqual({ file: "a.yaml", line: 5, column: 36 });
  expect(locate(second, ["content", "Email"])).toEqual({ file: "a.yaml", line: 10, column: 41 });
  expect(locate(second, ["content", "Phone"]), "the nearest thing around it").toEqual({
    file: "a.yaml",
    line: 10,
    column: 23,
  });
});

it.each([
  ["a place where no item is", "a.yaml", { file: "a.yaml", line: 1, column: 1 }],
  ["a file that is gone", "a.yaml", { file: "b.yaml", line: 4, column: 7 }],
  ["standard input", "a.yaml", { file: "<stdin>", line: 4, column: 7 }],
  ["a file that is no YAML", "a.csv", { file: "a.csv", line: 4, column: 7 }],
])("stays with the item: %s", (_what, name, item) => {
  expect(places(name)(item, ["content", "Amount"])).toEqual(item);
});
