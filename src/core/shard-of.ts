import { createHash } from "node:crypto";
import { fold } from "./fold.ts";
import type { Shard } from "./shard.ts";

/** Bytes of the digest that are taken for a number: no double loses any of it. */
const bytes = 6;

/**
 * The shard, from 1 to `count`, that something belongs to: SHA-256 over the UTF-8 of the JSON array of its name's parts,
 * the first 6 bytes as a big-endian number, modulo `count`, plus 1. Frozen: two versions that divide otherwise would do
 * some of the work twice and leave some out. Written down in `docs/formats.md`, held by golden values.
 */
export function shardOf(name: readonly string[], count: number): number {
  return (createHash("sha256").update(JSON.stringify(name)).digest().readUIntBE(0, bytes) % count) + 1;
}

/**
 * By what a queue item is divided: whatever manifest or folder names it, it is the same item, since a queue has one name
 * in all folders that share it.
 */
export function queueItemName(queue: string, reference: string): readonly string[] {
  return ["QueueItem", fold(queue), fold(reference)];
}

/** By what a reviewed item is divided: its id, which is the tenant's. */
export function reviewedItemName(id: number): readonly string[] {
  return ["Review", String(id)];
}

/** True where there are no shards, or this one has it. */
export function isOwn(shard: Shard | undefined, name: readonly string[]): boolean {
  return shard === undefined || shardOf(name, shard.count) === shard.index;
}
