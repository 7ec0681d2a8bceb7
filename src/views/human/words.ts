import { cleanLine, shorten } from "../../core/text.ts";
import type { PlanTarget } from "../../core/plan.ts";
import { fullKey, shortKey, type ResourceKey } from "../../core/resource.ts";
import { shardName } from "../../core/shard.ts";
import type { SourceSpan } from "../../core/source.ts";

/** `1,200` */
export function amount(number: number): string {
  return number < 1000 ? `${number}` : number.toLocaleString("en-US"); // the latter starts up slowly
}

/** `1 call`, `1,200 calls`; give the plural where it is not the singular and an `s`. */
export function count(number: number, one: string, many: string = `${one}s`): string {
  return `${amount(number)} ${number === 1 ? one : many}`;
}

/** Longer texts lose their end: a server may answer with a whole page. */
const longest = { name: 160, text: 600 };

/** A name, a path or a label of foreign origin, fit for one line. */
export function name(text: string): string {
  return shorten(cleanLine(text), longest.name);
}

/** A sentence of foreign origin, fit for one line. */
export function sentence(text: string): string {
  return shorten(cleanLine(text), longest.text);
}

/** `manifests/march.yaml:31`: terminals and editors make a link of it. */
export function place(source: Pick<SourceSpan, "file" | "line">): string {
  return `${name(source.file)}:${source.line}`;
}

/** How resources are called on one screen: the folder is part of the name only where there are several. */
export function resourceNames(keys: readonly ResourceKey[]): (key: ResourceKey) => string {
  const several = new Set(keys.map((key) => key.folder)).size > 1;
  return ({ kind, folder, name: own }) => {
    const key = { kind, folder, name: own };
    return name(several ? fullKey(key) : shortKey(key));
  };
}

/** `API 20`, `API 20, shard 2/4` */
export function extent({ apiVersion, shard }: Pick<PlanTarget, "apiVersion" | "shard">): string {
  return `API ${apiVersion}${shard === undefined ? "" : `, shard ${shardName(shard)}`}`;
}
