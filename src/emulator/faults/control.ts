import type { FullReply } from "../http/replies.ts";
import type { Faults } from "./faults.ts";
import { FaultFileError, readFaults } from "./load.ts";

/** `/__emulator/faults`: GET shows the rules and how often they have hit, PUT and POST replace them, DELETE clears them. */
export function answerFaults(faults: Faults, method: string, body: string): FullReply | undefined {
  switch (method) {
    case "GET":
      return { status: 200, body: { value: faults.counts() } };
    case "PUT":
    case "POST":
      return replace(faults, body);
    case "DELETE":
      faults.clear();
      return { status: 204 };
    default:
      return undefined;
  }
}

function replace(faults: Faults, body: string): FullReply {
  try {
    faults.set(readFaults(body));
  } catch (error) {
    if (!(error instanceof FaultFileError)) throw error;
    const { message, problems } = error;
    return { status: 400, body: { message, errorCode: 0, problems } };
  }
  return { status: 200, body: { value: faults.counts() } };
}
