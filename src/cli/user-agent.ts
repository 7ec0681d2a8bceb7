import { version } from "../workflow/version.ts";
import type { Io } from "./io.ts";
import { runnerOf } from "./runner.ts";

/** Longer addresses are none that somebody would look up. */
const longest = 300;

/** `orch-sync/0.1.0 (+https://…)`: who calls, and the run that does, where a pipeline tells. */
export function userAgent(io: Io): string {
  const run = runAddress(runnerOf(io).runUrl ?? "");
  return `orch-sync/${version}${run === undefined ? "" : ` (+${run})`}`;
}

/** An http address and nothing else: no credentials, of the query the number that Azure DevOps finds a run by. */
function runAddress(text: string): string | undefined {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) return undefined;
  const build = /^\d{1,20}$/.exec(url.searchParams.get("buildId") ?? "")?.[0];
  const address = `${url.origin}${url.pathname}${build === undefined ? "" : `?buildId=${build}`}`;
  // A comment ends with a bracket (RFC 9110, 5.6.5).
  const written = address.replaceAll(/[()\\]/g, (character) => `%${character.charCodeAt(0).toString(16)}`);
  return written.length > longest ? undefined : written;
}
