import { formatClock } from "../../core/format-time.ts";
import { knownCounts, openSends, type JournalState, type PastSend } from "../../core/journal-state.ts";
import type { OutcomeCounts } from "../../core/outcome.ts";
import { shardName } from "../../core/shard.ts";
import type { ViewOptions } from "../style.ts";
import { screen, type Line } from "./lines.ts";
import { amount, count, name } from "./words.ts";

export interface JournalOptions extends ViewOptions {
  /** True: every send and every change. */
  readonly verbose: boolean;
}

/** Changes of one send that are named, unless verbose. */
const changesShown = 5;

/** What an apply was about to send, what it sent, and what is known and open of that. */
export function journalView(state: JournalState, options: JournalOptions): string {
  const { header, sends } = state;
  const open = new Set(openSends(state));
  const shown = [...sends.values()].filter((send) => options.verbose || open.has(send));
  const resumed = state.resumedAt.map((at) => `, resumed ${name(at)}`).join("");
  const lines: Line[] = [
    { text: `Journal of the apply ${name(header.apply)}`, tone: "strong" },
    {
      text: `Target ${name(header.target.name)}  ${name(header.target.url)}   plan ${name(header.plan.id.slice(0, 12))}${header.target.shard === undefined ? "" : `   shard ${shardName(header.target.shard)}`}`,
    },
    { text: `Began ${name(header.startedAt)}${resumed}. ${endOf(state)}` },
    "",
    ...shown.map((send) => sendLine(send, open.has(send), options)),
    ...(shown.length > 0 ? [""] : []),
    `${count(sends.size, "send")}, ${open.size === 0 ? "none is open" : `${amount(open.size)} open`}.`,
    // Of an apply that has ended its report counts; what is known of sends may be more, such as copies that were removed.
    ...(state.end?.counts === undefined ? [`Known: ${countsText(knownCounts(state))}.`] : []),
  ];
  return screen(lines, options);
}

function endOf({ end }: JournalState): string {
  if (end === undefined) return "It did not end: orch-sync apply --resume carries it on.";
  if (end.supersededBy !== undefined) return `The apply ${name(end.supersededBy)} has taken its place.`;
  return `Ended ${name(end.at)}${end.counts === undefined ? "" : `: ${countsText(end.counts)}`}.`;
}

/** `open      10:31:05  StartJobs  Job/nightly@Finance  start` */
function sendLine(send: PastSend, isOpen: boolean, { verbose }: JournalOptions): Line {
  const word = isOpen ? "open" : (send.ending ?? "sent");
  const some = verbose ? send.changes : send.changes.slice(0, changesShown);
  const more = send.changes.length - some.length;
  const changes = `${some.map(name).join(", ")}${more > 0 ? ` and ${amount(more)} more` : ""}`;
  const attempt = send.attempt > 1 ? `  (attempt ${amount(send.attempt)})` : "";
  return {
    text: `${word.padEnd(10)}${name(formatClock(send.sentAt))}  ${name(send.call)}  ${name(send.resource)}${attempt}  ${changes}`,
    head: word,
    hang: " ".repeat(10),
    ...(isOpen ? { tone: "warn" } : {}),
  };
}

function countsText(counts: OutcomeCounts): string {
  const done = `applied ${amount(counts.applied)}, already done ${amount(counts["already-done"])}`;
  return `${done}, failed ${amount(counts.failed)}, skipped ${amount(counts.skipped)}, unknown ${amount(counts.unknown)}`;
}
