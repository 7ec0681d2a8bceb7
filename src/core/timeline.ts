import type { EventBody } from "./events.ts";
import type { Outcome } from "./outcome.ts";
import type { ResourceKey } from "./resource.ts";
import { Stretches, type Stretch } from "./stretches.ts";

/**
 * When an apply did what, in milliseconds since it began: small, however many changes there were. For people; what
 * became of the changes is in the outcomes.
 */
export interface Timeline {
  /** How wide a slot is. There are never more than `mostSlots` of them. */
  readonly slotMs: number;
  /** When the whole run stood still before a call, and why. */
  readonly pauses: readonly Pause[];
  /** One for each resource that began or waited to, in the order in which they did. */
  readonly lanes: readonly Lane[];
}

/** `quota`: our own budget of list calls; `asked`: the server named a time; `retry`: a read that is tried again. */
export const pauseReasons = ["quota", "asked", "retry"] as const;
export type PauseReason = (typeof pauseReasons)[number];

export interface Pause extends Stretch {
  readonly reason: PauseReason;
}

/** One resource over time. */
export interface Lane {
  readonly key: ResourceKey;
  /** From when on it waited for what it depends on. Left out: it did not. */
  readonly waitedMs?: number;
  /** Left out: it never began. */
  readonly beganMs?: number;
  /** Left out: it never ended. */
  readonly endedMs?: number;
  /** When the answer to a write was lost and what it did was looked for. */
  readonly open: readonly Stretch[];
  /** Slots in which changes ended, in order. A change that a last look has corrected is in two of them. */
  readonly ends: readonly SlotEnds[];
  /** States of its runs, as a log tells them: the first ones. */
  readonly steps: readonly Step[];
  /** How many more there were. */
  readonly stepsLeft?: number;
}

export interface SlotEnds {
  /** It begins at `slot * slotMs`. */
  readonly slot: number;
  /** Applied, or done already. */
  readonly done: number;
  readonly failed: number;
  readonly skipped: number;
  readonly unknown: number;
}

interface Step {
  readonly atMs: number;
  readonly text: string;
}

const mostSlots = 120;
const mostSteps = 20;

interface OpenLane {
  readonly key: ResourceKey;
  waitedMs?: number;
  beganMs?: number;
  endedMs?: number;
  readonly open: Stretches;
  ends: Map<number, SlotEnds>;
  readonly steps: Step[];
  stepsLeft: number;
}

/** Makes a timeline of the events of an apply while they come. */
export class TimelineRecorder {
  readonly #start: number;
  readonly #lanes = new Map<string, OpenLane>();
  readonly #pauses = new Map<PauseReason, Stretches>();
  #slotMs = 100;
  #latest: OpenLane | undefined;
  #pause: { readonly reason: PauseReason; readonly fromMs: number } | undefined;

  constructor(start: Date) {
    this.#start = start.getTime();
  }

  take(event: EventBody, now: Date): void {
    const at = Math.max(0, now.getTime() - this.#start);
    switch (event.type) {
      case "resource-waiting":
        this.#lane(event.key).waitedMs = at;
        break;
      case "resource-started":
        this.#lane(event.key).beganMs = at;
        break;
      case "resource-ended":
        this.#lane(event.key).endedMs = at;
        break;
      case "settling":
        this.#lane(event.key).open.add(at, Math.max(at, Date.parse(event.until) - this.#start));
        break;
      case "step":
        takeStep(this.#lane(event.key), { atMs: at, text: event.text });
        break;
      case "outcome":
        this.#end(event.outcome, at);
        break;
      case "waiting":
        this.#resume(at);
        if (event.reason !== "lease") this.#pause = { reason: event.reason, fromMs: at };
        break;
      case "waited":
        this.#resume(at);
        break;
      case "apply-started":
      case "halted":
      case "interrupted":
      case "lease":
      case "progress":
      case "reading":
        break;
    }
  }

  /** All of it, up to now. */
  made(now: Date): Timeline {
    const end = Math.max(0, now.getTime() - this.#start);
    this.#resume(end);
    const pauses = [...this.#pauses].flatMap(([reason, spans]) => spans.all.map((span) => ({ reason, ...span })));
    return {
      slotMs: this.#slotMs,
      pauses: pauses.toSorted((a, b) => a.fromMs - b.fromMs),
      lanes: [...this.#lanes.values()].map((lane) => laneOf(lane, end)),
    };
  }

  #resume(at: number): void {
    if (this.#pause === undefined) return;
    const { reason, fromMs } = this.#pause;
    const spans = this.#pauses.get(reason) ?? new Stretches();
    this.#pauses.set(reason, spans);
    spans.add(fromMs, at);
    this.#pause = undefined;
  }

  /** Outcomes come by the thousand and of one resource, so that one is not looked up again. */
  #lane({ kind, folder, name }: ResourceKey): OpenLane {
    const { key } = this.#latest ?? {};
    if (this.#latest !== undefined && key?.name === name && key.folder === folder && key.kind === kind) {
      return this.#latest;
    }
    const identity = JSON.stringify([kind, folder, name]);
    const made = { key: { kind, folder, name }, open: new Stretches(), ends: new Map(), steps: [], stepsLeft: 0 };
    const lane: OpenLane = this.#lanes.get(identity) ?? made;
    this.#lanes.set(identity, lane);
    this.#latest = lane;
    return lane;
  }

  #end({ key, status }: Outcome, at: number): void {
    while (at >= this.#slotMs * mostSlots) this.#widen();
    const { ends } = this.#lane(key);
    const slot = Math.floor(at / this.#slotMs);
    const column = status === "applied" || status === "already-done" ? "done" : status;
    const before = ends.get(slot) ?? none(slot);
    ends.set(slot, { ...before, [column]: before[column] + 1 });
  }

  /** Two slots become one, everywhere. */
  #widen(): void {
    this.#slotMs *= 2;
    for (const lane of this.#lanes.values()) {
      const wider = new Map<number, SlotEnds>();
      for (const narrow of lane.ends.values()) {
        const slot = Math.floor(narrow.slot / 2);
        wider.set(slot, plus(wider.get(slot) ?? none(slot), narrow));
      }
      lane.ends = wider;
    }
  }
}

/** Both together, in the slot of the first. */
export function plus(first: SlotEnds, second: SlotEnds): SlotEnds {
  return {
    slot: first.slot,
    done: first.done + second.done,
    failed: first.failed + second.failed,
    skipped: first.skipped + second.skipped,
    unknown: first.unknown + second.unknown,
  };
}

export function none(slot: number): SlotEnds {
  return { slot, done: 0, failed: 0, skipped: 0, unknown: 0 };
}

function takeStep(lane: OpenLane, step: Step): void {
  if (lane.steps.length < mostSteps) lane.steps.push(step);
  else lane.stepsLeft++;
}

/** A look that was to come later than the end of all did not come. */
function laneOf({ key, waitedMs, beganMs, endedMs, open, ends, steps, stepsLeft }: OpenLane, end: number): Lane {
  const last = endedMs ?? end;
  return {
    key,
    ...(waitedMs === undefined ? {} : { waitedMs }),
    ...(beganMs === undefined ? {} : { beganMs }),
    ...(endedMs === undefined ? {} : { endedMs }),
    open: open.all.map((span) => ({ ...span, toMs: Math.min(span.toMs, last) })),
    ends: [...ends.values()].toSorted((a, b) => a.slot - b.slot),
    steps,
    ...(stepsLeft === 0 ? {} : { stepsLeft }),
  };
}
