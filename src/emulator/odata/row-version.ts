/** A RowVersion: eight bytes, big-endian, in base64. */
export function encodeRowVersion(version: number): string {
  bytes.writeUInt32BE(Math.floor(version / 2 ** 32), 0);
  bytes.writeUInt32BE(version % 2 ** 32, 4);
  return bytes.toString("base64");
}

const bytes = Buffer.alloc(8); // written anew each time: a list has one a row

/** The number in a RowVersion, or undefined when the text is none. */
export function decodeRowVersion(text: string): number | undefined {
  const decoded = Buffer.from(text, "base64");
  return decoded.length === 8 && decoded.toString("base64") === text ? Number(decoded.readBigUInt64BE()) : undefined;
}
