/**
 * The style of every page: text first, one column, readable from 400 pixels, light and dark as the reader's system has
 * it, on paper too. No colour says anything that a word, a sign or a line does not.
 */
export const style = `
:root {
  --text: #1b1f24; --quiet: #57606a; --back: #ffffff; --raised: #f6f7f9; --line: #d8dee4; --grid: #eaeef2;
  --good: #116329; --good-back: #e8f6ec; --good-mark: #b7e6c4; --bad: #a40e26; --bad-back: #fdeeee; --bad-mark: #fbcdcd;
  --change: #744500; --change-back: #fff6de; --start: #0a5a8a; --start-back: #dcebf7; --assign: #6639ba;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #e6edf3; --quiet: #9ba5b0; --back: #0e1116; --raised: #161b22; --line: #30363d; --grid: #1f252d;
    --good: #63d57f; --good-back: #11251a; --good-mark: #1f5230; --bad: #ff9a93; --bad-back: #2f181b; --bad-mark: #6f2529;
    --change: #e3b75c; --change-back: #2a2110; --start: #79c0ff; --start-back: #12304a; --assign: #d2a8ff;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--back); color: var(--text); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
main { max-width: 72rem; margin: 0 auto; padding: 2rem 1.5rem 3rem; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
header { margin-bottom: 1.25rem; }
h1 { font-size: 1.75rem; line-height: 1.2; letter-spacing: -0.01em; margin: 0; }
h2 { font-size: 1.125rem; line-height: 1.35; margin: 0 0 0.5rem; }
h3 { font-size: 1rem; margin: 0; }
summary h2, summary h3 { display: inline; }
summary h2 { font-size: 1rem; }
section { margin: 2rem 0; }
p { margin: 0.25rem 0; }
code, pre, .text { font: 0.875em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
code, .said, .text, dd { unicode-bidi: isolate; }
h1 code, h2 code { font-size: 0.94em; }
pre { margin: 0.25rem 0 0; padding: 0.5rem; background: var(--raised); border-radius: 6px; }
pre span { display: block; white-space: pre-wrap; }
ul, ol { list-style: none; margin: 0; padding: 0; }
summary { cursor: pointer; }
summary:focus-visible { outline: 2px solid var(--start); outline-offset: 3px; border-radius: 3px; }
.eyebrow { color: var(--quiet); font-size: 0.8125rem; margin: 0 0 0.25rem; }
.about, .note { color: var(--quiet); font-size: 0.875rem; }
.verdict { border-left: 4px solid var(--line); border-radius: 4px; background: var(--raised); padding: 0.75rem 1rem; margin: 0 0 1rem; font-size: 1.0625rem; }
.verdict.fine { border-color: var(--good); } .verdict.warned { border-color: var(--change); } .verdict.refused { border-color: var(--bad); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: 0.75rem; margin: 0 0 1.5rem; }
.tile { border: 1px solid var(--line); border-radius: 8px; padding: 0.625rem 0.875rem; }
.tile .number { display: flex; align-items: center; gap: 0.5rem; font-size: 1.5rem; font-weight: 600; line-height: 1.3; }
.tile .sign { font: 600 1.125rem/1 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.tile .words { color: var(--quiet); font-size: 0.875rem; }
.tile.failed { background: var(--bad-back); border-color: var(--bad); } .tile.unknown { background: var(--change-back); border-color: var(--change); }
.tile.failed .words, .tile.unknown .words { color: var(--text); }
.tile.zero .number { color: var(--quiet); font-weight: 400; }
.box { border: 1px solid var(--line); border-radius: 8px; margin: 1rem 0; padding: 0.75rem 1rem; }
.box > details > summary { padding: 0.375rem 0; }
.box > p { font-size: 0.9375rem; margin-bottom: 0.5rem; }
details.box[open] > summary { margin-bottom: 0.5rem; }
.refused { border-left: 4px solid var(--bad); }
.warned { border-left: 4px solid var(--change); }
.entry { display: grid; grid-template-columns: 1.5rem minmax(6rem, 17rem) minmax(0, 1fr); gap: 0 0.75rem; padding: 0.375rem 0; align-items: baseline; border-top: 1px solid var(--line); content-visibility: auto; contain-intrinsic-size: auto 2.25rem; }
.entry > .more { grid-column: 2 / -1; min-width: 0; }
.entry > .warn { font-size: 0.875rem; }
.refused > code { display: block; }
.entry > :first-child { text-align: center; font-weight: 700; white-space: nowrap; text-decoration: none; }
.entry > .icon { align-self: start; margin-top: 0.25rem; justify-self: center; }
.said { white-space: pre-wrap; font-size: 0.9375rem; }
.label { font-weight: 600; }
.who .about, .lane code, .counts code { font-size: 0.8125rem; }
.good { color: var(--good); } .bad { color: var(--bad); } .change, .warn { color: var(--change); }
.start { color: var(--start); } .assign { color: var(--assign); } .quiet { color: var(--quiet); }
.icon { fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; flex: none; }
.diff { table-layout: fixed; margin-top: 0.375rem; border: 1px solid var(--line); font: 0.8125rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.diff th { padding: 0.25rem 0.5rem; text-align: left; font-weight: 400; color: var(--quiet); background: var(--raised); }
.diff .path { font-weight: 600; color: var(--text); border-top: 1px solid var(--line); unicode-bidi: isolate; }
.diff td { width: 50%; padding: 0.125rem 0.5rem 0.125rem 1.5rem; text-indent: -1rem; vertical-align: top; white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: isolate; }
.diff td + td { border-left: 1px solid var(--line); }
.diff .old { background: var(--bad-back); } .diff .new { background: var(--good-back); } .diff .gone { background: var(--raised); }
.diff .old::before { content: "- "; color: var(--bad); } .diff .new::before { content: "+ "; color: var(--good); } .diff .same::before { content: "  "; }
.diff .same, .diff .apart { color: var(--quiet); } .diff .apart { text-indent: 0; }
del, ins { text-decoration: underline; text-decoration-thickness: 2px; text-underline-offset: 2px; border-radius: 2px; }
del { background: var(--bad-mark); text-decoration-color: var(--bad); } ins { background: var(--good-mark); text-decoration-color: var(--good); }
.facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0.125rem 1.25rem; margin: 2rem 0 0; padding-top: 1rem; border-top: 1px solid var(--line); font-size: 0.875rem; }
.facts > div { display: contents; }
dt { color: var(--quiet); }
dd { margin: 0; }
table { border-collapse: collapse; width: 100%; }
.counts { font-size: 0.875rem; }
.counts th, .counts td { padding: 0.375rem 0.5rem; border-top: 1px solid var(--line); text-align: right; vertical-align: baseline; font-weight: 400; white-space: nowrap; }
.counts th:first-child { text-align: left; padding-left: 0; white-space: normal; width: 40%; }
.counts thead th { color: var(--quiet); border-top: 0; vertical-align: bottom; }
.counts tfoot th, .counts tfoot td { border-top: 2px solid var(--line); font-weight: 600; }
.counts .zero { color: var(--quiet); }
.counts .failed:not(.zero) { color: var(--bad); font-weight: 600; } .counts .unknown:not(.zero) { color: var(--change); font-weight: 600; }
.timeline li { padding: 0.375rem 0 0; }
.lane { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem; font-size: 0.875rem; }
.drawn, .axis { display: block; }
.drawn { overflow: visible; background: var(--raised); border-radius: 4px; }
.signs { overflow: visible; }
.signs .icon circle { fill: var(--back); stroke: none; }
.grid { stroke: var(--line); stroke-dasharray: 1 3; }
.axis text { fill: var(--quiet); font-size: 12px; }
.work { fill: var(--start-back); stroke: var(--start); }
.ended { fill: var(--start); }
.depends { stroke: var(--quiet); stroke-width: 2; stroke-linecap: round; stroke-dasharray: 0.1 6; }
.open { fill: url(#hatch-open); stroke: var(--change); }
.pause { stroke: var(--quiet); } .quota { fill: url(#hatch-quota); } .asked { fill: url(#hatch-asked); } .retry { fill: url(#hatch-retry); }
.patterns { position: absolute; }
.patterns path { stroke: var(--quiet); stroke-width: 1.5; fill: none; }
#hatch-open path { stroke: var(--change); stroke-width: 2.5; }
.legend { display: flex; flex-wrap: wrap; gap: 0 1.25rem; margin: 0.5rem 0 1rem; font-size: 0.8125rem; color: var(--quiet); }
.legend li { display: flex; align-items: center; gap: 0.375rem; }
.timeline .step { display: grid; grid-template-columns: max-content minmax(4rem, 17rem) minmax(0, 1fr); gap: 0 0.75rem; font-size: 0.875rem; }
time { color: var(--quiet); }
@media (max-width: 44rem) {
  main { padding: 1.25rem 1rem 2rem; }
  h1 { font-size: 1.5rem; }
  .tiles { grid-template-columns: repeat(auto-fit, minmax(6.5rem, 1fr)); gap: 0.5rem; }
  .tile { padding: 0.5rem 0.625rem; }
  .facts { display: block; } .facts > div { display: block; margin-bottom: 0.375rem; }
  .entry { grid-template-columns: 1.25rem minmax(0, 1fr); }
  .entry > .said, .entry > .more { grid-column: 2 / -1; }
  .timeline .step { grid-template-columns: max-content minmax(0, 1fr); } .step > :last-child { grid-column: 2; }
  .diff, .diff tbody, .diff tr, .diff td, .diff .path { display: block; width: 100%; }
  .diff thead, .diff .again, .diff .gone { display: none; }
  .diff td + td { border-left: 0; }
  .entry > .more.more:not(.note, .warn) { grid-column: 1 / -1; }
  .counts thead { display: none; }
  .counts, .counts tbody, .counts tfoot { display: block; }
  .counts tr { display: flex; flex-wrap: wrap; gap: 0 0.875rem; border-top: 1px solid var(--line); padding: 0.375rem 0; }
  .counts tfoot tr { border-top: 2px solid var(--line); }
  .counts tr > * { border: 0; padding: 0; } .counts tfoot tr > * { border: 0; }
  .counts tr > th:first-child { width: 100%; }
  .counts td.zero { display: none; }
  .counts td::after { color: var(--quiet); font-weight: 400; }
  .counts .applied::after { content: " applied"; } .counts .already::after { content: " already done"; }
  .counts .failed::after { content: " failed"; } .counts .skipped::after { content: " skipped"; }
  .counts .unknown::after { content: " unknown"; } .counts .changes::after { content: " in all"; }
  .counts .calls::after { content: " calls"; }
}
@media print {
  :root { --text: #000000; --back: #ffffff; --raised: #ffffff; }
  main { max-width: none; padding: 0; font-size: 10pt; }
  .box, .entry, .tile, .timeline li, .counts tr { break-inside: avoid; }
  details > *:not(summary, table) { display: block; } details::details-content { content-visibility: visible; }
  .entry { content-visibility: visible; }
  .work, .ended, .open, .pause { print-color-adjust: exact; }
}
`;
