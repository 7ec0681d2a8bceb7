import { readInstant } from "../../core/read-instant.ts";
import { isRelative, isTooFar, relativeForms } from "../../core/relative-time.ts";
import { isRefusal, type Refusal } from "./refusal.ts";
import type { Zone } from "./zone.ts";

/** The forms that Orchestrator's own upload reads, and ISO's `T`; the separators of a date are alike. */
const local = /^(\d{4})([-/ ])(\d{2})\2(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2}))?)?$/;

/** How many dates are remembered: a million rows name the same few days. */
const kept = 10_000;

/** Reads the dates of one source. */
export class DateReader {
  readonly #zone: Zone | undefined;
  readonly #known = new Map<string, string | Refusal>();

  constructor(zone: Zone | undefined) {
    this.#zone = zone;
  }

  /** A date as an instant in UTC, or why it is none; quick about what it has seen before. */
  read(text: string): string | Refusal {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const found = readDate(text, this.#zone);
    if (this.#known.size >= kept) this.#known.clear();
    if (text.length < 64) this.#known.set(text, found);
    return found;
  }

  /** The same for fields of items, where a time that counts from the plan stays as it is. */
  readOrRelative(text: string): string | Refusal {
    if (isRelative(text)) return text;
    if (isTooFar(text)) {
      const hint = "at most +36500d, a hundred years, is allowed";
      return { code: "QI016", predicate: "is too far in the future", found: text, hint };
    }
    const found = this.read(text);
    return isRefusal(found) && found.hint === dateForms
      ? { ...found, hint: `${dateForms}, or ${relativeForms}` }
      : found;
  }
}

/**
 * A date as an instant in UTC: one with a zone as it is, any other in `zone`. A date alone is the first instant of its
 * day. A time that the zone's clock shows twice is the first of the two; one that it never shows is refused.
 */
function readDate(text: string, zone: Zone | undefined): string | Refusal {
  const parts = local.exec(text);
  if (parts === null) {
    const found = readInstant(text);
    return found.type === "instant" ? found.instant : noDate(text);
  }
  const [, year, , month, day, hours, minutes, seconds = "00"] = parts;
  const written = `${year}-${month}-${day}T${hours ?? "00"}:${minutes ?? "00"}:${seconds}.000Z`;
  const clock = Date.parse(written);
  if (Number.isNaN(clock) || new Date(clock).toISOString() !== written) return noDate(text); // 30 February
  if (zone === undefined) {
    const hint = "set source.timeZone, or add a zone: 2026-12-01T08:00:00Z";
    return { code: "QI018", predicate: "has no zone", found: text, hint };
  }
  const time = hours === undefined ? zone.startOfDay(clock) : zone.read(clock);
  if (time.type === "instant") return inUtc(time.milliseconds) ?? noDate(text);
  const hint = `the clock was put forward over it: take an earlier or a later ${hours === undefined ? "day" : "time"}, or write the date with a zone`;
  return { code: "QI016", predicate: `does not exist in ${zone.name}`, found: text, hint };
}

/** Undefined outside the years that four digits can write. */
function inUtc(milliseconds: number): string | undefined {
  const text = new Date(milliseconds).toISOString();
  return /^\d{4}-/.test(text) ? `${text.slice(0, 19)}Z` : undefined;
}

function noDate(found: string): Refusal {
  return { code: "QI016", predicate: "is no date", found, hint: dateForms };
}

const dateForms = "write 2026-12-01, 2026-12-01 08:00 or 2026-12-01T08:00:00Z";
