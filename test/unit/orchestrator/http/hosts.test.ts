import { describe, expect, test } from "vitest";
import { UsageError } from "../../../../src/core/errors.ts";
import { checkPinned, checkUrl, tokenUrl } from "../../../../src/orchestrator/http/hosts.ts";

describe("where credentials may go", () => {
  test.each([
    "https://cloud.uipath.com/acme/prod/orchestrator_",
    "https://orch.corp.example:8443",
    "http://localhost:5000",
    "http://127.0.0.1:1/acme/dev/orchestrator_",
    "http://[::1]:8080",
  ])("%s", (url) => {
    expect(checkUrl(url, "url").href).toContain(new URL(url).host);
  });

  test.each([
    ["http to another machine", "http://orch.corp.example"],
    ["a host that only begins like loopback", "http://127.0.0.1.evil.example"],
    ["a host that only begins like localhost", "http://localhost.evil.example"],
    ["credentials in the address", "https://user:pass@orch.corp.example"],
    ["another protocol", "ftp://orch.corp.example"],
    ["no address", "orch.corp.example"],
    ["a query", "https://orch.corp.example/?x=1"],
  ])("not: %s", (_, url) => {
    expect(() => checkUrl(url, "the target's url")).toThrow(UsageError);
  });

  test("the password in an address is in no message", () => {
    expect(() => checkUrl("https://user:hunter2@x.example", "the url")).toThrow(/^(?!.*hunter2)/);
  });

  test("pinned hosts, with or without their port, in any case", () => {
    const url = new URL("https://Orch.Corp.example:8443/x");
    for (const host of ["orch.corp.example", "ORCH.corp.example:8443"]) {
      expect(() => checkPinned(url, [host], "it")).not.toThrow();
    }
    expect(() => checkPinned(url, ["corp.example"], "it")).toThrow(UsageError);
    expect(() => checkPinned(url, ["orch.corp.example:443"], "it")).toThrow(UsageError);
    expect(() => checkPinned(url, [], "it")).toThrow(UsageError);
    expect(() => checkPinned(url, undefined, "it")).not.toThrow();
  });
});

test.each([
  ["https://cloud.uipath.com/acme/prod/orchestrator_", "https://cloud.uipath.com/identity_/connect/token"],
  ["https://cloud.uipath.com/acme/prod", "https://cloud.uipath.com/identity_/connect/token"],
  ["https://suite.corp.example/acme/prod/orchestrator_/", "https://suite.corp.example/identity_/connect/token"],
  ["https://orch.corp.example", "https://orch.corp.example/identity/connect/token"],
  ["https://orch.corp.example:8443/", "https://orch.corp.example:8443/identity/connect/token"],
  ["https://notuipath.com", "https://notuipath.com/identity/connect/token"],
  ["http://127.0.0.1:5000/acme/prod/orchestrator_", "http://127.0.0.1:5000/identity_/connect/token"],
  ["http://127.0.0.1:5000/acme/prod", "http://127.0.0.1:5000/identity_/connect/token"],
  ["https://corp.example/orchestrator", "https://corp.example/identity/connect/token"],
])("the identity server of %s", (base, expected) => {
  expect(tokenUrl(new URL(base)).href).toBe(expected);
});

test.each([
  ["https://id.example/identity", "https://id.example/identity/connect/token"],
  ["https://id.example/identity_/", "https://id.example/identity_/connect/token"],
  ["https://id.example/connect/token", "https://id.example/connect/token"],
])("the identity server %s wins over the one that the url would have", (identity, expected) => {
  const base = new URL("https://cloud.uipath.com/acme/prod/orchestrator_");
  expect(tokenUrl(base, new URL(identity)).href).toBe(expected);
});
