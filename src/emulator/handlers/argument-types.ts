/** A .NET type as a process declares it: a name, and the types that it is made of. */
interface DotNetType {
  readonly name: string;
  readonly parameters: readonly DotNetType[];
  /** `System.String[]`: what its members are. */
  readonly member?: DotNetType;
}

/**
 * Whether a value of JSON can become a value of a declared type. Names are assembly-qualified; types that JSON cannot
 * spell take any value, and so does every type take null.
 */
export function fitsType(value: unknown, declared: string): boolean {
  return fits(value, new TypeReader(declared).read());
}

/** The name without assemblies. */
export function shortType(declared: string): string {
  return nameOf(new TypeReader(declared).read());
}

function nameOf({ name, parameters, member }: DotNetType): string {
  if (member) return `${nameOf(member)}[]`;
  return parameters.length === 0 ? name : `${name}[${parameters.map(nameOf).join(",")}]`;
}

function fits(value: unknown, { name, parameters, member }: DotNetType): boolean {
  if (value === null) return true;
  if (member) return Array.isArray(value) && value.every((each) => fits(each, member));
  const [first, second] = parameters;
  if (name === "System.Nullable`1" && first) return fits(value, first);
  if (/^System\.Collections\.Generic\.I?(ReadOnly)?(List|Enumerable|Collection)`1$/.test(name) && first) {
    return Array.isArray(value) && value.every((each) => fits(each, first));
  }
  if (/^System\.Collections\.Generic\.I?(ReadOnly)?Dictionary`2$/.test(name) && second) {
    const isMap = typeof value === "object" && !Array.isArray(value) && !JSON.isRawJSON(value);
    return isMap && Object.values(value).every((each) => fits(each, second));
  }
  return scalars[name]?.(value) ?? true;
}

const whole =
  (bits: number, signed: boolean) =>
  (value: unknown): boolean => {
    const [least, end] = signed ? [-(2 ** (bits - 1)), 2 ** (bits - 1)] : [0, 2 ** bits];
    if (JSON.isRawJSON(value)) return bits === 64; // digits that a double does not hold
    return Number.isInteger(value) && Number(value) >= least && Number(value) < end;
  };
const anyNumber = (value: unknown): boolean => typeof value === "number" || JSON.isRawJSON(value);
/** .NET reads many spellings of a date, all of them texts; one that begins as ISO 8601 must name a day. */
const date = (value: unknown): boolean => {
  if (typeof value !== "string") return false;
  const day = /^\d{4}-\d{2}-\d{2}/.exec(value)?.[0];
  if (day === undefined) return true;
  const parsed = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(day);
};

const scalars: Readonly<Record<string, (value: unknown) => boolean>> = {
  "System.String": (value) => typeof value === "string",
  "System.Boolean": (value) => typeof value === "boolean",
  "System.SByte": whole(8, true),
  "System.Byte": whole(8, false),
  "System.Int16": whole(16, true),
  "System.UInt16": whole(16, false),
  "System.Int32": whole(32, true),
  "System.UInt32": whole(32, false),
  "System.Int64": whole(64, true),
  "System.UInt64": whole(64, false),
  "System.Single": anyNumber,
  "System.Double": anyNumber,
  "System.Decimal": anyNumber,
  "System.DateTime": date,
  "System.DateTimeOffset": date,
};

/** Reads one name from left to right: `A.B`2[[X, asm],[Y, asm]], asm` or `A.B[], asm`. */
class TypeReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): DotNetType {
    const name = this.#take(/[^,[\]]*/y).trim();
    let type: DotNetType = { name, parameters: this.#parameters() };
    while (this.#take(/\[\]/y) !== "") type = { name: "", parameters: [], member: type };
    return type;
  }

  #parameters(): DotNetType[] {
    const parameters: DotNetType[] = [];
    if (this.#take(/\[(?!\])/y) === "") return parameters;
    do {
      const isQualified = this.#take(/\s*\[/y) !== "";
      parameters.push(this.read());
      if (isQualified) this.#take(/[^\]]*\]/y); // the assembly
    } while (this.#take(/\s*,/y) !== "");
    this.#take(/\]/y);
    return parameters;
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? "";
    this.#at += found.length;
    return found;
  }
}
