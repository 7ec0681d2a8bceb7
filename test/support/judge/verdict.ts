import type { Violation } from "./contract.ts";

/** A fault of the documents themselves: the wire is right and they are wrong. */
export interface KnownFault {
  /** Versions of the document that have it, as `16.0`. */
  readonly versions: readonly string[];
  /** As {@link Violation.at}. */
  readonly at: string;
  readonly rule: string;
  /** Left out where it holds for every operation. */
  readonly operation?: string;
  /** How we know that the wire is right. */
  readonly evidence: string;
}

/** A violation, and how often it was met. */
export interface Finding extends Violation {
  readonly times: number;
}

/** What is left of the violations when known faults are taken away, and the faults that nothing has met. */
export interface Verdict {
  readonly findings: readonly Finding[];
  readonly unused: readonly KnownFault[];
}

/** Collects violations while exchanges are judged, each kind of them once. */
export class Verdicts {
  readonly #found = new Map<string, Finding>();

  add(violations: readonly Violation[]): void {
    for (const violation of violations) {
      const { version, operation, at, rule } = violation;
      const key = [version, operation, at, rule].join(" | ");
      const times = (this.#found.get(key)?.times ?? 0) + 1;
      this.#found.set(key, { ...violation, times });
    }
  }

  verdict(faults: readonly KnownFault[]): Verdict {
    const used = new Set<KnownFault>();
    const findings = [...this.#found.values()].filter((finding) => {
      const known = faults.filter((fault) => covers(fault, finding));
      for (const fault of known) used.add(fault);
      return known.length === 0;
    });
    return { findings, unused: faults.filter((fault) => !used.has(fault)) };
  }
}

function covers(fault: KnownFault, { version, at, rule, operation }: Violation): boolean {
  const isItsOperation = fault.operation === undefined || fault.operation === operation;
  return fault.versions.includes(version) && fault.at === at && fault.rule === rule && isItsOperation;
}

/** A finding for people. */
export function findingLine({ version, operation, at, rule, times, detail }: Finding): string {
  return `API ${version}: ${operation}: ${at}: ${rule} (${times} times; ${detail})`;
}

/** A known fault for people. */
export function faultLine({ versions, at, rule, operation, evidence }: KnownFault): string {
  return `API ${versions.join(", ")}: ${operation === undefined ? "" : `${operation}: `}${at}: ${rule}. ${evidence}`;
}

/** All known faults for people, those of one schema in one line. */
export function faultLines(faults: readonly KnownFault[]): readonly string[] {
  const groups = new Map<string, { readonly fault: KnownFault; readonly members: string[] }>();
  for (const fault of faults) {
    const [schema = "", ...member] = fault.at.split("/");
    const key = JSON.stringify([{ ...fault, at: schema }, member.length === 0]);
    const group = groups.get(key) ?? { fault: { ...fault, at: schema }, members: [] };
    groups.set(key, group);
    if (member.length > 0) group.members.push(member.join("/"));
  }
  return [...groups.values()].map(({ fault, members }) =>
    faultLine(members.length === 0 ? fault : { ...fault, at: `${fault.at}/(${members.join(" ")})` }),
  );
}
