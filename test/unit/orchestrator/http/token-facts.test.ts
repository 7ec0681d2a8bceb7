import { expect, test } from "vitest";
import { quotaTold } from "../../../../src/orchestrator/http/quota.ts";
import { readToken } from "../../../../src/orchestrator/http/token-facts.ts";

const jwt = (payload: unknown): string =>
  ["{}", JSON.stringify(payload), "x"].map((part) => Buffer.from(part).toString("base64url")).join(".");

test.each<[string, string, object]>([
  ["an opaque token", "rt_0123456789", {}],
  ["three parts that are no JSON", "a.b.c", {}],
  ["a payload that is no object", jwt([1]), {}],
  ["an end that is no time", jwt({ exp: 1e300 }), {}],
  ["an end", jwt({ exp: 1_800_000_000 }), { ends: new Date("2027-01-15T08:00:00Z") }],
  ["scopes as a list", jwt({ scope: ["OR.Jobs", "openid", 7] }), { scopes: ["OR.Jobs", "openid"] }],
  ["scopes as a text", jwt({ scope: "OR.Jobs  OR.Queues.Read" }), { scopes: ["OR.Jobs", "OR.Queues.Read"] }],
  ["scopes of others alone", jwt({ scope: "openid profile" }), {}],
])("of %s", (_, token, facts) => {
  expect(readToken(token)).toEqual(facts);
});

test.each<[Record<string, string>, object | undefined]>([
  [{}, undefined],
  [{ "RateLimit-Limit": "100" }, undefined],
  [
    { "RateLimit-Remaining": "7", "RateLimit-Limit": "100, 100;w=60" },
    { remaining: 7, limit: 100 },
  ],
  [{ "X-RateLimit-Remaining": "0" }, { remaining: 0 }],
  [{ "RateLimit-Remaining": "many" }, undefined],
])("of headers %j", (headers, told) => {
  expect(quotaTold(new Headers(headers))).toEqual(told);
});
