import {
  none,
  pauseReasons,
  plus,
  type Lane,
  type Pause,
  type PauseReason,
  type SlotEnds,
  type Timeline,
} from "../../core/timeline.ts";
import { formatDuration } from "../../core/format-time.ts";
import { count } from "../human/words.ts";
import { icon, mark } from "./icons.ts";
import { markup, type Html } from "./markup.ts";
import { nothing } from "./parts.ts";
import type { Scale } from "./scale.ts";

const height = 28;

/** What bars are filled with: told apart by their lines, in any colour and none. */
export const patterns: Html = markup`<svg class="patterns" width="0" height="0" aria-hidden="true"><defs>
<pattern id="hatch-quota" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M0 0v6"/></pattern>
<pattern id="hatch-asked" width="6" height="6" patternUnits="userSpaceOnUse"><path d="M0 3h6M3 0v6"/></pattern>
<pattern id="hatch-retry" width="4" height="4" patternUnits="userSpaceOnUse"><path d="M1 0v4"/></pattern>
<pattern id="hatch-open" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)"><path d="M0 0v6"/></pattern>
</defs></svg>
`;

/** One resource: dots while it waits for others, a bar while it works, higher where more of it ended, signs where some did not succeed. */
export function laneSvg(lane: Lane, scale: Scale, label: string): Html {
  return drawing(
    label,
    scale,
    markup`${waiting(lane, scale)}${working(lane, scale)}${opened(lane, scale)}${signs(lane, scale)}`,
  );
}

export function pauseSvg(pauses: readonly Pause[], scale: Scale, label: string): Html {
  const bars = pauses.map(({ reason, fromMs, toMs, times }) => {
    const title = `${scale.clock(fromMs)}, ${formatDuration(toMs - fromMs)}: ${pauseNames[reason]}${times > 1 ? `, ${count(times, "time")}` : ""}`;
    return bar(`pause ${reason}`, { x: scale.at(fromMs), width: scale.width(fromMs, toMs), title });
  });
  return drawing(label, scale, markup`${bars}`);
}

function drawing(label: string, scale: Scale, inside: Html): Html {
  const grid = scale.ticks.map(({ x }) => markup`<line class="grid" x1="${x}" x2="${x}" y1="0" y2="${height}"/>`);
  return markup`<svg class="drawn" width="100%" height="${height}" role="img" aria-label="${label}">${grid}${inside}</svg>`;
}

interface Bar {
  readonly x: string;
  readonly width: string;
  readonly title: string;
  readonly y?: number;
  readonly high?: number;
}

function bar(tone: string, { x, width, title, y = 6, high = 16 }: Bar): Html {
  return markup`<rect class="${tone}" x="${x}" y="${y}" width="${width}" height="${high}" rx="2"><title>${title}</title></rect>`;
}

function waiting({ waitedMs, beganMs, ends }: Lane, scale: Scale): Html {
  if (waitedMs === undefined) return nothing;
  const lastSlot = ends.at(-1);
  const until = beganMs ?? (lastSlot === undefined ? waitedMs : lastSlot.slot * scale.slotMs);
  return markup`<line class="depends" x1="${scale.at(waitedMs)}" x2="${scale.at(until)}" y1="14" y2="14"/>`;
}

function working({ beganMs, endedMs, ends }: Lane, scale: Scale): Html {
  if (beganMs === undefined) return nothing;
  const until = endedMs ?? Infinity;
  const title = `${scale.clock(beganMs)}${endedMs === undefined ? "" : ` to ${scale.clock(endedMs)}`}`;
  const most = ends.reduce((high, { done }) => Math.max(high, done), 0);
  const done = ends
    .filter((each) => each.done > 0)
    .map((each) => {
      const high = Math.max(3, Math.round((16 * each.done) / most));
      const from = Math.min(each.slot * scale.slotMs, until);
      const said = `${scale.clock(from)}: ${count(each.done, "change")} done`;
      return bar("ended", {
        x: scale.at(from),
        width: scale.width(from, from + scale.slotMs),
        y: 22 - high,
        high,
        title: said,
      });
    });
  return markup`${bar("work", { x: scale.at(beganMs), width: scale.width(beganMs, until), title })}${done}`;
}

function opened({ open }: Lane, scale: Scale): Html {
  const bars = open.map(({ fromMs, toMs, times }) => {
    const title = `${scale.clock(fromMs)}, ${formatDuration(toMs - fromMs)}: ${count(times, "answer")} lost, looked for`;
    return bar("open", { x: scale.at(fromMs), width: scale.width(fromMs, toMs), title });
  });
  return markup`${bars}`;
}

/** As many signs as fit beside each other where a page is narrow. */
const mostSigns = 16;

function signs({ ends }: Lane, scale: Scale): Html {
  const perSign = Math.max(1, Math.ceil(120 / mostSigns));
  const groups = new Map<number, SlotEnds>();
  for (const each of ends) {
    const group = Math.floor(each.slot / perSign);
    groups.set(group, plus(groups.get(group) ?? none(each.slot), each));
  }
  const drawn = [...groups.values()].flatMap((group) => {
    const status = (["failed", "unknown", "skipped"] as const).find((each) => group[each] > 0);
    if (status === undefined) return [];
    const parts = (["failed", "unknown", "skipped"] as const).filter((each) => group[each] > 0);
    const ms = (group.slot + 0.5) * scale.slotMs;
    const title = `${scale.clock(ms)}: ${parts.map((each) => `${group[each]} ${each}`).join(", ")}`;
    return [mark(status, scale.at(ms), 6, title)];
  });
  return markup`<svg class="signs" x="-8">${drawn}</svg>`;
}

/** Times since the run began. */
export function axis(scale: Scale): Html {
  const labels = scale.ticks.map(
    ({ x, text, anchor }) => markup`<text x="${x}" y="13" text-anchor="${anchor}">${text}</text>`,
  );
  return markup`<svg class="axis" width="100%" height="18" aria-hidden="true">${labels}</svg>`;
}

const pauseNames: Readonly<Record<PauseReason, string>> = {
  quota: "waits for the list quota",
  asked: "the server asked to wait",
  retry: "waits before it reads again",
};

/** What stands in the drawing, and nothing else. */
export function legend({ pauses, lanes }: Timeline): Html {
  const has = (wanted: (ends: SlotEnds) => boolean): boolean => lanes.some(({ ends }) => ends.some(wanted));
  const items = [
    sample("work", "at work"),
    ...(has(({ done }) => done > 0) ? [sample("ended", "changes done: the higher, the more")] : []),
    ...(lanes.some(({ waitedMs }) => waitedMs !== undefined) ? [dots] : []),
    ...(lanes.some(({ open }) => open.length > 0)
      ? [sample("open", "an answer was lost, its write is looked for")]
      : []),
    ...pauseReasons
      .filter((reason) => pauses.some((pause) => pause.reason === reason))
      .map((reason) => sample(`pause ${reason}`, pauseNames[reason])),
    ...(["failed", "unknown", "skipped"] as const)
      .filter((status) => has((ends) => ends[status] > 0))
      .map((status) => markup`<li>${icon(status)} ${status}</li>\n`),
  ];
  return markup`<ul class="legend">\n${items}</ul>\n`;
}

function sample(tone: string, words: string): Html {
  return markup`<li><svg width="24" height="16" aria-hidden="true"><rect class="${tone}" x="1" y="2" width="22" height="12" rx="2"/></svg> ${words}</li>\n`;
}

const dots: Html = markup`<li><svg width="24" height="16" aria-hidden="true"><line class="depends" x1="3" x2="22" y1="8" y2="8"/></svg> waits for others</li>\n`;
