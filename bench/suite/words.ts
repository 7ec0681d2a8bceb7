import type { Ratio, ScenarioResult, SideResult } from "./run.ts";

const seconds = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });
const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const fraction = new Intl.NumberFormat("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** `1.23 s (1.2–1.31)` */
export function timeOf({ seconds: { min, median, max } }: SideResult): string {
  const spread = min === max ? "" : ` (${seconds.format(min)}–${seconds.format(max)})`;
  return `${seconds.format(median)} s${spread}`;
}

export function memoryOf({ peak }: SideResult): string {
  return `${whole.format(peak)} MB`;
}

export function callsOf({ calls }: SideResult): string {
  return calls === undefined ? "" : whole.format(calls);
}

/** `1.42 (aim 1.50)`, `2.10 (0.31 s more, aim 0.25 s, missed)` */
export function ratioOf({ median, more, aim, moreAim }: Ratio): string {
  if (aim !== undefined) return `${fraction.format(median)} (${aimText(fraction.format(aim), median > aim)})`;
  if (moreAim === undefined) return fraction.format(median);
  const text = aimText(`${fraction.format(moreAim)} s`, more > moreAim);
  return `${fraction.format(median)} (${fraction.format(more)} s more, ${text})`;
}

function aimText(aim: string, isMissed: boolean): string {
  return `aim ${aim}${isMissed ? ", missed" : ""}`;
}

/** What orch-sync holds and calls at most, against the aims for it: 2 % above the bound and three calls. */
export function limitsOf({ peakAim, bound, sides }: ScenarioResult): string[] {
  const { peak, calls } = sides[0] ?? { peak: 0 };
  const limits: string[] = [];
  if (peakAim !== undefined) {
    limits.push(`memory ${whole.format(peak)} MB (${aimText(`${whole.format(peakAim)} MB`, peak > peakAim)})`);
  }
  if (bound !== undefined && calls !== undefined) {
    const most = Math.floor(bound * 1.02) + 3;
    limits.push(`${whole.format(calls)} calls (${aimText(whole.format(most), calls > most)})`);
  }
  return limits;
}

export function exponentOf(figure: number): string {
  return fraction.format(figure);
}
