/** The offset of a zone's wall clock from UTC at an instant, in milliseconds. */
type OffsetAt = (milliseconds: number) => number;

/** What a wall clock's reading means in a zone. */
export type LocalTime =
  | { readonly type: "instant"; readonly milliseconds: number }
  /** The clock was put forward over it. */
  | { readonly type: "gap" };

const day = 86_400_000;
const quarter = 900_000;
/** Since then zones change their offset at full quarters of an hour of UTC; Liberia was the last that did not. */
const quartersSince = Date.UTC(1973, 0, 1);
const kept = 10_000;

/** A time zone of the IANA database, as far as dates without a zone need it. */
export class Zone {
  readonly name: string;
  readonly #offsetAt: OffsetAt;

  private constructor(name: string, offsetAt: OffsetAt) {
    this.name = name;
    this.#offsetAt = offsetAt;
  }

  /** Undefined for a name that the database of this Node.js does not have. Offsets such as +02:00 are no names. */
  static named(name: string): Zone | undefined {
    if (!/^[A-Za-z]/.test(name)) return undefined;
    try {
      return new Zone(name, remembered(offsets(name)));
    } catch (error) {
      if (error instanceof RangeError) return undefined;
      throw error;
    }
  }

  /**
   * The instant at which the zone's clock shows what UTC's clock shows at `local`. Where it shows that twice, because
   * it is put back, the first time counts.
   */
  read(local: number): LocalTime {
    // Zones change by a day at most at once, so these two offsets are all that can apply.
    for (const offset of this.#around(local)) {
      const milliseconds = local - offset;
      if (this.#offsetAt(milliseconds) === offset) return { type: "instant", milliseconds };
    }
    return { type: "gap" };
  }

  /**
   * The first instant of a day, given by its midnight on UTC's clock: some zones put the clock forward at midnight, and
   * those that moved across the date line left out a whole day.
   */
  startOfDay(local: number): LocalTime {
    const midnight = this.read(local);
    if (midnight.type === "instant") return midnight;
    const milliseconds = local - Math.min(...this.#around(local)); // the offset before the clock was put forward
    return milliseconds + this.#offsetAt(milliseconds) < local + day ? { type: "instant", milliseconds } : midnight;
  }

  /** The larger first: it gives the earlier instant. */
  #around(local: number): readonly number[] {
    const [before, after] = [this.#offsetAt(local - day), this.#offsetAt(local + day)];
    return before >= after ? [before, after] : [after, before];
  }
}

function offsets(timeZone: string): OffsetAt {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
    era: "short",
  });
  return (milliseconds) => {
    const parts: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {};
    for (const { type, value } of format.formatToParts(milliseconds)) parts[type] = value;
    const number = (type: Intl.DateTimeFormatPartTypes): number => Number(parts[type]);
    const year = parts.era === "BC" ? 1 - number("year") : number("year");
    const shown = new Date(0).setUTCFullYear(year, number("month") - 1, number("day"));
    const clock = ((number("hour") * 60 + number("minute")) * 60 + number("second")) * 1000;
    return shown + clock - Math.floor(milliseconds / 1000) * 1000;
  };
}

/** Formatting takes microseconds, and a million rows name the same few days. */
function remembered(offsetAt: OffsetAt): OffsetAt {
  const known = new Map<number, number>();
  return (milliseconds) => {
    if (milliseconds < quartersSince) return offsetAt(milliseconds);
    const key = Math.floor(milliseconds / quarter);
    const before = known.get(key);
    if (before !== undefined) return before;
    if (known.size >= kept) known.clear();
    const offset = offsetAt(key * quarter);
    known.set(key, offset);
    return offset;
  };
}
