import type { LeaseStatus } from "../../core/lease-status.ts";
import { shortInstant } from "../../core/instant.ts";
import type { ViewOptions } from "../style.ts";
import { screen, type Line } from "./lines.ts";
import { name, sentence } from "./words.ts";

const states: Readonly<Record<LeaseStatus["state"], string>> = {
  free: "nobody holds it",
  held: "held",
  over: "over: the next apply takes it",
  touched: "not usable",
};

/** Who holds a lease, since when and until when: what `unlock` shows. */
export function leaseView(status: LeaseStatus, options: ViewOptions): string {
  const { holder, why, item } = status;
  const head = `Lease ${name(status.name)}  queue ${name(status.queue)}, folder ${name(status.folder)}`;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ["by", holder && name(holder.owner)],
    ["run", holder?.runUrl && sentence(holder.runUrl)],
    ["since", holder && name(shortInstant(holder.since))],
    ["until", holder && `${name(shortInstant(holder.until))}, unless it is renewed`],
    ["item", item === undefined ? undefined : String(item)],
  ];
  const lines: Line[] = [
    { text: head, tone: "strong" },
    { text: `  ${states[status.state]}${why === undefined ? "" : `: ${sentence(why)}`}` },
    ...facts.flatMap(([label, text]): Line[] =>
      text === undefined ? [] : [{ text: `  ${label.padEnd(5)}  ${text}`, hang: "         " }],
    ),
  ];
  return screen(lines, options);
}
