import { expect, it } from "vitest";
import { formatPath } from "../../../src/core/locate.ts";

it.each([
  [[], ""],
  [["items", 2, "content", "Email"], "items[2].content.Email"],
  [["content", "a.b", "c d"], 'content."a.b"."c d"'],
])("writes %j as %s", (path, text) => {
  expect(formatPath(path)).toBe(text);
});
