import { createHash, randomUUID } from "node:crypto";

const namespace = "6f1c1e0a-7d5b-5b0e-9c53-0d5f6a3b2c11";

/** A UUID (version 5) made from names: a tenant file without Keys gives the same ones at every start. */
export function nameUuid(...names: readonly string[]): string {
  const hash = createHash("sha1").update(Buffer.from(namespace.replaceAll("-", ""), "hex"));
  const bytes = hash
    .update(names.map((name) => name.normalize("NFC")).join("\0"))
    .digest()
    .subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** A UUID (version 7) that begins with the machine's time: an index of a million of them grows at its end only. */
export function timeUuid(): string {
  const time = Date.now().toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}

export function isUuid(text: string): boolean {
  return /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i.test(text);
}
