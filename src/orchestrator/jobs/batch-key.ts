import { createHash } from "node:crypto";

/**
 * The `BatchExecutionKey` of a run: UUIDv5 (RFC 9562) of the run key under the folder's key. Job references are not
 * unique over folders, this is; and the server filters by it on every version that takes it.
 */
export function batchKey(folderKey: string, runKey: string): string {
  const digest = createHash("sha1")
    .update(Buffer.from(folderKey.replaceAll("-", ""), "hex"))
    .update(runKey)
    .digest();
  const bytes = digest.subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
