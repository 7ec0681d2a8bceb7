import { expect, it } from "vitest";
import type { Fault } from "../../../src/core/fault.ts";
import { faultText } from "../../../src/views/human/fault.ts";

const fault: Fault = { kind: "http", call: "POST /odata/Queues", message: "" };

it.each<[Partial<Fault>, string]>([
  [{ status: 409, errorCode: 1016, message: "It is used.", traceId: "00-1" }, "409 1016: It is used.   traceId 00-1"],
  [{ status: 413, message: "the call is too large for the server" }, "413: the call is too large for the server"],
  [{ status: 503, message: "HTTP 503" }, "HTTP 503"],
  [{ status: 404, errorCode: 1002, message: "HTTP 404" }, "404 1002"],
  [{ kind: "timeout" }, "no answer came in time"],
])("a fault says each thing once: %o", (fields, text) => {
  expect(faultText({ ...fault, ...fields })).toBe(text);
});
