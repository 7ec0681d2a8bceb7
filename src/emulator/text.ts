/**
 * The form in which texts are compared: SQL Server's default collation ignores case and trailing blanks, and
 * composed and decomposed letters are one to it. Stored texts keep their spelling.
 */
export function fold(text: string): string {
  return foldCase(text).replace(/ +$/, "");
}

/** As {@link fold}, with trailing blanks kept: `contains` and its kin see them (LIKE does, `=` does not). */
export function foldCase(text: string): string {
  return text.toLowerCase().normalize("NFC");
}
