import { Contract } from "./contract.ts";
import { readDocument } from "./document.ts";
import { recorded, type Exchange } from "./exchange.ts";
import { Verdicts } from "./verdict.ts";

/** What was judged, and what was found. */
export interface Judgement {
  readonly verdicts: Verdicts;
  /** Exchanges by version of the API. */
  readonly exchanges: ReadonlyMap<string, number>;
}

/** Judges everything in a folder of recorded traffic by the documents of the versions that answered. */
export function judgeTraffic(folder: string | undefined, documents: ReadonlyMap<string, string>): Judgement {
  const contracts = new Map<string, Contract>();
  const contractOf = (version: string): Contract | undefined => {
    const file = documents.get(version);
    if (file !== undefined && !contracts.has(version))
      contracts.set(version, new Contract(readDocument(file), version));
    return contracts.get(version);
  };
  const verdicts = new Verdicts();
  const exchanges = new Map<string, number>();
  for (const exchange of folder === undefined ? [] : recorded(folder)) {
    const call = orchestratorCall(exchange);
    const version = versionOf(exchange);
    const contract = version === undefined ? undefined : contractOf(version);
    if (!call || !contract || version === undefined) continue;
    exchanges.set(version, (exchanges.get(version) ?? 0) + 1);
    verdicts.add(contract.judge(call, isOurs(exchange)));
  }
  return { verdicts, exchanges };
}

/** The highest of `api-supported-versions`; a proxy's own answer has none. */
function versionOf({ responseHeaders }: Exchange): string | undefined {
  return (responseHeaders["api-supported-versions"] ?? "").match(/\d+\.\d+/g)?.at(-1);
}

/** orch-sync says its name; what a test sends by hand may be wrong on purpose, and only its answer is judged. */
function isOurs({ requestHeaders }: Exchange): boolean {
  return (requestHeaders["user-agent"] ?? "").startsWith("orch-sync/");
}

/** The call without the base path of its layout; undefined for what is none of Orchestrator's. */
function orchestratorCall(exchange: Exchange): Exchange | undefined {
  const start = exchange.url.search(/\/(?:odata|api|identity_?)\//);
  return start < 0 ? undefined : { ...exchange, url: exchange.url.slice(start) };
}
