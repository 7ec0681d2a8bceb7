import type { Fault } from "../../core/fault.ts";
import { name, sentence } from "./words.ts";

/** What came back: `409 DuplicateReference: Reference INV-001 exists already   traceId 00-51c0`. */
export function faultText({ status, errorCode, message, traceId, kind }: Fault): string {
  const isSilent = message === `HTTP ${status}`; // the answer said nothing of itself
  const numbers = isSilent && errorCode === undefined ? [] : [status, errorCode];
  const codes = numbers.flatMap((code) => (code === undefined ? [] : name(String(code)))).join(" ");
  const own = isSilent && codes !== "" ? "" : message;
  const said = own === "" && codes === "" ? wentWrong[kind] : sentence(own);
  const text = [codes, said].filter((part) => part !== "").join(": ");
  return traceId === undefined ? text : `${text}   traceId ${name(traceId)}`;
}

/** What became of a call whose answer was lost: `the server answered 502`. */
export function becameOf({ kind, status }: Fault): string {
  return kind === "http" && status !== undefined ? `the server answered ${status}` : wentWrong[kind];
}

const wentWrong: Readonly<Record<Fault["kind"], string>> = {
  network: "the connection broke",
  timeout: "no answer came in time",
  http: "the server answered with an error",
  content: "its answer could not be used",
  cancelled: "the run was stopped",
};

/** `StartJobs` of `POST /odata/Jobs/UiPath.Server.Configuration.OData.StartJobs`: what people call it. */
export function operationName(call: string): string {
  const path = call.split(" ").at(-1) ?? call;
  const action = /\.(\w+)(?:\(.*\))?$/.exec(path)?.[1];
  return name(action ?? call);
}
