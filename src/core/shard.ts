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

/** A shard's even share of the list calls that the tenant allows all of them together; one at least. */
export function listCallsOf(shard: Shard | undefined, listCallsPerMinute: number): number {
  return shard === undefined ? listCallsPerMinute : Math.max(1, Math.floor(listCallsPerMinute / shard.count));
}
