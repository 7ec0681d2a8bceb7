import { createHash } from "node:crypto";
import { fold } from "./fold.ts";

/** One of several machines that do the work of one project side by side. */
export interface Shard {
  /** From 1 to `count`. */
  readonly index: number;
  readonly count: number;
}

/** What a shard has of a resource that is split. */
export interface Part {
  readonly shard: Shard;
  /** Of a set that is named entry by entry: how many the whole has, and whether several shards have some. */
  readonly whole?: { readonly entries: number; readonly isSplit: boolean };
}

/** `2/4` as people write and read it. */
export function shardName({ index, count }: Shard): string {
  return `${index}/${count}`;
}

/** Reads `2/4`; undefined for what is none. */
export function readShard(text: string): Shard | undefined {
  const [, index, count] = /^(\d{1,6})\/(\d{1,6})$/.exec(text)?.map(Number) ?? [];
  return index === undefined || count === undefined || index < 1 || index > count ? undefined : { index, count };
}

/** The same part of the same work. Undefined: all of it. */
export function isSameShard(a: Shard | undefined, b: Shard | undefined): boolean {
  return a?.index === b?.index && a?.count === b?.count;
}

/** True when both may have some of the same work: parts of another division have some of every part. */
export function overlap(a: Shard | undefined, b: Shard | undefined): boolean {
  return a === undefined || b === undefined || a.count !== b.count || a.index === b.index;
}

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

/** A shard's even share of the list calls that the tenant allows all of them together; one at least. */
export function listCallsOf(shard: Shard | undefined, listCallsPerMinute: number): number {
  return shard === undefined ? listCallsPerMinute : Math.max(1, Math.floor(listCallsPerMinute / shard.count));
}
