import type { Results } from "./results.ts";

const row = 22;
const left = 330;
const width = 860;
const right = 60;

/** Orch-sync's time against the bare client's: a bar for each scenario, a mark where the aim is. SVG, without scripts. */
export function ratioChart({ scenarios }: Results): string {
  const bars = scenarios.flatMap(({ title, ratios }) => {
    const ratio = ratios.find(({ against }) => against === "bare client");
    return ratio === undefined ? [] : [{ title, ...ratio }];
  });
  const most = Math.max(2, ...bars.map(({ median }) => median));
  const x = (value: number): number => left + (value / most) * (width - left - right);
  const height = 46 + bars.length * row;
  const lines = bars.map(({ title, median, aim }, index) => {
    const y = 36 + index * row;
    const missed = aim !== undefined && median > aim;
    const mark =
      aim === undefined
        ? ""
        : `<line x1="${x(aim).toFixed(1)}" x2="${x(aim).toFixed(1)}" y1="${y - 2}" y2="${y + 16}" class="aim"/>`;
    return [
      `<text x="${left - 8}" y="${y + 11}" text-anchor="end">${escaped(title)}</text>`,
      `<rect x="${left}" y="${y}" width="${(x(median) - left).toFixed(1)}" height="14" class="${missed ? "missed" : "met"}"/>`,
      `<text x="${(x(median) + 5).toFixed(1)}" y="${y + 11}">${median.toFixed(2)}</text>`,
      mark,
    ].join("");
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="Time of orch-sync against a bare client">
<style>text{font:12px sans-serif;fill:#555}.met{fill:#4a7fb5}.missed{fill:#c77d3a}.aim{stroke:#a33;stroke-width:2}.one{stroke:#999;stroke-dasharray:3 3}@media(prefers-color-scheme:dark){text{fill:#bbb}}</style>
<text x="${left}" y="16">times the bare client's time; the red mark is the aim</text>
<line x1="${x(1).toFixed(1)}" x2="${x(1).toFixed(1)}" y1="26" y2="${height - 6}" class="one"/>
${lines.join("\n")}
</svg>
`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
