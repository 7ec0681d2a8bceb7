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

/** `1.42 (aim 1.50)`, and `missed` where it is above. */
export function ratioOf({ median, aim }: Ratio): string {
  if (aim === undefined) return fraction.format(median);
  return `${fraction.format(median)} (aim ${fraction.format(aim)}${median > aim ? ", missed" : ""})`;
}

/** What orch-sync holds at most, against the aim for it. */
export function peakAimOf({ peakAim, sides }: ScenarioResult): string | undefined {
  const peak = sides[0]?.peak ?? 0;
  if (peakAim === undefined) return undefined;
  return `memory ${whole.format(peak)} MB (aim ${whole.format(peakAim)} MB${peak > peakAim ? ", missed" : ""})`;
}

export function exponentOf(figure: number): string {
  return fraction.format(figure);
}
