import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A call of Orchestrator's API and its answer, as they went over the wire. */
export interface Exchange {
  readonly method: string;
  /** Path and query string as sent. */
  readonly url: string;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly requestBody: string;
  readonly status: number;
  readonly responseHeaders: Readonly<Record<string, string>>;
  readonly responseBody: string;
}

/** The folder that exchanges are written to while tests run; undefined when nobody asked for a judgement. */
export const trafficFolder: string | undefined = process.env["TRAFFIC_DIR"];

/** Everything that the processes of a test run have recorded. */
export function* recorded(folder: string): Generator<Exchange> {
  for (const file of readdirSync(folder)) {
    for (const line of readFileSync(join(folder, file), "utf8").split("\n")) {
      if (line !== "") yield JSON.parse(line) as Exchange;
    }
  }
}
