import { expect, test } from "vitest";
import { proxyName, readProxy } from "../../../src/core/network.ts";

function read(text: string): unknown {
  const found = readProxy(text, "HTTPS_PROXY");
  if ("problem" in found) return found.problem;
  const { protocol, credentials } = found.proxy;
  return [protocol, proxyName(found.proxy), ...(credentials === undefined ? [] : [credentials.reveal()])];
}

test.each<[string, unknown]>([
  ["http://proxy.corp:8080", ["http:", "proxy.corp:8080"]],
  [" HTTPS://Proxy.Corp/ ", ["https:", "proxy.corp:443"]],
  ["proxy:3128", ["http:", "proxy:3128"]],
  ["proxy", ["http:", "proxy:80"]],
  ["http://[::1]:8080", ["http:", "[::1]:8080"]],
  ["http://ana:hunter2@proxy:1", ["http:", "proxy:1", "ana:hunter2"]],
  ["ana:a%40b%3Ac@proxy:1", ["http:", "proxy:1", "ana:a@b:c"]],
  ["http://ana:p/?#@:w@proxy:1", ["http:", "proxy:1", "ana:p/?#@:w"]],
  ["http://ana:100%@proxy:1", ["http:", "proxy:1", "ana:100%"]],
  ["http://ana@proxy:1", ["http:", "proxy:1", "ana"]],
  ["http://:@proxy:1", ["http:", "proxy:1", ":"]],
])("%s is understood", (text, expected) => {
  expect(read(text)).toEqual(expected);
});

test.each([
  ["socks5://proxy:1080", "is a socks5: address: only http and https proxies can be used"],
  ["http://proxy:8080/path", "is no address of a proxy"],
  ["http://proxy:80800", "is no address of a proxy"],
  ["http://", "is no address of a proxy"],
  ["", "is no address of a proxy"],
  ["http://a b:1", "is no address of a proxy"],
])("%s is not", (text, problem) => {
  expect(read(text)).toBe(problem);
});

test("no output shows the password", () => {
  const found = readProxy("http://ana:hunter2@proxy:1", "the target");
  expect(JSON.stringify(found)).not.toContain("hunter2");
});
