import { expect, it } from "vitest";
import { readUrl } from "../../../src/config/urls.ts";

it.each([
  ["https://cloud.uipath.com/acme/prod/orchestrator_/", "https://cloud.uipath.com/acme/prod/orchestrator_"],
  ["https://orch.corp.example:8443", "https://orch.corp.example:8443"],
  ["http://localhost:3000/", "http://localhost:3000"],
  ["http://127.0.0.1:3000", "http://127.0.0.1:3000"],
  ["http://[::1]:3000", "http://[::1]:3000"],
])("takes %s", (text, url) => {
  expect(readUrl(text)).toEqual({ url });
});

it.each([
  ["http://orch.corp.example", "does not begin with https://"],
  ["http://127.0.0.1.evil.example", "does not begin with https://"],
  ["http://localhost.evil.example", "does not begin with https://"],
  ["ftp://localhost", "does not begin with https://"],
  ["https://ana:pass@orch.corp.example", "holds a user or a password"],
  ["https://orch.corp.example/?a=1", "has a query or a fragment"],
  ["https://orch.corp.example/#a", "has a query or a fragment"],
  ["orch.corp.example", "is no address"],
])("refuses %s", (text, problem) => {
  expect(readUrl(text)).toEqual({ problem });
});
