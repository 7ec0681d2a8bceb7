import { describe, expect, test } from "vitest";
import type { Exchange } from "../../../../src/orchestrator/http/exchange.ts";
import { judgeRead, judgeWrite } from "../../../../src/orchestrator/http/failure.ts";

const now = new Date("2026-11-21T10:00:00Z");
const json = { "content-type": "application/json" };
const html = { "content-type": "text/html; charset=utf-8" };

function reply(status: number, text = "", headers: Record<string, string> = json): Exchange {
  return { type: "reply", status, headers: new Headers(headers), text };
}
function broken(cause?: object): Exchange {
  const error = new TypeError("fetch failed", { cause: cause && Object.assign(new Error("x"), cause) });
  return { type: "broken", reason: "network", error };
}
const coded = (errorCode: number | string): string => JSON.stringify({ message: "m", errorCode });

describe("judgeWrite", () => {
  test.each<[string, Exchange, "refused" | "open"]>([
    ["connection refused", broken({ code: "ECONNREFUSED", syscall: "connect" }), "refused"],
    ["unknown host", broken({ code: "ENOTFOUND", syscall: "getaddrinfo" }), "refused"],
    ["connect time-out", broken({ code: "UND_ERR_CONNECT_TIMEOUT" }), "refused"],
    ["untrusted certificate", broken({ code: "DEPTH_ZERO_SELF_SIGNED_CERT" }), "refused"],
    ["certificate of another host", broken({ code: "ERR_TLS_CERT_ALTNAME_INVALID" }), "refused"],
    ["reset", broken({ code: "ECONNRESET", syscall: "read" }), "open"],
    ["closed by the other side", broken({ code: "UND_ERR_SOCKET" }), "open"],
    ["an error without a code", broken(), "open"],
    ["time-out", { type: "broken", reason: "timeout", error: new Error("x") }, "open"],
    ["given up", { type: "broken", reason: "cancelled", error: new Error("x") }, "open"],
    ["401", reply(401), "refused"],
    ["403", reply(403, "<html>", html), "refused"],
    ["404 with a page", reply(404, "<html>", html), "refused"],
    ["413", reply(413), "refused"],
    ["414", reply(414), "refused"],
    ["429 without a body", reply(429), "refused"],
    ["400 with an errorCode", reply(400, coded(1009)), "refused"],
    ["400 with errorCode 0", reply(400, coded(0)), "refused"],
    ["409 with an errorCode", reply(409, coded(1016)), "refused"],
    ["400 without one", reply(400, "{}"), "open"],
    ["400 with a page", reply(400, "<html>", html), "open"],
    ["408 with an errorCode", reply(408, coded(1)), "open"],
    ["a part of the jobs", reply(409, coded("PartiallyCreatedJobs")), "open"],
    ["302", reply(302, "", { location: "https://login" }), "open"],
    ["500 with an errorCode", reply(500, coded(1)), "open"],
    ["502", reply(502, "<html>", html), "open"],
    ["503", reply(503), "open"],
    ["504", reply(504), "open"],
    ["200 with a page", reply(200, "<html>", html), "open"],
    ["200 with cut JSON", reply(200, '{"value": ['), "open"],
    ["200 with nothing where something is due", reply(200), "open"],
    ["204 where something is due", reply(204, "", {}), "open"],
  ])("%s", (_, exchange, ending) => {
    expect(judgeWrite(exchange, "POST /x", "json", now).ending).toBe(ending);
  });

  test.each<[string, Exchange, unknown]>([
    ["200 with JSON", reply(200, '{"Success":true}'), { Success: true }],
    ["201 with OData JSON", reply(201, "{}", { "content-type": "application/json; odata.metadata=minimal" }), {}],
    ["+json", reply(200, "1", { "content-type": "application/vnd.x+json" }), 1],
  ])("%s is answered", (_, exchange, body) => {
    expect(judgeWrite(exchange, "POST /x", "json", now)).toMatchObject({ ending: "answered", body });
  });

  test("an empty answer is one where none is due", () => {
    expect(judgeWrite(reply(200, "", {}), "POST /x", "none", now)).toMatchObject({ ending: "answered" });
    expect(judgeWrite(reply(204, "", {}), "POST /x", "none", now)).toMatchObject({ ending: "answered" });
    expect(judgeWrite(reply(200, "<html>", html), "POST /x", "none", now)).toMatchObject({ ending: "open" });
  });

  test("a fault keeps what the server said, and how long to wait", () => {
    const said = JSON.stringify({ message: "später", errorCode: 12, traceId: "00-a-b-01" });
    const exchange = reply(429, said, { ...json, "retry-after": "7" });
    expect(judgeWrite(exchange, "POST /x", "json", now)).toEqual({
      ending: "refused",
      fault: {
        kind: "http",
        call: "POST /x",
        status: 429,
        message: "später",
        errorCode: 12,
        traceId: "00-a-b-01",
        retryAfter: 7000,
      },
    });
  });

  test("a date in Retry-After is seen from the server's clock", () => {
    const headers = { date: "Sat, 21 Nov 2026 09:00:00 GMT", "retry-after": "Sat, 21 Nov 2026 09:00:05 GMT" };
    expect(judgeWrite(reply(429, "", headers), "POST /x", "json", now)).toMatchObject({ fault: { retryAfter: 5000 } });
  });
});

test("a read of a page is a fault that names the type", () => {
  expect(judgeRead(reply(200, "<html>", html), "GET /x", now)).toMatchObject({
    ok: false,
    fault: { kind: "content", message: "the answer is text/html, not JSON" },
  });
});
