import type { FaultRule } from "../../src/emulator/index.ts";
import type { Broken } from "../checker/evidence.ts";
import type { Random } from "./random.ts";

/** What goes wrong in a run, and which assumption of the table it breaks. */
export interface BadDay {
  readonly faults: readonly FaultRule[];
  readonly broken: readonly Broken[];
}

export const settle = 240_000;
export const requestTimeout = 60_000;

type What = Pick<FaultRule, "handle" | "answer" | "delay" | "showLate" | "moveRowVersion" | "refuseToken">;
interface Fault {
  readonly name: string;
  readonly what: (random: Random) => What;
  /** Only writes, only reads, or both. */
  readonly of: "writes" | "reads" | "all";
}

const statuses = [500, 502, 503, 504, 408, 302];
const shapes = ["plain", "abp", "odata", "problem", "pascal", "errorMessage", "nested", "page", "empty"] as const;
const seconds = (random: Random, from: number, to: number): string => `${random.int(from, to)}s`;

/** Everything that the emulator knows and a client must survive. */
const menu: readonly Fault[] = [
  { name: "done, never answered", of: "all", what: () => ({ handle: "once", answer: "never" }) },
  { name: "not done, never answered", of: "all", what: () => ({ handle: "no", answer: "never" }) },
  { name: "done, then reset", of: "all", what: () => ({ handle: "once", answer: "close" }) },
  { name: "reset before it was done", of: "all", what: () => ({ handle: "no", answer: "close" }) },
  { name: "answer cut in the middle", of: "all", what: () => ({ handle: "once", answer: "cut" }) },
  { name: "done, a page with 200", of: "all", what: () => ({ handle: "once", answer: "html" }) },
  { name: "not done, a page with 200", of: "all", what: () => ({ handle: "no", answer: "html" }) },
  {
    name: "done, answered an error",
    of: "all",
    what: (random) => ({ handle: "once", answer: { status: random.pick(statuses), shape: random.pick(shapes) } }),
  },
  {
    name: "not done, answered an error",
    of: "all",
    what: (random) => ({ handle: "no", answer: { status: random.pick(statuses), shape: random.pick(shapes) } }),
  },
  {
    name: "too many calls",
    of: "all",
    what: (random) => {
      const after = random.int(1, 30);
      const retryAfter = random.chance(0.5) ? after : { date: after };
      return { handle: "no", answer: { status: 429, ...(random.chance(0.7) ? { retryAfter } : {}) } };
    },
  },
  { name: "too large", of: "writes", what: () => ({ handle: "no", answer: { status: 413, shape: "page" } }) },
  {
    name: "done late, the client has given up",
    of: "writes",
    what: (random) => ({ handle: { late: seconds(random, 1, 150) } }),
  },
  {
    name: "done late, after an error",
    of: "writes",
    what: (random) => ({ handle: { late: seconds(random, 1, 200) }, answer: { status: random.pick([502, 503, 504]) } }),
  },
  {
    name: "done late, after a reset",
    of: "writes",
    what: (random) => ({ handle: { late: seconds(random, 1, 200) }, answer: "close" }),
  },
  {
    name: "done in part, then reset",
    of: "writes",
    what: (random) => ({ handle: { part: random.int(0, 5) }, answer: "close" }),
  },
  {
    name: "done in part, answered an error",
    of: "writes",
    what: (random) => ({ handle: { part: random.int(0, 5) }, answer: { status: 500 } }),
  },
  { name: "slow", of: "all", what: (random) => ({ delay: seconds(random, 1, 90) }) },
  { name: "lists lag behind", of: "writes", what: (random) => ({ showLate: seconds(random, 1, 200) }) },
  { name: "changed by somebody else just before", of: "writes", what: () => ({ moveRowVersion: true }) },
  { name: "token refused once", of: "all", what: () => ({ refuseToken: "once" }) },
  { name: "token revoked", of: "all", what: () => ({ refuseToken: "revoked" }) },
];

/** What breaks an assumption: no client can keep the promise then, but it can tell. */
const breaking: readonly (Fault & { readonly breaks: Broken })[] = [
  {
    name: "done later than settle",
    of: "writes",
    breaks: "a write committed later than settle",
    what: (random) => ({ handle: { late: seconds(random, 300, 900) }, answer: { status: 504, shape: "page" } }),
  },
  {
    name: "sent twice by a proxy",
    of: "writes",
    breaks: "a proxy sent a write twice",
    what: () => ({ handle: "twice" }),
  },
  {
    name: "lists lag behind for long",
    of: "writes",
    breaks: "lists lagged behind for longer than settle",
    what: (random) => ({ handle: "once", answer: "close", showLate: seconds(random, 300, 900) }),
  },
];

const writePaths = ["*.BulkAddQueueItems", "*.AddQueueItem", "*.StartJobs", "*.StopJobs", "*.DeleteBulk", "/odata/**"];
/** Calls of robots and people stay as they are: only orch-sync is on trial. */
const ours = {
  writes: { method: ["POST", "PUT"] },
  reads: { method: "GET" },
  all: {},
} as const;

export function badDay(random: Random): BadDay {
  const drawn = Array.from({ length: random.pick([0, 1, 1, 2, 2, 3, 4]) }, () => random.pick(menu));
  const faults = drawn.map((fault) => ruleOf(fault, random));
  if (!random.chance(0.15)) return { faults, broken: [] };
  const worst = random.pick(breaking);
  return { faults: [ruleOf(worst, random), ...faults], broken: [worst.breaks] };
}

function ruleOf({ name, of, what }: Fault, random: Random): FaultRule {
  const path = of === "writes" ? random.pick(writePaths) : "/odata/**";
  const often = random.chance(0.5)
    ? { times: random.int(1, 3), match: { ...ours[of], path } }
    : { match: { ...ours[of], path, share: random.pick([0.1, 0.3, 0.6]) }, times: 6 };
  return { name, ...often, ...what(random) };
}
