import { formatDuration } from "../../core/format-time.ts";
import type { ApplyReport } from "../../core/report.ts";
import type { ResourceKey } from "../../core/resource.ts";
import {
  none,
  pauseReasons,
  plus,
  type Lane,
  type PauseReason,
  type SlotEnds,
  type Timeline,
} from "../../core/timeline.ts";
import { amount, count, sentence } from "../human/words.ts";
import { axis, laneSvg, legend, patterns, pauseSvg } from "./lanes.ts";
import { markup, type Html } from "./markup.ts";
import { nothing } from "./parts.ts";
import { Scale } from "./scale.ts";

/** A page has room for as many resources, each in a row of its own; the others are one row. */
const mostLanes = 40;

type NameOf = (key: ResourceKey) => string;

/** When what was done: a row for each resource, drawn as bars, and the waits of the whole run above them. */
export function timelineSection(report: ApplyReport, nameOf: NameOf): Html {
  const { timeline } = report;
  if (timeline === undefined || timeline.lanes.length === 0) return nothing;
  const scale = new Scale(report);
  const { shown, left } = chosen(timeline.lanes);
  const rows = shown.map((lane) => laneRow(markup`<code>${nameOf(lane.key)}</code>`, lane, scale));
  const rest = left.length === 0 ? nothing : laneRow(markup`${restTitle(left)}`, together(left), scale);
  return markup`<section class="timeline">
<h2>Timeline</h2>
${patterns}<ol>
${pauses(timeline, scale)}${rows}${rest}</ol>
${axis(scale)}
${legend(timeline)}${steps(shown, nameOf, scale)}</section>
`;
}

function restTitle(left: readonly Lane[]): string {
  return `… ${count(left.length, "more resource")}, in one row`;
}

/** Those where something went wrong or was open, then the others, both in their order. */
function chosen(lanes: readonly Lane[]): { readonly shown: readonly Lane[]; readonly left: readonly Lane[] } {
  if (lanes.length <= mostLanes) return { shown: lanes, left: [] };
  const wanted = new Set([...lanes.filter(odd), ...lanes.filter((lane) => !odd(lane))].slice(0, mostLanes));
  return { shown: lanes.filter((lane) => wanted.has(lane)), left: lanes.filter((lane) => !wanted.has(lane)) };
}

function odd({ open, ends }: Lane): boolean {
  return open.length > 0 || ends.some((each) => each.failed + each.unknown > 0);
}

/** All of them as one: it begins with the first and ends with the last. */
function together(lanes: readonly Lane[]): Lane {
  const slots = new Map<number, SlotEnds>();
  const times: number[] = [];
  for (const { beganMs, endedMs, ends } of lanes) {
    times.push(...[beganMs, endedMs].filter((time) => time !== undefined));
    for (const each of ends) slots.set(each.slot, plus(slots.get(each.slot) ?? none(each.slot), each));
  }
  const [first] = lanes;
  const span = { beganMs: least(times), endedMs: greatest(times) };
  const ends = [...slots.values()].toSorted((a, b) => a.slot - b.slot);
  const key = first?.key ?? { kind: "Job", folder: "", name: "" };
  return {
    key,
    ...(times.length === 0 ? {} : span),
    open: lanes.flatMap(({ open }) => open).slice(0, 60),
    ends,
    steps: [],
  };
}

function least(numbers: readonly number[]): number {
  return numbers.reduce((low, each) => Math.min(low, each), Infinity);
}

function greatest(numbers: readonly number[]): number {
  return numbers.reduce((high, each) => Math.max(high, each), 0);
}

function laneRow(title: Html, lane: Lane, scale: Scale): Html {
  return markup`<li><div class="lane">${title} <span class="about">${laneText(lane)}</span></div>
${laneSvg(lane, scale, laneText(lane))}</li>
`;
}

/** `3.1 s: 1,200 ended, 2 failed`; of one that never began, that. */
function laneText({ waitedMs, beganMs, endedMs, open, ends }: Lane): string {
  const sums = ends.reduce((all, each) => plus(all, each), none(0));
  const lost = open.reduce((total, { times }) => total + times, 0);
  const took = beganMs === undefined || endedMs === undefined ? [] : [formatDuration(endedMs - beganMs)];
  const waited =
    waitedMs === undefined || beganMs === undefined ? [] : [`after waiting ${formatDuration(beganMs - waitedMs)}`];
  const parts = [
    ...(beganMs === undefined ? ["never began"] : [...took, ...waited]),
    ...(sums.done > 0 ? [`${amount(sums.done)} done`] : []),
    ...(sums.failed > 0 ? [`${amount(sums.failed)} failed`] : []),
    ...(sums.unknown > 0 ? [`${amount(sums.unknown)} unknown`] : []),
    ...(sums.skipped > 0 ? [`${amount(sums.skipped)} skipped`] : []),
    ...(lost > 0 ? [`${count(lost, "answer")} lost`] : []),
  ];
  return parts.join(", ");
}

const pauseWords: Readonly<Record<PauseReason, string>> = {
  quota: "for the list quota",
  asked: "because the server asked to",
  retry: "before reading again",
};

function pauses({ pauses: all }: Timeline, scale: Scale): Html {
  if (all.length === 0) return nothing;
  const parts = pauseReasons.flatMap((reason) => {
    const own = all.filter((pause) => pause.reason === reason);
    const total = own.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
    return own.length === 0 ? [] : [`${formatDuration(total)} ${pauseWords[reason]}`];
  });
  return markup`<li><div class="lane">The run stood still <span class="about">${parts.join(", ")}</span></div>
${pauseSvg(all, scale, parts.join(", "))}</li>
`;
}

/** What runs went through, as the log tells it. */
function steps(lanes: readonly Lane[], nameOf: NameOf, scale: Scale): Html {
  const all = lanes.flatMap(({ key, steps: own }) => own.map(({ atMs, text }) => ({ key, atMs, text })));
  if (all.length === 0) return nothing;
  const left = lanes.reduce((total, { stepsLeft = 0 }) => total + stepsLeft, 0);
  const rows = all
    .toSorted((a, b) => a.atMs - b.atMs)
    .map(
      ({ key, atMs, text }) =>
        markup`<li class="step"><time>${scale.clock(atMs)}</time> <code>${nameOf(key)}</code> <span>${sentence(text)}</span></li>\n`,
    );
  const more = left === 0 ? nothing : markup`<li class="about">… ${amount(left)} more: the log has them all</li>\n`;
  return markup`<details class="box">
<summary><h3>Steps of runs</h3> <span class="about">${amount(all.length + left)}</span></summary>
<ol>
${rows}${more}</ol>
</details>
`;
}
