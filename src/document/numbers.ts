/**
 * True when the number that JavaScript makes of a YAML number is another one: 12345678901234567890 would become
 * 12345678901234567000. `1.10` is fine, it is 1.1. What counts is how the number is written when it is sent.
 */
export function losesDigits(source: string, value: number): boolean {
  if (!Number.isFinite(value)) return true;
  const decimal = /^0[xo]/i.test(source) ? String(BigInt(source)) : source;
  const [written, kept] = [significant(decimal), significant(String(value))];
  return written.digits !== kept.digits || written.exponent !== kept.exponent;
}

/** `-0.0120e3` as the digits 12 and the exponent -1 + 3: equal numbers have equal parts. */
function significant(text: string): { readonly digits: string; readonly exponent: number } {
  const [, whole = "", fraction = "", exponent = "0"] = /^[-+]?(\d*)(?:\.(\d*))?(?:e([-+]?\d+))?$/i.exec(text) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, "");
  const trimmed = digits.replace(/0+$/, "");
  if (trimmed === "") return { digits: "", exponent: 0 };
  return { digits: trimmed, exponent: Number(exponent) - fraction.length + (digits.length - trimmed.length) };
}
