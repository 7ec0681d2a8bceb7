import { isRecord, type JsonObject } from "../../core/json.ts";
import type { LiveJob } from "../../kinds/job/live.ts";
import type { OrchestratorClient } from "../http/client.ts";

/** What a job gave out, without the secrets that this run has sent: robots may hand on what they were given. */
export function outputsOf({ id, outputArguments }: LiveJob, client: OrchestratorClient): JsonObject | undefined {
  if (outputArguments === undefined || outputArguments === null) return undefined;
  const { message } = client.withoutSecrets({ kind: "http", call: `GET /odata/Jobs(${id})`, message: outputArguments });
  try {
    const value: unknown = JSON.parse(message);
    return isRecord(value) ? (value as JsonObject) : undefined;
  } catch {
    return undefined; // what is no JSON is nobody's output argument
  }
}
