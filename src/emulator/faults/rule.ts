import { createHash } from "node:crypto";
import { pathTest } from "../http/path-test.ts";
import { durationOf } from "../tenant/times.ts";
import type { FaultAnswer, FaultHandling, FaultRule } from "./types.ts";

/** What a rule looks at. */
export interface FaultedCall {
  readonly method: string;
  /** Decoded, below the base path. */
  readonly path: string;
  /** What it shows at the door. */
  readonly token: string | undefined;
}

/** What the server does with a call. */
export type Handling =
  | { readonly kind: "no" | "once" | "twice" }
  | { readonly kind: "part"; readonly rows: number }
  | { readonly kind: "late"; readonly wait: number };

/** What becomes of one call; times in milliseconds. */
export interface Fault {
  readonly name: string;
  readonly delay: number;
  readonly handling: Handling;
  /** What the client hears; the server's own answer when undefined. `unauthorized`: as if its token were not good. */
  readonly answer: FaultAnswer | "unauthorized" | undefined;
  readonly showLate: number;
  readonly moveRowVersion: boolean;
}

/** What becomes of a call that no rule is about. */
export const faultless: Fault = {
  name: "",
  delay: 0,
  handling: { kind: "once" },
  answer: undefined,
  showLate: 0,
  moveRowVersion: false,
};

/** A rule with what it has seen. */
export class Rule {
  readonly rule: FaultRule;
  readonly name: string;
  /** Calls with its method and path. */
  seen = 0;
  /** Calls that it has hit. */
  hits = 0;
  readonly #isPath: (path: string) => boolean;
  readonly #draw: (about: string) => number;

  constructor(rule: FaultRule, index: number, seed: number) {
    this.rule = rule;
    this.name = rule.name ?? `rule ${index + 1}`;
    this.#isPath = pathTest(rule.match?.path ?? "**");
    this.#draw = (about) => drawn(`${seed}/${index}/${this.seen}/${about}`);
  }

  /** Counts a call, and says whether the rule is about it. */
  sees(call: FaultedCall): boolean {
    const { match, refuseToken, times } = this.rule;
    if (refuseToken !== undefined && call.token === undefined) return false; // a call for a token shows none
    if (!isAmong(match?.method, call.method) || !this.#isPath(call.path)) return false;
    this.seen += 1;
    if (this.hits >= (times ?? Number.POSITIVE_INFINITY) || !isCounted(match?.calls, this.seen)) return false;
    return match?.share === undefined || this.#draw("share") < match.share;
  }

  restart(): void {
    this.seen = 0;
    this.hits = 0;
  }

  /** What becomes of the call that it has just seen. */
  hit(): Fault {
    this.hits += 1;
    const { answer, delay, handle = "once", moveRowVersion, showLate } = this.rule;
    return {
      name: this.name,
      delay: milliseconds(delay),
      handling: this.#handling(handle),
      // Without an answer of the fault, who is served late has given up.
      answer: answer ?? (typeof handle === "object" && "late" in handle ? "never" : undefined),
      showLate: milliseconds(showLate),
      moveRowVersion: moveRowVersion === true,
    };
  }

  #handling(handle: FaultHandling): Handling {
    if (typeof handle === "string") return { kind: handle };
    if ("part" in handle) return { kind: "part", rows: handle.part };
    if (typeof handle.late === "string") return { kind: "late", wait: milliseconds(handle.late) };
    return { kind: "late", wait: Math.round(milliseconds(handle.late.upTo) * this.#draw("late")) };
  }
}

function isAmong(wanted: string | readonly string[] | undefined, method: string): boolean {
  return wanted === undefined || [wanted].flat().includes(method);
}

type Counted = NonNullable<FaultRule["match"]>["calls"];

function isCounted(calls: Counted, number: number): boolean {
  if (calls === undefined) return true;
  if (typeof calls === "number") return number === calls;
  const { from = 1, to = Number.POSITIVE_INFINITY, every = 1 } = calls;
  return number >= from && number <= to && (number - from) % every === 0;
}

function milliseconds(duration: string | undefined): number {
  return duration === undefined ? 0 : (durationOf(duration) ?? 0);
}

/** A number from 0 to 1 that only depends on the text: no state, so calls side by side do not disturb each other. */
function drawn(text: string): number {
  return createHash("sha256").update(text).digest().readUInt32BE(0) / 2 ** 32;
}
