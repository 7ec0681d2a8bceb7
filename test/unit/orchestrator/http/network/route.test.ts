import { expect, test } from "vitest";
import type { Proxy } from "../../../../../src/core/network.ts";
import { proxyFor } from "../../../../../src/orchestrator/http/network/route.ts";

const proxy: Proxy = { protocol: "http:", host: "proxy", port: 8080, from: "HTTPS_PROXY" };

function isThrough(url: string, noProxy?: string): boolean {
  return proxyFor(new URL(url), { proxy, ...(noProxy === undefined ? {} : { noProxy }) }) !== undefined;
}

test.each([
  ["example.com", "https://example.com"],
  ["example.com", "https://www.example.com"],
  [".example.com", "https://www.example.com"],
  [".example.com", "https://example.com"],
  ["*.example.com", "https://www.example.com"],
  ["EXAMPLE.com.", "https://Example.COM./"],
  ["a.test,example.com", "https://example.com"],
  ["a.test, example.com", "https://example.com"],
  ["a.test example.com", "https://example.com"],
  ["*", "https://example.com"],
  ["example.com:8443", "https://example.com:8443"],
  ["example.com:443", "https://example.com"],
  ["10.1.2.3", "https://10.1.2.3"],
  ["10.1.2.3:443", "https://10.1.2.3"],
  ["10.0.0.0/8", "https://10.1.2.3"],
  ["0.0.0.0/0", "https://8.8.8.8"],
  ["2001:db8::1", "https://[2001:db8::1]"],
  ["[2001:db8::1]", "https://[2001:db8::1]"],
  ["[2001:db8::1]:443", "https://[2001:db8::1]"],
  ["2001:db8::/32", "https://[2001:db8::1]"],
])("NO_PROXY=%s excepts %s", (noProxy, url) => {
  expect(isThrough(url, noProxy)).toBe(false);
});

test.each([
  ["", "https://example.com"],
  [",", "https://example.com"],
  [".", "https://example.com"],
  ["example.com", "https://nonexample.com"],
  ["example.com", "https://example.com.evil.test"],
  ["www.example.com", "https://example.com"],
  ["example.com:8443", "https://example.com"],
  ["10.1.2.3", "https://10.1.2.30"],
  ["1.2.3", "https://10.1.2.3"],
  ["10.0.0.0/8", "https://11.1.2.3"],
  ["10.0.0.0/99", "https://10.1.2.3"],
  ["2001:db8::/32", "https://10.1.2.3"],
  ["2001:db9::/32", "https://[2001:db8::1]"],
  ["10.0.0.0/8", "https://10.example.com"],
])("NO_PROXY=%s does not except %s", (noProxy, url) => {
  expect(isThrough(url, noProxy)).toBe(true);
});

test.each([
  "http://localhost:1",
  "https://localhost",
  "https://LOCALHOST.",
  "https://a.localhost",
  "http://127.0.0.1:1",
  "http://127.9.9.9",
  "http://[::1]:1",
])("%s is this machine: no proxy of the environment, but one that the target names", (url) => {
  expect(isThrough(url, "")).toBe(false);
  expect(isThrough(url)).toBe(true);
});

test("without a proxy there is none", () => {
  expect(proxyFor(new URL("https://example.com"), { noProxy: "" })).toBeUndefined();
});
