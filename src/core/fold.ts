/** Characters that have one form only, as nearly all names are made of. */
const plain = /^[ -~]*$/;

/**
 * The server's rule for equal names: SQL Server's default collation ignores case and trailing blanks, and one
 * Unicode form is stored. `Invoices`, `invoices` and `INVOICES ` are one queue, `INV-1` and `inv-1` one reference.
 */
export function fold(text: string): string {
  const folded = (plain.test(text) ? text : text.normalize("NFC")).toLowerCase();
  // No expression: / +$/ would take quadratic time over a text that is full of blanks.
  let end = folded.length;
  while (end > 0 && folded.charCodeAt(end - 1) === 0x20) end--;
  return folded.slice(0, end);
}

/** True when the server takes the text to begin with the prefix. Trailing blanks of a prefix do count. */
export function hasPrefix(text: string, prefix: string): boolean {
  const [whole, beginning] = [text, prefix].map((each) => each.normalize("NFC").toLowerCase());
  return whole?.startsWith(beginning ?? "") ?? false;
}

/** True when the server takes both for the same name. */
export function sameName(a: string, b: string): boolean {
  return fold(a) === fold(b);
}
