import { needOf } from "../access/admission.ts";
import { parsePath } from "../http/route.ts";
import type { Database } from "../store/database.ts";
import { LateWrites } from "./late-writes.ts";
import { loadFaults, type FaultSource } from "./load.ts";
import { faultless, Rule, type Fault, type FaultedCall } from "./rule.ts";
import type { FaultRule, TokenRefusal } from "./types.ts";

/** A rule and what it has done so far. */
export interface FaultCount {
  readonly name: string;
  /** Calls with its method and path. */
  readonly seen: number;
  /** Calls that it has hit. */
  readonly hits: number;
  readonly rule: FaultRule;
}

/** The faults of an emulator: its rules, and what has come of them so far. */
export class Faults {
  readonly lateWrites: LateWrites;
  #rules: readonly Rule[] = [];
  /** Tokens that are refused, by the name of the rule that did it. */
  #revoked = new Map<string, string>();
  #closed: string | undefined;
  readonly #withdrawn = new Map<string, string>();

  constructor(db: Database, source: FaultSource | undefined) {
    this.lateWrites = new LateWrites(db);
    if (source) this.set(source);
  }

  /** Puts other rules in place of the present ones; what those have done is over. */
  set(source: FaultSource): void {
    const { seed = 1, rules } = loadFaults(source).spec;
    this.clear();
    this.#rules = rules.map((rule, index) => new Rule(rule, index, seed));
  }

  /** No faults any more. */
  clear(): void {
    this.#rules = [];
    this.#forget();
  }

  /** The same rules from their start. */
  restart(): void {
    for (const rule of this.#rules) rule.restart();
    this.#forget();
  }

  counts(): readonly FaultCount[] {
    return this.#rules.map(({ name, seen, hits, rule }) => ({ name, seen, hits, rule }));
  }

  /** What becomes of a call that arrives. Every rule counts it; the first that it meets holds. */
  meet(call: FaultedCall): Fault | undefined {
    let first: Rule | undefined;
    for (const rule of this.#rules) if (rule.sees(call)) first ??= rule;
    const standing = this.#standing(call.token);
    if (standing !== undefined) return refusal(standing);
    return first && this.#strike(first, call);
  }

  /** The rule that has taken a permission from everybody without which the call cannot be made. */
  withdrawnBy(method: string, path: string): string | undefined {
    if (this.#withdrawn.size === 0) return undefined;
    const pattern = parsePath(path)?.pattern;
    if (pattern === undefined) return undefined;
    const missing = needOf(method, pattern).map((all) => all.find((permission) => this.#withdrawn.has(permission)));
    const [first] = missing;
    return first !== undefined && !missing.includes(undefined) ? this.#withdrawn.get(first) : undefined;
  }

  #strike(rule: Rule, { token }: FaultedCall): Fault {
    const fault = rule.hit();
    const { refuseToken, refusePermission } = rule.rule;
    if (refusePermission !== undefined) this.#withdrawn.set(refusePermission, rule.name);
    if (refuseToken === undefined) return fault;
    this.#refuse(refuseToken, token, rule.name);
    return refusal(rule.name);
  }

  #refuse(how: TokenRefusal, token: string | undefined, name: string): void {
    if (how === "forGood") this.#closed ??= name;
    if (how === "revoked" && token !== undefined) this.#revoked.set(token, name);
  }

  /** Who shows no token asks for one, or has none: that is not for a refused token to spoil. */
  #standing(token: string | undefined): string | undefined {
    return token === undefined ? undefined : (this.#closed ?? this.#revoked.get(token));
  }

  #forget(): void {
    this.#revoked.clear();
    this.#closed = undefined;
    this.#withdrawn.clear();
    this.lateWrites.clear();
  }
}

function refusal(name: string): Fault {
  return { ...faultless, name, handling: { kind: "no" }, answer: "unauthorized" };
}
