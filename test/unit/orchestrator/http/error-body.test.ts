import { expect, test } from "vitest";
import { readErrorBody } from "../../../../src/orchestrator/http/error-body.ts";

test.each<[string, unknown, object]>([
  [
    "Orchestrator's own",
    { message: "Folder does not exist.", errorCode: 1100, traceId: "00-1-2-00", resourceIds: null },
    { message: "Folder does not exist.", errorCode: 1100, traceId: "00-1-2-00" },
  ],
  [
    "the same in Pascal case",
    { Message: "m", ErrorCode: 1, TraceId: "t" },
    { message: "m", errorCode: 1, traceId: "t" },
  ],
  [
    "ABP's envelope",
    {
      message: "You are not authorized!",
      errorCode: 0,
      success: false,
      error: { code: 0, message: "inner" },
      __abp: true,
    },
    { message: "You are not authorized!", errorCode: 0 },
  ],
  [
    "problem details",
    { title: "One or more validation errors occurred.", status: 400, errors: { take: ["too big"] }, traceId: "t" },
    { message: "One or more validation errors occurred. take: too big", traceId: "t" },
  ],
  ["a scope error", { errorMessage: "Scope(s) 'X' is(are) invalid" }, { message: "Scope(s) 'X' is(are) invalid" }],
  ["a gateway's", { StatusCode: 403, StatusDescription: "Forbidden", Message: "no" }, { message: "no" }],
  ["OData's", { error: { code: "BadFilter", message: "bad" } }, { message: "bad", errorCode: "BadFilter" }],
  ["OAuth's", { error: "invalid_client" }, { message: "invalid_client", errorCode: "invalid_client" }],
  ["nested under result", { result: { errors: [{ message: "deep" }] } }, { message: "deep" }],
  ["a list", [1], {}],
])("%s", (_, body, said) => {
  expect(readErrorBody(JSON.stringify(body))).toEqual(said);
});

test("a page says nothing", () => {
  expect(readErrorBody("<html>Bad gateway</html>")).toEqual({});
});
