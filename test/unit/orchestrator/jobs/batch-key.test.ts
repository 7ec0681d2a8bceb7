import { expect, test } from "vitest";
import { batchKey } from "../../../../src/orchestrator/jobs/batch-key.ts";

test.each([
  [
    "the example of RFC 9562",
    "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
    "www.example.com",
    "2ed6657d-e927-568b-95e1-2665a8aea6a2",
  ],
  ["a run", "2f7f3c1e-9a1b-4d5e-8c6f-0123456789ab", "smoke-test@9b1e44d07a2c", "d8112cab-b035-5c2e-b3b9-4891243f683b"],
  [
    "a folder key in upper case",
    "2F7F3C1E-9A1B-4D5E-8C6F-0123456789AB",
    "smoke-test@9b1e44d07a2c",
    "d8112cab-b035-5c2e-b3b9-4891243f683b",
  ],
  [
    "a later attempt",
    "2f7f3c1e-9a1b-4d5e-8c6f-0123456789ab",
    "smoke-test@once#2",
    "f38b8975-448c-5025-887a-9c5e38f9d417",
  ],
])("%s", (_, folderKey, runKey, expected) => {
  expect(batchKey(folderKey, runKey)).toBe(expected);
});
